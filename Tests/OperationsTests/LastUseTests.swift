import Campus
import MariaDB
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("The last use of a revision")
struct LastUseTests {
  static let now = Moment(day: Day("2026-03-02")!, second: 9 * 3600)

  /// One rule of what counts as a reservation.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: LastUse
    var ignored: Set<Account> = []
    let write: @Sendable (CampusBuilder, _ revision: Int) throws -> Void

    init(
      _ sentence: String, _ expected: String?, ignored: String? = nil,
      write: @escaping @Sendable (CampusBuilder, _ revision: Int) throws -> Void
    ) {
      testDescription = sentence
      self.expected =
        switch expected {
        case nil: .never
        case "undated": .undated
        case .some(let text): .at(LastUseTests.moment(text))
        }
      if let ignored { self.ignored = [Account(ignored)!] }
      self.write = write
    }
  }

  static func moment(_ text: String) -> Moment {
    let parts = text.split(separator: " ")
    let time = parts[1].split(separator: ":").map { Int($0)! }
    return Moment(day: Day(parts[0])!, second: time[0] * 3600 + time[1] * 60 + time[2])
  }

  static let zero = CampusBuilder.zeroDate

  static let cases: [Case] = [
    Case("a revision without any row was never used", nil) { _, _ in },
    Case("an ended reservation counts at its end", "2025-05-02 12:00:00") { campus, revision in
      try campus.use(revision, from: "2025-05-01 09:00:00", to: "2025-05-02 12:00:00")
    },
    Case("an end before the start counts at the start", "2025-05-01 09:00:00") { campus, revision in
      try campus.use(revision, from: "2025-05-01 09:00:00", to: "2025-04-30 12:00:00")
    },
    Case("of several reservations the newest counts", "2025-08-01 10:00:00") { campus, revision in
      try campus.use(revision, from: "2025-08-01 09:00:00", to: "2025-08-01 10:00:00")
      try campus.use(revision, from: "2025-05-01 09:00:00", to: "2025-05-02 12:00:00")
    },
    Case("an end that lies ahead counts as now", "2026-03-02 09:00:00") { campus, revision in
      try campus.use(revision, from: "2026-03-01 09:00:00", to: "2038-01-01 00:00:00", ending: "timeout")
    },
    Case("a running reservation without an ending counts at its start", "2026-01-05 09:00:00") {
      campus, revision in
      try campus.use(revision, from: "2026-01-05 09:00:00", to: "2038-01-01 00:00:00", ending: "none")
    },
    Case("a future reservation counts as now", "2026-03-02 09:00:00") { campus, revision in
      try campus.use(revision, from: "2026-04-01 09:00:00", to: "2026-04-02 09:00:00", ending: "none")
    },
    Case("a zero end counts at the start", "2025-05-01 09:00:00") { campus, revision in
      try campus.use(revision, from: "2025-05-01 09:00:00", to: zero)
    },
    Case("a zero start counts at the end", "2025-05-02 12:00:00") { campus, revision in
      try campus.use(revision, from: zero, to: "2025-05-02 12:00:00")
    },
    Case("a reservation without any date is a use without a date", "undated") { campus, revision in
      try campus.use(revision, from: zero, to: zero)
    },
    Case("a zero start without an ending has no date", "undated") { campus, revision in
      try campus.use(revision, from: zero, to: "2025-05-02 12:00:00", ending: "none")
    },
    Case("a use without a date does not hide one that has one", "2025-05-02 12:00:00") { campus, revision in
      try campus.use(revision, from: zero, to: zero)
      try campus.use(revision, from: "2025-05-01 09:00:00", to: "2025-05-02 12:00:00")
    },
    Case("deleted counts at the start, wherever finalend is", "2025-05-01 09:00:00") { campus, revision in
      try campus.use(
        revision, from: "2025-05-01 09:00:00", to: "2038-01-01 00:00:00", ending: "deleted")
    },
    Case("a running reservation that was deleted counts at its start", "2025-05-01 09:00:00") {
      campus, revision in
      let log = try campus.use(
        revision, from: "2025-05-01 09:00:00", to: "2025-05-01 11:00:00", ending: "deleted")
      try campus.change(of: log, at: "2025-05-01 11:00:00")
    },
    Case("deleted before its start counts at the deletion", "2025-04-20 08:00:00") { campus, revision in
      try campus.cancelledUse(
        revision, from: "2025-05-01 09:00:00", to: "2038-01-01 00:00:00", cancelled: "2025-04-20 08:00:00")
    },
    Case("a future reservation that was deleted counts at the deletion", "2025-04-20 08:00:00") {
      campus, revision in
      try campus.cancelledUse(
        revision, from: "2026-05-01 09:00:00", to: "2038-01-01 00:00:00", cancelled: "2025-04-20 08:00:00")
    },
    Case("deleted before its start counts at the newest change", "2025-04-22 08:00:00") { campus, revision in
      let log = try campus.use(
        revision, from: "2025-05-01 09:00:00", to: "2038-01-01 00:00:00", ending: "deleted")
      try campus.change(of: log, at: "2025-04-22 08:00:00")
      try campus.change(of: log, at: "2025-04-20 08:00:00")
    },
    Case("a zero change is none", "2025-05-01 09:00:00") { campus, revision in
      let log = try campus.use(
        revision, from: "2025-05-01 09:00:00", to: "2038-01-01 00:00:00", ending: "deleted")
      try campus.change(of: log, at: zero)
    },
    Case("changes of a reservation that was not deleted play no part", "2025-05-02 12:00:00") {
      campus, revision in
      let log = try campus.use(revision, from: "2025-05-01 09:00:00", to: "2025-05-02 12:00:00")
      try campus.change(of: log, at: "2025-04-20 08:00:00")
    },
    Case("a reservation of vclreload is none", nil) { campus, revision in
      try campus.use(revision, by: CampusBuilder.vclreload, from: "2025-05-01 09:00:00")
    },
    Case("a reservation of vclsystem is none", nil) { campus, revision in
      try campus.use(revision, by: CampusBuilder.vclsystem, from: "2025-05-01 09:00:00")
    },
    Case("VCL's accounts are known by name, not by their usual id", "2025-05-01 09:00:00") {
      campus, revision in
      try campus.connection.execute("UPDATE user SET unityid = 'person' WHERE id = 2")
      let reload = try campus.user("vclreload")
      try campus.use(revision, by: reload, from: "2025-06-01 09:00:00")
      try campus.use(revision, by: 2, from: "2025-05-01 09:00:00")
    },
    Case("a vclreload of another affiliation is a person", "2025-05-01 09:00:00") { campus, revision in
      let other = try campus.affiliation("NCSU")
      try campus.use(revision, by: try campus.user("vclreload", in: other), from: "2025-05-01 09:00:00")
    },
    Case("admin is a person", "2025-05-01 09:00:00") { campus, revision in
      try campus.use(revision, by: CampusBuilder.admin, from: "2025-05-01 09:00:00")
    },
    Case("an ignored account's reservation is none", nil, ignored: "monitor@Local") { campus, revision in
      try campus.use(revision, by: try campus.user("monitor"), from: "2025-05-01 09:00:00")
    },
    Case("ignored accounts are known without regard to case", nil, ignored: "Monitor@LOCAL") {
      campus, revision in
      try campus.use(revision, by: try campus.user("monitor"), from: "2025-05-01 09:00:00")
    },
    Case(
      "an account of the same name elsewhere is not ignored", "2025-05-01 09:00:00", ignored: "monitor@Local"
    ) { campus, revision in
      let other = try campus.affiliation("NCSU")
      try campus.use(revision, by: try campus.user("monitor", in: other), from: "2025-05-01 09:00:00")
    },
    Case("every revision of a cluster is used", "2025-05-02 09:00:00") { campus, revision in
      let other = try campus.image("Node")
      let node = try campus.revision(of: other, production: true)
      try campus.clusterUse([node, revision], from: "2025-05-01 09:00:00", to: "2025-05-02 09:00:00")
    },
    Case("a failed or unloaded reservation counts like any other", "2025-05-02 09:00:00") {
      campus, revision in
      let log = try campus.use(
        revision, from: "2025-05-01 09:00:00", to: "2025-05-02 09:00:00", ending: "failed")
      try campus.connection.execute(
        "UPDATE log SET wasavailable = 0, loaded = NULL WHERE id = ?", [Value(log)])
    },
    Case("a reinstall counts for the new revision at its change", "2025-05-01 10:30:00") { campus, revision in
      let other = try campus.revision(of: campus.image("Other"), production: true)
      let log = try campus.use(other, from: "2025-05-01 09:00:00", to: "2025-05-03 09:00:00")
      try campus.reinstall(of: log, with: revision, at: "2025-05-01 10:30:00")
    },
    Case("a reinstall of a pruned log still counts", "2025-05-01 10:30:00") { campus, revision in
      try campus.connection.execute("SET foreign_key_checks = 0")
      try campus.reinstall(of: 4711, with: revision, at: "2025-05-01 10:30:00")
      try campus.connection.execute("SET foreign_key_checks = 1")
    },
    Case("a reinstall by an ignored account is none", nil, ignored: "monitor@Local") { campus, revision in
      let other = try campus.revision(of: campus.image("Other"), production: true)
      let log = try campus.use(other, by: try campus.user("monitor"), from: "2025-05-01 09:00:00")
      try campus.reinstall(of: log, with: revision, at: "2025-05-01 10:30:00")
    },
    Case("a reinstall of another revision does not count", nil) { campus, revision in
      let other = try campus.revision(of: campus.image("Other"), production: true)
      let log = try campus.use(other, from: "2025-05-01 09:00:00")
      try campus.reinstall(of: log, with: revision * 10, at: "2025-05-01 10:30:00")
    },
    Case("another event of the change log is no use", nil) { campus, revision in
      let other = try campus.revision(of: campus.image("Other"), production: true)
      let log = try campus.use(other, from: "2025-05-01 09:00:00")
      try campus.change(of: log, at: "2025-05-01 10:30:00", other: "event:reboot|revisionid:\(revision)")
    },
    Case("a log row without a sublog row is no use", nil) { campus, revision in
      try campus.uses([
        PastUse(
          [revision], by: CampusBuilder.admin, from: "2025-05-01 09:00:00", to: "2025-05-02 09:00:00",
          hasSublog: false)
      ])
    },
    Case("requests of VCL's accounts, which have no log row, are no use", nil) { campus, revision in
      try campus.request(of: revision, by: CampusBuilder.vclreload, state: .complete, from: "2025-05-01")
    },
  ]

  @Test("What counts as a reservation, and when", arguments: cases)
  func lastUse(_ example: Case) throws {
    let site = try TestSite()
    let image = try site.campus.image("Statistics")
    let revision = try site.campus.revision(of: image, production: true)
    try example.write(site.campus, revision)
    let records = try UsageRecords.read(site.connection, now: Self.now, ignored: example.ignored)
    #expect(records.lastUse(revision, now: Self.now) == example.expected)
  }

  @Test("A row that vanished does not lower a last use that was seen", arguments: [false, true])
  func prunedRows(isCancelled: Bool) throws {
    let site = try TestSite()
    let image = try site.campus.image("Statistics")
    let revision = try site.campus.revision(of: image, production: true)
    try site.campus.use(revision, from: "2024-05-01 09:00:00", to: "2024-05-02 09:00:00")
    let log =
      isCancelled
      ? try site.campus.cancelledUse(
        revision, from: "2025-08-01 09:00:00", to: "2038-01-01 00:00:00", cancelled: "2025-07-02 09:00:00")
      : try site.campus.use(revision, from: "2025-07-01 09:00:00", to: "2025-07-02 09:00:00")
    _ = try IdleImage(site, "In use")
    try site.run(today: "2026-03-02")
    try IdleImage.prune(log, site)
    let records = try UsageRecords.read(site.connection, now: Self.now, ignored: [])
    #expect(records.lastUse(revision, now: Self.now) == .at(Self.moment("2025-07-02 09:00:00")))
  }

  @Test("Pruning everything leaves what was seen, also when the ids begin anew")
  func prunedCompletely() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    try site.run(today: "2026-03-02")
    try site.connection.executeScript("DELETE FROM changelog;\nDELETE FROM sublog;\nDELETE FROM log;")
    let records = try UsageRecords.read(site.connection, now: Self.now, ignored: [])
    #expect(records.lastUse(idle.old, now: Self.now) == .at(Self.moment("2025-03-01 12:00:00")))
    #expect(records.recordedSince?.day == Day("2025-03-01"))
  }

  @Test("The records begin with the first reservation that has a sublog row, and pruning does not move that")
  func recordedSince() throws {
    let site = try TestSite()
    let revision = try site.campus.revision(of: site.campus.image("Statistics"), production: true)
    try site.campus.uses([
      PastUse([revision], by: 1, from: "2010-05-01 09:00:00", to: "2010-05-02 09:00:00", hasSublog: false)
    ])
    let first = try site.campus.use(revision, from: "2015-05-01 09:00:00")
    try site.campus.use(revision, from: "2026-02-20 09:00:00")
    let before = try UsageRecords.read(site.connection, now: Self.now, ignored: [])
    #expect(before.recordedSince == Self.moment("2015-05-01 09:00:00"))
    try site.run(today: "2026-03-02")
    try IdleImage.prune(first, site)
    let after = try UsageRecords.read(site.connection, now: Self.now, ignored: [])
    #expect(after.recordedSince == Self.moment("2015-05-01 09:00:00"))
  }
}

extension IdleImage {
  /// Removes a log row and what belongs to it, as sites do with old ones.
  static func prune(_ log: Int, _ site: TestSite) throws {
    for table in ["changelog", "sublog"] {
      try site.connection.execute("DELETE FROM \(table) WHERE logid = ?", [Value(log)])
    }
    try site.connection.execute("DELETE FROM log WHERE id = ?", [Value(log)])
  }
}
