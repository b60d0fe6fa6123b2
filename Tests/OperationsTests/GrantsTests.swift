import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("The account of sql/grants.sql")
struct GrantsTests {
  /// A site whose program connects as an account with exactly what the script grants.
  static func site(
    _ server: ScriptedSMTPServer, before: (TestSite) throws -> Void = { _ in }
  ) throws -> (site: TestSite, account: Connection) {
    let account = "nightly\(UInt32.random(in: 0..<UInt32.max))"
    let site = try TestSite(
      mailServer: server,
      environment: ["EXPIREIMAGE_DATABASE_USER": account, "EXPIREIMAGE_DATABASE_PASSWORD": "secret"])
    try before(site)
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "sql/grants.sql")
    let script = try String(contentsOf: file, encoding: .utf8)
      .replacing("'expireimage'@'localhost'", with: "'\(account)'@'localhost'")
      .replacing("IDENTIFIED VIA unix_socket", with: "IDENTIFIED BY 'secret'")
    try site.connection.executeScript(script)
    let options = ConnectionOptions(
      socket: TestServer.shared.socket, name: site.name, user: account, password: "secret")
    return (site, try Connection(options))
  }

  @Test("Suffices for whole nights: mark, redate, unmark, flag, restore, undelete, keeps, mail, policy")
  func nights() throws {
    let (site, _) = try Self.site(ScriptedSMTPServer())
    let idle = try IdleImage(site)
    let other = try IdleImage(site, "Chemistry")
    let policy = NoticeTests.trusting
    #expect(try MigrateOperation(site.site).check() == ["the schema is complete"])
    try PolicyOperation(site.site).set("expireimage_mode", "flag", affiliation: nil)
    try PolicyOperation(site.site).set("expireimage_keep_newest", "0", affiliation: "Local")
    try PolicyOperation(site.site).unset("expireimage_keep_newest", affiliation: "Local")
    _ = try PolicyOperation(site.site).check()
    #expect(try site.night("2026-03-02", policy).exitStatus == 0)
    #expect(
      try site.night("2026-03-03", policy.merging(["grace_days": "40"]) { $1 }).decision(idle.old) == "redate"
    )
    #expect(
      try site.night("2026-03-04", policy.merging(["idle_days_older": "0"]) { $1 }).decision(idle.old)
        == "unmark")
    #expect(try site.night("2026-03-05", policy).decision(idle.old) == "mark")
    try site.campus.setExpireDate(other.old, nil)
    #expect(try site.night("2026-03-06", policy).exitStatus == 0)
    _ = try ExpireOperation(site.site, TestSite.options("2026-03-06", [:])).expire(
      "\(other.old)", on: Day("2026-06-01")!, .silent)
    #expect(try site.night("2026-04-04", policy).decision(idle.old) == "flag")
    try site.campus.use(idle.old, from: "2026-04-04 09:00:00")
    #expect(try site.night("2026-04-05", policy).decision(idle.old) == "unmark")
    #expect(try site.flag(idle.old) == "0 -")
  }

  @Test("Suffices for keeping, restoring and explaining by hand")
  func people() throws {
    let (site, _) = try Self.site(ScriptedSMTPServer())
    let idle = try IdleImage(site)
    let names = ["\(idle.old)"]
    try site.night("2026-03-02")
    let run = try site.night("2026-04-01", NoticeTests.trusting).runID ?? 0
    #expect(
      try RestoreOperation(site.site, TestSite.options("2026-04-02", [:])).restore(run: run).exitStatus
        == .done)
    let keeps = KeepOperation(site.site, TestSite.options("2026-04-02", [:]))
    _ = try keeps.keep(names, .days(3), as: "jdoe@Local")
    _ = try keeps.unkeep(names)
    _ = try KeepListOperation(site.site).table(all: true)
    let explain = ExplainOperation(site.site, TestSite.options("2026-04-02", [:]))
    #expect(try explain.text(names[0], .silent).contains("unkeep"))
  }

  @Test("Suffices for mail outside of runs: list, show, preview, retry, drop, bounce, test")
  func mail() throws {
    let (site, _) = try Self.site(
      ScriptedSMTPServer(replies: [
        .recipientNamed("gone@example.edu"): [.reply("550 5.1.1 No such user"), .reply("250 2.1.5 Ok")]
      ]))
    _ = try IdleImage(site)
    _ = try IdleImage(site, "Chemistry", owner: site.campus.user("gone"))
    try PolicyOperation(site.site).set("expireimage_mode", "flag", affiliation: nil)
    try site.night("2026-03-02", NoticeTests.trusting)
    let failed = try #require(
      try site.rows("SELECT id FROM expireimage_mail WHERE status = 'failed'").first.flatMap { Int($0) })
    _ = try MailListOperation(site.site).table(.init(status: nil, owner: nil, revisionID: nil, limit: 9))
    _ = try MailShowOperation(site.site).text(failed)
    #expect(try MailRetryOperation(site.site).retry([failed], .silent).status == .done)
    let sent = try site.rows("SELECT message_id FROM expireimage_mail WHERE id = \(failed)")[0]
    let report = BounceTests.report(["gone@example.edu"], messageID: sent)
    let answer = try MailBounceOperation(site.site).take(Array(report.utf8), recipient: nil)
    #expect(answer.contains("taken back"))
    _ = try MailDropOperation(site.site).drop([failed])
    _ = try MailPreviewOperation(site.site, TestSite.options("2026-03-03", [:])).preview(
      "jdoe@Local", .text, .silent)
    _ = try MailTestOperation(site.site).send(to: "you@example.edu")
  }

  @Test("Suffices for an image that expires as a whole")
  func wholeImage() throws {
    let (site, _) = try Self.site(ScriptedSMTPServer())
    let idle = try IdleImage(site)
    let policy = NoticeTests.trusting.merging(["idle_days_production": "10"]) { $1 }
    try site.night("2026-03-12", policy)
    #expect(try site.night("2026-04-11", policy).decision(idle.production) == "flag")
    try site.campus.use(idle.production, from: "2026-04-11 09:00:00")
    #expect(try site.night("2026-04-12", policy).decision(idle.production) == "unmark")
  }

  @Test("Sees a configuration that uses an image, where VCL has such")
  func configurations() throws {
    let (site, _) = try Self.site(ScriptedSMTPServer()) {
      try $0.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
    }
    let idle = try IdleImage(site)
    try site.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(idle.image)])
    #expect(
      try site.decisions("2026-03-12", ["idle_days_production": "10"]).reasons(idle.production)
        == ["hold_config_subimage"])
  }

  @Test("Sees such a table also when VCL gets it later; without the right check says so, and a run stops")
  func laterConfigurations() throws {
    let (site, account) = try Self.site(ScriptedSMTPServer())
    let user = try #require(site.site.settings.database.user)
    let idle = try IdleImage(site)
    #expect(
      try site.decisions("2026-03-12", ["idle_days_production": "10"]).decision(idle.production) == "mark")
    try site.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
    try site.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(idle.image)])
    #expect(
      try site.decisions("2026-03-12", ["idle_days_production": "10"]).reasons(idle.production)
        == ["hold_config_subimage"])
    try site.connection.execute("REVOKE SELECT ON configsubimage FROM '\(user)'@'localhost'")
    #expect(try Rights.lacking(account).map(\.description) == ["SELECT on configsubimage"])
    #expect {
      try site.night("2026-03-12", NoticeTests.trusting)
    } throws: { error in
      let failure = Failure(error)
      return failure.exitStatus == .databaseUnavailable && failure.description.contains("sql/grants.sql")
    }
    #expect(try site.date(idle.old) == "-")
  }

  @Test(
    "Allows nothing else",
    arguments: [
      "DROP TABLE expireimage_event", "DROP TABLE image", "ALTER TABLE imagerevision ADD more INT",
      "CREATE TABLE more (id INT)", "CREATE TABLE configsubimage (id INT)",
      "TRUNCATE TABLE expireimage_event", "TRUNCATE TABLE expireimage_mark",
      "UPDATE expireimage_event SET actor = ''", "DELETE FROM imagerevision",
      "INSERT INTO imagerevision (imageid) VALUES (1)", "UPDATE imagerevision SET production = 0",
      "UPDATE image SET name = 'x'", "DELETE FROM image", "DELETE FROM log", "UPDATE log SET ending = 'none'",
      "DELETE FROM sublog", "DELETE FROM reservation", "INSERT INTO state (name) VALUES ('x')",
      "UPDATE user SET email = ''", "SELECT uid FROM user", "SELECT * FROM user", "SELECT * FROM computer",
      "SELECT rsakey FROM vmprofile", "SELECT `keys` FROM managementnode", "SELECT pw FROM reservation",
      "CREATE TRIGGER t BEFORE INSERT ON sublog FOR EACH ROW SET @a = 1", "CREATE USER more",
      "GRANT SELECT ON image TO root@localhost", "SELECT * FROM mysql.user", "DELETE FROM expireimage_lease",
      "DELETE FROM expireimage_run", "INSERT INTO expireimage_migration VALUES (9, 'x', NOW(), NOW())",
    ])
  func nothingElse(_ statement: String) throws {
    let (_, account) = try Self.site(ScriptedSMTPServer())
    #expect {
      try account.execute(statement)
    } throws: { error in
      (error as? MariaDBError)?.kind == .denied
    }
  }
}
