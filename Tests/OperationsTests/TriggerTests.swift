import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("Triggers")
struct TriggerTests {
  /// A site with one revision that has an expire date since 2026-03-02, and another one beside it.
  private struct Dated {
    let site: TestSite
    let idle: IdleImage
    let other: IdleImage
    var campus: CampusBuilder { site.campus }

    init(_ mailServer: ScriptedSMTPServer? = nil, ignoring users: String = "") throws {
      site = try TestSite(mailServer: mailServer)
      idle = try IdleImage(site)
      other = try IdleImage(site, "Chemistry")
      try site.campus.user("monitor")
      try site.store("ignore_users", users)
      try site.night("2026-03-02", ["max_flag_percent": "none"])
      try #require(site.date(idle.old) == "2026-04-01")
      try #require(site.date(other.old) == "2026-04-01")
    }

    /// A reservation that a person has of another revision.
    func elsewhere(by user: Int = CampusBuilder.admin) throws -> CampusBuilder.Reservation {
      try campus.reserve(
        [idle.production], by: user, from: "2026-03-02 09:00:00", to: "2026-03-02 10:00:00",
        at: "2026-03-02 09:00:00")
    }
  }

  /// What somebody does, and whether that is a person's use of the old revision.
  struct Act: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let clears: Bool
    let act: @Sendable (CampusBuilder, IdleImage) throws -> Void

    init(
      _ sentence: String, clears: Bool, act: @escaping @Sendable (CampusBuilder, IdleImage) throws -> Void
    ) {
      testDescription = sentence
      self.clears = clears
      self.act = act
    }
  }

  private static func monitor(_ campus: CampusBuilder) throws -> Int {
    Int(try campus.connection.first("SELECT id FROM user WHERE unityid = 'monitor'") { $0.int(0) } ?? 0)
  }

  private static func reserve(_ campus: CampusBuilder, _ revisions: [Int], by user: Int) throws
    -> CampusBuilder.Reservation
  {
    try campus.reserve(
      revisions, by: user, from: "2026-03-02 09:00:00", to: "2026-03-02 10:00:00", at: "2026-03-02 09:00:00")
  }

  static let acts: [Act] = [
    Act("a sublog row of a person", clears: true) { campus, idle in
      try campus.use(idle.old, from: "2026-03-02 09:00:00")
    },
    Act("a reservation made as the frontend does", clears: true) { campus, idle in
      _ = try reserve(campus, [idle.old], by: 1)
    },
    Act("a cluster that the revision is part of", clears: true) { campus, idle in
      _ = try reserve(campus, [idle.production, idle.old], by: 1)
    },
    Act("a person's reservation without a log", clears: true) { campus, idle in
      try campus.request(of: idle.old, by: 1)
    },
    Act("a person's reservation whose log has no sublog row of it", clears: true) { campus, idle in
      let log = try campus.use(idle.production, from: "2026-03-02 09:00:00")
      try campus.request(of: idle.old, by: 1, log: log)
    },
    Act("a reinstall", clears: true) { campus, idle in
      let made = try reserve(campus, [idle.production], by: 1)
      try campus.reinstall(made, with: idle.old, at: "2026-03-02 09:30:00")
    },
    Act("a reservation of another revision", clears: false) { campus, idle in
      _ = try reserve(campus, [idle.production], by: 1)
    },
    Act("a change of a reservation that leaves its revision", clears: false) { campus, idle in
      let request = try campus.request(of: idle.old, by: CampusBuilder.vclreload, state: .reload)
      try campus.connection.execute(
        "UPDATE reservation SET remoteIP = '10.0.0.1' WHERE requestid = ?", [Value(request)])
    },
    Act("a reload by vclreload", clears: false) { campus, idle in
      try campus.request(of: idle.old, by: CampusBuilder.vclreload, state: .reload)
    },
    Act("a reload by vclsystem", clears: false) { campus, idle in
      let system = try campus.connection.first("SELECT id FROM user WHERE unityid = 'vclsystem'") {
        $0.int(0)
      }
      try campus.request(of: idle.old, by: system ?? 0, state: .reload)
    },
    Act("a reload that moves to it", clears: false) { campus, idle in
      let request = try campus.request(of: idle.production, by: CampusBuilder.vclreload, state: .reload)
      try campus.connection.execute(
        "UPDATE reservation SET imagerevisionid = ? WHERE requestid = ?", [Value(idle.old), Value(request)])
    },
    Act("a reservation by an ignored account", clears: false) { campus, idle in
      _ = try reserve(campus, [idle.old], by: try monitor(campus))
    },
    Act("a reservation row of an ignored account", clears: false) { campus, idle in
      try campus.request(of: idle.old, by: try monitor(campus))
    },
    Act("a reinstall by an ignored account", clears: false) { campus, idle in
      let made = try reserve(campus, [idle.production], by: try monitor(campus))
      try campus.reinstall(made, with: idle.old, at: "2026-03-02 09:30:00")
    },
  ]

  @Test("Clear the date of exactly the revision that a person reserves, at once", arguments: acts)
  func clears(_ example: Act) throws {
    let site = try TestSite()
    try site.campus.user("monitor")
    let idle = try IdleImage(site)
    let other = try IdleImage(site, "Chemistry")
    try site.store("ignore_users", "monitor@Local")
    try site.night("2026-03-02", ["max_flag_percent": "none"])
    let before = try site.rows("SELECT * FROM imagerevision WHERE id <> ? ORDER BY id", [Value(idle.old)])
    let ours = try site.checksums().filter { $0.key.hasPrefix("expireimage") }
    try example.act(site.campus, idle)
    #expect(try site.date(idle.old) == (example.clears ? "-" : "2026-04-01"))
    #expect(try site.date(other.old) == "2026-04-01")
    #expect(try site.flag(idle.old) == "0 -")
    #expect(
      try site.rows("SELECT * FROM imagerevision WHERE id <> ? ORDER BY id", [Value(idle.old)]) == before)
    #expect(try site.checksums().filter { $0.key.hasPrefix("expireimage") } == ours)
  }

  @Test(
    "The trigger on reservation leaves to the one on sublog what that has seen, in any session",
    arguments: [true, false])
  func sublogRow(sameSession: Bool) throws {
    let dated = try Dated()
    let (campus, old) = (dated.campus, dated.idle.old)
    let log = try campus.use(old, from: "2026-03-02 09:00:00")
    try campus.setExpireDate(old, "2026-05-01")
    let session =
      try sameSession
      ? campus : CampusBuilder(Connection(TestServer.shared.options(database: dated.site.name)))
    try session.request(of: old, by: 1, log: log)
    #expect(try dated.site.date(old) == "2026-05-01")
  }

  @Test("The date of a flagged revision is cleared, too: that rescues its files")
  func flagged() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    let overrides = ["min_notice_days": "0", "grace_days": "20", "usage_max_age_days": "0"]
    try site.night("2026-03-12", overrides)
    try site.night("2026-04-01", overrides)
    try #require(site.flag(idle.old) == "1 2026-04-01 00:00:00")
    _ = try Self.reserve(site.campus, [idle.old], by: 1)
    #expect(try site.flag(idle.old) == "1 2026-04-01 00:00:00")
    #expect(try site.date(idle.old) == "-")
  }

  @Test("The next run takes a cleared date as an unmark, and tells the owner")
  func reconciled() throws {
    let server = ScriptedSMTPServer()
    let dated = try Dated(server)
    _ = try Self.reserve(dated.campus, [dated.idle.old], by: 1)
    let mails = server.messages.count
    let night = try dated.site.night("2026-03-03", ["max_flag_percent": "none"])
    #expect(night.decision(dated.idle.old) == "unmark")
    #expect(night.reasons(dated.idle.old).first == "reserved_since_marked")
    let event = try dated.site.rows(
      "SELECT kind, reasons FROM expireimage_event WHERE revision_id = ? ORDER BY id DESC LIMIT 1",
      [Value(dated.idle.old)])
    #expect(event.first?.hasPrefix("unmark reserved_since_marked") == true)
    #expect(
      try dated.site.rows("SELECT revision_id FROM expireimage_mark") == ["\(dated.other.old)"])
    #expect(try dated.site.rows("SELECT revision_id FROM expireimage_expiring") == ["\(dated.other.old)"])
    #expect(try dated.site.rows("SELECT COUNT(*) FROM expireimage_keep") == ["0"])
    #expect(
      try dated.site.rows(
        "SELECT kind FROM expireimage_notice WHERE revision_id = ?", [Value(dated.idle.old)])
        == ["announced", "safe"])
    #expect(server.messages.count == mails + 1)
  }

  @Test("The helper table follows every change of a date")
  func helperTable() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    func expiring() throws -> [String] { try site.rows("SELECT revision_id FROM expireimage_expiring") }
    let policy = ["min_notice_days": "0", "grace_days": "20", "usage_max_age_days": "0"]
    try site.night("2026-03-02", policy)
    #expect(try expiring() == ["\(idle.old)"])
    try site.night("2026-03-03", policy.merging(["idle_days_older": "0"]) { $1 })
    #expect(try expiring().isEmpty)
    try site.campus.setExpireDate(idle.old, "2026-03-20")
    try site.night("2026-03-04", policy)
    #expect(try expiring() == ["\(idle.old)"])
    try site.night("2026-03-20", policy)
    #expect(try site.flag(idle.old) == "1 2026-03-20 00:00:00")
    #expect(try expiring() == ["\(idle.old)"])
    try site.campus.use(idle.old, from: "2026-03-20 09:00:00")
    try site.night("2026-03-21", policy)
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try expiring().isEmpty)
    _ = try ExpireOperation(site.site, TestSite.options("2026-03-22", [:])).expire(
      "\(idle.old)", on: Day("2026-06-01")!, .silent)
    #expect(try expiring() == ["\(idle.old)"])
  }

  @Test("An ignored account counts again once it is taken off the list")
  func noLongerIgnored() throws {
    let dated = try Dated(ignoring: "monitor@Local")
    let monitor = try Self.monitor(dated.campus)
    try dated.campus.use(dated.idle.old, by: monitor, from: "2026-03-02 09:00:00")
    #expect(try dated.site.date(dated.idle.old) == "2026-04-01")
    try dated.site.store("ignore_users", "")
    try dated.site.night("2026-03-02", ["max_flag_percent": "none"])
    try dated.campus.use(dated.other.old, by: monitor, from: "2026-03-02 09:00:00")
    #expect(try dated.site.date(dated.other.old) == "-")
  }

  @Test(
    "No reservation fails, whatever became of our tables or the column",
    arguments: [
      "DROP TABLE expireimage_expiring", "DROP TABLE expireimage_ignored",
      "ALTER TABLE imagerevision DROP COLUMN expiredate",
      "ALTER TABLE imagerevision CHANGE expiredate expiredate DATE NOT NULL DEFAULT '2030-01-01'",
      "ALTER TABLE expireimage_expiring CHANGE revision_id id INT UNSIGNED",
      "ALTER TABLE expireimage_ignored CHANGE user_id id VARCHAR(20)",
    ])
  func damage(_ statement: String) throws {
    let dated = try Dated()
    if statement.contains("NOT NULL") {
      try dated.site.connection.execute("UPDATE imagerevision SET expiredate = '2030-01-01'")
    }
    try dated.site.connection.execute(statement)
    let made = try Self.reserve(dated.campus, [dated.idle.old, dated.other.old], by: 1)
    try dated.campus.reinstall(made, with: dated.idle.production, at: "2026-03-02 09:30:00")
    try dated.campus.request(of: dated.idle.old, by: 1)
    try dated.campus.request(of: dated.idle.old, by: CampusBuilder.vclreload)
    #expect(try dated.site.rows("SELECT COUNT(*) FROM reservation") == ["4"])
  }

  @Test(
    "They do the same in sessions of every kind",
    arguments: [
      "SET SESSION sql_mode = ''", "SET SESSION sql_mode = 'ANSI,STRICT_ALL_TABLES'",
      "SET SESSION sql_mode = 'ORACLE'", "SET NAMES latin1", "SET NAMES utf8mb4 COLLATE utf8mb4_bin",
      "SET SESSION collation_connection = 'ucs2_bin'", "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
      "SET SESSION autocommit = 0", "SET SESSION sql_safe_updates = 1",
      "SET SESSION max_sp_recursion_depth = 0",
    ])
  func sessions(_ setting: String) throws {
    let dated = try Dated()
    let session = try Connection(TestServer.shared.options(database: dated.site.name))
    try session.execute(setting)
    let campus = CampusBuilder(session)
    _ = try Self.reserve(campus, [dated.idle.old], by: 1)
    try session.execute("COMMIT")
    try campus.request(of: dated.other.old, by: 1)
    try session.execute("COMMIT")
    #expect(try dated.site.date(dated.idle.old) == "-")
    #expect(try dated.site.date(dated.other.old) == "-")
  }

  @Test("The frontend sees its own new ids, and no warnings")
  func unseen() throws {
    let dated = try Dated()
    let session = try Connection(TestServer.shared.options(database: dated.site.name))
    let log = try CampusBuilder(session).use(dated.idle.production, from: "2026-03-02 09:00:00")
    try session.execute(
      """
      INSERT INTO sublog (logid, imageid, imagerevisionid, computerid, managementnodeid) VALUES (?, ?, ?, 1, 1)
      """, [Value(log), Value(dated.idle.image), Value(dated.idle.old)])
    #expect(
      try session.first("SELECT @@warning_count, MAX(id) = LAST_INSERT_ID() FROM sublog") {
        [$0.int(0), $0.int(1)]
      } == [0, 1])
    #expect(try dated.site.date(dated.idle.old) == "-")
  }
}
