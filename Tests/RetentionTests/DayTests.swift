import Testing

@testable import Retention

@Suite struct DayTests {
  @Test(
    "a day is read and written, and counts from 1970",
    arguments: [
      ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-06-01", 20_605),
      ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
    ])
  func text(text: String, number: Int) {
    #expect(Day(text)?.number == number)
    #expect(Day(number: number).description == text)
  }

  @Test(
    "what is no date is refused",
    arguments: [
      "", "0000-00-00", "2026-02-29", "2100-02-29", "2026-00-10", "2026-10-00", "2026-04-31", "2026-13-01",
      "2026-6-1",
      "26-06-01", "2026/06/01", " 2026-06-01", "2026-06-01 00:00:00", "-026-06-01", "2026-06-0x",
      "2026-06-01-",
      "+026-06-01", "٢٠٢٦-06-01",
    ])
  func refused(text: String) {
    #expect(Day(text) == nil)
  }

  @Test("days follow one another, each with its own text, over leap years and the turn of centuries")
  func everyDay() throws {
    for start in ["1896-01-01", "1999-01-01", "2096-01-01"] {
      let first = try #require(Day(start))
      for day in (0..<2000).map({ first + $0 }) {
        let next = day + 1
        #expect(Day(day.description) == day)
        #expect(next > day && next - day == 1 && next.description > day.description)
        let weekday = try #require(Weekday.allCases.firstIndex(of: day.weekday))
        #expect(next.weekday == Weekday.allCases[(weekday + 1) % 7])
      }
    }
  }

  @Test(
    "weekdays are right",
    arguments: [
      ("1970-01-01", Weekday.thursday), ("2026-06-01", .monday), ("2000-01-01", .saturday),
      ("1969-12-28", .sunday),
    ])
  func weekday(text: String, weekday: Weekday) {
    #expect(Day(text)?.weekday == weekday)
  }

  @Test("a moment orders within its day, and is written as the database reads it")
  func moment() {
    #expect(Moment(day: today, second: 1) > Moment(day: today))
    #expect(Moment(day: today, second: 86_399) < Moment(day: day(1)))
    #expect(Moment(day: today, second: 3 * 3600 + 4 * 60 + 5).description == "2026-06-01 03:04:05")
  }
}

@Suite struct AllowedDaysTests {
  @Test("counting days forward and finding the day so many ahead agree")
  func agree() throws {
    for count in ["calendar", "business"] {
      let days = try policies([
        "weekdays": "mon,wed,fri", "blackout": "2026-06-10..2026-06-20", "day_count": count,
      ])
      .site.allowedDays
      for start in 0..<20 {
        for length in 1..<20 {
          let end = days.date(length, after: day(start))
          #expect(days.allows(end))
          #expect(days.days(from: day(start), to: end) >= length)
          #expect(days.days(from: day(start), to: end - 1) < length || count == "calendar")
        }
      }
    }
  }

  @Test("days backward are negative")
  func backward() throws {
    let week = try policies(["weekdays": "mon,tue,wed,thu,fri", "day_count": "business"]).site.allowedDays
    #expect(week.days(from: day(7), to: day(0)) == -5)
    #expect(AllowedDays().days(from: day(7), to: day(0)) == -7)
  }

  @Test("a policy without any allowed day comes to an end all the same")
  func none() {
    var days = AllowedDays()
    days.weekdays = []
    #expect(days.allowedInYear(from: today) == 0)
    #expect(days.onOrAfter(today) > today)
  }
}

@Suite struct GlobTests {
  @Test(
    "shell patterns",
    arguments: [
      ("a", "a", true), ("a", "b", false), ("a", "ab", false), ("a*", "abc", true), ("*c", "abc", true),
      ("a*c", "ac", true), ("*", "", true), ("*a*b*c*", "xxaxxbxxcxx", true),
      ("*a*b*c*", "xxaxxcxxbxx", false),
      ("a**b", "ab", true), ("?", "", false), ("??", "ab", true), ("[abc]x", "bx", true),
      ("[a-c]x", "dx", false),
      ("[!a-c]x", "dx", true), ("[^a-c]x", "bx", false), ("[]]", "]", true), ("[!]]", "]", false),
      ("[a-]", "-", true),
      ("[a-]", "b", false), ("a.c", "abc", false), ("A", "a", false), ("*-v1", "image-v10", false),
      ("[0-9]*", "7zip", true), ("*aab", "aaab", true), ("a*b?d", "axbxbcd", true), ("", "", false),
    ])
  func matches(pattern: String, text: String, expected: Bool) {
    #expect((Glob(pattern)?.matches(text) ?? false) == expected)
  }

  @Test("a pattern of many stars does not take exponential time")
  func manyStars() throws {
    let glob = try #require(Glob(String(repeating: "*a", count: 40) + "b"))
    #expect(!glob.matches(String(repeating: "a", count: 400)))
  }
}

@Suite struct AccountTests {
  @Test("accounts compare without regard to case, and the affiliation follows the last @")
  func accounts() throws {
    #expect(Account("Alice@LOCAL") == Account("alice@Local"))
    #expect(Set([Account("Alice@LOCAL"), Account("alice@Local")]).count == 1)
    #expect(Account("a@b.edu@Branch")?.affiliation == "Branch")
    #expect(Account("alice@Local")?.description == "alice@Local")
  }

  @Test(
    "VCL's own accounts are known by name, and admin is a person",
    arguments: [
      ("vclreload@Local", true), ("VCLSYSTEM@local", true), ("admin@Local", false),
      ("vclreload@Branch", false),
      ("vclreload2@Local", false),
    ])
  func system(text: String, isSystem: Bool) {
    #expect(Account(text)?.isSystem == isSystem)
  }
}
