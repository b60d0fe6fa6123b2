/// A calendar day of the proleptic Gregorian calendar, without a time or a time zone.
///
/// The program decides in whole days: the database server's local day is read once per run, and every
/// date it compares with is cut to the day it fell on.
package struct Day: Sendable, Hashable, Comparable {
  /// Days since 1970-01-01; negative before it.
  package let number: Int

  /// The day that many days after 1970-01-01.
  package init(number: Int) {
    self.number = number
  }

  /// The day of a date, or nil when no such date exists (2026-02-30, or the zero date 0000-00-00).
  package init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    // Years start in March, so that the leap day is the last of its year and months have a regular length.
    let shiftedYear = month > 2 ? year : year - 1
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.number = era * 146_097 + dayOfEra - 719_468
    let components = self.components
    guard components == (year, month, day) else { return nil }
  }

  /// The day written as `YYYY-MM-DD`, or nil for any other text.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, parts[1].count == 2, parts[2].count == 2,
      text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      ),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// Year, month (1...12) and day of the month (1...31).
  package var components: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  package var weekday: Weekday {
    // 1970-01-01 was a Thursday.
    Weekday.allCases[((number % 7) + 7 + 3) % 7]
  }

  package static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// The day that many days later.
  package static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }

  /// The day that many days earlier.
  package static func - (day: Day, days: Int) -> Day { Day(number: day.number - days) }

  /// The days from the right day to the left one.
  package static func - (left: Day, right: Day) -> Int { left.number - right.number }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  package var description: String {
    let (year, month, day) = components
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

/// A day of the week, Monday first as in ISO 8601.
package enum Weekday: String, Sendable, CaseIterable {
  case monday = "mon"
  case tuesday = "tue"
  case wednesday = "wed"
  case thursday = "thu"
  case friday = "fri"
  case saturday = "sat"
  case sunday = "sun"
}
