import Foundation
import Mail
import Retention
import VCLDatabase

/// How far the database server's clock and this machine's are apart.
struct ClockDifference {
  /// More than clocks differ that are kept by NTP.
  private static let toleratedSeconds = 60
  /// From here on one of the two is wrong, and with it the day that everything is decided by.
  private static let distrustedSeconds = 3600

  /// By how much the database server is ahead; negative: behind.
  let seconds: Int
  private let database: Moment
  private let node: Moment

  /// - Parameters:
  ///   - clock: the database server's, read just now.
  ///   - node: this machine's time.
  init(_ clock: Clock, node: Date) {
    database = clock.present + -clock.utcOffsetMinutes * 60
    self.node = Moment(day: Day(number: 0)) + Int(node.timeIntervalSince1970.rounded(.down))
    seconds = (database.day - self.node.day) * 86_400 + database.second - self.node.second
  }

  var isTolerated: Bool { abs(seconds) <= Self.toleratedSeconds }

  /// Why nothing may be decided by such clocks; nil: the difference is small.
  var distrust: Failure? {
    guard abs(seconds) > Self.distrustedSeconds else { return nil }
    return Failure(
      "the clocks are not trusted: \(words); nothing was done, set both machines' clocks by NTP",
      .usageNotTrusted)
  }

  /// Such as "the database server's clock says 2026-11-22 03:00:00 UTC, this machine's 2026-11-21 03:00:00 UTC".
  var words: String {
    "the database server's clock says \(database) UTC, this machine's \(node) UTC"
  }
}
