import MariaDB
import Operations
import Settings
import TestSupport
import Testing
import VCLDatabase

@Suite(
  "The lease on a Galera cluster",
  .enabled(if: GaleraCluster.library != nil, "galera-4 is not there: run .ci/setup"))
struct GaleraLeaseTests {
  private static let holder = LeaseHolder(node: "here", pid: 1, processStart: 1, bootID: "boot")

  private func migrated() throws -> GaleraCluster {
    let cluster = try GaleraCluster()
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": cluster.socket(0), "EXPIREIMAGE_DATABASE_NAME": GaleraCluster.database,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
    let settings = try Settings.load(configFile: nil, environment: environment, usualFiles: .none)
    _ = try MigrateOperation(Site(settings)).up()
    return cluster
  }

  @Test("two nodes never give it to two at the same time")
  func taking() throws {
    let cluster = try migrated()
    for round in 1...40 {
      let take = { @Sendable (node: Int) throws -> Fence? in
        let connection = try cluster.connection(node)
        do {
          return try Lease.take(connection, by: Self.holder) { _ in false }
        } catch is LeaseHeld { return nil }
      }
      let both = [Background { try take(0) }, Background { try take(1) }]
      let taken = try both.compactMap { try $0.result() }
      #expect(taken.map(\.number) == [round])
      for fence in taken { try Lease.release(cluster.connection(2), fence) }
    }
  }

  @Test("a change that relied on it is undone when another node let somebody take it before the commit")
  func fence() throws {
    let cluster = try migrated()
    let connection = try cluster.connection(0)
    let other = try cluster.connection(1)
    try connection.executeScript(
      """
      CREATE TABLE written (id INT AUTO_INCREMENT PRIMARY KEY, fence INT);
      CREATE TABLE bulk (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(100));
      """)
    let fence = try Lease.take(connection, by: Self.holder) { _ in true }
    var attempts = 0
    #expect(throws: LeaseLost.self) {
      try connection.transaction {
        attempts += 1
        try fence.check(connection)
        try connection.execute("INSERT INTO written (fence) VALUES (?)", [Value(fence.number)])
        guard attempts == 1 else { return }
        // While the first node is busy with this, it does not come to what the other node does next.
        try other.execute("INSERT INTO bulk (text) SELECT REPEAT('x', 90) FROM seq_1_to_60000")
        _ = try Lease.take(other, by: Self.holder) { _ in true }
      }
    }
    #expect(attempts == 2)
    #expect(try other.first("SELECT COUNT(*) FROM written") { $0.int(0) } == 0)
  }
}
