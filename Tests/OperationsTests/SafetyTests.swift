import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("What stops a run, and what it leaves alone")
struct SafetyTests {
  let server = ScriptedSMTPServer()

  private func site() throws -> TestSite { try TestSite(mailServer: server) }

  static let unlimited = ["max_flag_count": "none", "max_flag_percent": "none", "usage_max_age_days": "0"]

  @Test("A plan over the limit flags nothing and exits 3; marks and notices go on")
  func limit() throws {
    let site = try site()
    let due = try (1...3).map { try IdleImage(site, "Statistics \($0)") }
    try site.night("2026-03-02", Self.unlimited)
    let later = try IdleImage(site, "Chemistry")
    let night = try site.night("2026-04-01", Self.unlimited.merging(["max_flag_count": "2"]) { $1 })
    #expect(night.exitStatus == 3)
    #expect(night.decisions.map(\.revisionID) == [later.old])
    #expect(night.mails?.map(\.status) == ["accepted"])
    for image in due { #expect(try site.flag(image.old) == "0 -") }
    #expect(try site.night("2026-04-02", Self.unlimited).decisions.count { $0.decision == "flag" } == 3)
  }

  @Test("Usage data that is too old changes nothing, exit 4", arguments: ["report", "notify", "flag"])
  func usageTooOld(mode: String) throws {
    let site = try site()
    let idle = try IdleImage(site)
    let before = try site.checksums()
    #expect(site.status("2026-03-30", mode: mode) == .usageNotTrusted)
    let after = try site.checksums()
    let changed = Set(before.keys.filter { before[$0] != after[$0] })
    #expect(changed == ["expireimage_run", "expireimage_lease", "expireimage_task", "expireimage_tasklog"])
    #expect(try site.rows("SELECT exit_status, finished IS NOT NULL FROM expireimage_run") == ["4 1"])
    #expect(try site.date(idle.old) == "-")
    #expect(site.status("2026-03-29", mode: mode) == .done)
  }

  @Test("Without any usage record nothing is done, exit 4")
  func noUsage() throws {
    let site = try site()
    let image = try site.campus.image("Statistics")
    try site.campus.revision(of: image, 1)
    try site.campus.revision(of: image, 2, production: true)
    #expect(site.status("2026-03-02") == .usageNotTrusted)
    #expect(try site.rows("SELECT COUNT(*) FROM imagerevision WHERE expiredate IS NOT NULL") == ["0"])
  }

  @Test("A clock before the last run's day changes nothing, exit 4; a simulated night has its own day")
  func clockInThePast() throws {
    let site = try site()
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    try site.connection.execute("UPDATE expireimage_run SET day = CURDATE() + INTERVAL 1 DAY")
    let before = try site.checksums()
    #expect(site.status(nil) == .usageNotTrusted)
    #expect(try site.checksums() == before)
    #expect(site.status("2026-03-03") == .done)
  }

  @Test(
    "A parameter that cannot be used stops the run before any write, exit 5",
    arguments: [
      ["mood": "flag"], ["idle_days_older": "soon"], ["idle_days_older": ""], ["idle_days_older": "-1"],
      ["grace_days": "7"], ["weekdays": "mon", "blackout": "2026-01-01..2027-12-31"],
      ["mode|Local": "flag"], ["grace_days|Local": "3"],
      [
        "idle_days_older": "0", "idle_days_newer": "0", "unused_days_older": "0", "unused_days_newer": "0",
        "mode": "flag",
      ],
    ])
  func badParameter(_ stored: [String: String]) throws {
    let site = try site()
    _ = try IdleImage(site)
    try site.store("mode", "flag")
    for (key, value) in stored { try site.store(key, value) }
    let before = try site.checksums()
    do {
      try site.run(today: "2026-03-02")
      Issue.record("the run went on")
    } catch {
      #expect(Failure(error).exitStatus == .configurationInvalid)
      #expect(Failure(error).description.contains("expireimage_"))
    }
    #expect(try site.checksums() == before)
  }

  @Test("An override of one affiliation holds for the images of its owners only")
  func affiliationOverride() throws {
    let site = try site()
    let ncsu = try site.campus.affiliation("NCSU")
    let idle = try IdleImage(site, "Statistics")
    let other = try IdleImage(site, "Chemistry", owner: site.campus.user("other", in: ncsu))
    try site.store("idle_days_older|ncsu", "3000")
    let night = try site.night("2026-03-02")
    #expect(night.decisions.map(\.revisionID) == [idle.old])
    #expect(try site.date(other.old) == "-")
  }

  // MARK: - The lease

  private func take(_ site: TestSite, _ holder: LeaseHolder) throws -> Fence {
    try Lease.take(site.connection, by: holder, isDead: { _ in false })
  }

  /// How this process is known to the lease.
  private func own(_ site: TestSite) throws -> LeaseHolder {
    try site.night("2026-03-01", mode: "report", Self.unlimited)
    let node = try #require(try site.rows("SELECT node FROM expireimage_run").first)
    let stat = try String(contentsOfFile: "/proc/self/stat", encoding: .utf8)
    let start = stat[stat.lastIndex(of: ")")!...].split(separator: " ")[20]
    let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    return LeaseHolder(
      node: node, pid: Int(getpid()), processStart: Int(start)!,
      bootID: boot.trimmingCharacters(in: .whitespacesAndNewlines))
  }

  @Test("While another run holds the lease, nothing is done, exit 6; plans and dry runs need none")
  func leaseHeld() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let holders = [
      LeaseHolder(node: "elsewhere", pid: 1, processStart: 1, bootID: "other"), try own(site),
    ]
    for holder in holders {
      let fence = try take(site, holder)
      let before = try site.checksums()
      #expect(site.status("2026-03-02") == .leaseHeld)
      #expect(try site.checksums() == before)
      #expect(try site.decisions("2026-03-02").decision(idle.old) == "mark")
      #expect(try site.run(today: "2026-03-02", set: ["mode": "flag"], dryRun: true).exitStatus == .done)
      try Lease.release(site.connection, fence)
    }
    #expect(site.status("2026-03-02") == .done)
  }

  @Test("The lease of a process on this node that is dead is taken at once", arguments: 0...2)
  func deadHolder(_ kind: Int) throws {
    let site = try site()
    _ = try IdleImage(site)
    let own = try own(site)
    _ = try take(
      site,
      LeaseHolder(
        node: own.node, pid: kind == 0 ? 4_194_305 : own.pid,
        processStart: kind == 1 ? own.processStart + 1 : own.processStart,
        bootID: kind == 2 ? "another boot" : own.bootID))
    #expect(site.status("2026-03-02") == .done)
  }

  @Test("The lease of another node is free when its time is over")
  func expiredLease() throws {
    let site = try site()
    _ = try IdleImage(site)
    _ = try take(site, LeaseHolder(node: "elsewhere", pid: 1, processStart: 1, bootID: "other"))
    try site.connection.execute("UPDATE expireimage_lease SET expires = NOW() - INTERVAL 1 SECOND")
    #expect(site.status("2026-03-02") == .done)
    #expect(try site.rows("SELECT fence, node FROM expireimage_lease") == ["2 -"])
  }

  @Test("A run that fails gives its lease back")
  func releaseAfterFailure() throws {
    let site = try site()
    _ = try IdleImage(site)
    #expect(site.status("2026-08-01") == .usageNotTrusted)
    #expect(try site.rows("SELECT node FROM expireimage_lease") == ["-"])
  }

  /// Holds a lock on one revision's row, as a long statement of VCL would, from a thread of its own.
  private final class RowLock {
    private let release = DispatchSemaphore(value: 0)
    private let released = DispatchSemaphore(value: 0)

    init(
      _ site: TestSite, _ revision: Int,
      whileLocked: @escaping @Sendable (Connection) throws -> Void = { _ in }
    ) throws {
      let locked = DispatchSemaphore(value: 0)
      let options = TestServer.shared.options(database: site.name)
      let (release, released) = (release, released)
      Thread.detachNewThread {
        defer { released.signal() }
        do {
          let connection = try Connection(options)
          let other = try Connection(options)
          try connection.transaction {
            try connection.execute(
              "SELECT id FROM imagerevision WHERE id = ? FOR UPDATE", [Value(revision)])
            locked.signal()
            try whileLocked(other)
            _ = release.wait(timeout: .now() + 60)
          }
        } catch {
          Issue.record(error)
          locked.signal()
        }
      }
      locked.wait()
    }

    func end() {
      release.signal()
      released.wait()
    }
  }

  /// Waits until a query gives a row.
  private static func wait(_ connection: Connection, _ sql: String, _ parameters: [Value] = []) throws {
    for _ in 0..<600 {
      if try connection.first(sql, parameters, { _ in true }) != nil { return }
      usleep(50_000)
    }
    Issue.record("waited in vain for \(sql)")
  }

  @Test(
    "A run whose lease went to another one stops before its next write, and the next run completes its work")
  func leaseLost() throws {
    let site = try site()
    let first = try IdleImage(site, "Statistics")
    let second = try IdleImage(site, "Chemistry")
    let lock = try RowLock(site, second.old) { [first] connection in
      try Self.wait(
        connection, "SELECT 1 FROM imagerevision WHERE id = ? AND expiredate IS NOT NULL", [Value(first.old)])
      try connection.execute("UPDATE expireimage_lease SET fence = fence + 1, node = 'elsewhere'")
    }
    #expect(throws: Failure.self) { try site.night("2026-03-02") }
    lock.end()
    #expect(try site.date(second.old) == "-")
    #expect(server.messages.isEmpty)
    #expect(try site.rows("SELECT node, fence FROM expireimage_lease") == ["elsewhere 2"])
    #expect(try site.rows("SELECT exit_status, finished IS NULL FROM expireimage_run") == ["6 0"])

    try site.connection.execute("UPDATE expireimage_lease SET node = NULL")
    let night = try site.night("2026-03-02")
    #expect(night.decisions.map(\.revisionID) == [second.old])
    #expect(server.messages.count == 1)
    #expect(
      try site.rows(
        "SELECT revision_id, kind FROM expireimage_notice n JOIN expireimage_mail m ON m.id = n.mail_id WHERE m.status = 'accepted' ORDER BY 1"
      )
        == ["\(first.old) announced", "\(second.old) announced"])
  }

  @Test("A row that VCL has locked is skipped and reported, exit 2; the next run takes it")
  func lockedRow() throws {
    let site = try site()
    let first = try IdleImage(site, "Statistics")
    let second = try IdleImage(site, "Chemistry")
    let lock = try RowLock(site, first.old)
    let night = try site.night("2026-03-02", Self.unlimited)
    lock.end()
    #expect(night.exitStatus == 2)
    #expect(night.skipped == [Night.Skipped(revisionID: first.old, why: "locked")])
    #expect(try site.date(first.old) == "-")
    #expect(try site.date(second.old) == "2026-04-01")
    #expect(night.mails?.map(\.revisionIDs) == [[second.old]])
    #expect(try site.night("2026-03-03").decision(first.old) == "mark")
  }

  @Test("A locked row does not stop a flag that is due, either")
  func lockedFlag() throws {
    let site = try site()
    let first = try IdleImage(site, "Statistics")
    let second = try IdleImage(site, "Chemistry")
    try site.night("2026-03-02", Self.unlimited)
    let lock = try RowLock(site, first.old)
    let night = try site.night("2026-04-01", Self.unlimited)
    lock.end()
    #expect(night.exitStatus == 2)
    #expect(night.decisions.map(\.revisionID) == [second.old])
    #expect(try site.flag(first.old) == "0 -")
    #expect(try site.night("2026-04-02", Self.unlimited).decision(first.old) == "flag")
  }

  @Test("A row that the database refuses to change is reported, exit 2; the others go on")
  func refusedRow() throws {
    let site = try site()
    let first = try IdleImage(site, "Statistics")
    let second = try IdleImage(site, "Chemistry")
    try site.connection.execute(
      """
      CREATE TRIGGER refuse BEFORE UPDATE ON imagerevision FOR EACH ROW
      IF NEW.id = \(first.old) THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not this one'; END IF
      """)
    let night = try site.night("2026-03-02")
    #expect(night.exitStatus == 2)
    #expect(night.skipped == [Night.Skipped(revisionID: first.old, why: "failed")])
    #expect(night.decisions.map(\.revisionID) == [second.old])
    #expect(try site.rows("SELECT revision_id FROM expireimage_notice") == ["\(second.old)"])
  }

  @Test("One night with a clock far ahead stops that night only")
  func clockAhead() throws {
    let site = try site()
    let idle = try IdleImage(site)
    #expect(site.status("2099-06-01") == .usageNotTrusted)
    #expect(site.status("2026-03-02") == .done)
    #expect(try site.date(idle.old) != "-")
    try site.connection.execute("DELETE FROM expireimage_run WHERE exit_status <> 4")
    #expect(try site.rows("SELECT day FROM expireimage_run") == ["2099-06-01"])
    #expect(site.status(nil, mode: "off") == .done)
    let real = TestSite.options(nil, ["mode": "report", "usage_max_age_days": "0"])
    #expect(try RunOperation(site.site, real, isDryRun: false).run(.silent).exitStatus == .done)
  }

  @Test("A reservation that lies ahead does not prove that the records are kept today")
  func usageAhead() throws {
    let site = try site()
    let image = try site.campus.image("Statistics")
    let old = try site.campus.revision(of: image, 1)
    try site.campus.revision(of: image, 2, production: true)
    try site.campus.use(old, from: "2025-03-01 09:00:00", to: "2025-03-01 12:00:00")
    try site.campus.use(old, from: "2099-01-01 09:00:00", to: "2099-01-01 12:00:00", ending: "none")
    #expect(site.status("2026-03-02") == .usageNotTrusted)
  }

  @Test("A dry run stops where the run would: without a sender it ends with status 5")
  func dryRunChecksMail() throws {
    let site = try TestSite(from: nil)
    _ = try IdleImage(site)
    try site.connection.execute("UPDATE affiliation SET helpaddress = NULL")
    func status(_ mode: String) -> Operations.ExitStatus {
      do {
        return try RunOperation(site.site, TestSite.options("2026-03-02", ["mode": mode]), isDryRun: true)
          .run(.silent).exitStatus
      } catch { return Failure(error).exitStatus }
    }
    #expect(status("flag") == .configurationInvalid)
    #expect(status("report") == .done)
  }

  @Test("An admin who sets the mode lower stops the flags of a run that is at work")
  func modeLowered() throws {
    let site = try site()
    let first = try IdleImage(site, "Statistics")
    let second = try IdleImage(site, "Chemistry")
    try site.night("2026-03-02", Self.unlimited)
    try site.store("mode", "flag")
    let lock = try RowLock(site, first.old) { connection in
      try Self.wait(connection, "SELECT 1 FROM expireimage_run WHERE finished IS NULL")
      try connection.execute("UPDATE variable SET value = 'notify' WHERE name = 'expireimage_mode'")
    }
    try site.run(today: "2026-04-01", set: Self.unlimited)
    lock.end()
    for image in [first, second] { #expect(try site.flag(image.old) == "0 -") }
  }

  @Test("Reservations made while a run flags never fail nor wait long, and always win")
  func reservationsDuringFlags() throws {
    let site = try site()
    let image = try site.campus.image("Statistics", owner: IdleImage.owner(site))
    let production = try site.campus.revision(of: image, 100, production: true)
    let revisions = try (1...60).map { try site.campus.revision(of: image, $0) }
    try site.campus.clusterUse(revisions, from: "2025-03-01 09:00:00")
    try site.campus.use(production, from: "2026-02-27 09:00:00")
    try site.night("2026-03-02", Self.unlimited)

    let name = site.name
    let finished = DispatchSemaphore(value: 0)
    let wanted = Array(revisions.reversed().prefix(30))
    Thread.detachNewThread {
      defer { finished.signal() }
      do {
        let connection = try Connection(TestServer.shared.options(database: name))
        // A statement of VCL that had to wait a whole second would fail.
        try connection.execute("SET SESSION innodb_lock_wait_timeout = 1")
        let campus = CampusBuilder(connection)
        for revision in wanted {
          let made = try campus.reserve(
            [revision], by: 1, from: "2026-04-01 09:00:00", to: "2026-04-01 11:00:00",
            at: "2026-04-01 09:00:00")
          if revision % 2 == 0 { try campus.finish(made, at: "2026-04-01 09:30:00") }
        }
      } catch { Issue.record(error) }
    }
    let night = try site.night("2026-04-01", Self.unlimited)
    finished.wait()
    #expect(night.decisions.allSatisfy { $0.decision != "mark" && $0.decision != "redate" })
    try site.night("2026-04-02", Self.unlimited)
    for revision in wanted {
      #expect(try site.flag(revision) == "0 -")
      #expect(try site.date(revision) == "-")
    }
    for revision in revisions where !wanted.contains(revision) {
      #expect(try site.flag(revision).hasPrefix("1 2026-04-0"))
    }
  }
}
