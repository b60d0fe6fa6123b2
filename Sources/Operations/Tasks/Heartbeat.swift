import Foundation
import MariaDB
import VCLDatabase

/// Renews a hold, such as the run's lease, from a thread and a connection of its own, however long a query, a mail or a
/// copy takes.
final class Heartbeat: Sendable {
  private let stop = DispatchSemaphore(value: 0)
  private let stopped = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - connect: makes its connection, in its thread.
  ///   - renew: renews the hold; false when it is lost, which ends the renewal.
  init(
    interval: TimeInterval = TimeInterval(Lease.renewalSeconds),
    connect: @escaping @Sendable () throws -> Connection,
    renew: @escaping @Sendable (Connection) throws -> Bool
  ) {
    let thread = Thread { [stop, stopped] in
      var connection: Connection?
      // A renewal that fails is tried again; every write checks the fence itself.
      while stop.wait(timeout: .now() + interval) == .timedOut {
        do {
          let present = try connection ?? connect()
          connection = present
          if try !renew(present) { break }
        } catch {
          connection = nil
        }
      }
      stopped.signal()
    }
    thread.start()
  }

  /// Ends the renewal, and returns when its last statement has.
  func end() {
    stop.signal()
    stopped.wait()
  }
}
