import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("Restoring by hand")
struct RestoreOperationTests {
  private let server = ScriptedSMTPServer()

  private func site() throws -> TestSite { try TestSite(mailServer: server) }

  private func restore(_ site: TestSite, _ today: String = "2026-04-02") -> RestoreOperation {
    RestoreOperation(site.site, TestSite.options(today, [:]))
  }

  /// A site with a revision that the run of 2026-04-01 has flagged.
  private func flagged() throws -> (site: TestSite, idle: IdleImage, run: Int) {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    let night = try site.night(RunTests.expireDay, RunTests.trusting)
    #expect(night.decision(idle.old) == "flag")
    return (site, idle, night.runID ?? 0)
  }

  @Test(
    "A revision that we flagged comes back, is kept for the grace period, and the next run tells its owner")
  func one() throws {
    let (site, idle, _) = try flagged()
    let report = try restore(site).restore(["\(idle.old)"])
    #expect(report.exitStatus == .done)
    #expect(
      report.lines == ["revision \(idle.old) (Statistics, revision 1) is restored, and kept until 2026-05-02"]
    )
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try site.date(idle.old) == "-")
    #expect(try site.events(idle.old) == ["mark", "flag", "restore"])
    let event = try site.rows(
      "SELECT run_id, actor <> 'expireimage run', reasons FROM expireimage_event WHERE kind = 'restore'")
    #expect(event == ["- 1 restored"])
    #expect(try site.rows("SELECT until, origin FROM expireimage_keep") == ["2026-05-02 restored"])

    let sent = server.messages.count
    let night = try site.night("2026-04-03", RunTests.trusting)
    #expect(night.decisions.isEmpty)
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old]])
    let mail = try #require(try PythonEmail.parse(server.messages.dropFirst(sent).map(\.data)).first)
    #expect(mail.text.contains("it was brought back by your VCL staff"), "\(mail.text)")
    #expect(try site.night("2026-04-04", RunTests.trusting).mails?.isEmpty == true)
    #expect(try site.night("2026-05-02", RunTests.trusting).decision(idle.old) == "mark")
  }

  @Test("One revision of an image that went as a whole brings back all of it, as VCL's web does")
  func wholeImage() throws {
    let site = try site()
    let production = ["idle_days_production": "10", "usage_max_age_days": "0", "max_flag_percent": "none"]
    let idle = try IdleImage(site)
    let gone = try site.campus.revision(of: idle.image, 9, deletedAt: "2025-01-01 00:00:00")
    try site.night("2026-03-12", production)
    #expect(try site.night("2026-04-11", production).decisions.map(\.decision) == ["flag", "flag"])
    let report = try restore(site, "2026-04-12").restore(["\(idle.old)"])
    #expect(report.exitStatus == .done)
    #expect(report.lines.count == 2)
    for revision in [idle.old, idle.production] { #expect(try site.flag(revision) == "0 -") }
    #expect(try site.flag(gone) == "1 2025-01-01 00:00:00")
    #expect(try site.rows("SELECT deleted FROM image WHERE id = ?", [Value(idle.image)]) == ["0"])
    #expect(try site.rows("SELECT DISTINCT until FROM expireimage_keep") == ["2026-05-12"])
    let night = try site.night("2026-04-13", production)
    #expect(night.decisions.isEmpty)
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old, idle.production]])
  }

  @Test("A run is taken back with all that it flagged; again there is nothing to do")
  func run() throws {
    let site = try site()
    let images = try ["Statistics", "Chemistry", "Physics"].map { try IdleImage(site, $0) }
    let policy = RunTests.trusting.merging(["max_flag_percent": "none"]) { $1 }
    try site.night(RunTests.markDay, policy)
    let run = try #require(try site.night(RunTests.expireDay, policy).runID)
    let report = try restore(site).restore(run: run)
    #expect(report.lines.count == 3)
    #expect(report.exitStatus == .done)
    for image in images { #expect(try site.flag(image.old) == "0 -") }
    // One mail to the owner of all of them.
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mail WHERE status = 'composing'") == ["1"])
    let again = try restore(site).restore(run: run)
    #expect(again.lines == ["nothing to do: none of them is flagged any more"])
    #expect(again.exitStatus == .done)
    #expect(throws: Failure.self) { try restore(site).restore(run: 999) }
  }

  @Test("A whole image whose production revision has lost its files stays, for each the refusal says why")
  func productionFilesGone() throws {
    let site = try site()
    let production = ["idle_days_production": "10", "usage_max_age_days": "0", "max_flag_percent": "none"]
    let idle = try IdleImage(site)
    try site.night("2026-03-12", production)
    try site.night("2026-04-11", production)
    try Self.purge(site, idle.production)
    let why =
      "was flagged with its whole image, and the files of the production revision \(idle.production) are gone:"
      + " without one the image cannot come back"
    let report = try restore(site, "2026-04-12").restore(["\(idle.old)", "\(idle.production)"])
    #expect(report.lines.isEmpty)
    #expect(
      report.problems == [
        "revision \(idle.old) (Statistics, revision 1) \(why)",
        "revision \(idle.production) (Statistics, revision 2) was flagged by this program, but its files are gone",
      ])
    #expect(
      throws: TargetError.deleted(idle.old, .productionFilesGone(idle.production))
    ) { throw try TargetError.deleted(site.connection, idle.old) }
    let text = try ExplainOperation(site.site, TestSite.options("2026-04-12", production)).text(
      "\(idle.old)", .silent)
    #expect(text.contains("Nothing: revision \(idle.old) \(why)."), "\(text)")
    // A reservation after all cannot bring it back either, and the next run does not fail on it.
    try site.campus.use(idle.old, from: "2026-04-12 09:00:00")
    let night = try site.night("2026-04-13", production)
    #expect(night.decisions.isEmpty)
    #expect(night.skipped?.isEmpty == true)
    #expect(try site.flag(idle.old).hasPrefix("1"))
  }

  @Test("A whole image comes back without those of its other revisions whose files are gone")
  func siblingFilesGone() throws {
    let site = try site()
    let production = ["idle_days_production": "10", "usage_max_age_days": "0", "max_flag_percent": "none"]
    let idle = try IdleImage(site)
    try site.night("2026-03-12", production)
    try site.night("2026-04-11", production)
    try Self.purge(site, idle.old)
    let report = try restore(site, "2026-04-12").restore(["\(idle.production)"])
    #expect(report.exitStatus == .done)
    #expect(try site.flag(idle.production) == "0 -")
    #expect(try site.flag(idle.old).hasPrefix("1"))
  }

  /// Notes that the files of a flagged revision are gone, as whoever removes them does.
  private static func purge(_ site: TestSite, _ revision: Int) throws {
    try site.connection.execute(
      """
      INSERT INTO expireimage_event (revision_id, image_id, kind, happened, actor, reasons, datedeleted, facts)
      SELECT revision_id, image_id, 'purge', happened, actor, '', datedeleted, '{}' FROM expireimage_event
      WHERE kind = 'flag' AND revision_id = ?
      """, [Value(revision)])
  }

  /// What is not taken back.
  enum Refusal: CaseIterable, Sendable {
    case live, foreign, changed, capture, filesGone, imageDeleted, noProduction, twoProductions
  }

  @Test("What is not ours to take back stays as it is, and says why", arguments: Refusal.allCases)
  func refused(_ refusal: Refusal) throws {
    let (site, idle, _) = try flagged()
    var target = idle.old
    let words: String
    switch refusal {
    case .live: (target, words) = (idle.production, "is not flagged as deleted")
    case .foreign:
      target = try site.campus.revision(of: idle.image, 9, deletedAt: "2025-01-01 00:00:00")
      words = "was deleted by somebody else, at 2025-01-01 00:00:00"
    case .changed:
      try site.connection.execute(
        "UPDATE imagerevision SET datedeleted = '2026-04-01 13:00:00' WHERE id = ?", [Value(idle.old)])
      words = "was deleted by somebody else, at 2026-04-01 13:00:00"
    case .capture:
      try site.connection.execute(
        "UPDATE imagerevision SET datedeleted = NULL WHERE id = ?", [Value(idle.old)])
      words = "is being captured"
    case .filesGone:
      try Self.purge(site, idle.old)
      words = "its files are gone"
    case .imageDeleted:
      try site.campus.setDeleted(image: idle.image, true)
      words = "its image is deleted now"
    case .noProduction:
      try site.connection.execute(
        "UPDATE imagerevision SET production = 0 WHERE id = ?", [Value(idle.production)])
      words = "would have no production revision or several"
    case .twoProductions:
      try site.campus.revision(of: idle.image, 9, production: true)
      words = "would have no production revision or several"
    }
    let before = try site.checksums()
    let report = try restore(site).restore(["\(target)"])
    #expect(report.exitStatus == .failed)
    #expect(report.problems.count == 1)
    #expect(report.problems.first?.contains(words) == true, "\(report.problems)")
    var after = try site.checksums()
    // The lease was taken and given back.
    after["expireimage_lease"] = before["expireimage_lease"]
    #expect(after == before)
  }

  @Test("Some that cannot be restored do not stop the others: status 2, and a line for each")
  func inPart() throws {
    let (site, idle, _) = try flagged()
    let report = try restore(site).restore(["\(idle.production)", "9999", "\(idle.old)"])
    #expect(report.exitStatus == .doneInPart)
    #expect(report.lines.count == 1)
    #expect(report.problems.count == 2)
    #expect(try site.flag(idle.old) == "0 -")
  }

  @Test(
    "While a run or another restore is at work nothing is restored: status 6, and a line that says which of both it is",
    arguments: [true, false])
  func lease(isRun: Bool) throws {
    let (site, idle, earlier) = try flagged()
    let holder = LeaseHolder(node: "elsewhere", pid: 1, processStart: 1, bootID: "x")
    let fence = try Lease.take(site.connection, by: holder) { _ in false }
    let clock = try Clock.read(site.connection)
    if isRun {
      _ = try RunRecord.begin(site.connection, clock: clock, mode: .flag, holder: holder, policy: "{}")
    } else {
      // A run of the same process that was killed, and one after it.
      try site.connection.execute(
        "UPDATE expireimage_run SET finished = NULL, node = 'elsewhere', pid = 1 WHERE id < ?",
        [Value(earlier)])
    }
    let death = "; if it was killed, the lease frees itself within 5 minutes"
    let words =
      isRun
      ? "run \(earlier + 1) (process 1 on elsewhere) is at work and holds the lease; try again when it has ended"
      : "a restore or migration (process 1 on elsewhere) is at work and holds the lease; it takes moments, try again"
    do {
      _ = try restore(site).restore(["\(idle.old)"])
      Issue.record("it was restored")
    } catch {
      #expect(Failure(error).exitStatus == .leaseHeld)
      #expect(Failure(error).description == words + death)
    }
    #expect(try site.flag(idle.old) == "1 2026-04-01 00:00:00")
    try Lease.release(site.connection, fence)
  }

  @Test("A restored revision that was flagged once more can be restored once more")
  func twice() throws {
    let (site, idle, _) = try flagged()
    _ = try restore(site).restore(["\(idle.old)"])
    try site.night("2026-05-02", RunTests.trusting)
    #expect(try site.night("2026-06-01", RunTests.trusting).decision(idle.old) == "flag")
    #expect(try restore(site, "2026-06-02").restore(["\(idle.old)"]).exitStatus == .done)
    #expect(try site.flag(idle.old) == "0 -")
  }
}
