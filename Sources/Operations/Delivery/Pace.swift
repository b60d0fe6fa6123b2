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

  /// Returns when the next mail may go, or soon after there is nothing to wait for any more.
  func wait(while isWanted: () -> Bool) {
    guard interval > .zero else { return }
    let now = ContinuousClock.now
    let turn = next.withLock { next in
      let turn = max(next, now)
      next = turn + interval
      return turn
    }
    while ContinuousClock.now < turn, isWanted() {
      let pause = min(turn - .now, .milliseconds(100))
      Thread.sleep(forTimeInterval: max(0, pause / .seconds(1)))
    }
  }
}
