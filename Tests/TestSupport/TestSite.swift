import Campus
import Foundation
import MariaDB
import Operations
import Retention
import Settings
import Synchronization

/// A VCL site of a test's own: a database with VCL's tables, the rows that every site has, and our migration, on the
/// test server; goes back when the last reference goes.
///
/// Sites are used again, with the rows they had when they were new, unless the test changed tables.
package final class TestSite {
  /// Its database's name on the server.
  package let name: String
  /// What connects the program to it, as the environment says it; `EXPIREIMAGE_SIMULATE` is not in it.
  package let environment: [String: String]
  package let site: Site
  package let connection: Connection
  package let campus: CampusBuilder
  /// Takes the mails; kept alive as long as the site.
  private let mailServer: ScriptedSMTPServer?

  private struct Pool {
    var made = 0
    var free: [String] = []
    /// What the tables look like before a test.
    var fingerprint = ""
  }

  private static let pool = Mutex(Pool())

  /// Holds the rows of a new site, for those that are used again.
  private static let template: Result<String, any Error> = Result {
    let name = "site_template"
    let fingerprint = try create(name)
    pool.withLock { $0.fingerprint = fingerprint }
    return name
  }

  /// A site in mode `report` with every parameter at its default.
  ///
  /// - Parameters:
  ///   - mailServer: where mail goes; without one nothing listens there.
  ///   - from: the sender where no affiliation has a help address (`mail.from`); nil: none.
  ///   - more: variables of the environment that are set beside or in place of the usual ones.
  /// - Throws: what keeps the database from being made, or the settings from being used.
  package init(
    mailServer: ScriptedSMTPServer? = nil, from: String? = "vcl@example.edu",
    environment more: [String: String] = [:]
  ) throws {
    _ = try Self.template.get()
    let used = Self.pool.withLock { $0.free.popLast() }
    let name =
      used
      ?? Self.pool.withLock { pool in
        pool.made += 1
        return "site_\(pool.made)"
      }
    if used == nil { _ = try Self.create(name) }
    self.name = name
    self.mailServer = mailServer
    var environment = Self.environment(name)
    // Port 9 is never listened on here: a refused connection is what a mail server that is down looks like.
    environment["EXPIREIMAGE_SMTP_URL"] = mailServer?.url ?? "smtp://127.0.0.1:9"
    if let from { environment["EXPIREIMAGE_MAIL_FROM"] = from }
    environment["EXPIREIMAGE_MAIL_SUMMARY"] = "never"
    environment.merge(more) { $1 }
    self.environment = environment
    site = Site(try Settings.load(configFile: nil, environment: environment, usualFiles: .none))
    connection = try Connection(TestServer.shared.options(database: name))
    campus = CampusBuilder(connection)
  }

  deinit {
    // A server that a test has stopped takes its databases with it.
    guard let connection = try? Connection(TestServer.shared.options(database: name)) else { return }
    if (try? Self.reset(connection, name)) == true {
      Self.pool.withLock { $0.free.append(name) }
    } else {
      _ = try? connection.execute("DROP DATABASE IF EXISTS `\(name)`")
    }
  }

  // MARK: - Calls of the program

  /// One night: the nightly run, for a simulated day; keys without `expireimage_` in front get it.
  ///
  /// - Throws: `Failure`, with the exit status of a run that was stopped.
  @discardableResult
  package func run(
    today: String? = nil, set overrides: [String: String] = [:], dryRun: Bool = false
  ) throws -> RunReport {
    try RunOperation(site, Self.options(today, overrides), isDryRun: dryRun).run(.silent)
  }

  /// The plan for a day.
  package func plan(today: String? = nil, set overrides: [String: String] = [:]) throws -> PlanReport {
    try PlanOperation(site, Self.options(today, overrides)).plan(.silent)
  }

  /// Stores a parameter, whether or not the program would accept it.
  package func store(_ key: String, _ value: String) throws {
    try connection.execute(
      """
      INSERT INTO variable (name, serialization, value, setby, timestamp) VALUES (?, 'none', ?, 'test', NOW())
      ON DUPLICATE KEY UPDATE value = VALUES(value)
      """, [Value(Self.key(key)), Value(value)])
  }

  /// What the calls of the program take from a command line.
  package static func options(_ today: String?, _ overrides: [String: String]) -> CallOptions {
    CallOptions(
      today: today.flatMap { Day($0) },
      overrides: overrides.sorted { $0.key < $1.key }.map { name, value in
        let parts = name.split(separator: "|", maxSplits: 1)
        return PolicySet.Setting(
          key: key(String(parts[0])), affiliation: parts.count > 1 ? String(parts[1]) : nil, value: value)
      })
  }

  private static func key(_ name: String) -> String {
    name.hasPrefix("expireimage_") ? name : "expireimage_\(name)"
  }

  // MARK: - Looking at the database

  /// A number that changes with the rows of each table, by table.
  package func checksums() throws -> [String: String] {
    try Self.checksums(connection, name)
  }

  /// The rows of a query as texts, columns joined by a blank, NULL as `-`.
  package func rows(_ sql: String, _ parameters: [Value] = []) throws -> [String] {
    try connection.rows(sql, parameters) { row in
      (0..<row.columnCount).map { row.optionalString($0) ?? "-" }.joined(separator: " ")
    }
  }

  // MARK: - Databases

  private static func environment(_ name: String) -> [String: String] {
    [
      "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": name,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
  }

  /// - Returns: its fingerprint.
  private static func create(_ name: String) throws -> String {
    let connection = try Connection(TestServer.shared.options())
    try connection.executeScript("CREATE DATABASE `\(name)` CHARACTER SET latin1;\nUSE `\(name)`;")
    try TestDatabase.loadVCL(connection)
    try CampusBuilder(connection).loadBaseRows()
    let settings = try Settings.load(configFile: nil, environment: environment(name), usualFiles: .none)
    _ = try MigrateOperation(Site(settings)).up()
    return try TestDatabase.fingerprint(connection, name)
  }

  /// Gives every table the rows of a new site; false if the tables are not what they were.
  private static func reset(_ connection: Connection, _ name: String) throws -> Bool {
    // A connection that the test left open may hold locks.
    try connection.execute("SET SESSION lock_wait_timeout = 1")
    let expected = pool.withLock { $0.fingerprint }
    guard try TestDatabase.fingerprint(connection, name) == expected else { return false }
    let template = try template.get()
    let fresh = try checksums(connection, template)
    let present = try checksums(connection, name)
    let dirty = fresh.keys.filter { fresh[$0] != present[$0] }.sorted()
    try connection.executeScript(
      "SET foreign_key_checks = 0;\n"
        + dirty.map { "TRUNCATE TABLE `\($0)`;\nINSERT INTO `\($0)` SELECT * FROM `\(template)`.`\($0)`;" }
        .joined(separator: "\n"))
    return true
  }

  private static func checksums(_ connection: Connection, _ name: String) throws -> [String: String] {
    let tables = try connection.rows(
      "SELECT table_name, auto_increment FROM information_schema.tables WHERE table_schema = ?", [Value(name)]
    ) { (name: $0.string(0), next: $0.optionalString(1) ?? "") }
    let counters = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.next) })
    var sums: [String: String] = [:]
    let list = tables.map { "`\(name)`.`\($0.name)`" }.joined(separator: ", ")
    try connection.query("CHECKSUM TABLE \(list)") { row in
      let table = String(row.string(0).dropFirst(name.count + 1))
      sums[table] = "\(row.optionalString(1) ?? "-") \(counters[table] ?? "")"
    }
    return sums
  }
}
