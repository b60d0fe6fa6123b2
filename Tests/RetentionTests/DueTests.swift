import Testing

@testable import Retention

@Suite struct DueTests {
  /// A due revision with a good notice, and what a test changes about it.
  static func due(
    date: Int = 0, notices: [Notice] = [notice(date: 0, accepted: -30)], owner: Owner? = alice
  ) -> Image {
    imageInUse(owner: owner) { marked(1, date: date, notices: notices) }
  }

  @Test("a date that comes tomorrow is not due, one of today is, and so is one of up to seven days ago")
  func due() throws {
    let expected = [
      1: "keep +1: idle_older marked", 0: "flag +0: idle_older due", -1: "flag -1: idle_older due",
      -7: "flag -7: idle_older due", -8: "redate +14: idle_older date_missed",
      -400: "redate +14: idle_older date_missed",
    ]
    for (date, line) in expected {
      let plan = try plan { Self.due(date: date, notices: [notice(date: date, accepted: -300)]) }
      #expect(plan.line(1) == line)
    }
  }

  @Test(
    "each mode has its way with a due revision",
    arguments: [
      ("off", "flag +0: idle_older due"), ("report", "flag +0: idle_older due"),
      ("notify", "keep +0: idle_older mode_notify"), ("flag", "flag +0: idle_older due"),
    ])
  func modes(mode: String, expected: String) throws {
    let plan = try plan(["mode": mode]) { Self.due() }
    #expect(plan.line(1) == expected)
    #expect(plan.mode.rawValue == mode)
  }

  @Test("in mode notify a due revision stays, with and without notice, however long ago its date was")
  func notify() throws {
    for (date, notices) in [(0, []), (-3, [notice(date: -3, accepted: -30)]), (-90, [])] {
      let plan = try plan(["mode": "notify"]) { Self.due(date: date, notices: notices) }
      #expect(plan.line(1) == "keep \(date == 0 ? "+" : "")\(date): idle_older mode_notify")
      #expect(plan.decision(1)?.markChange == Decision.MarkChange.none)
    }
  }

  @Test("after a long time in mode notify nothing is flagged unannounced: the date begins anew")
  func notifyToFlag() throws {
    let plan = try plan { Self.due(date: -90, notices: [notice(date: -90, accepted: -120)]) }
    #expect(plan.line(1) == "redate +14: idle_older date_missed")
    #expect(plan.decision(1)?.markChange == .update(mark(date: 14, on: -120, computed: -90)))
  }

  @Test(
    "the notice must have been accepted the minimum days ago; else the date moves to the first such day",
    arguments: [
      (-14, "flag +0: idle_older due"), (-15, "flag +0: idle_older due"),
      (-13, "redate +1: idle_older notice_missing"), (-1, "redate +13: idle_older notice_missing"),
      (0, "redate +14: idle_older notice_missing"),
    ])
  func minimumNotice(accepted: Int, expected: String) throws {
    let plan = try plan { Self.due(notices: [notice(date: 0, accepted: accepted)]) }
    #expect(plan.line(1) == expected)
  }

  @Test("the first of several accepted notices counts")
  func firstNotice() throws {
    let plan = try plan {
      Self.due(notices: [
        notice(date: 0, accepted: -1), notice(date: -5, accepted: -20), notice(date: 0, accepted: -3),
      ])
    }
    #expect(plan.line(1) == "flag +0: idle_older due")
  }

  @Test("only accepted notices of this date or an earlier one to the present owner count")
  func whichNotices() throws {
    let missing = "redate +14: idle_older notice_missing"
    let cases: [(String, [Notice], String)] = [
      ("none at all", [], missing),
      ("still open", [notice(date: 0, accepted: nil)], missing),
      ("failed", [notice(date: 0, accepted: -30, status: .failed)], missing),
      ("of another owner", [notice(date: 0, accepted: -30, owner: 2)], missing),
      ("of nobody", [notice(date: 0, accepted: -30, owner: nil, to: .admin)], missing),
      ("of a later date", [notice(date: 1, accepted: -30)], missing),
      ("of an earlier date", [notice(date: -10, accepted: -30)], "flag +0: idle_older due"),
      (
        "the admin's in the owner's stead", [notice(date: 0, accepted: -30, to: .admin)],
        "flag +0: idle_older due"
      ),
      ("the admin's after a failure", [notice(date: 0, accepted: -30, to: .fallback)], missing),
    ]
    for (name, notices, expected) in cases {
      let plan = try plan { Self.due(notices: notices) }
      #expect(plan.line(1) == expected, "\(name)")
    }
  }

  @Test("a notice that went to the admin because the owner's failed counts where the policy says so")
  func fallback() throws {
    let settings = ["fallback_counts|Local": "yes"]
    let notices = [notice(date: 0, accepted: -30, owner: 1, to: .fallback)]
    let local = try plan(settings) { Self.due(notices: notices) }
    #expect(local.line(1) == "flag +0: idle_older due")
    let branch = try plan(settings) {
      Self.due(notices: [notice(date: 0, accepted: -30, owner: 2, to: .fallback)], owner: bob)
    }
    #expect(branch.line(1) == "redate +14: idle_older notice_missing")
  }

  @Test("an image without owner counts the admin's notice; after it got an owner, that one must be told")
  func nobody() throws {
    let notices = [notice(date: 0, accepted: -30, owner: nil, to: .admin)]
    let still = try plan { Self.due(notices: notices, owner: nil) }
    #expect(still.line(1) == "flag +0: idle_older due")
    let handedOver = try plan { Self.due(notices: notices, owner: bob) }
    #expect(handedOver.line(1) == "redate +14: idle_older notice_missing")
  }

  @Test("with minimum notice 0 no notice is needed, and what is due is flagged")
  func noMinimum() throws {
    for date in [0, -7, -8, -100] {
      let plan = try plan(["min_notice_days": "0"]) { Self.due(date: date, notices: []) }
      #expect(plan.decision(1)?.kind == .flag)
    }
  }

  @Test("a due revision on a forbidden day waits, and its date stays")
  func forbiddenDay() throws {
    let notices = [notice(date: 0, accepted: -30)]
    let weekend = ["weekdays": "mon,tue,wed,thu,fri"]
    let monday = mark(date: 0)
    for (settings, night) in [(weekend, 5), (weekend, 6), (["blackout": "2026-06-03..2026-06-09"], 2)] {
      let plan = try plan(settings, on: night) {
        imageInUse { marked(1, date: 0, mark: monday, notices: notices) }
      }
      #expect(plan.line(1) == "keep +0: idle_older forbidden_day")
      #expect(plan.decision(1)?.markChange == Decision.MarkChange.none)
    }
    let after = try plan(weekend, on: 7) {
      imageInUse { marked(1, date: 0, mark: monday, notices: notices) }
    }
    #expect(after.line(1) == "flag +0: idle_older due")
  }

  @Test("a revision that is not due is not touched by a forbidden day, nor by mode notify")
  func notDue() throws {
    let plan = try plan(["weekdays": "tue", "mode": "notify"]) {
      imageInUse { marked(1, date: 1, mark: mark(date: 1, grace: 24, computed: 1)) }
    }
    #expect(plan.decision(1)?.reasons.contains(.forbiddenDay) == false)
    #expect(plan.decision(1)?.reasons.contains(.modeNotify) == false)
  }

  @Test("without anybody to tell nothing is flagged, and the date stays")
  func noRecipient() throws {
    let cases: [(Owner?, Set<Int>)] = [(alice, []), (nil, [1, 2]), (bob, [1])]
    for (owner, reachable) in cases {
      for date in [0, -30] {
        let plan = try plan(admin: false, reachable: reachable) {
          Self.due(date: date, notices: [], owner: owner)
        }
        #expect(plan.line(1) == "keep \(date == 0 ? "+0" : "-30"): idle_older no_recipient")
      }
    }
  }

  @Test("an owner with an address needs no admin, and an admin no owner with an address")
  func oneRecipient() throws {
    let owner = try plan(admin: false, reachable: [1]) { Self.due() }
    #expect(owner.line(1) == "flag +0: idle_older due")
    let admin = try plan(admin: true, reachable: []) {
      Self.due(notices: [notice(date: 0, accepted: -30, to: .admin)])
    }
    #expect(admin.line(1) == "flag +0: idle_older due")
  }

  @Test("marks go on where nobody can be told")
  func markWithoutRecipient() throws {
    let plan = try plan(admin: false, reachable: []) { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +30: idle_older")
  }

  @Test("missed dates are spread like new ones, and counted in business days where the policy counts so")
  func missedAreSpread() throws {
    let spread = try plan(["max_flag_count": "1"]) {
      (1...3).map { id in imageInUse(id) { marked(1, date: -20 - id) } }
    }
    #expect(spread.datesOfFirstRevisions == [14, 15, 16])
    let business = ["day_count": "business", "weekdays": "mon,tue,wed,thu,fri", "grace_days": "20"]
    let adopted = mark(date: -20, on: -40, origin: .adopted)
    let plan = try plan(business) { imageInUse { marked(1, date: -20, mark: adopted) } }
    #expect(plan.line(1) == "redate +18: idle_older date_missed")
  }

  @Test("a postponement counts business days, and ends on an allowed day")
  func postponementDays() throws {
    let adopted = mark(date: 0, on: -20, origin: .adopted)
    let cases: [(Settings, Int?, String)] = [
      (["weekdays": "mon,tue,wed,thu,fri"], -9, "redate +7: idle_older notice_missing"),
      (["weekdays": "mon,tue,wed,thu,fri"], -3, "redate +11: idle_older notice_missing"),
      (
        ["weekdays": "mon,tue,wed,thu,fri", "day_count": "business"], -3,
        "redate +17: idle_older notice_missing"
      ),
      (["weekdays": "mon,tue,wed,thu,fri", "day_count": "business"], -20, "flag +0: idle_older due"),
      (
        ["weekdays": "mon,tue,wed,thu,fri", "day_count": "business"], -19,
        "redate +1: idle_older notice_missing"
      ),
      (["blackout": "2026-06-10..2026-06-20"], nil, "redate +20: idle_older notice_missing"),
    ]
    for (settings, accepted, expected) in cases {
      let plan = try plan(settings) {
        imageInUse {
          marked(1, date: 0, mark: adopted, notices: accepted.map { [notice(date: 0, accepted: $0)] } ?? [])
        }
      }
      #expect(plan.line(1) == expected, "\(settings) \(accepted ?? 0)")
    }
  }
}
