/// A day and a time of it, in the database server's local time.
///
/// Orders uses against marks and flags of the same day; everything else compares days.
package struct Moment: Sendable, Hashable, Comparable {
  package var day: Day
  /// Seconds since midnight, 0...86399.
  package var second: Int

  package init(day: Day, second: Int = 0) {
    self.day = day
    self.second = second
  }

  package static func < (left: Moment, right: Moment) -> Bool {
    (left.day, left.second) < (right.day, right.second)
  }

  /// The moment so many seconds later, or earlier; days have 86,400 seconds.
  package static func + (moment: Moment, seconds: Int) -> Moment {
    let total = moment.second + seconds
    let days = total >= 0 ? total / 86_400 : -((86_399 - total) / 86_400)
    return Moment(day: moment.day + days, second: total - days * 86_400)
  }
}

extension Moment: CustomStringConvertible {
  /// `YYYY-MM-DD HH:MM:SS`, as MariaDB reads a DATETIME.
  package var description: String {
    let fields = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(day) \(fields.joined(separator: ":"))"
  }
}
