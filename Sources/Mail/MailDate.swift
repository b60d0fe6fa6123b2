import Retention

/// A moment with its offset from UTC, as the `Date` header needs it (RFC 5322 section 3.3).
package struct MailDate: Sendable, Equatable {
  /// The local day.
  package let day: Day
  /// 0...23, local.
  package let hour: Int
  /// 0...59.
  package let minute: Int
  /// 0...60, 60 only for a leap second.
  package let second: Int
  /// Minutes that local time is ahead of UTC; negative west of Greenwich.
  package let offsetMinutes: Int

  /// The moment, or nil when a component is out of range.
  package init?(day: Day, hour: Int, minute: Int, second: Int, offsetMinutes: Int) {
    guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
      (-1439...1439).contains(offsetMinutes), (1900...9999).contains(day.components.year)
    else { return nil }
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.offsetMinutes = offsetMinutes
  }
}

extension MailDate: CustomStringConvertible {
  /// `Mon, 21 Dec 2026 08:05:00 +0100`.
  package var description: String {
    let (year, month, dayOfMonth) = day.components
    let offset = abs(offsetMinutes)
    return
      "\(day.weekday.englishName.prefix(3)), \(dayOfMonth) \(DateWords.monthNames[month - 1].prefix(3)) \(year)"
      + " \(padded(hour)):\(padded(minute)):\(padded(second))"
      + " \(offsetMinutes < 0 ? "-" : "+")\(padded(offset / 60))\(padded(offset % 60))"
  }

  private func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
