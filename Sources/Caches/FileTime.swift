/// A time of a file system: nanoseconds since 1970-01-01 00:00 UTC.
///
/// Times that do not fit (before 1677, after 2262) become the nearest that does.
package struct FileTime: Sendable, Hashable, Comparable {
  package let nanoseconds: Int64

  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  package init(seconds: Int64, nanoseconds: Int64 = 0) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, carry) = product.addingReportingOverflow(nanoseconds)
    self.nanoseconds = overflow || carry ? (seconds < 0 ? .min : .max) : sum
  }

  /// Older than everything a file system tells.
  package static let distantPast = FileTime(nanoseconds: .min)

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 {
    nanoseconds >= 0 ? nanoseconds / 1_000_000_000 : -((-(nanoseconds + 1)) / 1_000_000_000) - 1
  }

  package static func < (left: FileTime, right: FileTime) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Whether this time lies more than so many seconds before another. A time in the future is not old.
  package func isOlder(than seconds: Int64, at now: FileTime) -> Bool {
    guard now > self else { return false }
    let (age, overflow) = now.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return overflow || age > FileTime(seconds: seconds).nanoseconds
  }
}
