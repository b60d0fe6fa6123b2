import Testing

@testable import Retention

@Suite struct RevalidationTests {
  @Test("a marked revision that is still eligible keeps its date under the same parameters")
  func same() throws {
    for night in [-29, -15, -1] {
      let plan = try plan(on: night) { imageInUse { marked(1, date: 0) } }
      #expect(plan.line(1) == "keep +0: idle_older marked")
      #expect(plan.decision(1)?.markChange == Decision.MarkChange.none)
    }
  }

  @Test("a date that was spread is not undone by a later run")
  func spreadStays() throws {
    let plan = try plan {
      imageInUse { marked(1, date: 25, mark: mark(date: 25, on: -10, computed: 20)) }
    }
    #expect(plan.line(1) == "keep +25: idle_older marked")
  }

  @Test(
    "a marked revision that is no longer eligible loses its date",
    arguments: [
      (["idle_days_older": "500"], "unmark -: recently_used"),
      (["idle_days_older": "0"], "unmark -: criterion_off"),
      (["keep_newest": "1"], "unmark -: newest_kept"),
      (["exclude_images": "*"], "unmark -: excluded"),
      (["only_owners": "bob@Branch"], "unmark -: owner_not_included"),
    ] as [(Settings, String)])
  func notEligible(settings: Settings, expected: String) throws {
    for date in [10, 0, -3, -30] {
      let plan = try plan(settings) {
        imageInUse { marked(1, date: date, notices: [notice(date: date, accepted: -60)]) }
      }
      #expect(plan.line(1) == expected)
      #expect(plan.decision(1)?.markChange == .end)
    }
  }

  @Test("a use since the mark clears the date", arguments: [0, -1, -5])
  func used(lastUse: Int) throws {
    let plan = try plan {
      imageInUse {
        revision(
          1, lastUse: lastUse, date: 0, mark: mark(date: 0), notices: [notice(date: 0, accepted: -30)])
      }
    }
    #expect(plan.line(1) == "unmark -: recently_used")
  }

  @Test("a marked revision that became the production revision loses its date")
  func becameProduction() throws {
    let plan = try plan {
      image(production: 1) {
        marked(1, date: 0, notices: [notice(date: 0, accepted: -30)])
        revision(2, lastUse: -1)
      }
    }
    #expect(plan.line(1) == "unmark -: production")
  }

  @Test(
    "other parameters redate, but never so that the owner has less than the minimum notice",
    arguments: [
      // settings, days the mark is old, its date, decision
      (["grace_days": "40"], 10, 20, "redate +30: idle_older policy_changed"),
      (["grace_days": "29"], 10, 20, "redate +19: idle_older policy_changed"),
      (["grace_days": "24"], 10, 20, "redate +14: idle_older policy_changed"),
      (["grace_days": "23"], 10, 20, "redate +14: idle_older policy_changed"),
      (["grace_days": "20"], 29, 1, "redate +14: idle_older policy_changed"),
      (["grace_days": "31"], 30, 0, "redate +14: idle_older policy_changed"),
      (["grace_days": "60"], 30, 0, "redate +30: idle_older policy_changed"),
      (["grace_days": "20", "min_notice_days": "5"], 10, 20, "redate +10: idle_older policy_changed"),
      (["grace_days": "12", "min_notice_days": "5"], 10, 20, "redate +5: idle_older policy_changed"),
      (["grace_days": "12", "min_notice_days": "0"], 10, 20, "redate +2: idle_older policy_changed"),
      (["blackout": "2026-06-21"], 10, 20, "redate +21: idle_older policy_changed"),
      (["blackout": "2026-06-22"], 10, 20, "keep +20: idle_older marked"),
      (["weekdays": "mon,wed"], 10, 20, "redate +21: idle_older policy_changed"),
      (["min_notice_days": "29"], 10, 20, "keep +20: idle_older marked"),
      (["notice_days": "5"], 10, 20, "keep +20: idle_older marked"),
      (
        ["day_count": "business", "weekdays": "mon,tue,wed,thu,fri"], 9, 21,
        "redate +32: idle_older policy_changed"
      ),
    ] as [(Settings, Int, Int, String)])
  func policyChange(settings: Settings, age: Int, date: Int, expected: String) throws {
    let plan = try plan(settings) {
      imageInUse { marked(1, date: date, mark: mark(date: date, on: -age)) }
    }
    #expect(plan.line(1) == expected)
  }

  @Test("after a redate the same parameters do nothing, and the mark has its age still")
  func settled() throws {
    let settings = ["grace_days": "40"]
    let first = try plan(settings) { imageInUse { marked(1, date: 20, mark: mark(date: 20, on: -10)) } }
    let expected = mark(date: 30, on: -10)
    #expect(first.decision(1)?.markChange == .update(expected))
    let second = try plan(settings) { imageInUse { marked(1, date: 30, mark: expected) } }
    #expect(second.line(1) == "keep +30: idle_older marked")
  }

  @Test("a date clamped to the minimum notice stays where it is on later nights")
  func clampedStays() throws {
    let settings = ["grace_days": "20"]
    let first = try plan(settings) { imageInUse { marked(1, date: 20, mark: mark(date: 20, on: -10)) } }
    let expected = mark(date: 14, on: -10, computed: 10)
    #expect(first.decision(1)?.markChange == .update(expected))
    for night in [0, 1, 5, 13] {
      let later = try plan(settings, on: night) { imageInUse { marked(1, date: 14, mark: expected) } }
      #expect(later.line(1) == "keep +14: idle_older marked")
    }
  }

  @Test("redated revisions are spread like new ones")
  func spread() throws {
    let plan = try plan(["grace_days": "24", "max_flag_count": "1"]) {
      (1...3).map { id in
        imageInUse(id) { marked(1, date: 19 + id, mark: mark(date: 19 + id, on: -10, computed: 20)) }
      }
    }
    #expect(plan.datesOfFirstRevisions == [14, 15, 16])
  }

  @Test("a parameter change that gives the date it has already keeps the date")
  func sameDate() throws {
    let plan = try plan(["grace_days": "35"]) {
      imageInUse { marked(1, date: 25, mark: mark(date: 25, on: -10, computed: 20)) }
    }
    #expect(plan.line(1) == "keep +25: idle_older policy_changed marked")
    #expect(plan.decision(1)?.markChange == .update(mark(date: 25, on: -10)))
  }

  @Test("a postponed date is not undone by later runs")
  func postponedStays() throws {
    let first = try plan { imageInUse { marked(1, date: 0) } }
    #expect(first.line(1) == "redate +14: idle_older notice_missing")
    let expected = mark(date: 14, on: -30, computed: 0)
    #expect(first.decision(1)?.markChange == .update(expected))
    for night in [0, 1, 13] {
      let later = try plan(on: night) { imageInUse { marked(1, date: 14, mark: expected) } }
      #expect(later.line(1) == "keep +14: idle_older marked")
    }
  }

  @Test("a redate with minimum notice 0 falls on no day before tomorrow, so that it is not flagged tonight")
  func noNoticeRedate() throws {
    let settings = ["grace_days": "5", "min_notice_days": "0"]
    let plan = try plan(settings) { imageInUse { marked(1, date: 20, mark: mark(date: 20, on: -10)) } }
    #expect(plan.line(1) == "redate +1: idle_older policy_changed")
  }
}
