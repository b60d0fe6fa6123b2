/// A date and time of day as the database stores it: no time zone, whole seconds.
package struct DateTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var year: Int
  package var month: Int
  package var day: Int
  package var hour: Int
  package var minute: Int
  package var second: Int

  /// Takes the parts as they are; does not check that the calendar has such a day.
  package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// Reads "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS", fractions of a second ignored; nil for anything else, and for
  /// dates with a zero year, month or day.
  package init?(_ text: String) {
    let parts = text.utf8.split(whereSeparator: { "- :.T".utf8.contains($0) }).map { Int(String($0) ?? "") }
    guard parts.count == 3 || parts.count >= 6, !parts.contains(nil) else { return nil }
    let numbers = parts.compactMap { $0 }
    guard numbers[0] > 0, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]) else { return nil }
    self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    if numbers.count >= 6 {
      (hour, minute, second) = (numbers[3], numbers[4], numbers[5])
    }
  }

  package static func < (left: DateTime, right: DateTime) -> Bool {
    (left.year, left.month, left.day, left.hour, left.minute, left.second)
      < (right.year, right.month, right.day, right.hour, right.minute, right.second)
  }

  /// "YYYY-MM-DD HH:MM:SS", which the database reads back.
  package var description: String {
    "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2)) "
      + "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
  }
}

/// A number with leading zeros.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
