import Testing

@testable import Retention

@Suite struct WholeImageTests {
  static let settings = ["idle_days_production": "300", "unused_days_production": "300"]

  static func idle(_ numbers: [Int] = [1, 2, 3]) -> [Draft] { numbers.map { revision($0, lastUse: -400) } }

  @Test("an image expires when its production revision and every other live revision are eligible")
  func expires() throws {
    let plan = try plan(Self.settings) { image(production: 2) { Self.idle() } }
    #expect(plan.line(1) == "mark +30: idle_older whole_image")
    #expect(plan.line(2) == "mark +30: idle_production whole_image")
    #expect(plan.line(3) == "mark +30: idle_newer whole_image")
    #expect(plan.decisions.allSatisfy { $0.wholeImage })
  }

  @Test("an image of one revision, too")
  func single() throws {
    let plan = try plan(Self.settings) { image(production: 1) { revision(1) } }
    #expect(plan.line(1) == "mark +30: never_reserved_production whole_image")
  }

  @Test(
    "only where production days are set, and those that fit the revision",
    arguments: [
      ([:], "keep -: production"), (["unused_days_production": "300"], "keep -: production"),
      (["idle_days_production": "300"], "mark +30: idle_production whole_image"),
      (["idle_days_production": "399"], "mark +30: idle_production whole_image"),
      (["idle_days_production": "400"], "keep -: recently_used"),
      (["idle_days_production|Branch": "300"], "keep -: production"),
      (["idle_days_production|Local": "300"], "mark +30: idle_production whole_image"),
    ] as [(Settings, String)])
  func productionDays(settings: Settings, expected: String) throws {
    let plan = try plan(settings) { image(production: 2) { Self.idle() } }
    #expect(plan.line(2) == expected)
    #expect(plan.decision(1)?.wholeImage == expected.contains("whole_image"))
  }

  @Test("one revision that stays keeps the image; the others go by themselves")
  func oneStays() throws {
    let stays: [(Draft, String)] = [
      (revision(3, lastUse: -1), "recently_used"), (revision(3, lastUse: -400, kept: 20), "kept"),
      (revision(3, lastUse: -400, keptForEver: true), "kept"),
      (revision(3, lastUse: -400, holds: [.holdComputer]), "hold_computer"),
      (revision(3, created: nil, lastUse: -400), "hold_created_unknown"),
      (revision(3, lastUse: -400, mark: mark(date: 5)), "date_reset"),
      (revision(3, lastUse: -400, undeleted: true), "undeleted"),
    ]
    for (draft, reason) in stays {
      let plan = try plan(Self.settings) {
        image(production: 2) {
          Self.idle([1, 2])
          draft
        }
      }
      #expect(plan.line(1) == "mark +30: idle_older")
      #expect(plan.line(2) == "keep -: production image_in_use")
      #expect(plan.line(3) == "keep -: \(reason)")
      #expect(!plan.decisions.contains { $0.wholeImage })
    }
  }

  @Test("a keep, a hold or a use of the production revision keeps the image")
  func productionStays() throws {
    let stays: [(Draft, String)] = [
      (revision(2, lastUse: -1), "recently_used"), (revision(2, lastUse: -400, kept: 1), "kept"),
      (revision(2, lastUse: -400, holds: [.holdReservation]), "hold_reservation"),
      (revision(2, created: -10), "recently_created"),
    ]
    for (draft, reason) in stays {
      let plan = try plan(Self.settings) {
        image(production: 2) {
          Self.idle([1])
          draft
        }
      }
      #expect(plan.line(1) == "mark +30: idle_older")
      #expect(plan.line(2) == "keep -: \(reason)")
    }
  }

  @Test("a newest revision that is always kept keeps the image, but production is none of the newest")
  func keepNewest() throws {
    let settings = Self.settings.merging(["keep_newest": "1"]) { $1 }
    let plan = try plan(settings) {
      image(1, production: 2) { Self.idle() }
      image(2, production: 2) { Self.idle([2]) }
    }
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.line(2) == "keep -: production image_in_use")
    #expect(plan.line(3) == "keep -: newest_kept")
    #expect(plan.line(2, image: 2) == "mark +30: idle_production whole_image")
  }

  @Test("all get the latest of their dates")
  func latestDate() throws {
    let cases: [([Draft], Int)] = [
      ([marked(1, date: 10), revision(2, lastUse: -400)], 30),
      ([marked(1, date: 50, mark: mark(date: 50, on: 0, computed: 30)), revision(2, lastUse: -400)], 50),
      ([revision(1, lastUse: -400, date: 70), revision(2, lastUse: -400)], 70),
      ([marked(1, date: 20), marked(2, date: 25)], 25),
    ]
    for (drafts, date) in cases {
      let plan = try plan(Self.settings) { image(production: 2) { drafts } }
      #expect(plan.decisions.map(\.newExpireDate) == [day(date), day(date)])
      #expect(plan.decisions.allSatisfy { $0.wholeImage })
    }
  }

  @Test("moving a date to the common one leaves the owner the minimum notice")
  func fair() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        marked(1, date: 2)
        marked(2, date: 4)
      }
    }
    #expect(plan.decisions.map(\.newExpireDate) == [day(14), day(14)])
  }

  @Test("with a common date nothing changes on later nights")
  func stable() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        marked(1, date: 20, mark: mark(date: 20, on: -30, computed: 0))
        marked(2, date: 20)
      }
    }
    #expect(plan.line(1) == "keep +20: idle_older whole_image marked")
    #expect(plan.line(2) == "keep +20: idle_production whole_image marked")
  }

  @Test("it is flagged together, when the notice of each was accepted in time")
  func flag() throws {
    func dueImage(_ acceptedForProduction: Int?) -> Image {
      image(production: 2) {
        marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
        marked(2, date: 0, notices: [notice(date: 0, accepted: acceptedForProduction)])
      }
    }
    let ready = try plan(Self.settings) { dueImage(-14) }
    #expect(ready.line(1) == "flag +0: idle_older whole_image due")
    #expect(ready.line(2) == "flag +0: idle_production whole_image due")
    let early = try plan(Self.settings) { dueImage(-10) }
    #expect(early.line(1) == "redate +4: idle_older whole_image notice_missing")
    #expect(early.line(2) == "redate +4: idle_production whole_image notice_missing")
    let unseen = try plan(Self.settings) { dueImage(nil) }
    #expect(unseen.decisions.map(\.newExpireDate) == [day(14), day(14)])
  }

  @Test("when production is used again it loses its date, and the others go on alone with theirs")
  func usedAgain() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
        revision(
          2, lastUse: -1, date: 0, mark: mark(date: 0), notices: [notice(date: 0, accepted: -30)])
      }
    }
    #expect(plan.line(1) == "flag +0: idle_older due")
    #expect(plan.line(2) == "unmark -: recently_used")
    #expect(!plan.decisions.contains { $0.wholeImage })
  }

  @Test("when another is used again, production loses its date")
  func otherUsedAgain() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        revision(1, lastUse: -1, date: 0, mark: mark(date: 0))
        marked(2, date: 0, notices: [notice(date: 0, accepted: -30)])
      }
    }
    #expect(plan.line(1) == "unmark -: recently_used")
    #expect(plan.line(2) == "unmark -: production image_in_use")
  }

  @Test("a new revision of a marked image keeps production until it is eligible itself")
  func newRevision() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        marked(2, date: 5)
        revision(3, created: -1)
      }
    }
    #expect(plan.line(2) == "unmark -: production image_in_use")
    #expect(plan.line(3) == "keep -: recently_created")
  }

  @Test("production days taken away: production loses its date")
  func switchedOff() throws {
    let plan = try plan {
      image(production: 2) {
        marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
        marked(2, date: 0, notices: [notice(date: 0, accepted: -30)])
      }
    }
    #expect(plan.line(1) == "flag +0: idle_older due")
    #expect(plan.line(2) == "unmark -: production")
  }

  @Test("a revision whose date a person set stands for itself, and its image stays as long")
  func personDate() throws {
    let plan = try plan(Self.settings) {
      image(production: 2) {
        revision(1, lastUse: -400, date: 3, mark: mark(date: 3, on: -9, origin: .person))
        revision(2, lastUse: -400)
      }
    }
    #expect(plan.line(1) == "keep +3: person_date marked")
    #expect(plan.line(2) == "keep -: production image_in_use")
  }

  @Test("a policy change moves all to one date")
  func policyChange() throws {
    let settings = Self.settings.merging(["grace_days": "40"]) { $1 }
    let plan = try plan(settings) {
      image(production: 2) {
        marked(1, date: 25, mark: mark(date: 25, on: -20, computed: 10))
        marked(2, date: 25, mark: mark(date: 25, on: -5))
      }
    }
    #expect(plan.decisions.map(\.newExpireDate) == [day(35), day(35)])
    let settled = try planAgain(settings, plan)
    #expect(settled.decisions.allSatisfy { $0.kind == .keep && $0.markChange == .none })
  }

  /// The same image on the same night, with the marks that a plan made.
  private func planAgain(_ settings: Settings, _ first: Plan) throws -> Plan {
    let marks = first.decisions.map { decision -> Mark? in
      switch decision.markChange {
      case .begin(let mark), .update(let mark): mark
      case .none, .end: nil
      }
    }
    return try plan(settings) {
      image(production: 2) {
        marked(1, date: 35, mark: marks[0])
        marked(2, date: 35, mark: marks[1])
      }
    }
  }
}
