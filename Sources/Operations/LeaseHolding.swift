import MariaDB
import VCLDatabase

extension Site {
  /// Does what only one program at a time may do, and keeps the lease as long as it takes.
  ///
  /// - Throws: ``LeaseHeld`` while a run, or another such call, is at work; what the body throws.
  func holdingLease<T>(_ connection: Connection, _ body: (Fence) throws -> T) throws -> T {
    let fence = try Lease.take(connection, by: ProcessIdentity.own, isDead: ProcessIdentity.isDead)
    let heartbeat = Heartbeat(connect: connect) { try Lease.renew($0, fence) }
    defer {
      heartbeat.end()
      // When the connection is gone, the lease frees itself.
      try? Lease.release(connection, fence)
    }
    return try body(fence)
  }
}
