import Assets
import MariaDB
import Synchronization

/// An empty database of a test's own on the test server; goes back when the last reference goes.
///
/// Databases are used again, emptied and with all counters back at 1, unless the test was given an exclusive one or
/// changed the tables.
package final class TestDatabase: Sendable {
  /// What is in a fresh one.
  package enum Schema: Sendable, Hashable {
    /// No tables.
    case empty
    /// The 85 tables of VCL, without rows.
    case vcl
  }

  /// Its name on the server.
  package let name: String
  private let schema: Schema
  private let isExclusive: Bool

  private struct Pool {
    var made = 0
    var free: [Schema: [String]] = [:]
    /// What the tables of a schema look like before a test.
    var fingerprints: [Schema: String] = [:]
  }

  private static let pool = Mutex(Pool())

  /// A database; `exclusive` for tests that change tables, whose database is dropped afterwards.
  package init(schema: Schema = .vcl, exclusive: Bool = false) throws {
    self.schema = schema
    isExclusive = exclusive
    let used = Self.pool.withLock { pool in exclusive ? nil : pool.free[schema]?.popLast() }
    if let used {
      name = used
      return
    }
    name = Self.pool.withLock { pool in
      pool.made += 1
      return "test_\(pool.made)"
    }
    let connection = try Connection(TestServer.shared.options())
    try connection.executeScript("CREATE DATABASE `\(name)` CHARACTER SET latin1;\nUSE `\(name)`;")
    if schema == .vcl { try Self.loadVCL(connection) }
    let fingerprint = try Self.fingerprint(connection, name)
    Self.pool.withLock { $0.fingerprints[schema] = fingerprint }
  }

  deinit {
    // A server that a test has stopped takes its databases with it.
    guard let connection = try? Connection(options) else { return }
    if !isExclusive, (try? empty(connection)) == true {
      Self.pool.withLock { $0.free[schema, default: []].append(name) }
    } else {
      _ = try? connection.execute("DROP DATABASE IF EXISTS `\(name)`")
    }
  }

  /// Creates VCL's tables in an empty database.
  package static func loadVCL(_ connection: Connection) throws {
    try connection.executeScript("SET foreign_key_checks = 0;\n" + Assets.Vcl.vclSchema)
  }

  /// How to connect to it, as the server's root.
  package var options: ConnectionOptions { TestServer.shared.options(database: name) }

  /// A new connection to it.
  package func connection() throws -> Connection { try Connection(options) }

  /// Removes all rows; false if the tables are not what they were.
  private func empty(_ connection: Connection) throws -> Bool {
    // A connection that the test left open may hold locks.
    try connection.execute("SET SESSION lock_wait_timeout = 1")
    let expected = Self.pool.withLock { $0.fingerprints[schema] }
    guard try Self.fingerprint(connection, name) == expected else { return false }
    let tables = try connection.rows(
      """
      SELECT table_name, COALESCE(auto_increment, 1) > 1
      FROM information_schema.tables WHERE table_schema = DATABASE()
      """
    ) { (name: $0.string(0), hasCounted: $0.bool(1)) }
    guard !tables.isEmpty else { return true }
    let probes = tables.map { "SELECT '\($0.name)', EXISTS (SELECT 1 FROM `\($0.name)`)" }
    let filled = try connection.rows(probes.joined(separator: " UNION ALL ")) {
      $0.bool(1) ? $0.string(0) : nil
    }
    let dirty = Set(filled.compactMap { $0 }).union(tables.filter(\.hasCounted).map(\.name))
    try connection.executeScript(
      "SET foreign_key_checks = 0;\n" + dirty.map { "TRUNCATE TABLE `\($0)`;" }.joined(separator: "\n"))
    return true
  }

  /// A text that changes with tables, columns, indexes and triggers.
  static func fingerprint(_ connection: Connection, _ name: String) throws -> String {
    try connection.first(
      """
      SELECT CONCAT_WS('/',
        (SELECT CONCAT_WS(',', COUNT(*), SUM(CRC32(CONCAT_WS('|', table_name, ordinal_position, column_name,
           column_type, is_nullable, column_default, extra))))
         FROM information_schema.columns WHERE table_schema = ?),
        (SELECT CONCAT_WS(',', COUNT(*), SUM(CRC32(CONCAT_WS('|', table_name, index_name, seq_in_index, column_name))))
         FROM information_schema.statistics WHERE table_schema = ?),
        (SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = ?),
        (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = ?))
      """, [.text(name), .text(name), .text(name), .text(name)]
    ) { $0.string(0) } ?? ""
  }
}
