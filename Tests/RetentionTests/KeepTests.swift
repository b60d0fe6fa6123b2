import Testing

@testable import Retention

@Suite struct KeepTests {
  @Test(
    "a keep protects until the day before its end",
    arguments: [(1, "keep -: kept"), (0, "mark +30: idle_older"), (-1, "mark +30: idle_older")])
  func untilItsEnd(end: Int, expected: String) throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -400, kept: end) } }
    #expect(plan.line(1) == expected)
  }

  @Test("a keep without an end protects for ever")
  func forEver() throws {
    for night in [0, 36_500] {
      let plan = try plan(on: night) {
        image(production: 2) {
          revision(1, lastUse: -4000, keptForEver: true)
          revision(2)
        }
      }
      #expect(plan.line(1) == "keep -: kept")
    }
  }

  @Test("a keep clears the date of a marked revision, also a date that is due")
  func clearsTheDate() throws {
    let plan = try plan {
      imageInUse { marked(1, date: 0, kept: 10, notices: [notice(date: 0, accepted: -30)]) }
    }
    #expect(plan.line(1) == "unmark -: kept")
    #expect(plan.decision(1)?.markChange == .end)
  }

  @Test(
    "a keep that began and ended between two runs makes a date void: the whole grace and the notices begin anew",
    arguments: [(-30, "flag +0: idle_older due"), (-29, "redate +30: idle_older keep_ended")])
  func endedBetweenRuns(end: Int, expected: String) throws {
    let plan = try plan {
      imageInUse { marked(1, date: 0, keptBefore: end, notices: [notice(date: 0, accepted: -30)]) }
    }
    #expect(plan.line(1) == expected)
    if case .begin(let mark) = plan.decision(1)?.markChange {
      #expect(mark.markedOn == day(0))
    } else {
      #expect(end == -30)
    }
  }

  @Test("a keep that has ended ends a person's date too: from there on the criteria judge it")
  func personDate() throws {
    let plan = try plan {
      imageInUse {
        marked(1, date: 20, mark: mark(date: 20, origin: .person), keptBefore: -1)
        revision(3, lastUse: -2, date: 20, mark: mark(date: 20, lastUse: -2, origin: .person), keptBefore: -1)
      }
    }
    #expect(plan.line(1) == "redate +30: idle_older keep_ended")
    #expect(plan.line(3) == "unmark -: recently_used")
  }

  @Test("keeps, holds and exclusions are all reported")
  func together() throws {
    let plan = try plan(["exclude_images": "vmware*"]) {
      imageInUse { revision(1, lastUse: -400, holds: [.holdComputer], kept: 10) }
    }
    #expect(plan.line(1) == "keep -: excluded kept hold_computer")
  }
}

@Suite struct ExclusionTests {
  @Test(
    "an image whose name matches a pattern is never judged",
    arguments: [
      ("vmwarelinux-test", true), ("*", true), ("vmware*", true), ("*-test", true), ("linux", false),
      ("VMWARE*", false), ("a,b , vmwarelinux-????", true), ("vmware[a-k]*", false),
    ])
  func excluded(patterns: String, isExcluded: Bool) throws {
    let plan = try plan(["exclude_images": patterns]) { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == (isExcluded ? "keep -: excluded" : "mark +30: idle_older"))
    #expect(plan.judged == (isExcluded ? 0 : 2))
  }

  @Test("patterns match image.name, not the name that users see")
  func matchesName() throws {
    let plan = try plan(["exclude_images": "Image*"]) { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +30: idle_older")
  }

  @Test("an exclusion clears a date")
  func clears() throws {
    let plan = try plan(["exclude_images": "*"]) { imageInUse { marked(1, date: 5) } }
    #expect(plan.line(1) == "unmark -: excluded")
  }

  @Test("with pilot owners only their images are judged, whatever the case of the letters")
  func pilot() throws {
    let plan = try plan(["only_owners": "ALICE@local, carol@Local"]) {
      imageInUse(1) { revision(1, lastUse: -400) }
      imageInUse(2, owner: bob) { revision(1, lastUse: -400) }
      imageInUse(3, owner: nil) { revision(1, lastUse: -400) }
    }
    #expect(plan.line(1, image: 1) == "mark +30: idle_older")
    #expect(plan.line(1, image: 2) == "keep -: owner_not_included")
    #expect(plan.line(1, image: 3) == "keep -: owner_not_included")
    #expect(plan.judged == 2)
  }

  @Test("a pilot owner's name without the affiliation of another owner does not include that one")
  func sameNameElsewhere() throws {
    let plan = try plan(["only_owners": "bob@Local"]) {
      imageInUse(2, owner: bob) { revision(1, lastUse: -400) }
    }
    #expect(plan.line(1, image: 2) == "keep -: owner_not_included")
  }
}
