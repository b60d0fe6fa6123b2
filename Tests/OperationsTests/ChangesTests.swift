import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("What happens between a decision and its flag")
struct ChangesTests {
  /// What somebody does at the last moment.
  struct Act: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var isOfWholeImage = false
    let act: @Sendable (CampusBuilder, IdleImage) throws -> Void

    init(
      _ sentence: String, ofWholeImage: Bool = false,
      act: @escaping @Sendable (CampusBuilder, IdleImage) throws -> Void
    ) {
      testDescription = sentence
      isOfWholeImage = ofWholeImage
      self.act = act
    }
  }

  static let acts: [Act] = [
    Act("a reservation") { campus, idle in
      _ = try campus.reserve(
        [idle.old], by: 1, from: "2026-04-01 09:00:00", to: "2026-04-01 10:00:00", at: "2026-04-01 08:00:00")
    },
    Act("a reservation that has ended already") { campus, idle in
      let made = try campus.reserve(
        [idle.old], by: 1, from: "2026-04-01 07:00:00", to: "2026-04-01 10:00:00", at: "2026-04-01 07:00:00")
      try campus.finish(made, at: "2026-04-01 07:01:00")
    },
    Act("a reload by vclreload") { campus, idle in
      try campus.request(of: idle.old, by: CampusBuilder.vclreload, state: .reload)
    },
    Act("a reservation being made") { campus, idle in
      try campus.semaphore(of: idle.old, expires: "2026-04-01 00:05:00")
    },
    Act("a reinstall that has ended already") { campus, idle in
      let log = try campus.use(idle.production, from: "2026-04-01 07:00:00")
      try campus.reinstall(of: log, with: idle.old, at: "2026-04-01 07:30:00")
    },
    Act("a computer that is in use with it") { campus, idle in
      try campus.computer(with: idle.old, state: .inuse)
    },
    Act("a keep") { campus, idle in try HoldTests.keep(campus, idle.old, until: "2027-01-01") },
    Act("a keep without an end") { campus, idle in try HoldTests.keep(campus, idle.old, until: nil) },
    Act("another owner") { campus, idle in
      let heir = try campus.user("heir")
      try campus.connection.execute(
        "UPDATE image SET ownerid = ? WHERE id = ?", [Value(heir), Value(idle.image)])
    },
    Act("no owner") { campus, idle in
      try campus.connection.execute("UPDATE image SET ownerid = NULL WHERE id = ?", [Value(idle.image)])
    },
    Act("a date that is cleared") { campus, idle in try campus.setExpireDate(idle.old, nil) },
    Act("a date that is moved") { campus, idle in try campus.setExpireDate(idle.old, "2026-09-01") },
    Act("it becomes the production revision") { campus, idle in
      try campus.setProduction(idle.production, false)
      try campus.setProduction(idle.old, true)
    },
    Act("the production revision is taken away") { campus, idle in
      try campus.setProduction(idle.production, false)
    },
    Act("a second production revision appears") { campus, idle in
      try campus.revision(of: idle.image, 9, production: true)
    },
    Act("an older revision becomes production, so that it is newer than that and has other criteria") {
      campus, idle in
      try campus.setProduction(idle.production, false)
      try campus.revision(of: idle.image, 0, production: true)
    },
    Act("it is deleted in VCL's web") { campus, idle in
      try campus.connection.execute(
        "UPDATE imagerevision SET deleted = 1, datedeleted = '2026-04-01 08:00:00' WHERE id = ?",
        [Value(idle.old)])
    },
    Act("its image is deleted in VCL's web") { campus, idle in
      try campus.setDeleted(image: idle.image, true)
    },
    Act("another revision is captured", ofWholeImage: true) { campus, idle in
      try campus.revision(of: idle.image, 9)
    },
    Act("a reservation of another revision of the image", ofWholeImage: true) { campus, idle in
      _ = try campus.reserve(
        [idle.production], by: 1, from: "2026-04-01 09:00:00", to: "2026-04-01 10:00:00",
        at: "2026-04-01 08:00:00")
    },
    Act("a block allocation", ofWholeImage: true) { campus, idle in
      try campus.blockRequest(of: idle.image, expires: "2026-05-01")
    },
    Act("a server profile", ofWholeImage: true) { campus, idle in
      try campus.serverProfile(of: idle.image)
    },
    Act("a cluster", ofWholeImage: true) { campus, idle in
      try campus.cluster(try campus.image("Cluster"), of: [idle.image])
    },
    Act("a keep of another revision of the image", ofWholeImage: true) { campus, idle in
      try HoldTests.keep(campus, idle.production, until: nil)
    },
    Act("a configuration that uses the image", ofWholeImage: true) { campus, idle in
      try campus.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
      try campus.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(idle.image)])
    },
  ]

  @Test("It is left alone, with nothing written", arguments: acts, [false, true])
  func leftAlone(_ example: Act, wholeImage: Bool) throws {
    guard wholeImage || !example.isOfWholeImage else { return }
    let site = try TestSite()
    // What a trigger would clear, the transaction must see for itself.
    _ = try MigrateOperation(site.site).up(withTriggers: false)
    let idle = try IdleImage(site)
    let overrides =
      wholeImage
      ? ["idle_days_production": "10", "max_flag_percent": "none", "min_notice_days": "0"]
      : ["min_notice_days": "0"]
    try site.night("2026-03-12", overrides.merging(["grace_days": "20"]) { $1 })
    let night = try DecidedNight(site, "2026-04-01", overrides.merging(["grace_days": "20"]) { $1 })
    let items = night.items(.flag)
    try #require(items.map(\.decision.revisionID) == (wholeImage ? [idle.old, idle.production] : [idle.old]))

    try example.act(site.campus, idle)
    let before = try site.checksums()
    var isToldElsewhere = false
    #expect(try night.changes.flag(items) { isToldElsewhere = true } == .changed)
    #expect(!isToldElsewhere)
    #expect(try site.checksums() == before)
  }

  @Test("Without any of these it is flagged", arguments: [false, true])
  func flagged(wholeImage: Bool) throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    var overrides = ["min_notice_days": "0", "grace_days": "20", "max_flag_percent": "none"]
    if wholeImage { overrides["idle_days_production"] = "10" }
    try site.night("2026-03-12", overrides)
    let night = try DecidedNight(site, "2026-04-01", overrides)
    #expect(try night.changes.flag(night.items(.flag)) {} == .done)
    #expect(try site.flag(idle.old) == "1 2026-04-01 00:00:00")
    #expect(try site.flag(idle.production) == (wholeImage ? "1 2026-04-01 00:00:00" : "0 -"))
  }

  @Test("An error in the same transaction takes the flag back")
  func failingNotice() throws {
    struct NoMail: Error {}
    let site = try TestSite()
    let idle = try IdleImage(site)
    let overrides = ["min_notice_days": "0", "grace_days": "20"]
    try site.night("2026-03-12", overrides)
    let night = try DecidedNight(site, "2026-04-01", overrides)
    #expect(throws: NoMail.self) { try night.changes.flag(night.items(.flag)) { throw NoMail() } }
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try site.events(idle.old) == ["mark"])
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["1"])
  }

  @Test("A mark is not written over what somebody else has changed meanwhile")
  func changedMark() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    let night = try DecidedNight(site, "2026-03-02")
    let item = try #require(night.items(.mark).first)
    try site.campus.setExpireDate(idle.old, "2026-08-01")
    #expect(try night.changes.apply(item) {} == .changed)
    #expect(try site.date(idle.old) == "2026-08-01")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_event") == ["0"])
  }

  @Test("A flag that somebody else has changed or taken back meanwhile is not restored")
  func changedRestore() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    let overrides = ["min_notice_days": "0", "grace_days": "20", "usage_max_age_days": "0"]
    try site.night("2026-03-12", overrides)
    try site.night("2026-04-01", overrides)
    try site.campus.use(idle.old, from: "2026-04-01 09:00:00")
    let night = try DecidedNight(site, "2026-04-02", overrides)
    let decision = try #require(night.items(.unmark).first)
    let flaggedAt = Moment(day: Day("2026-04-01")!)
    try site.connection.execute(
      "UPDATE imagerevision SET datedeleted = '2026-04-01 12:00:00' WHERE id = ?", [Value(idle.old)])
    #expect(try night.changes.restore([(decision, flaggedAt)]) {} == .changed)
    #expect(try site.flag(idle.old) == "1 2026-04-01 12:00:00")
  }

  @Test("No change is written once the lease is lost")
  func lostLease() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    let night = try DecidedNight(site, "2026-03-02")
    try site.connection.execute("UPDATE expireimage_lease SET fence = fence + 1")
    let item = try #require(night.items(.mark).first)
    #expect(throws: LeaseLost.self) { try night.changes.apply(item) {} }
    #expect(throws: LeaseLost.self) { try night.changes.flag([item]) {} }
    #expect(throws: LeaseLost.self) {
      try UsageRecords.read(site.connection, now: Moment(day: Day("2026-03-02")!), ignored: [])
        .store(site.connection, guardedBy: night.fence)
    }
    #expect(try !Lease.renew(site.connection, night.fence))
    #expect(try site.date(idle.old) == "-")
  }
}
