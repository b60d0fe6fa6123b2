import Campus
import Foundation
import MariaDB
import Retention
import Operations
import TestSupport
import Testing

@Suite("The audit trail")
struct AuditTests {
  private struct Facts: Decodable, Equatable {
    let revisionClass: String
    let created: String?
    let lastUse: String?
    let owner: String?
    let holders: [String]

    enum CodingKeys: String, CodingKey {
      case revisionClass = "class"
      case created
      case lastUse = "last_use"
      case owner
      case holders
    }
  }

  private func facts(_ site: TestSite, _ kind: String) throws -> Facts {
    let text = try #require(
      try site.rows("SELECT facts FROM expireimage_event WHERE kind = ?", [Value(kind)]).last)
    return try JSONDecoder().decode(Facts.self, from: Data(text.utf8))
  }

  @Test("Every change has one event, with its run, its dates, its reasons and what was known of the revision")
  func events() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    let mark = try site.night("2026-03-02")
    let redate = try site.night("2026-03-05", ["grace_days": "40"])
    let unmark = try site.night("2026-03-06", ["idle_days_older": "0", "grace_days": "40"])
    let again = try site.night("2026-03-07")
    let flag = try site.night("2026-04-06", NoticeTests.trusting)
    try site.campus.use(idle.old, from: "2026-04-06 09:00:00", to: "2026-04-06 10:00:00")
    let restore = try site.night("2026-04-07", NoticeTests.trusting)
    let ids = [mark, redate, unmark, again, flag, restore].map { "\($0.runID!)" }
    #expect(
      try site.rows(
        """
        SELECT run_id, image_id, kind, happened, actor, reasons, old_date, new_date, datedeleted, whole_image
        FROM expireimage_event WHERE revision_id = ? ORDER BY id
        """, [Value(idle.old)]) == [
          "\(ids[0]) \(idle.image) mark 2026-03-02 00:00:00 expireimage run idle_older - 2026-04-01 - 0",
          "\(ids[1]) \(idle.image) redate 2026-03-05 00:00:00 expireimage run idle_older policy_changed"
            + " 2026-04-01 2026-04-11 - 0",
          "\(ids[2]) \(idle.image) unmark 2026-03-06 00:00:00 expireimage run criterion_off 2026-04-11 - - 0",
          "\(ids[3]) \(idle.image) mark 2026-03-07 00:00:00 expireimage run idle_older - 2026-04-06 - 0",
          "\(ids[4]) \(idle.image) flag 2026-04-06 00:00:00 expireimage run idle_older due 2026-04-06 2026-04-06"
            + " 2026-04-06 00:00:00 0",
          "\(ids[5]) \(idle.image) restore 2026-04-07 00:00:00 expireimage run reserved_after_flag - -"
            + " 2026-04-06 00:00:00 0",
        ])
    let known = Facts(
      revisionClass: "older", created: "2024-01-15", lastUse: "2025-03-01 12:00:00", owner: "jdoe@Local",
      holders: [])
    for kind in ["mark", "redate", "unmark", "flag"] { #expect(try facts(site, kind) == known) }
    #expect(try facts(site, "restore").lastUse == "2026-04-06 10:00:00")
  }

  @Test("An event names who holds the revision")
  func holders() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    try site.campus.request(of: idle.old)
    try site.night("2026-03-03")
    #expect(try facts(site, "unmark").holders == ["reservation 1 of admin"])
  }

  @Test("The row of a run has every parameter in force, by affiliation, and the counts of what it did")
  func runRow() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    _ = try IdleImage(site)
    try site.store("idle_days_older|Local", "200")
    try site.store("idle_days_newer", "400")
    try site.night("2026-03-02", ["grace_days": "45"])
    let row = try #require(
      try site.rows(
        "SELECT day, simulated, mode, started, finished, exit_status, pid FROM expireimage_run"
      ).first)
    #expect(row == "2026-03-02 1 flag 2026-03-02 00:00:00 2026-03-02 00:00:00 0 \(getpid())")
    let policy = try JSONDecoder().decode(
      [String: String].self,
      from: Data(try site.rows("SELECT policy FROM expireimage_run")[0].utf8))
    for parameter in Parameter.all { #expect(policy[parameter.key] != nil, "\(parameter.key)") }
    #expect(policy["expireimage_idle_days_older|Local"] == "200")
    #expect(policy["expireimage_idle_days_older"] == "180")
    #expect(policy["expireimage_idle_days_newer"] == "400")
    #expect(policy["expireimage_grace_days"] == "45")
    #expect(policy["expireimage_mode"] == "flag")

    struct Summary: Decodable {
      struct Plan: Decodable {
        let revisions: Int
        let byReason: [String: Int]
        let byDecision: [String: Int]
      }
      let plan: Plan
      let done: [String: Int]
      let mails: [String: Int]
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let summary = try decoder.decode(
      Summary.self,
      from: Data(try site.rows("SELECT summary FROM expireimage_run")[0].utf8))
    #expect(summary.plan.revisions == 3)
    #expect(summary.plan.byDecision["mark"] == 1)
    #expect(summary.plan.byReason["idle_older"] == 1)
    #expect(summary.done == ["mark": 1])
    #expect(summary.mails == ["accepted": 1])
  }

  @Test("A night on the server's own day is no simulation")
  func realDay() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    _ = try IdleImage(site)
    try site.run(set: ["mode": "notify", "usage_max_age_days": "0"])
    #expect(
      try site.rows("SELECT simulated, day = CURDATE(), finished >= started FROM expireimage_run")
        == ["0 1 1"])
    #expect(
      try site.rows(
        "SELECT DISTINCT happened BETWEEN NOW() - INTERVAL 5 MINUTE AND NOW() FROM expireimage_event")
        == ["1"])
  }

  @Test("With audit days old rows go, but never a flag or what took it back: they tell which flags are ours")
  func oldEvents() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    try site.night("2026-04-01", NoticeTests.trusting)
    func kinds() throws -> [String] { try site.rows("SELECT kind FROM expireimage_event ORDER BY id") }
    #expect(try kinds() == ["mark", "flag"])
    let later = NoticeTests.trusting.merging(["audit_days": "30"]) { $1 }
    try site.night("2026-04-01", later)
    #expect(try kinds() == ["mark", "flag"], "the mark is exactly 30 days old")
    try site.night("2026-04-02", later)
    #expect(try kinds() == ["flag"])
    try site.night("2026-09-02", later)
    #expect(try kinds() == ["flag"])
  }

  @Test("With audit days keeps go that ended before, and no other; with 0 they stay for ever")
  func oldKeeps() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    let idle = try IdleImage(site)
    let ends = ["2026-01-30", "2026-01-31", "2026-03-02", "2026-05-01"]
    for end in ends { try HoldTests.keep(site.campus, idle.production, until: end) }
    try HoldTests.keep(site.campus, idle.production, until: nil)
    func kept() throws -> [String] { try site.rows("SELECT until FROM expireimage_keep ORDER BY id") }
    try site.night("2026-03-02")
    #expect(try kept() == ends + ["-"])
    try site.night("2026-03-02", ["audit_days": "30"])
    #expect(try kept() == ends.dropFirst() + ["-"], "the second ended exactly 30 days ago")
    try site.night("2026-03-03", ["audit_days": "1"])
    #expect(try kept() == ends.dropFirst(2) + ["-"])
    try site.night("2026-03-04", ["audit_days": "1"])
    #expect(try kept() == ends.dropFirst(3) + ["-"])
  }

  @Test("A keep that has ended since its revision was marked stays, until a run could follow it")
  func keepThatStillCounts() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    _ = try KeepOperation(site.site, TestSite.options("2026-03-10", [:])).keep(["\(idle.old)"], .days(1))
    // Weeks without a run; then one that cannot change the revision.
    let policy = NoticeTests.trusting.merging(["audit_days": "5"]) { $1 }
    let other = try Connection(TestServer.shared.options(database: site.name))
    try other.executeScript("START TRANSACTION;")
    _ = try other.rows("SELECT id FROM imagerevision WHERE id = \(idle.old) FOR UPDATE") { _ in 1 }
    #expect(try site.night("2026-04-01", policy).skipped?.map(\.why) == ["locked"])
    try other.executeScript("ROLLBACK;")
    let night = try site.night("2026-04-01", policy)
    #expect(night.reasons(idle.old) == ["idle_older", "keep_ended"])
    #expect(try site.flag(idle.old) == "0 -")
    try site.night("2026-04-02", policy)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_keep") == ["0"])
  }
}
