import Campus
import Foundation
import MariaDB
import Operations
import Retention
import Settings
import TestSupport
import Testing
import VCLDatabase

extension CheckReport {
  /// What is wrong in the database's objects, whatever else there is.
  fileprivate var faults: [CheckResult] { objects.filter { $0.status == .error } }

  fileprivate var objects: [CheckResult] { checks.filter { TriggerCheckTests.objects.contains($0.name) } }
}

@Suite("Checks of the triggers")
struct TriggerCheckTests {
  fileprivate static let objects = [
    "rights", "schema", "triggers", "triggers_unchanged", "trigger_definer", "trigger_statements",
    "expiring_revisions", "ignored_accounts",
  ]

  private func faults(_ site: TestSite) -> [String] { CheckOperation(site.site).check().faults.map(\.name) }

  private func triggers(_ connection: Connection) throws -> [String] {
    try connection.rows(
      "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1"
    ) { $0.string(0) }
  }

  @Test("A migrated site has no fault")
  func sound() throws {
    let site = try TestSite()
    let report = CheckOperation(site.site).check()
    #expect(report.objects.map(\.name) == Self.objects)
    #expect(report.faults == [])
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let statements: [String]
    let faults: [String]

    init(_ sentence: String, _ statements: [String], _ faults: [String]) {
      testDescription = sentence
      self.statements = statements
      self.faults = faults
    }
  }

  static let damages = [
    Damage("dropped", ["DROP TRIGGER expireimage_sublog_insert"], ["triggers"]),
    Damage(
      "altered",
      [
        """
        CREATE OR REPLACE TRIGGER expireimage_reservation_update BEFORE UPDATE ON reservation FOR EACH ROW
        BEGIN SET @a = 1; END
        """
      ], ["triggers_unchanged"]),
    Damage(
      "moved to another event",
      [
        "DROP TRIGGER expireimage_reservation_update",
        """
        CREATE TRIGGER expireimage_reservation_update BEFORE DELETE ON reservation FOR EACH ROW SET @a = 1
        """,
      ], ["triggers_unchanged"]),
    Damage(
      "left without the account it runs as",
      [
        "CREATE USER 'gone'@'localhost'",
        """
        CREATE OR REPLACE DEFINER = 'gone'@'localhost' TRIGGER expireimage_reservation_update
        BEFORE UPDATE ON reservation FOR EACH ROW SET @a = 1
        """,
        "DROP USER 'gone'@'localhost'",
      ], ["triggers_unchanged", "trigger_definer"]),
  ]

  @Test(
    "A trigger that was tampered with is a fault of check and of the run, and made anew by migrate up",
    arguments: damages)
  func damaged(_ damage: Damage) throws {
    let site = try TestSite()
    for statement in damage.statements { try site.connection.execute(statement) }
    #expect(faults(site) == damage.faults)
    let report = try site.run(today: "2026-03-02", set: ["mode": "report", "usage_max_age_days": "0"])
    #expect(report.exitStatus == .doneInPart)
    let json = try report.json()
    #expect(json.contains("expireimage migrate up"))
    #expect(report.text(withSummary: false).contains("Faults"))
    let lines = try MigrateOperation(site.site).up()
    // The procedures are of one account with the triggers.
    #expect(lines.dropLast(2).allSatisfy { $0.hasPrefix("made the trigger expireimage_") }, "\(lines)")
    #expect(lines.suffix(2).allSatisfy { $0.contains("made the procedure expireimage_") }, "\(lines)")
    #expect(lines.suffix(2).allSatisfy { $0.hasSuffix("so that the nightly run may call it") }, "\(lines)")
    #expect(faults(site).isEmpty)
    #expect(try MigrateOperation(site.site).up() == ["nothing to do: the schema is up to date"])
    #expect(
      try site.run(today: "2026-03-02", set: ["mode": "report", "usage_max_age_days": "0"]).exitStatus
        == .done)
  }

  @Test("A column that an upgrade of VCL has taken away is told, and not a failed reservation")
  func columnGone() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    try site.connection.execute("ALTER TABLE imagerevision DROP COLUMN expiredate")
    try site.campus.request(of: idle.old)
    let report = CheckOperation(site.site).check()
    #expect(report.objects.map(\.status) == [.ok, .error, .notChecked])
    #expect(report.text().contains("imagerevision.expiredate is missing"))
    #expect(report.exitStatus == .failed)
  }

  @Test("A right that the triggers' account has lost is a fault")
  func statementFails() throws {
    let database = try TestDatabase(exclusive: true)
    try CampusBuilder(try database.connection()).loadBaseRows()
    let (owner, root) = try limited(TestServer.shared, database.name, "ALL")
    _ = try MigrateOperation(owner).up()
    let account = try #require(owner.settings.database.user)
    let (site, _) = try limited(TestServer.shared, database.name, "SELECT, INSERT, UPDATE, DELETE, EXECUTE")
    try root.execute("REVOKE UPDATE ON `\(database.name)`.* FROM '\(account)'@'localhost'")
    let report = CheckOperation(site).check()
    #expect(report.faults.map(\.name) == ["trigger_statements"])
    #expect(report.text().contains("UPDATE command denied"))
  }

  @Test("Up by another administrator leaves the procedures to the one who made them, and says so once")
  func secondAdministrator() throws {
    let database = try TestDatabase(exclusive: true)
    try CampusBuilder(try database.connection()).loadBaseRows()
    let (first, root) = try limited(TestServer.shared, database.name, "ALL")
    let (second, _) = try limited(TestServer.shared, database.name, "ALL")
    _ = try MigrateOperation(first).up()
    let made =
      "SELECT ROUTINE_NAME, DEFINER FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()"
    let before = try root.rows(made) { "\($0.string(0)) \($0.string(1))" }
    #expect(
      try MigrateOperation(second).up() == [
        "nothing to do: the schema is up to date",
        "not known whether expireimage_reset, expireimage_revision, expireimage_probe_triggers,"
          + " expireimage_describe_trigger are of this version: this account may not see what procedures of others do;"
          + " run `expireimage migrate up` as the account that made them",
      ])
    #expect(try root.rows(made) { "\($0.string(0)) \($0.string(1))" } == before)
    #expect(try MigrateOperation(first).up() == ["nothing to do: the schema is up to date"])
  }

  @Test("Procedures whose account is gone are a fault of their own, and made anew by migrate up")
  func orphanedProcedures() throws {
    let site = try TestSite()
    let name = "gone\(UInt32.random(in: 0..<UInt32.max))"
    try site.connection.execute("CREATE USER '\(name)'@'localhost'")
    for file in ["trigger_procedure", "probe_procedure"] {
      let script = try String(
        contentsOf: ReadmeTests.path.deletingLastPathComponent().appending(path: "sql/triggers/\(file).sql"),
        encoding: .utf8)
      try site.connection.executeScript(
        script.replacing("OR REPLACE PROCEDURE", with: "OR REPLACE DEFINER = '\(name)'@'localhost' PROCEDURE")
      )
    }
    try site.connection.execute("DROP USER '\(name)'@'localhost'")
    // Root sees the triggers themselves.
    let report = CheckOperation(site.site).check()
    #expect(report.faults.map(\.name) == ["trigger_statements"])
    #expect(!report.text().contains("every reservation fails"))
    let (nightly, _) = try limited(TestServer.shared, site.name, "SELECT, INSERT, UPDATE, DELETE, EXECUTE")
    let seen = CheckOperation(nightly).check()
    #expect(seen.faults.map(\.name) == ["trigger_definer"])
    #expect(seen.text().contains("procedure expireimage_describe_trigger is gone"))
    #expect(try MigrateOperation(site.site).up().count { $0.hasPrefix("made the procedure ") } == 2)
    #expect(faults(site) == [])
    #expect(CheckOperation(nightly).check().faults == [])
  }

  @Test(
    "Rows that the helper table lacks are a fault once, because the run adds them; those left over are none")
  func helperTable() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    let idle = try IdleImage(site)
    let policy = ["max_flag_percent": "none"]
    try site.night("2026-03-02", policy)
    try site.connection.execute(
      "INSERT INTO expireimage_expiring (revision_id) VALUES (?), (4000)", [Value(idle.production)])
    #expect(faults(site).isEmpty)
    try site.connection.execute("DELETE FROM expireimage_expiring WHERE revision_id = ?", [Value(idle.old)])
    #expect(faults(site) == ["expiring_revisions"])
    #expect(try site.night("2026-03-02", policy).exitStatus == 2)
    #expect(try site.rows("SELECT revision_id FROM expireimage_expiring") == ["\(idle.old)"])
    #expect(try site.night("2026-03-02", policy).exitStatus == 0)
    // A date that somebody else has set is no fault: the run adopts it.
    let other = try IdleImage(site, "Chemistry")
    try site.campus.setExpireDate(other.old, "2026-06-01")
    #expect(faults(site).isEmpty)
    #expect(try site.night("2026-03-02", policy).exitStatus == 0)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_expiring") == ["2"])
  }

  @Test("Without triggers the run does the clearing, nobody complains, and a later up makes them")
  func noTriggers() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    let lines = try MigrateOperation(site.site).up(withTriggers: false)
    #expect(lines.filter { $0.hasPrefix("dropped the trigger ") }.count == 3)
    #expect(try triggers(site.connection).isEmpty)
    #expect(faults(site).isEmpty)
    #expect(try site.night("2026-03-02").exitStatus != 5)
    try site.campus.use(idle.old, from: "2026-03-02 09:00:00")
    #expect(try site.date(idle.old) == "2026-04-01")
    let night = try site.night("2026-03-03")
    #expect(night.decision(idle.old) == "unmark")
    #expect(try site.date(idle.old) == "-")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_expiring") == ["0"])
    #expect(try MigrateOperation(site.site).up(withTriggers: false).count == 1)
    #expect(try MigrateOperation(site.site).up().count == 5)
    #expect(try triggers(site.connection).count == 3)
    #expect(faults(site).isEmpty)
  }

  // MARK: - Servers that forbid triggers, and accounts that see little

  /// A site that the program works with as an account with these rights on its database.
  private func limited(
    _ server: PrivateServer, _ database: String, _ rights: String
  ) throws -> (site: Site, root: Connection) {
    let account = "limited\(UInt32.random(in: 0..<UInt32.max))"
    let root = try Connection(server.options(database: database))
    try root.execute("CREATE USER '\(account)'@'localhost' IDENTIFIED BY 'secret'")
    try root.execute("GRANT \(rights) ON `\(database)`.* TO '\(account)'@'localhost'")
    let settings = try Settings.load(
      configFile: nil,
      environment: [
        "EXPIREIMAGE_DATABASE_SOCKET": server.socket, "EXPIREIMAGE_DATABASE_NAME": database,
        "EXPIREIMAGE_DATABASE_USER": account, "EXPIREIMAGE_DATABASE_PASSWORD": "secret",
      ], usualFiles: .none)
    return (Site(settings), root)
  }

  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch { return Failure(error) }
  }

  private static let withoutTrigger =
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, CREATE ROUTINE, ALTER ROUTINE, EXECUTE"

  @Test("An account without the privilege TRIGGER is told so, and can do without")
  func noPrivilege() throws {
    let database = try TestDatabase(exclusive: true)
    try CampusBuilder(try database.connection()).loadBaseRows()
    let (site, root) = try limited(TestServer.shared, database.name, Self.withoutTrigger)
    let refused = failure { _ = try MigrateOperation(site).up() }
    #expect(refused?.exitStatus == .databaseUnavailable)
    #expect(refused?.description.contains("privilege TRIGGER") == true)
    #expect(refused?.description.contains("--no-triggers") == true)
    #expect(try MigrateOperation(site).up(withTriggers: false).count == 1)
    #expect(CheckOperation(site).check().faults == [])
    #expect(try triggers(root).isEmpty)
    _ = try MigrateOperation(site).down()
    #expect(try root.rows("SHOW TABLES LIKE 'expireimage%'") { $0.string(0) }.isEmpty)
  }

  @Test("A server with a binary log that does not trust the account is told so")
  func binaryLog() throws {
    let server = try PrivateServer(arguments: ["--log-bin=binary", "--server-id=1"])
    defer { server.stop() }
    try Connection(server.options()).execute("CREATE DATABASE vcl CHARACTER SET latin1")
    let root = try Connection(server.options(database: "vcl"))
    try TestDatabase.loadVCL(root)
    try CampusBuilder(root).loadBaseRows()
    let (site, _) = try limited(server, "vcl", Self.withoutTrigger + ", TRIGGER")
    let refused = failure { _ = try MigrateOperation(site).up() }
    #expect(
      refused?.description.contains("log_bin_trust_function_creators") == true,
      "\(refused?.description ?? "")")
    #expect(refused?.description.contains("SUPER") == true)
    try root.execute("SET GLOBAL log_bin_trust_function_creators = 1")
    #expect(try MigrateOperation(site).up().count == 5)
    #expect(CheckOperation(site).check().faults == [])
  }

  @Test(
    "The account of the nightly run sees the triggers, that they were altered, and that their account is gone"
  )
  func nightlyAccount() throws {
    let database = try TestDatabase(exclusive: true)
    try CampusBuilder(try database.connection()).loadBaseRows()
    let (owner, root) = try limited(TestServer.shared, database.name, "ALL")
    _ = try MigrateOperation(owner).up()
    let (site, _) = try limited(TestServer.shared, database.name, "SELECT, INSERT, UPDATE, DELETE, EXECUTE")
    func faults() -> [String] { CheckOperation(site).check().faults.map(\.name) }
    #expect(faults().isEmpty)
    try root.execute(
      """
      CREATE OR REPLACE TRIGGER expireimage_reservation_update BEFORE UPDATE ON reservation FOR EACH ROW SET @a = 1
      """)
    #expect(faults() == ["triggers_unchanged"])
    let account = try #require(owner.settings.database.user)
    try root.execute("DROP USER '\(account)'@'localhost'")
    #expect(faults() == ["trigger_definer"])
    _ = try MigrateOperation(
      Site(
        try Settings.load(
          configFile: nil,
          environment: [
            "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket,
            "EXPIREIMAGE_DATABASE_NAME": database.name,
            "EXPIREIMAGE_DATABASE_USER": "root",
          ], usualFiles: .none))
    ).up()
    #expect(faults().isEmpty)
  }
}
