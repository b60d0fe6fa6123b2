import Retention

/// Days and counts in English words, as the sentences of a mail need them.
package enum DateWords {
  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]

  /// `Monday 21 December 2026`.
  package static func long(_ day: Day) -> String { "\(day.weekday.englishName) \(short(day))" }

  /// `21 December 2026`.
  package static func short(_ day: Day) -> String {
    let (year, month, dayOfMonth) = day.components
    return "\(dayOfMonth) \(monthNames[month - 1]) \(year)"
  }

  /// `today`, `tomorrow`, `in 30 days`, `yesterday`, `30 days ago`.
  package static func distance(to day: Day, from today: Day) -> String {
    switch day - today {
    case 0: "today"
    case 1: "tomorrow"
    case -1: "yesterday"
    case let days where days > 0: "in \(count(days, "day"))"
    case let days: "\(count(-days, "day")) ago"
    }
  }

  /// `1 day`, `2 days`: the number with the noun, in the plural unless it is one.
  package static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(grouped(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// Thousands apart, so that long numbers can be read: `12,345`.
  private static func grouped(_ number: Int) -> String {
    guard number >= 1000 else { return String(number) }
    let tail = String(number % 1000)
    return grouped(number / 1000) + "," + String(repeating: "0", count: 3 - tail.count) + tail
  }
}

extension Weekday {
  /// `Monday`.
  var englishName: String {
    switch self {
    case .monday: "Monday"
    case .tuesday: "Tuesday"
    case .wednesday: "Wednesday"
    case .thursday: "Thursday"
    case .friday: "Friday"
    case .saturday: "Saturday"
    case .sunday: "Sunday"
    }
  }
}
