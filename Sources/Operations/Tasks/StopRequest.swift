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

  /// From here on SIGINT and SIGTERM ask for it, the first time; the second ends the process at once. SIGHUP asks for it
  /// each time, unless it is ignored, as below nohup.
  package static func bySignals() -> StopRequest {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      if number == SIGHUP, isIgnored(number) { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { _ in hasCaughtSignal.store(true, ordering: .relaxed) }
      action.sa_flags = SA_RESTART
      // Of one lost terminal both the shell and the kernel may tell.
      if number != SIGHUP { action.sa_flags |= Int32(bitPattern: 0x8000_0000) }  // SA_RESETHAND
      sigaction(number, &action, nil)
      sigaddset(&signals, number)
    }
    // Whoever started this process may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    return StopRequest { hasCaughtSignal.load(ordering: .relaxed) }
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(signal, nil, &action) == 0 else { return false }
    let ignore: sighandler_t? = SIG_IGN
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(ignore, to: Int.self)
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
