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
}

extension Moment: CustomStringConvertible {
  /// `YYYY-MM-DD HH:MM:SS`, as MariaDB reads a DATETIME.
  package var description: String {
    let fields = [second / 3600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(day) \(fields.joined(separator: ":"))"
  }
}
