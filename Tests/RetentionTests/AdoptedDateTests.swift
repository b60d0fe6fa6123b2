import Testing

@testable import Retention

@Suite struct AdoptedDateTests {
  @Test(
    "a date that this program did not write is cleared when the revision is not eligible",
    arguments: [10, 0, -100])
  func cleared(date: Int) throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -10, date: date) } }
    #expect(plan.line(1) == "unmark -: recently_used")
  }

  @Test("on the production revision of a live image it is cleared always")
  func production() throws {
    let plan = try plan { image(production: 2) { revision(2, lastUse: -4000, date: 5) } }
    #expect(plan.line(2) == "unmark -: production")
  }

  @Test("it is left as it is when the revision is eligible, and becomes a mark")
  func leftAsItIs() throws {
    let plan = try plan(["weekdays": "mon"]) { imageInUse { revision(1, lastUse: -400, date: 5) } }
    #expect(plan.line(1) == "keep +5: idle_older adopted marked")
    #expect(plan.decision(1)?.markChange == .begin(mark(date: 5, on: 0, origin: .adopted)))
  }

  @Test("a date of ours that somebody moved is adopted too", arguments: [5, 90])
  func moved(date: Int) throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -400, date: date, mark: mark(date: 20)) } }
    #expect(plan.line(1) == "keep +\(date): idle_older adopted marked")
    #expect(plan.decision(1)?.markChange == .begin(mark(date: date, on: 0, origin: .adopted)))
  }

  @Test("once adopted it does not move when the parameters change")
  func policyChange() throws {
    let adopted = mark(date: 5, on: -3, origin: .adopted)
    let plan = try plan(["grace_days": "90"]) { imageInUse { marked(1, date: 5, mark: adopted) } }
    #expect(plan.line(1) == "keep +5: idle_older adopted marked")
    #expect(plan.decision(1)?.markChange == Decision.MarkChange.none)
  }

  @Test("it is never flagged without notice: one that is due is postponed", arguments: [0, -7])
  func due(date: Int) throws {
    let unseen = try plan { imageInUse { revision(1, lastUse: -400, date: date) } }
    #expect(unseen.line(1) == "redate +14: idle_older notice_missing")
    #expect(unseen.decision(1)?.markChange == .begin(mark(date: 14, on: 0, origin: .adopted)))
  }

  @Test("notices of the mark before somebody moved the date do not count")
  func noticesOfTheOldMark() throws {
    let plan = try plan {
      imageInUse {
        revision(
          1, lastUse: -400, date: 0, mark: mark(date: -2), notices: [notice(date: -2, accepted: -32)])
      }
    }
    #expect(plan.line(1) == "redate +14: idle_older notice_missing")
  }

  @Test("an adopted date with an accepted notice of its own is flagged")
  func adoptedAndNotified() throws {
    let plan = try plan {
      imageInUse {
        marked(
          1, date: 0, mark: mark(date: 0, on: -14, origin: .adopted),
          notices: [notice(date: 0, accepted: -14)])
      }
    }
    #expect(plan.line(1) == "flag +0: idle_older due")
  }

  @Test("one that lies far in the past is announced, not acted on")
  func stale() throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -400, date: -3000) } }
    #expect(plan.line(1) == "redate +14: idle_older date_missed")
  }
}

@Suite struct ResetByHandTests {
  @Test("a date of ours found NULL without a newer use is a keep for the grace period")
  func reset() throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -400, mark: mark(date: 10)) } }
    #expect(plan.line(1) == "keep -: date_reset")
    #expect(plan.decision(1)?.keepUntil == day(30))
    #expect(plan.decision(1)?.markChange == .end)
  }

  @Test("the keep counts as grace is counted, and the revision is judged again on its last day")
  func length() throws {
    let settings = ["grace_days": "20", "day_count": "business", "weekdays": "mon,tue,wed,thu,fri"]
    let plan = try plan(settings) { imageInUse { revision(1, lastUse: -400, mark: mark(date: 10)) } }
    #expect(plan.decision(1)?.keepUntil == day(28))
    let before = try planWithKeep(settings, 27)
    #expect(before.line(1) == "keep -: kept")
    let after = try planWithKeep(settings, 28)
    #expect(after.decision(1)?.kind == .mark)
  }

  private func planWithKeep(_ settings: Settings, _ night: Int) throws -> Plan {
    try plan(settings, on: night) { imageInUse { revision(1, lastUse: -400, kept: 28) } }
  }

  @Test("with grace 0 the keep still lasts until tomorrow, so that a second run does not mark again")
  func graceZero() throws {
    let plan = try plan(["grace_days": "0", "min_notice_days": "0"]) {
      imageInUse(1) { revision(1, lastUse: -400, mark: mark(date: 10)) }
      imageInUse(2) { revision(1, lastUse: -400, undeleted: true) }
    }
    #expect(plan.decision(1)?.keepUntil == day(1))
    #expect(plan.decision(1, image: 2)?.keepUntil == day(1))
  }

  @Test(
    "a reset that was recorded with its protection gets no second one; when that is over, all begins anew")
  func recorded() throws {
    func plan(keptUntil end: Int?) throws -> Plan {
      try RetentionTests.plan {
        imageInUse {
          revision(
            1, lastUse: -400, mark: mark(date: 10), kept: end, keptBefore: end == nil ? 0 : nil,
            resetRecorded: true)
        }
      }
    }
    let kept = try plan(keptUntil: 3)
    #expect(kept.line(1) == "keep -: date_reset")
    #expect(kept.decision(1)?.keepUntil == nil)
    #expect(kept.decision(1)?.markChange == .end)
    let over = try plan(keptUntil: nil)
    #expect(over.line(1) == "mark +30: idle_older")
    #expect(over.decision(1)?.keepUntil == nil)
  }

  @Test("with a newer use it was a reservation: the mark ends, and nothing is kept")
  func reserved() throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -5, mark: mark(date: 10)) } }
    #expect(plan.line(1) == "unmark -: reserved_since_marked recently_used")
    #expect(plan.decision(1)?.keepUntil == nil)
    #expect(plan.decision(1)?.markChange == .end)
  }

  @Test("a use later on the day of the known one is newer")
  func laterTheSameDay() throws {
    var known = mark(date: 10)
    known.lastUse = Moment(day: day(-5), second: 100)
    let marked = known
    for (second, expected) in [
      (100, "keep -: date_reset"), (101, "unmark -: reserved_since_marked recently_used"),
    ] {
      let plan = try plan { imageInUse { revision(1, use: .on(-5, second: second), mark: marked) } }
      #expect(plan.line(1) == expected)
    }
  }

  @Test("the first use of a revision that was never reserved is newer")
  func firstUse() throws {
    let plan = try plan {
      imageInUse { revision(1, lastUse: -5, mark: mark(date: 10, lastUse: nil)) }
    }
    #expect(plan.line(1) == "unmark -: reserved_since_marked recently_used")
  }

  @Test("a reservation that holds the revision cleared the date, whatever the usage data know already")
  func heldByReservation() throws {
    for hold in [Reason.holdReservation, .holdSemaphore] {
      let plan = try plan { imageInUse { revision(1, lastUse: -400, mark: mark(date: 10), holds: [hold]) } }
      #expect(plan.line(1) == "unmark -: reserved_since_marked \(hold.rawValue)")
      #expect(plan.decision(1)?.keepUntil == nil)
    }
  }

  @Test("another hold is no reservation: a reset by hand is a keep under it, too")
  func otherHold() throws {
    let plan = try plan {
      imageInUse { revision(1, lastUse: -400, mark: mark(date: 10), holds: [.holdComputer]) }
    }
    #expect(plan.line(1) == "keep -: date_reset")
    #expect(plan.decision(1)?.keepUntil == day(30))
  }

  @Test("one that is eligible again after its reservation starts anew, with the whole grace")
  func eligibleAgain() throws {
    let plan = try plan(["idle_days_older": "10"]) {
      imageInUse { revision(1, lastUse: -20, mark: mark(date: 5)) }
    }
    #expect(plan.line(1) == "mark +30: idle_older")
    #expect(plan.decision(1)?.markChange == .begin(mark(date: 30, lastUse: -20)))
  }

  @Test("so does one whose date nobody cleared, whoever set it: notices before the reservation do not count")
  func eligibleAgainWithDate() throws {
    for origin in [Mark.Origin.criteria, .adopted, .person] {
      let plan = try plan(["idle_days_older": "10"]) {
        imageInUse {
          revision(
            1, lastUse: -20, date: 0, mark: mark(date: 0, origin: origin),
            notices: [notice(date: 0, accepted: -25)])
        }
      }
      #expect(plan.line(1) == "redate +30: idle_older reserved_since_marked")
      #expect(plan.decision(1)?.markChange == .begin(mark(date: 30, lastUse: -20)))
    }
  }

  @Test("a date that was never there is not a reset")
  func noMark() throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +30: idle_older")
  }
}

@Suite struct UndeletedTests {
  @Test("a revision undeleted in VCL's web loses its date and is kept for the grace period")
  func undeleted() throws {
    let plan = try plan {
      imageInUse {
        revision(1, lastUse: -400, date: -3, mark: mark(date: -3), undeleted: true)
        revision(3, lastUse: -400, undeleted: true)
      }
    }
    #expect(plan.line(1) == "unmark -: undeleted")
    #expect(plan.decision(1)?.markChange == .end)
    #expect(plan.line(3) == "keep -: undeleted")
    #expect(plan.decision(1)?.keepUntil == day(30))
    #expect(plan.decision(3)?.keepUntil == day(30))
    #expect(plan.decision(1)?.isRestore == false)
  }

  @Test("an undeleted image is kept with its production revision")
  func wholeImage() throws {
    let plan = try plan(["idle_days_production": "100"]) {
      image(production: 2) { [1, 2].map { revision($0, lastUse: -400, date: -3, undeleted: true) } }
    }
    #expect(plan.line(1) == "unmark -: undeleted")
    #expect(plan.line(2) == "unmark -: undeleted")
    #expect(plan.decision(2)?.keepUntil == day(30))
  }
}

@Suite struct PersonDateTests {
  private static func byPerson(_ date: Int, lastUse: Int? = -10) -> Mark {
    mark(date: date, on: -20, lastUse: lastUse, origin: .person)
  }

  @Test(
    "a date that a person set is neither moved nor cleared by the criteria",
    arguments: [
      [:], ["idle_days_older": "0"], ["keep_newest": "5"], ["grace_days": "90"], ["weekdays": "sun"],
    ] as [Settings])
  func stays(settings: Settings) throws {
    let plan = try plan(settings) {
      imageInUse { revision(1, lastUse: -10, date: 5, mark: Self.byPerson(5)) }
    }
    #expect(plan.line(1) == "keep +5: person_date marked")
    #expect(plan.decision(1)?.markChange == Decision.MarkChange.none)
  }

  @Test("holds, keeps and exclusions clear it")
  func protections() throws {
    let plan = try plan(["exclude_images": "out*"]) {
      imageInUse(1) { revision(1, lastUse: -10, date: 5, mark: Self.byPerson(5), holds: [.holdComputer]) }
      imageInUse(2) { revision(1, lastUse: -10, date: 5, mark: Self.byPerson(5), kept: 90) }
      imageInUse(3, name: "out") { revision(1, lastUse: -10, date: 5, mark: Self.byPerson(5)) }
    }
    #expect(plan.line(1, image: 1) == "unmark -: hold_computer")
    #expect(plan.line(1, image: 2) == "unmark -: kept")
    #expect(plan.line(1, image: 3) == "unmark -: excluded")
  }

  @Test("a reservation since then clears it", arguments: [nil, -10 as Int?])
  func reserved(known: Int?) throws {
    let plan = try plan {
      imageInUse { revision(1, lastUse: -9, date: 5, mark: Self.byPerson(5, lastUse: known)) }
    }
    #expect(plan.line(1) == "unmark -: recently_used")
  }

  @Test("it needs a notice like any other")
  func due() throws {
    let plan = try plan {
      imageInUse(1) { revision(1, lastUse: -10, date: 0, mark: Self.byPerson(0)) }
      imageInUse(2) {
        revision(1, lastUse: -10, date: 0, mark: Self.byPerson(0), notices: [notice(date: 0, accepted: -14)])
      }
    }
    #expect(plan.line(1, image: 1) == "redate +14: person_date notice_missing")
    #expect(plan.line(1, image: 2) == "flag +0: person_date due")
  }

  @Test("after somebody changed it, it is no longer the person's")
  func changed() throws {
    let plan = try plan { imageInUse { revision(1, lastUse: -10, date: 6, mark: Self.byPerson(5)) } }
    #expect(plan.line(1) == "unmark -: recently_used")
  }

  @Test("a production revision does not go by it")
  func production() throws {
    let plan = try plan {
      image(production: 2) {
        revision(2, lastUse: -10, date: 0, mark: Self.byPerson(0), notices: [notice(date: 0, accepted: -20)])
      }
    }
    #expect(plan.line(2).hasPrefix("unmark -:"))
  }
}
