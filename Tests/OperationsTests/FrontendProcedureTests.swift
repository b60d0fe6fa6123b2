import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("The procedures for VCL's frontend")
struct FrontendProcedureTests {
  private func site() throws -> TestSite { try TestSite(mailServer: ScriptedSMTPServer()) }

  @Test("The date, when it was set and why, what the owner was told, and for how long it is kept")
  func revision() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let call = "CALL expireimage_revision(?)"
    #expect(try site.rows(call, [Value(idle.old)]) == ["\(idle.old) - - - - - - - 0 -"])
    try site.night("2026-03-02")
    #expect(
      try site.rows(call, [Value(idle.old)])
        == ["\(idle.old) 2026-04-01 2026-03-02 criteria idle_older 1 2026-03-02 accepted 0 -"])
    try site.night("2026-03-05", ["grace_days": "40"])
    #expect(
      try site.rows(call, [Value(idle.old)])
        == ["\(idle.old) 2026-04-11 2026-03-02 criteria idle_older policy_changed 2 2026-03-02 accepted 0 -"])
    try HoldTests.keep(site.campus, idle.old, until: "2199-01-01")
    #expect(try site.rows(call, [Value(idle.old)]).first?.hasSuffix(" 1 2199-01-01") == true)
    try HoldTests.keep(site.campus, idle.old, until: nil)
    #expect(try site.rows(call, [Value(idle.old)]).first?.hasSuffix(" 1 -") == true)
    #expect(try site.rows(call, [Value(9999)]).isEmpty)
  }

  @Test("A reset takes the date away at once, and keeps the revision for the grace period of its owner")
  func reset() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.store("grace_days", "40")
    try site.store("grace_days|Local", "20")
    try site.night("2026-03-02")
    let date = try site.date(idle.old)
    let end = try site.rows("SELECT CURDATE() + INTERVAL 20 DAY")[0]
    #expect(
      try site.rows("CALL expireimage_reset(?, 'jdoe@Local')", [Value(idle.old)]) == ["\(date) \(end)"])
    #expect(try site.date(idle.old) == "-")
    #expect(
      try site.rows("SELECT revision_id, until, origin, set_by FROM expireimage_keep")
        == ["\(idle.old) \(end) date_reset jdoe@Local"])
    #expect(
      try site.rows(
        """
        SELECT run_id, kind, actor, reasons, old_date, new_date FROM expireimage_event
        WHERE revision_id = ? ORDER BY id DESC LIMIT 1
        """, [Value(idle.old)]) == ["- unmark jdoe@Local date_reset \(date) -"])
    let night = try site.night("2026-03-03", NoticeTests.trusting)
    #expect(night.decisions.isEmpty)
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old]], "the owner is told that it is safe")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["0"])
    #expect(try site.rows("SELECT until FROM expireimage_keep") == [end], "one protection")
  }

  @Test("A run after a week without runs, or after the protection, does not prolong what the procedure said")
  func noSecondProtection() throws {
    let site = try site()
    let (early, late) = (try IdleImage(site), try IdleImage(site, "Chemistry"))
    try site.store("grace_days", "10")
    try site.store("min_notice_days", "5")
    try site.night("2026-03-02", NoticeTests.trusting)
    let end = try site.rows("SELECT CURDATE() + INTERVAL 10 DAY")[0]
    for image in [early, late] {
      #expect(
        try site.rows("CALL expireimage_reset(?, 'jdoe@Local')", [Value(image.old)]).first?.hasSuffix(end)
          == true)
    }
    let reset = try #require(Day(end)) + -10
    try site.connection.execute(
      "UPDATE expireimage_keep SET until = ? WHERE revision_id = ?",
      [
        Value("\(reset + 1)"), Value(late.old),
      ])
    let plan = try site.decisions("\(reset + 7)", NoticeTests.trusting)
    #expect(plan.reasons(early.old) == ["date_reset"])
    let explained = try ExplainOperation(site.site, TestSite.options("\(reset + 7)", NoticeTests.trusting))
      .text(
        "\(early.old)", .silent)
    #expect(explained.contains("  It is kept until \(end).\n"), "\(explained)")
    let night = try site.night("\(reset + 7)", NoticeTests.trusting)
    #expect(night.decision(late.old) == "mark", "its protection is over")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_keep") == ["2"])
    #expect(try site.night("\(reset + 9)", NoticeTests.trusting).decision(early.old) == "keep")
    #expect(try site.night(end, NoticeTests.trusting).decision(early.old) == "mark")
  }

  @Test("A reset by hand of a date that a run set after one by the procedure is protected anew")
  func resetAgain() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02", NoticeTests.trusting)
    try site.connection.execute("CALL expireimage_reset(?, 'jdoe@Local')", [Value(idle.old)])
    _ = try KeepOperation(site.site).unkeep(["\(idle.old)"])
    let today = try #require(Day(try site.rows("SELECT CURDATE()")[0]))
    #expect(try site.night("\(today)", NoticeTests.trusting).decision(idle.old) == "mark")
    try site.campus.setExpireDate(idle.old, nil)
    try site.night("\(today)", NoticeTests.trusting)
    #expect(
      try site.rows("SELECT until FROM expireimage_keep WHERE until > CURDATE()") == ["\(today + 30)"])
  }

  @Test(
    "A value of the grace days that is none gives way to the site's, and that to the default",
    arguments: [
      ("20", "40", 20), (" 20 ", "40", 20), ("soon", "40", 40), ("-1", "40", 40), ("9999", "40", 40),
      ("", "40", 40), ("soon", "later", 30), ("0", "40", 1),
    ])
  func graceDays(affiliation: String, siteWide: String, days: Int) throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    try site.store("grace_days", siteWide)
    try site.store("grace_days|Local", affiliation)
    let end = try site.rows("SELECT CURDATE() + INTERVAL \(days) DAY")[0]
    #expect(
      try site.rows("CALL expireimage_reset(?, 'jdoe@Local')", [Value(idle.old)]).first?.hasSuffix(" \(end)")
        == true)
  }

  @Test("Without a date there is nothing to reset; unknown and flagged revisions and no account are errors")
  func refused() throws {
    let site = try site()
    let idle = try IdleImage(site)
    #expect(try site.rows("CALL expireimage_reset(?, 'jdoe@Local')", [Value(idle.old)]) == ["- -"])
    try site.connection.execute(
      "UPDATE imagerevision SET deleted = 1, datedeleted = NOW(), expiredate = '2026-01-01' WHERE id = ?",
      [Value(idle.old)])
    for (revision, account, words) in [
      (9999, "jdoe@Local", "no live revision"), (idle.old, "jdoe@Local", "no live revision"),
      (idle.production, "", "name the account"), (idle.production, "a\u{1B}[2Jb", "control characters"),
      (idle.production, "a\nb", "control characters"), (idle.production, "a\u{85}b", "control characters"),
    ] {
      #expect {
        try site.connection.execute("CALL expireimage_reset(?, ?)", [Value(revision), Value(account)])
      } throws: { "\($0)".contains(words) }
    }
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_keep") == ["0"])
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_event") == ["0"])
    #expect(try site.rows("SELECT @@in_transaction") == ["0"])
  }

  @Test(
    "The account of VCL's web as VCL's installation makes it needs the right to execute them, and no other")
  func usualAccount() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    let account = "web\(UInt32.random(in: 0..<UInt32.max))"
    try site.connection.execute("CREATE USER \(account)@localhost IDENTIFIED BY 'secret'")
    try site.connection.execute(
      "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE TEMPORARY TABLES ON `\(site.name)`.* TO \(account)@localhost"
    )
    let options = ConnectionOptions(
      socket: TestServer.shared.socket, name: site.name, user: account, password: "secret")
    #expect(throws: MariaDBError.self) {
      try Connection(options).rows("CALL expireimage_revision(?)", [Value(idle.old)]) { _ in 1 }
    }
    for name in ["expireimage_revision", "expireimage_reset"] {
      try site.connection.execute("GRANT EXECUTE ON PROCEDURE \(name) TO \(account)@localhost")
    }
    let web = try Connection(options)
    #expect(try web.rows("CALL expireimage_revision(?)", [Value(idle.old)]) { $0.int(0) } == [idle.old])
    #expect(try web.rows("CALL expireimage_reset(?, 'x@Local')", [Value(idle.old)]) { _ in 1 } == [1])
  }

  @Test("An account with the commented grants of sql/grants.sql can call them")
  func grants() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    let account = "web\(UInt32.random(in: 0..<UInt32.max))"
    try site.connection.execute("CREATE USER \(account)@localhost IDENTIFIED BY 'secret'")
    // What VCL's web is granted at least, where that is not everything.
    for table in ["image", "user", "affiliation", "variable"] {
      try site.connection.execute("GRANT SELECT ON \(table) TO \(account)@localhost")
    }
    try site.connection.execute("GRANT SELECT, UPDATE ON imagerevision TO \(account)@localhost")
    let file = ReadmeTests.path.deletingLastPathComponent().appending(path: "sql/grants.sql")
    let grants = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("-- GRANT") && $0.contains("'vcluser'") }
    #expect(grants.count == 7)
    for grant in grants {
      try site.connection.executeScript(
        String(grant.dropFirst(3)).replacing("'vcluser'@'localhost'", with: "\(account)@localhost"))
    }
    let web = try Connection(
      ConnectionOptions(
        socket: TestServer.shared.socket, name: site.name, user: account, password: "secret"))
    #expect(try web.rows("CALL expireimage_revision(?)", [Value(idle.old)]) { $0.int(0) } == [idle.old])
    #expect(try web.rows("CALL expireimage_reset(?, 'x@Local')", [Value(idle.old)]) { _ in 1 } == [1])
    #expect(try site.date(idle.old) == "-")
  }

  /// A database without our schema, and an account that may do anything there except with routines.
  private func withoutRoutines() throws -> (
    database: TestDatabase, root: Connection, account: String, migrate: MigrateOperation
  ) {
    let database = try TestDatabase(schema: .vcl, exclusive: true)
    let root = try database.connection()
    try CampusBuilder(root).loadBaseRows()
    let account = "migrate\(UInt32.random(in: 0..<UInt32.max))"
    try root.execute("CREATE USER \(account)@localhost IDENTIFIED BY 'secret'")
    try root.execute(
      """
      GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER
      ON `\(database.name)`.* TO \(account)@localhost
      """)
    return (database, root, account, try Self.migrate(database.name, account))
  }

  private func procedures(_ connection: Connection) throws -> [String] {
    try connection.rows(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1"
    ) { $0.string(0) }
  }

  private static let unknown =
    "procedures for the frontend: not known whether expireimage_reset and expireimage_revision exist, which this account"
    + " may not see; all else is done, and as an account that may create and alter routines in VCL's database"
    + " `expireimage migrate up` makes them"

  @Test(
    "An account that may not make them migrates all else, and is told what is not known; later up makes them")
  func forbidden() throws {
    let (database, root, account, migrate) = try withoutRoutines()
    #expect(try migrate.up(withTriggers: false).last == Self.unknown)
    #expect(try migrate.check() == ["the schema is complete"])
    #expect(try migrate.status().suffix(2).allSatisfy { $0.contains("missing, or hidden") })
    try root.execute("GRANT CREATE ROUTINE, ALTER ROUTINE ON `\(database.name)`.* TO \(account)@localhost")
    let later = try Self.migrate(database.name, account).up(withTriggers: false)
    #expect(
      later.prefix(2) == ["made the procedure expireimage_reset", "made the procedure expireimage_revision"])
    #expect(try !migrate.up(withTriggers: false).contains { $0.contains("made") })
    _ = try migrate.down()
    #expect(try procedures(root).isEmpty)
  }

  @Test("Up by an account that does not see them does not say that they are missing, in one line")
  func unseen() throws {
    let (database, root, account, migrate) = try withoutRoutines()
    _ = try Self.migrate(database.name, "root").up(withTriggers: false)
    let before = try procedures(root)
    #expect(try migrate.up(withTriggers: false).filter { $0.contains("procedure") } == [Self.unknown])
    #expect(try procedures(root) == before)
    // Seen, of another version, and not to be replaced.
    try root.execute("CREATE OR REPLACE PROCEDURE expireimage_reset() SELECT 1")
    try root.execute("GRANT SELECT ON mysql.proc TO \(account)@localhost")
    #expect(
      try migrate.up(withTriggers: false)
        .filter { $0.contains("procedure") }.map { $0.prefix { $0 != ";" } }
        == ["procedures for the frontend: expireimage_reset not as this program makes it"])
  }

  @Test("Down by an account that may not drop them says so, and by one that may names what it dropped")
  func leftBehind() throws {
    let (database, root, _, migrate) = try withoutRoutines()
    _ = try Self.migrate(database.name, "root").up()
    let made = try procedures(root)
    #expect(made.count == 4)
    let (lines, problems) = try migrate.down()
    #expect(lines.allSatisfy { $0.hasPrefix("migrated down: ") })
    #expect(
      problems == [
        "not known whether the procedures expireimage_reset, expireimage_revision, expireimage_probe_triggers,"
          + " expireimage_describe_trigger are left behind: this account may not drop procedures; run"
          + " `expireimage migrate down` again as an account that may alter routines in VCL's database"
      ])
    #expect(try procedures(root) == made)
    #expect(
      try Set(Self.migrate(database.name, "root").down().lines)
        == Set(made.map { "dropped the procedure \($0)" }))
    #expect(try procedures(root).isEmpty)
    #expect(
      try Self.migrate(database.name, "root").down()
        == (["nothing to do: nothing of this program is in the database"], []))
  }

  private static func migrate(_ database: String, _ account: String) throws -> MigrateOperation {
    MigrateOperation(
      Site(
        try .load(
          configFile: nil,
          environment: [
            "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_USER": account,
            "EXPIREIMAGE_DATABASE_PASSWORD": account == "root" ? "" : "secret",
            "EXPIREIMAGE_DATABASE_NAME": database,
          ], usualFiles: .none)))
  }

  /// What somebody may have made of a procedure of ours.
  enum Alteration: CaseIterable, Sendable {
    case anything, body, shortened, parameter, definer, sqlMode

    /// - Parameter script: what makes the procedure as it should be.
    func apply(_ connection: Connection, _ script: String) throws {
      switch self {
      case .anything: try connection.execute("CREATE OR REPLACE PROCEDURE expireimage_reset() SELECT 1")
      case .body: try connection.executeScript(script.replacing("ROLLBACK;", with: "DO 1;"))
      // All that is left of the body is the end of the script, too.
      case .shortened:
        let begin = try #require(script.firstRange(of: "\nBEGIN\n"))
        try connection.executeScript(script[..<begin.lowerBound] + "\nBEGIN\nEND//")
      case .parameter: try connection.executeScript(script.replacing("VARCHAR(255)", with: "VARCHAR(20)"))
      case .definer:
        try connection.executeScript(script.replacing("SECURITY INVOKER", with: "SECURITY DEFINER"))
      case .sqlMode:
        try connection.execute("SET SESSION sql_mode = 'ANSI'")
        try connection.executeScript(script)
        try connection.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES'")
      }
    }
  }

  @Test(
    "A procedure that is not as this program makes it is made anew, and only that",
    arguments: Alteration.allCases)
  func altered(_ alteration: Alteration) throws {
    let database = try TestDatabase(schema: .vcl, exclusive: true)
    let connection = try database.connection()
    let script = try String(
      contentsOf: ReadmeTests.path.deletingLastPathComponent().appending(
        path: "sql/procedures/expireimage_reset.sql"), encoding: .utf8)
    #expect(try FrontendProcedures.install(connection).made == ["expireimage_reset", "expireimage_revision"])
    try alteration.apply(connection, script)
    let account = "web\(UInt32.random(in: 0..<UInt32.max))"
    try connection.execute("CREATE USER \(account)@localhost")
    try connection.execute("GRANT EXECUTE ON PROCEDURE expireimage_reset TO \(account)@localhost")
    #expect(
      try FrontendProcedures.states(connection).map(\.words)
        == ["not as this program makes it; run `expireimage migrate up`", "present"])
    #expect(try FrontendProcedures.install(connection).made == ["expireimage_reset"])
    #expect(try FrontendProcedures.install(connection).made.isEmpty)
    let grants = try connection.rows("SHOW GRANTS FOR \(account)@localhost") { $0.string(0) }
    #expect(grants.contains { $0.contains("EXECUTE ON PROCEDURE") }, "who could call it can still: \(grants)")
  }
}
