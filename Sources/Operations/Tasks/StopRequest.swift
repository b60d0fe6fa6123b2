import Foundation
import Synchronization

/// Whether somebody wants this process to end what it is at.
package struct StopRequest: Sendable {
  private let isAskedNow: @Sendable () -> Bool

  package init(_ isAsked: @escaping @Sendable () -> Bool) {
    isAskedNow = isAsked
  }

  /// Nobody ever does.
  package static let never = StopRequest { false }

  /// From here on SIGINT and SIGTERM ask for it, the first time; the second ends the process at once.
  package static func bySignals() -> StopRequest {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in hasCaughtSignal.store(true, ordering: .relaxed) }
      action.sa_flags = SA_RESTART | Int32(bitPattern: 0x8000_0000)  // SA_RESETHAND
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    // Whoever started this process may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    return StopRequest { hasCaughtSignal.load(ordering: .relaxed) }
  }

  var isAsked: Bool { isAskedNow() }

  /// - Throws: ``Stopped``.
  func check() throws { if isAsked { throw Stopped() } }

  /// Waits, and not longer than until somebody asks for the end.
  func wait(seconds: Double) {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isAsked, .now < end { usleep(50_000) }
  }
}

private let hasCaughtSignal = Atomic<Bool>(false)

/// A signal has ended what was at work.
struct Stopped: Error, CustomStringConvertible {
  var description: String { "stopped by a signal; what was unfinished is cleaned up, call it again" }
}
