import Testing

@testable import Retention

@Suite struct NoticeScheduleTests {
  private static func isDue(
    _ schedule: String, date: Int, marked: Int = -30, queued: Int, settings: Settings = [:]
  ) throws -> Bool {
    let schedule = try #require(NoticeSchedule(schedule))
    return schedule.isStepDue(
      date: day(date), markedOn: day(marked), lastQueued: day(queued), today: today,
      days: try policies(settings).site.allowedDays)
  }

  @Test(
    "a step of n days is due when n days or fewer are left and none was queued since",
    arguments: [
      // days left, day of the last notice, due
      (15, -15, false), (14, -16, true), (14, -1, true), (14, 0, false), (13, -1, false), (13, -2, true),
      (8, -6, false), (7, -7, true), (7, -1, true), (1, -6, true), (1, -5, true), (1, -1, true),
      (0, -1, false),
      (0, -2, true), (-3, -4, false),
    ])
  func steps(left: Int, queued: Int, expected: Bool) throws {
    #expect(try Self.isDue("30,14,7,1", date: left, queued: queued) == expected)
  }

  @Test("missed steps collapse into one")
  func missed() throws {
    #expect(try Self.isDue("30,14,7,1", date: 0, queued: -30))
    #expect(try !Self.isDue("30,14,7,1", date: 0, queued: 0))
  }

  @Test("none is never due")
  func none() throws {
    for left in -5...40 { #expect(try !Self.isDue("none", date: left, queued: -100)) }
  }

  @Test(
    "every N counts from the mark",
    arguments: [
      // marked, queued, due
      (-7, -7, true), (-6, -6, false), (-8, -8, true), (-8, -1, false), (-13, -6, false), (-14, -1, true),
      (-14, -7, true), (-14, 0, false), (-28, -27, true), (-6, -1, false), (0, 0, false),
    ])
  func every(marked: Int, queued: Int, expected: Bool) throws {
    #expect(try Self.isDue("every 7", date: 30, marked: marked, queued: queued) == expected)
  }

  @Test("with the count business steps count allowed days")
  func business() throws {
    let week = ["weekdays": "mon,tue,wed,thu,fri", "day_count": "business"]
    // Ten days ahead are eight business days, nine are seven.
    #expect(try !Self.isDue("7", date: 10, queued: -10, settings: week))
    #expect(try Self.isDue("7", date: 9, queued: -10, settings: week))
    #expect(try !Self.isDue("7", date: 9, queued: 0, settings: week))
    // Seven days since the mark are five business days.
    #expect(try Self.isDue("every 5", date: 30, marked: -7, queued: -7, settings: week))
    #expect(try !Self.isDue("every 6", date: 30, marked: -7, queued: -7, settings: week))
  }

  @Test(
    "texts are read in any order and case",
    arguments: [
      ("7,30, 14", NoticeSchedule.daysLeft([30, 14, 7])), ("5,5", .daysLeft([5])), ("EVERY 7", .every(7)),
      (" every  30 ", .every(30)), ("none", .daysLeft([])), (" None ", .daysLeft([])),
    ])
  func texts(text: String, expected: NoticeSchedule) {
    #expect(NoticeSchedule(text) == expected)
  }
}
