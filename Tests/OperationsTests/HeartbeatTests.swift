import Foundation
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The heartbeat of the lease")
struct HeartbeatTests {
  private static let holder = LeaseHolder(node: "here", pid: 1, processStart: 1, bootID: "boot")

  /// Waits until a condition holds; false after ten seconds.
  private func comes(_ condition: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<1000 {
      if try condition() { return true }
      usleep(10_000)
    }
    return false
  }

  private func isLong(_ site: TestSite) throws -> Bool {
    try site.rows("SELECT expires > NOW() + INTERVAL 200 SECOND FROM expireimage_lease") == ["1"]
  }

  private func shorten(_ site: TestSite) throws {
    try site.connection.execute("UPDATE expireimage_lease SET expires = NOW() + INTERVAL 5 SECOND")
  }

  @Test("renews it from a connection of its own, and goes on after that connection is lost")
  func renews() throws {
    let site = try TestSite()
    let fence = try Lease.take(site.connection, by: Self.holder) { _ in false }
    try shorten(site)
    let options = site.site
    let keeper = Heartbeat(interval: 0.02, connect: { try options.connect() }) { try Lease.renew($0, fence) }
    #expect(try comes { try isLong(site) })

    let own = try site.rows("SELECT CONNECTION_ID()")[0]
    let others = try site.rows(
      "SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE() AND id <> ?", [Value(own)])
    for id in others { try site.connection.executeScript("KILL \(id);") }
    try shorten(site)
    #expect(try comes { try isLong(site) })

    keeper.end()
    try shorten(site)
    usleep(100_000)
    #expect(try !isLong(site), "it has ended")
  }

  @Test("never renews a lease that went to somebody else")
  func lost() throws {
    let site = try TestSite()
    let fence = try Lease.take(site.connection, by: Self.holder) { _ in false }
    try site.connection.execute("UPDATE expireimage_lease SET fence = fence + 1")
    try shorten(site)
    let options = site.site
    let keeper = Heartbeat(interval: 0.02, connect: { try options.connect() }) { try Lease.renew($0, fence) }
    usleep(200_000)
    #expect(try !isLong(site))
    keeper.end()
  }
}
