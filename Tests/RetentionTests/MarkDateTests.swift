import Testing

@testable import Retention

// The fixed day is Monday, 2026-06-01.
@Suite struct MarkDateTests {
  @Test(
    "the expire date is grace days ahead, moved to the next allowed day",
    arguments: [
      // settings, days until the date
      ([:], 30),
      (["grace_days": "14"], 14),
      (["grace_days": "20", "weekdays": "mon,tue,wed,thu,fri"], 21),
      (["grace_days": "19", "weekdays": "mon,tue,wed,thu,fri"], 21),
      (["grace_days": "18", "weekdays": "mon,tue,wed,thu,fri"], 18),
      (["grace_days": "30", "weekdays": "wed"], 30),
      (["grace_days": "31", "weekdays": "wed"], 37),
      (["blackout": "2026-07-01"], 31),
      (["blackout": "2026-06-20..2026-07-05"], 35),
      (["blackout": "2026-07-02,2026-07-01..2026-07-01,2026-07-04"], 32),
      (["blackout": "2026-06-30"], 30),
      (["blackout": "2026-07-01..2026-07-03", "weekdays": "mon,tue,wed,thu,fri"], 35),
    ] as [(Settings, Int)])
  func date(settings: Settings, expected: Int) throws {
    let plan = try plan(settings) { imageInUse { revision(1, lastUse: -400) } }
    #expect(plan.line(1) == "mark +\(expected): idle_older")
  }

  @Test(
    "with the count business the grace counts allowed days only",
    arguments: [
      (["grace_days": "20"], 20),
      (["grace_days": "20", "weekdays": "mon,tue,wed,thu,fri"], 28),
      (["grace_days": "14", "weekdays": "mon,tue,wed,thu,fri"], 18),
      (["grace_days": "14", "weekdays": "mon,tue,wed,thu,fri", "blackout": "2026-06-02..2026-06-03"], 22),
      (["grace_days": "14", "weekdays": "tue"], 92),
    ] as [(Settings, Int)])
  func business(settings: Settings, expected: Int) throws {
    let plan = try plan(settings.merging(["day_count": "business"]) { $1 }) {
      imageInUse { revision(1, lastUse: -400) }
    }
    #expect(plan.line(1) == "mark +\(expected): idle_older")
  }

  @Test("idle and unused days are calendar days whatever the count")
  func idleIsCalendar() throws {
    let settings = ["day_count": "business", "weekdays": "mon", "grace_days": "14"]
    let plan = try plan(settings) {
      imageInUse {
        revision(1, lastUse: -181)
        revision(3, created: -181)
      }
    }
    #expect(plan.decision(1)?.kind == .mark)
    #expect(plan.decision(3)?.kind == .mark)
  }

  @Test("a mark records the date, what it was computed from, and the last use that was known")
  func record() throws {
    let settings = ["max_flag_count": "1"]
    let plan = try plan(settings) {
      imageInUse(1) { revision(1, use: .on(-500, second: 77)) }
      imageInUse(2) { revision(1) }
      imageInUse(3) { revision(1, lastUse: -400) }
    }
    let lastUse = Moment(day: day(-500), second: 77)
    #expect(
      plan.decision(1)?.markChange
        == .begin(
          Mark(
            expireDate: day(31), computedDate: day(30), markedOn: today, origin: .criteria, lastUse: lastUse))
    )
    #expect(
      plan.decision(1, image: 2)?.markChange
        == .begin(
          Mark(expireDate: day(30), computedDate: day(30), markedOn: today, origin: .criteria, lastUse: nil)))
  }

  @Test("a mark is never flagged in its own run, nor in a second run of the same night")
  func notTheSameNight() throws {
    let settings = ["grace_days": "0", "min_notice_days": "0"]
    let image = imageInUse { revision(1, lastUse: -400) }
    let first = try plan(settings) { image }
    #expect(first.line(1) == "mark +0: idle_older")
    let second = try plan(settings) { imageInUse { marked(1, date: 0, mark: mark(date: 0, grace: 0)) } }
    #expect(second.line(1) == "keep +0: idle_older marked")
    let next = try plan(settings, on: 1) { imageInUse { marked(1, date: 0, mark: mark(date: 0, grace: 0)) } }
    #expect(next.line(1) == "flag +0: idle_older due")
  }
}
