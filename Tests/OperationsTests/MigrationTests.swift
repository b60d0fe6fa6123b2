import Assets
import Campus
import Foundation
import MariaDB
import Operations
import Retention
import Settings
import TestSupport
import Testing
import VCLDatabase

@Suite("Migrations")
struct MigrationTests {
  @Test(
    "Up adds the column with its index, the state, the parameters and the tables; nothing else of VCL changes"
  )
  func up() throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    #expect(try fresh.migrate.up() == Self.names.map { "migrated up: \($0)" } + Self.procedures)
    #expect(
      try fresh.rows(
        """
        SELECT column_type, is_nullable, column_default FROM information_schema.columns
        WHERE table_schema = DATABASE() AND table_name = 'imagerevision' AND column_name = 'expiredate'
        """) == ["date YES NULL"])
    #expect(
      try fresh.rows("SHOW INDEX FROM imagerevision WHERE Column_name = 'expiredate'").count == 1)
    #expect(try fresh.rows("SELECT COUNT(*) FROM state WHERE name = 'expireimage'") == ["1"])
    let after = try fresh.dump()
    let added = after.filter { !before.contains($0) && !$0.hasPrefix("expireimage_") }
    let sums = ["imagerevision", "messagereset", "state", "variable"].map { "\(fresh.database.name).\($0) " }
    #expect(
      added.allSatisfy { line in
        line.hasPrefix("imagerevision ") && line.contains("expiredate")
          || sums.contains { line.hasPrefix($0) } || line.hasPrefix("\(fresh.database.name).expireimage_")
      }, "\(added)")
  }

  @Test("Every parameter has a row with its default, as VCL stores scalars")
  func parameters() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let stored = try fresh.rows(
      """
      SELECT name, serialization, value FROM variable WHERE name LIKE 'expireimage%' AND timestamp > 0 ORDER BY id
      """)
    #expect(stored == Parameter.all.map { "\($0.key) none \($0.defaultValue)" })
  }

  @Test("Up again changes nothing, and keeps what an admin has set")
  func upTwice() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    try fresh.connection.execute(
      "UPDATE variable SET value = '77' WHERE name = 'expireimage_idle_days_older'")
    let before = try fresh.dump()
    #expect(try fresh.migrate.up() == ["nothing to do: the schema is up to date"])
    #expect(try fresh.dump() == before)
  }

  @Test("Down leaves VCL exactly as it was, also after nights with marks, overrides and flags")
  func down() throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    _ = try fresh.migrate.up()
    try fresh.connection.execute(
      """
      INSERT INTO variable (name, serialization, value, timestamp)
      VALUES ('expireimage_idle_days_older|Local', 'none', '5', NOW())
      """)
    try fresh.connection.execute("UPDATE imagerevision SET expiredate = '2026-05-01'")
    #expect(
      try fresh.migrate.down().lines
        == (FrontendProcedures.names + ["expireimage_probe_triggers", "expireimage_describe_trigger"]).map {
          "dropped the procedure \($0)"
        } + Self.names.reversed().map { "migrated down: \($0)" })
    #expect(try fresh.dump() == before)
    #expect(
      try fresh.migrate.down().lines == ["nothing to do: nothing of this program is in the database"])
    _ = try fresh.migrate.up()
    _ = try fresh.migrate.check()
  }

  @Test("Status says for each migration whether it is missing, interrupted or complete")
  func status() throws {
    let fresh = try FreshSite()
    func status(_ state: String, _ procedures: String) -> [String] {
      Self.names.map { "\($0)  \(state)" }
        + FrontendProcedures.names.map { "procedure \($0)  \(procedures)" }
    }
    #expect(
      try fresh.migrate.status() == status("missing", "missing, or hidden from this account (optional)"))
    _ = try fresh.migrate.up()
    #expect(try fresh.migrate.status() == status("complete", "present"))
    try fresh.connection.execute("UPDATE expireimage_migration SET completed = NULL")
    #expect(try fresh.migrate.status() == status("interrupted", "present"))
    try fresh.connection.execute(
      "INSERT INTO expireimage_migration (version, name, begun, completed) VALUES (900, 'later', NOW(), NOW())"
    )
    #expect(try fresh.migrate.status().last == "version 900  of a newer program")
  }

  @Test("A database that was never migrated is not worked with")
  func notMigrated() throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    for failure in [
      fresh.failure { try fresh.migrate.check() },
      fresh.failure { try RunOperation(fresh.site, CallOptions(), isDryRun: false).run(.silent) },
      fresh.failure { try PlanOperation(fresh.site, CallOptions()).plan(.silent) },
    ] {
      #expect(failure?.exitStatus == .databaseUnavailable)
      #expect(failure?.description.contains("migrate up") == true)
    }
    #expect(try fresh.dump() == before)
  }

  /// What the first `up` says of the procedures.
  static let procedures = FrontendProcedures.names.map { "made the procedure \($0)" }

  /// The migrations, in their order.
  static let names = Schema.migrations.map(\.name)

  /// The statements of the first migration, one by one.
  static let statements = Schema.migrations.first.map { _ in
    Assets.Schema.all.first { $0.name == "v001_expire_dates.up.sql" }!.text.split(
      separator: ";\n", omittingEmptySubsequences: true
    ).map(String.init)
  }!

  @Test(
    "A migration that was killed between two statements is reported, and completed by up", arguments: 0...5)
  func interrupted(after count: Int) throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    try fresh.connection.execute(Assets.Queries.createMigrationTable)
    try fresh.connection.execute(
      Assets.Queries.beginMigration, [Value(1), Value("v001_expire_dates")])
    for statement in Self.statements.prefix(count * 2) { try fresh.connection.executeScript(statement + ";") }
    let failure = fresh.failure { try fresh.migrate.check() }
    #expect(failure?.exitStatus == .databaseUnavailable)
    #expect(failure?.description.contains("interrupted") == true)
    #expect(fresh.failure { try PlanOperation(fresh.site, CallOptions()).plan(.silent) } != nil)

    _ = try fresh.migrate.up()
    #expect(try fresh.migrate.check() == ["the schema is complete"])
    _ = try fresh.migrate.down()
    #expect(try fresh.dump() == before)
  }

  @Test("A site of an earlier version of the program is brought up to date, and keeps its rows")
  func upgrade() throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    try fresh.connection.execute(Assets.Queries.createMigrationTable)
    try fresh.connection.execute(
      Assets.Queries.beginMigration, [Value(1), Value("v001_expire_dates")])
    for statement in Self.statements { try fresh.connection.executeScript(statement + ";") }
    try fresh.connection.execute(Assets.Queries.completeMigration, [Value(1)])
    try fresh.connection.execute(
      """
      INSERT INTO expireimage_mail (recipient, status, recipients, blind_recipients, message, queued_on, queued_at)
      VALUES ('owner', 'accepted', 'jdoe@example.edu', '', 'Hello', '2026-03-02', '2026-03-02 02:00:00'),
        ('owner', 'composing', '', '', NULL, '2026-03-02', '2026-03-02 02:00:00')
      """)
    #expect(fresh.failure { try fresh.migrate.check() }?.description.contains("lacks") == true)
    #expect(try fresh.migrate.up() == Self.names.dropFirst().map { "migrated up: \($0)" } + Self.procedures)
    #expect(try fresh.migrate.check() == ["the schema is complete"])
    #expect(
      try fresh.rows(
        """
        SELECT m.status, m.recipients, m.claim, t.message
        FROM expireimage_mail m LEFT JOIN expireimage_message t ON t.mail_id = m.id ORDER BY m.id
        """) == ["accepted jdoe@example.edu - Hello", "composing  - -"])
    _ = try fresh.migrate.down()
    #expect(try fresh.dump() == before)
  }

  @Test("A migration that was killed is taken back by down, too")
  func interruptedDown() throws {
    let fresh = try FreshSite()
    let before = try fresh.dump()
    try fresh.connection.execute(Assets.Queries.createMigrationTable)
    try fresh.connection.execute(
      Assets.Queries.beginMigration, [Value(1), Value("v001_expire_dates")])
    for statement in Self.statements.prefix(3) { try fresh.connection.executeScript(statement + ";") }
    _ = try fresh.migrate.down()
    #expect(try fresh.dump() == before)
  }

  @Test(
    "What somebody has removed of our schema is reported by check and restored by up",
    arguments: [
      "DROP TABLE expireimage_keep", "DROP TABLE expireimage_usage_state", "DROP TABLE expireimage_lease",
      "ALTER TABLE expireimage_mark DROP COLUMN computed_date",
      "ALTER TABLE expireimage_event DROP COLUMN facts",
      "ALTER TABLE expireimage_mail DROP COLUMN accepted_on",
      "ALTER TABLE expireimage_mail DROP COLUMN claim",
      "DROP TABLE expireimage_recipient",
      "ALTER TABLE imagerevision DROP COLUMN expiredate", "ALTER TABLE imagerevision DROP INDEX expiredate",
      "ALTER TABLE imagerevision MODIFY expiredate DATE NOT NULL DEFAULT '2030-01-01'",
      "DELETE FROM expireimage_lease",
      "DELETE FROM state WHERE name = 'expireimage'",
    ])
  func damaged(by sql: String) throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let before = try fresh.columns()
    if sql.contains("MODIFY") {
      try fresh.connection.execute("UPDATE imagerevision SET expiredate = '2030-01-01'")
    }
    try fresh.connection.execute(sql)
    let failure = fresh.failure { try fresh.migrate.check() }
    #expect(failure?.exitStatus == .databaseUnavailable)
    #expect(failure?.description.contains("migrate up") == true)
    _ = try fresh.migrate.up()
    #expect(fresh.failure { try fresh.migrate.check() }?.description == nil)
    #expect(
      try fresh.columns()
        == before)
    let night = RunOperation(fresh.site, TestSite.options("2026-03-02", [:]), isDryRun: false)
    #expect(fresh.failure { try night.run(.silent) }?.description == nil)
  }

  @Test(
    "A database without one of VCL's tables is not VCL's", arguments: ["semaphore", "vmprofile", "variable"])
  func missingTable(_ table: String) throws {
    let fresh = try FreshSite()
    try fresh.connection.executeScript("SET foreign_key_checks = 0;\nDROP TABLE \(table);")
    for failure in [
      fresh.failure { try fresh.migrate.up() }, fresh.failure { try fresh.migrate.down() },
      fresh.failure { try fresh.migrate.check() },
    ] {
      #expect(failure?.exitStatus == .databaseUnavailable)
      #expect(failure?.description.contains(table) == true)
    }
    #expect(try fresh.rows("SHOW TABLES LIKE 'expireimage%'").isEmpty)
  }

  @Test(
    "A column expiredate that is not ours is neither taken over nor dropped",
    arguments: ["INT NULL", "DATETIME NULL", "VARCHAR(20) NULL", "DATE NOT NULL"])
  func foreignColumn(_ type: String) throws {
    let fresh = try FreshSite()
    try fresh.connection.execute("ALTER TABLE imagerevision ADD expiredate \(type)")
    let before = try fresh.dump()
    let failure = fresh.failure { try fresh.migrate.up() }
    #expect(failure?.exitStatus == .databaseUnavailable)
    #expect(failure?.description.contains("imagerevision.expiredate") == true)
    _ = try fresh.migrate.down()
    #expect(try fresh.dump() == before)
  }

  @Test("A migration that meets a long statement of VCL waits for it and is done")
  func busyTable() throws {
    let fresh = try FreshSite()
    let options = fresh.database.options
    let (reading, finished) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    Thread.detachNewThread {
      defer { finished.signal() }
      do {
        let connection = try Connection(options)
        try connection.transaction {
          try connection.execute("SELECT COUNT(*) FROM imagerevision")
          reading.signal()
          // Longer than the migration waits at a time.
          usleep(3_500_000)
        }
      } catch {
        Issue.record(error)
        reading.signal()
      }
    }
    reading.wait()
    #expect(try fresh.migrate.up() == Self.names.map { "migrated up: \($0)" } + Self.procedures)
    finished.wait()
    #expect(try fresh.migrate.check() == ["the schema is complete"])
  }

  @Test("Up with something to migrate waits for no run at work: it changes nothing and says who works")
  func runAtWork() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let fence = try Lease.take(
      fresh.connection, by: LeaseHolder(node: "elsewhere", pid: 1, processStart: 1, bootID: "x"),
      isDead: { _ in false })
    // Without anything to migrate there is nothing that a run could lose.
    #expect(try fresh.migrate.up() == ["nothing to do: the schema is up to date"])
    try fresh.connection.execute("DELETE FROM expireimage_migration WHERE version = 6")
    let before = try fresh.dump()
    let failure = fresh.failure { try fresh.migrate.up() }
    #expect(failure?.exitStatus == .leaseHeld)
    #expect(failure?.description.contains("process 1 on elsewhere") == true)
    #expect(try fresh.dump() == before)
    try Lease.release(fresh.connection, fence)
    #expect(try fresh.migrate.up() == ["migrated up: v006_messages"])
    #expect(try fresh.rows("SELECT node FROM expireimage_lease") == ["-"])
  }

  @Test("Down by an account that may not gives the lease back, and says what it takes")
  func deniedDown() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let account = "limited\(UInt32.random(in: 0..<UInt32.max))"
    try fresh.connection.execute("CREATE USER '\(account)'@'localhost' IDENTIFIED BY 'secret'")
    try fresh.connection.execute(
      "GRANT SELECT, INSERT, UPDATE, DELETE ON `\(fresh.database.name)`.* TO '\(account)'@'localhost'")
    let limited = Site(
      try Settings.load(
        configFile: nil,
        environment: [
          "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_USER": account,
          "EXPIREIMAGE_DATABASE_PASSWORD": "secret", "EXPIREIMAGE_DATABASE_NAME": fresh.database.name,
        ], usualFiles: .none))
    let failure = fresh.failure { try MigrateOperation(limited).down() }
    #expect(failure?.exitStatus == .failed)
    #expect(
      failure?.description.hasSuffix("needs an account that may alter tables, triggers and routines") == true)
    #expect(try fresh.rows("SELECT node FROM expireimage_lease") == ["-"])
    #expect(fresh.failure { try fresh.migrate.check() } == nil)
  }

  @Test(
    "A VCL without a column that we read is not worked with, and nothing of it is ours to restore",
    arguments: ["blockRequest.expireTime", "log.finalend", "request.logid", "image.imagemetaid"])
  func columnOfVCL(_ column: String) throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let (table, name) = (column.split(separator: ".")[0], column.split(separator: ".")[1])
    try fresh.connection.executeScript(
      "SET foreign_key_checks = 0;\nALTER TABLE `\(table)` RENAME COLUMN `\(name)` TO another;")
    for failure in [
      fresh.failure { try fresh.migrate.check() }, fresh.failure { try fresh.migrate.up() },
      fresh.failure { try RunOperation(fresh.site, CallOptions(), isDryRun: false).run(.silent) },
    ] {
      #expect(failure?.exitStatus == .databaseUnavailable)
      #expect(failure?.description.hasPrefix("VCL's column \(column) is missing; this version") == true)
    }
    let schema = CheckOperation(fresh.site).check().checks.first { $0.name == "schema" }
    #expect(schema?.message.hasPrefix("VCL's column \(column) is missing") == true)
    // It can still be taken out.
    _ = try fresh.migrate.down()
  }

  @Test("Every column of VCL that a statement reads is among those that are looked for")
  func columnsOfVCL() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    let listed = Set(try fresh.rows(Assets.Queries.vclColumns))
    #expect(listed.count > 90)
    let tables = Set(listed.compactMap { $0.split(separator: " ").first.map(String.init) })
    try fresh.connection.execute("SET foreign_key_checks = 0")
    for column in try fresh.rows(
      "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()")
    where !listed.contains(column) && column != "imagerevision expiredate" {
      let (table, name) = (column.split(separator: " ")[0], column.split(separator: " ")[1])
      guard tables.contains(String(table)) else { continue }
      try fresh.connection.execute("ALTER TABLE `\(table)` RENAME COLUMN `\(name)` TO `unread_\(name)`")
    }
    for query in Assets.Queries.all where !query.text.contains("{") {
      do {
        try fresh.connection.execute("SET @statement = ?", [Value(query.text)])
        try fresh.connection.executeScript("PREPARE statement FROM @statement;")
      } catch {
        #expect(error.kind != .missingColumn, "\(query.name): \(error)")
      }
    }
    let faults = CheckOperation(fresh.site).check().checks.filter { $0.status == .error }
    #expect(faults.filter { !["usage_data", "mail_server"].contains($0.name) } == [])
  }

  @Test("A schema of a newer program is not touched")
  func newerVersion() throws {
    let fresh = try FreshSite()
    _ = try fresh.migrate.up()
    try fresh.connection.execute(
      "INSERT INTO expireimage_migration (version, name, begun, completed) VALUES (900, 'later', NOW(), NOW())"
    )
    let before = try fresh.dump()
    for failure in [
      fresh.failure { try fresh.migrate.up() }, fresh.failure { try fresh.migrate.down() },
      fresh.failure { try fresh.migrate.check() },
      fresh.failure { try RunOperation(fresh.site, CallOptions(), isDryRun: false).run(.silent) },
    ] {
      #expect(failure?.exitStatus == .databaseUnavailable)
      #expect(failure?.description.contains("900") == true)
    }
    #expect(try fresh.dump() == before)
  }
}
