import Foundation
import Synchronization

/// Keeps the mails of all connections apart, so that no more go out in a minute than the mail server likes.
final class Pace: Sendable {
  private let interval: Duration
  private let next = Mutex(ContinuousClock.now)

  /// - Parameter ratePerMinute: nil for no limit.
  init(ratePerMinute: Int?) {
    interval = ratePerMinute.map { .seconds(60) / $0 } ?? .zero
  }

  /// Returns when the next mail may go.
  func wait() {
    guard interval > .zero else { return }
    let now = ContinuousClock.now
    let turn = next.withLock { next in
      let turn = max(next, now)
      next = turn + interval
      return turn
    }
    let pause = turn - now
    if pause > .zero { Thread.sleep(forTimeInterval: pause / .seconds(1)) }
  }
}
