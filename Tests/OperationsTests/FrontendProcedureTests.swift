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
      (idle.production, "", "name the account"),
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

  @Test(
    "An account that may not make them migrates all else, and is told what is missing; later up makes them")
  func forbidden() throws {
    let database = try TestDatabase(schema: .vcl, exclusive: true)
    let connection = try database.connection()
    try CampusBuilder(connection).loadBaseRows()
    let account = "migrate\(UInt32.random(in: 0..<UInt32.max))"
    try connection.execute("CREATE USER \(account)@localhost IDENTIFIED BY 'secret'")
    try connection.execute(
      """
      GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER
      ON `\(database.name)`.* TO \(account)@localhost
      """)
    let migrate = try FrontendProcedureTests.migrate(database.name, account)
    let lines = try migrate.up(withTriggers: false)
    #expect(lines.contains { $0.contains("to create and to alter routines") }, "\(lines)")
    #expect(try migrate.check() == ["the schema is complete"])
    #expect(try migrate.status().suffix(2).allSatisfy { $0.contains("missing") })
    try connection.execute(
      "GRANT CREATE ROUTINE, ALTER ROUTINE ON `\(database.name)`.* TO \(account)@localhost")
    let later = try FrontendProcedureTests.migrate(database.name, account).up(withTriggers: false)
    #expect(
      later.prefix(2) == ["made the procedure expireimage_reset", "made the procedure expireimage_revision"])
    #expect(try !migrate.up(withTriggers: false).contains { $0.contains("made") })
    _ = try migrate.down()
    #expect(
      try connection.rows(
        "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE()"
      ) { $0.string(0) }.isEmpty)
  }

  private static func migrate(_ database: String, _ account: String) throws -> MigrateOperation {
    MigrateOperation(
      Site(
        try .load(
          configFile: nil,
          environment: [
            "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_USER": account,
            "EXPIREIMAGE_DATABASE_PASSWORD": "secret", "EXPIREIMAGE_DATABASE_NAME": database,
          ], usualFiles: .none)))
  }

  @Test("A procedure of another version of the program is made anew")
  func otherVersion() throws {
    let database = try TestDatabase(schema: .vcl, exclusive: true)
    let connection = try database.connection()
    try connection.execute("CREATE PROCEDURE expireimage_reset() SELECT 1")
    let account = "web\(UInt32.random(in: 0..<UInt32.max))"
    try connection.execute("CREATE USER \(account)@localhost")
    try connection.execute("GRANT EXECUTE ON PROCEDURE expireimage_reset TO \(account)@localhost")
    #expect(try FrontendProcedures.install(connection) == ["expireimage_reset", "expireimage_revision"])
    #expect(try FrontendProcedures.install(connection).isEmpty)
    let grants = try connection.rows("SHOW GRANTS FOR \(account)@localhost") { $0.string(0) }
    #expect(grants.contains { $0.contains("EXECUTE ON PROCEDURE") }, "who could call it can still: \(grants)")
    #expect(try FrontendProcedures.drop(connection) == ["expireimage_reset", "expireimage_revision"])
  }
}
