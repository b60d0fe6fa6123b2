import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("A whole image, and what takes a flag back")
struct WholeImageAndRestoreTests {
  private let server = ScriptedSMTPServer()

  private func site() throws -> TestSite { try TestSite(mailServer: server) }

  @Test("The whole image expires with one date, one flag and one date of deletion, and comes back whole")
  func wholeImage() throws {
    let site = try site()
    let production = ["idle_days_production": "300", "usage_max_age_days": "0", "max_flag_percent": "none"]
    let image = try site.campus.image("Statistics", owner: IdleImage.owner(site))
    let old = try site.campus.revision(of: image, 1)
    let live = try site.campus.revision(of: image, 2, production: true)
    try site.campus.clusterUse([old, live], from: "2025-03-01 09:00:00")
    try site.night(RunTests.markDay, production)
    #expect(try site.date(old) == RunTests.expireDay)
    #expect(try site.date(live) == RunTests.expireDay)
    let night = try site.night(RunTests.expireDay, production)
    #expect(night.decisions.map(\.decision) == ["flag", "flag"])
    #expect(try site.flag(old) == "1 2026-04-01 00:00:00")
    #expect(try site.flag(live) == "1 2026-04-01 00:00:00")
    #expect(try site.rows("SELECT deleted FROM image WHERE id = ?", [Value(image)]) == ["1"])
    #expect(
      try site.rows("SELECT kind, whole_image, datedeleted FROM expireimage_event WHERE kind = 'flag'")
        == ["flag 1 2026-04-01 00:00:00", "flag 1 2026-04-01 00:00:00"])

    try site.campus.use(live, from: "2026-04-01 09:00:00")
    #expect(try site.night("2026-04-02", production).decisions.map(\.decision) == ["unmark", "unmark"])
    for revision in [old, live] {
      #expect(try site.flag(revision) == "0 -")
      #expect(try site.date(revision) == "-")
      #expect(try site.events(revision) == ["mark", "flag", "restore"])
    }
    #expect(try site.rows("SELECT deleted FROM image WHERE id = ?", [Value(image)]) == ["0"])
  }

  @Test("A whole image that is undeleted in VCL's web is kept for the grace period")
  func undeleteImage() throws {
    let site = try site()
    let production = ["idle_days_production": "10", "usage_max_age_days": "0", "max_flag_percent": "none"]
    let idle = try IdleImage(site)
    try site.night("2026-03-12", production)
    #expect(try site.night("2026-04-11", production).decisions.map(\.decision) == ["flag", "flag"])
    // What the web does: the image, and the revisions whose date of deletion is the production one's.
    try site.campus.setDeleted(image: idle.image, false)
    try site.connection.execute(
      """
      UPDATE imagerevision SET deleted = 0, datedeleted = NULL
      WHERE imageid = ? AND datedeleted = '2026-04-11 00:00:00'
      """, [Value(idle.image)])
    let night = try site.night("2026-04-12", production)
    #expect(night.decisions.map(\.reasons) == [["undeleted"], ["undeleted"]])
    for revision in [idle.old, idle.production] {
      #expect(try site.date(revision) == "-")
      #expect(try site.events(revision) == ["mark", "flag", "undelete"])
    }
    #expect(try site.night("2026-04-13", production).decisions.isEmpty)
    #expect(try site.night("2026-05-12", production).decisions.map(\.decision) == ["mark", "mark"])
  }

  @Test("One keep keeps the whole image")
  func keepOfImage() throws {
    let site = try site()
    let production = ["idle_days_production": "300", "idle_days_older": "0", "usage_max_age_days": "0"]
    let image = try site.campus.image("Statistics", owner: IdleImage.owner(site))
    let old = try site.campus.revision(of: image, 1)
    let live = try site.campus.revision(of: image, 2, production: true)
    try site.campus.clusterUse([old, live], from: "2025-03-01 09:00:00")
    try HoldTests.keep(site.campus, old, until: nil)
    #expect(try site.night(RunTests.markDay, production).decisions.isEmpty)
  }

  @Test("A reservation made after the flag restores the revision in the next run")
  func restore() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.night(RunTests.expireDay, RunTests.trusting)
    try site.campus.use(idle.old, from: "2026-04-01 09:00:00", to: "2026-04-01 10:00:00")
    let night = try site.night("2026-04-02", RunTests.trusting)
    #expect(night.decision(idle.old) == "unmark")
    #expect(night.reasons(idle.old) == ["reserved_after_flag"])
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try site.date(idle.old) == "-")
    #expect(try site.events(idle.old) == ["mark", "flag", "restore"])
    #expect(try site.night("2026-04-03", RunTests.trusting).decisions.isEmpty)
  }

  @Test("A running reservation of a flagged revision restores it, too")
  func restoreHeld() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.night(RunTests.expireDay, RunTests.trusting)
    _ = try site.campus.reserve(
      [idle.old], by: 1, from: "2026-05-01 09:00:00", to: "2026-05-02 09:00:00", at: "2026-04-01 09:00:00")
    #expect(try site.night("2026-04-02", RunTests.trusting).decision(idle.old) == "unmark")
    #expect(try site.flag(idle.old) == "0 -")
  }

  @Test("A flag of somebody else, or changed by somebody else, is never restored")
  func foreignFlag() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.night(RunTests.expireDay, RunTests.trusting)
    try site.connection.execute(
      "UPDATE imagerevision SET datedeleted = '2026-04-01 13:00:00' WHERE id = ?", [Value(idle.old)])
    try site.campus.use(idle.old, from: "2026-04-01 09:00:00", to: "2026-04-01 10:00:00")
    #expect(
      try !site.decisions("2026-04-02", RunTests.trusting).decisions.contains { $0.revisionID == idle.old })
    #expect(try site.night("2026-04-02", RunTests.trusting).decisions.isEmpty)
    #expect(try site.flag(idle.old) == "1 2026-04-01 13:00:00")
  }

  @Test("Undeleted in VCL's web: the date goes, and the revision is kept for the grace period")
  func undelete() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.night(RunTests.expireDay, RunTests.trusting)
    try site.connection.execute(
      "UPDATE imagerevision SET deleted = 0, datedeleted = NULL WHERE id = ?", [Value(idle.old)])
    let night = try site.night("2026-04-02", RunTests.trusting)
    #expect(night.decision(idle.old) == "unmark")
    #expect(night.reasons(idle.old) == ["undeleted"])
    #expect(try site.date(idle.old) == "-")
    #expect(try site.events(idle.old) == ["mark", "flag", "undelete"])
    #expect(
      try site.rows("SELECT until, origin FROM expireimage_keep") == ["2026-05-02 undeleted"])
    #expect(try site.night("2026-04-03", RunTests.trusting).decisions.isEmpty)
    #expect(try site.night("2026-05-02", RunTests.trusting).decision(idle.old) == "mark")
  }
}
