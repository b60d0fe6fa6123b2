import Testing

@testable import Retention

@Suite struct SpreadingTests {
  /// Images 1... with one old revision each, last used on the given days.
  static func site(lastUses: [Int]) -> [Image] {
    lastUses.enumerated().map { index, lastUse in
      imageInUse(index + 1) { revision(1, lastUse: lastUse) }
    }
  }

  @Test("a day takes what one run may flag, least recently used first, then comes the next day")
  func order() throws {
    let plan = try plan(["max_flag_count": "2"]) {
      Self.site(lastUses: [-300, -700, -500, -400, -600])
    }
    #expect(plan.datesOfFirstRevisions == [32, 30, 31, 31, 30])
  }

  @Test("one never reserved counts from its creation")
  func neverReserved() throws {
    let plan = try plan(["max_flag_count": "1"]) {
      imageInUse(1) { revision(1, created: -800, lastUse: -500) }
      imageInUse(2) { revision(1, created: -600) }
      imageInUse(3) { revision(1, created: -400) }
    }
    #expect(plan.datesOfFirstRevisions == [31, 30, 32])
  }

  @Test("equal ones go in the order of images, so equal facts give equal dates")
  func ties() throws {
    let plan = try plan(["max_flag_count": "1"]) { Self.site(lastUses: [-400, -400, -400]) }
    #expect(plan.datesOfFirstRevisions == [30, 31, 32])
  }

  @Test("the next day is the next allowed day")
  func allowedDays() throws {
    let settings = ["max_flag_count": "1", "weekdays": "mon,tue,wed,thu,fri", "blackout": "2026-07-06"]
    let plan = try plan(settings) { Self.site(lastUses: [-900, -800, -700, -600, -500]) }
    // Wednesday, Thursday, Friday; Monday is a blackout.
    #expect(plan.datesOfFirstRevisions == [30, 31, 32, 36, 37])
  }

  @Test(
    "without a limit all get the same day, and so they do with a limit of 0",
    arguments: [("none", "none"), ("0", "none"), ("none", "0"), ("0", "10")])
  func unlimited(count: String, percent: String) throws {
    let plan = try plan(["max_flag_count": count, "max_flag_percent": percent]) {
      Self.site(lastUses: Array(repeating: -400, count: 50))
    }
    #expect(plan.datesOfFirstRevisions == Array(repeating: 30, count: 50))
  }

  @Test("dates that revisions already have occupy their days")
  func existing() throws {
    let plan = try plan(["max_flag_count": "2"]) {
      imageInUse(1) { marked(1, date: 30, lastUse: -300) }
      imageInUse(2) { revision(1, lastUse: -300, date: 30) }
      imageInUse(3) { marked(1, date: 31, lastUse: -300) }
      Self.site(lastUses: [-900, -800]).enumerated().map { index, image in
        imageInUse(index + 4) { revision(1, lastUse: index == 0 ? -900 : -800) }
      }
    }
    #expect(plan.datesOfFirstRevisions == [30, 30, 31, 31, 32])
  }

  @Test("a date that is cleared in the same run leaves its place to another")
  func cleared() throws {
    let plan = try plan(["max_flag_count": "1"]) {
      imageInUse(1) { marked(1, date: 30, lastUse: -1) }
      imageInUse(2) { revision(1, lastUse: -400) }
    }
    #expect(plan.datesOfFirstRevisions == [nil, 30])
  }

  @Test("a whole image counts each of its revisions")
  func wholeImage() throws {
    let settings = ["max_flag_count": "3", "idle_days_production": "300"]
    let plan = try plan(settings) {
      image(1, production: 2) { [1, 2].map { revision($0, lastUse: -900) } }
      image(2, production: 2) { [1, 2].map { revision($0, lastUse: -800) } }
      imageInUse(3) { revision(1, lastUse: -700) }
      imageInUse(4) { revision(1, lastUse: -600) }
    }
    #expect(plan.datesOfFirstRevisions == [30, 31, 30, 31])
  }

  @Test("a whole image of more revisions than one run may flag gets a day of its own")
  func largeImage() throws {
    let settings = ["max_flag_count": "2", "idle_days_production": "300"]
    let plan = try plan(settings) {
      imageInUse(1) { revision(1, lastUse: -900) }
      image(2, production: 5) { [1, 2, 5].map { revision($0, lastUse: -800) } }
      imageInUse(3) { [1, 3].map { revision($0, lastUse: -700) } }
    }
    #expect(plan.datesOfFirstRevisions == [30, 31, 30])
    #expect(plan.line(3, image: 3) == "mark +32: idle_newer")
    #expect(plan.decisions.filter { $0.imageID == 2 }.allSatisfy { $0.newExpireDate == day(31) })
  }

  @Test("revisions of one image alone may fall on different days")
  func sameImage() throws {
    let plan = try plan(["max_flag_count": "1"]) {
      imageInUse {
        revision(1, lastUse: -400)
        revision(3, lastUse: -500)
      }
    }
    #expect(plan.line(1) == "mark +31: idle_older")
    #expect(plan.line(3) == "mark +30: idle_newer")
  }

  @Test("the place of a date counts, not when its revision was flagged: what is flagged today leaves room")
  func flaggedToday() throws {
    let settings = ["max_flag_count": "1", "grace_days": "0", "min_notice_days": "0"]
    let plan = try plan(settings) {
      imageInUse(1) { marked(1, date: -1, mark: mark(date: -1, grace: 0)) }
      imageInUse(2) { revision(1, lastUse: -400) }
    }
    #expect(plan.datesOfFirstRevisions == [-1, 0])
    #expect(plan.decision(1)?.kind == .flag)
  }

  @Test(
    "a percentage falls with what earlier days take, so that a later run does not exceed its limit",
    arguments: [
      // percent, images of two revisions, days of which the first ones hold so many
      (10, 50, [10, 9, 8, 7, 6, 6]), (50, 4, [4]), (1, 5, [1, 1, 1, 1, 1]),
    ])
  func percentage(percent: Int, images: Int, expected: [Int]) throws {
    let plan = try plan(["max_flag_percent": "\(percent)"]) {
      Self.site(lastUses: Array(repeating: -400, count: images))
    }
    let perDay = Dictionary(grouping: plan.datesOfFirstRevisions, by: { $0 ?? -1 }).mapValues(\.count)
    #expect(expected.indices.map { perDay[30 + $0] ?? 0 } == expected)
  }

  @Test("a new date on an early day does not take away room that later days have given")
  func earlyDate() throws {
    // 20 judged revisions and 10 percent: two on a day are within the limit only while nothing goes before it.
    let plan = try plan(["max_flag_percent": "10"]) {
      imageInUse(1) { marked(1, date: 35, lastUse: -300) }
      imageInUse(2) { marked(1, date: 35, lastUse: -300) }
      imageInUse(3) { revision(1, lastUse: -400) }
      (4...10).map { imageInUse($0) { revision(3, lastUse: -1) } }
    }
    #expect(plan.judged == 20)
    #expect(plan.datesOfFirstRevisions == [35, 35, 36])
  }
}
