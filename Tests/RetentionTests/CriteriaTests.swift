import Testing

@testable import Retention

@Suite struct CriteriaTests {
  @Test(
    "a used revision is eligible when its last use is more than the idle days of its class ago",
    arguments: [
      // revision, last use, decision
      (1, -180, "keep -: recently_used"), (1, -181, "mark +30: idle_older"),
      (3, -365, "keep -: recently_used"), (3, -366, "mark +30: idle_newer"),
      (1, -1, "keep -: recently_used"), (1, 0, "keep -: recently_used"),
    ])
  func idle(number: Int, lastUse: Int, expected: String) throws {
    let plan = try plan { imageInUse { revision(number, lastUse: lastUse) } }
    #expect(plan.line(number) == expected)
  }

  @Test(
    "a revision that was never reserved is eligible when it was created more than the unused days ago",
    arguments: [
      (1, -90, "keep -: recently_created"), (1, -91, "mark +30: never_reserved_older"),
      (3, -180, "keep -: recently_created"), (3, -181, "mark +30: never_reserved_newer"),
      (3, 0, "keep -: recently_created"),
    ])
  func unused(number: Int, created: Int, expected: String) throws {
    let plan = try plan { imageInUse { revision(number, created: created) } }
    #expect(plan.line(number) == expected)
  }

  @Test("the time of day of the last use does not matter")
  func timeOfDay() throws {
    let plan = try plan {
      imageInUse {
        revision(1, use: .on(-180, second: 0))
        revision(3, use: .on(-366, second: 86_399))
      }
    }
    #expect(plan.line(1) == "keep -: recently_used")
    #expect(plan.line(3) == "mark +30: idle_newer")
  }

  @Test("older and newer than production is a matter of revision numbers, not of dates")
  func classByNumber() throws {
    let plan = try plan {
      image(production: 2) {
        revision(1, created: -10, lastUse: -200)
        revision(2, created: -500, lastUse: -1)
        revision(3, created: -900, lastUse: -200)
      }
    }
    #expect(plan.decision(1)?.revisionClass == .older)
    #expect(plan.decision(2)?.revisionClass == .production)
    #expect(plan.decision(3)?.revisionClass == .newer)
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.line(3) == "keep -: recently_used")
  }

  @Test(
    "0 days means never",
    arguments: [("idle_days_older", -30_000 as Int?), ("unused_days_older", nil)])
  func zeroIsNever(key: String, lastUse: Int?) throws {
    let plan = try plan([key: "0"]) { imageInUse { revision(1, created: -30_000, lastUse: lastUse) } }
    #expect(plan.line(1) == "keep -: criterion_off")
  }

  @Test("idle and unused days are separate: one being off leaves the other on")
  func separate() throws {
    let plan = try plan(["idle_days_older": "0", "unused_days_newer": "0"]) {
      imageInUse {
        revision(1)
        revision(3, lastUse: -400)
      }
    }
    #expect(plan.line(1) == "mark +30: never_reserved_older")
    #expect(plan.line(3) == "mark +30: idle_newer")
  }

  @Test("the production revision is never judged alone, whatever its age")
  func production() throws {
    let plan = try plan { image(production: 2) { revision(2, lastUse: -9000) } }
    #expect(plan.line(2) == "keep -: production")
  }

  @Test(
    "the newest non-production revisions are kept, by number",
    arguments: [(0, [1, 3, 4, 5]), (1, [1, 3, 4]), (2, [1, 3]), (3, [1]), (4, []), (9, [])])
  func keepNewest(count: Int, markedNumbers: [Int]) throws {
    let plan = try plan(["keep_newest": "\(count)"]) {
      imageInUse { [1, 3, 5, 4].map { revision($0, lastUse: -400) } }
    }
    #expect(plan.decisions.filter { $0.kind == .mark }.map(\.revision) == markedNumbers)
    for number in [1, 3, 4, 5] where !markedNumbers.contains(number) {
      #expect(plan.line(number) == "keep -: newest_kept")
    }
  }

  @Test("held and kept revisions count among the newest, and so do those that are not eligible")
  func keepNewestCountsHeld() throws {
    let plan = try plan(["keep_newest": "3"]) {
      imageInUse {
        revision(1, lastUse: -400)
        revision(3, lastUse: -400, holds: [.holdComputer])
        revision(4, lastUse: -400, kept: 10)
        revision(5, lastUse: -1)
      }
    }
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.line(3) == "keep -: hold_computer newest_kept")
    #expect(plan.line(4) == "keep -: kept newest_kept")
    #expect(plan.line(5) == "keep -: newest_kept")
  }

  @Test("the number of an older revision counts too when production is the newest")
  func keepNewestOlder() throws {
    let plan = try plan(["keep_newest": "1"]) {
      image(production: 9) {
        revision(1, lastUse: -400)
        revision(2, lastUse: -400)
        revision(9, lastUse: -1)
      }
    }
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.line(2) == "keep -: newest_kept")
  }

  @Test(
    "a revision older than the site's first usage record counts its never-reserved age from that record",
    arguments: [
      (-90 as Int?, "keep -: usage_history_short"), (-91, "mark +30: never_reserved_older"),
      (-5000, "mark +30: never_reserved_older"), (nil, "keep -: usage_history_short"),
    ])
  func usageHistory(recordedSince: Int?, expected: String) throws {
    let plan = try plan(recordedSince: recordedSince) { imageInUse { revision(1, created: -2000) } }
    #expect(plan.line(1) == expected)
  }

  @Test("a short usage history does not protect a revision whose use is on record")
  func usageHistoryAndUse() throws {
    let plan = try plan(recordedSince: -10) { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +30: idle_older")
  }

  @Test("a revision created after the first usage record counts from its creation")
  func createdLater() throws {
    let plan = try plan(recordedSince: -5000) { imageInUse { revision(1, created: -90) } }
    #expect(plan.line(1) == "keep -: recently_created")
  }

  @Test("a zero creation date is a hold, used or not", arguments: [nil, -4000 as Int?])
  func zeroCreated(lastUse: Int?) throws {
    let plan = try plan { imageInUse { revision(1, created: nil, lastUse: lastUse) } }
    #expect(plan.line(1) == "keep -: hold_created_unknown")
  }

  @Test("uses without any date are a hold")
  func undatedUse() throws {
    let plan = try plan { imageInUse { revision(1, use: .undated) } }
    #expect(plan.line(1) == "keep -: hold_use_undated")
  }

  @Test(
    "usage data is trusted while its newest reservation is not older than the days given",
    arguments: [
      (-30 as Int?, "30", true), (-31, "30", false), (0, "1", true), (nil, "30", false), (nil, "0", true),
      (-9000, "0", true), (2, "1", true),
    ])
  func usageTrust(newest: Int?, maximum: String, trusted: Bool) throws {
    let refused = UsageNotTrusted(
      newestUse: newest.map(day), today: today,
      policy: try policies(["usage_max_age_days": maximum]).site)
    #expect((refused == nil) == trusted)
    if let refused {
      #expect(refused.description.contains("expireimage_usage_max_age_days is 30"))
      #expect(refused.description.contains(newest == nil ? "no reservation" : "2026-05-01"))
    }
  }

  @Test("every live revision gets exactly one decision, in the order of image and number")
  func oneDecisionEach() throws {
    let plan = try plan {
      imageInUse(2) { [7, 3, 1].map { revision($0, lastUse: -400) } }
      imageInUse(1) { revision(1) }
      image(3, production: []) { revision(1) }
    }
    #expect(
      plan.decisions.map { [$0.imageID, $0.revision] } == [
        [1, 1], [1, 2], [2, 1], [2, 2], [2, 3], [2, 7], [3, 1],
      ])
    #expect(plan.decisions.allSatisfy { !$0.reasons.isEmpty })
  }
}
