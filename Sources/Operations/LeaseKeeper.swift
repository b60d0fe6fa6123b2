import Foundation
import MariaDB
import VCLDatabase

/// Renews the run's lease from a thread and a connection of its own, however long a query or a mail takes.
final class LeaseKeeper: Sendable {
  private let stop = DispatchSemaphore(value: 0)
  private let stopped = DispatchSemaphore(value: 0)

  /// - Parameter connect: makes the keeper's connection, in its thread.
  init(
    fence: Fence, interval: TimeInterval = TimeInterval(Lease.renewalSeconds),
    connect: @escaping @Sendable () throws -> Connection
  ) {
    let thread = Thread { [stop, stopped] in
      var connection: Connection?
      // A renewal that fails is tried again; every write checks the fence itself.
      while stop.wait(timeout: .now() + interval) == .timedOut {
        do {
          let present = try connection ?? connect()
          connection = present
          if try !Lease.renew(present, fence) { break }
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
