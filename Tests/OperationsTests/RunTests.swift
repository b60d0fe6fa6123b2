import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("What a run does to dates and flags")
struct RunTests {
  let server = ScriptedSMTPServer()

  private func site() throws -> TestSite { try TestSite(mailServer: server) }

  static let markDay = "2026-03-02"
  static let expireDay = "2026-04-01"
  /// Simulated nights go on for longer than the reservations of a test.
  static let trusting = ["usage_max_age_days": "0"]

  @Test("Marks what meets the criteria, flags it when its date has come, and leaves everything else")
  func markAndFlag() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let first = try site.night(Self.markDay)
    #expect(first.exitStatus == 0)
    #expect(first.decisions.map(\.decision) == ["mark"])
    #expect(try site.date(idle.old) == Self.expireDay)
    #expect(try site.date(idle.production) == "-")
    #expect(
      try site.rows(
        "SELECT expiredate, computed_date, marked_on, origin, last_use, run_id FROM expireimage_mark")
        == ["2026-04-01 2026-04-01 2026-03-02 criteria 2025-03-01 12:00:00 \(first.runID!)"])

    #expect(try site.night("2026-03-31", Self.trusting).decision(idle.old) == "keep")
    let last = try site.night(Self.expireDay, Self.trusting)
    #expect(last.decision(idle.old) == "flag")
    #expect(try site.flag(idle.old) == "1 2026-04-01 00:00:00")
    #expect(try site.date(idle.old) == Self.expireDay)
    #expect(try site.flag(idle.production) == "0 -")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["0"])
    #expect(try site.events(idle.old) == ["mark", "flag"])
  }

  @Test(
    "Twice in the same night changes nothing the second time",
    arguments: [markDay, expireDay, "2026-03-20", "2026-03-25"])
  func twice(_ day: String) throws {
    let site = try site()
    let idle = try IdleImage(site)
    let other = try IdleImage(site, "Chemistry")
    try site.campus.setExpireDate(other.old, "2026-03-25")
    if day != Self.markDay { try site.night(Self.markDay) }
    if day == "2026-03-20" { try site.campus.setExpireDate(idle.old, nil) }
    try site.night(day, Self.trusting)
    let tables = [
      "imagerevision", "image", "expireimage_mark", "expireimage_event", "expireimage_keep",
      "expireimage_mail", "expireimage_notice", "expireimage_usage", "expireimage_usage_state",
    ]
    let before = try site.checksums()
    let again = try site.night(day, Self.trusting)
    let after = try site.checksums()
    #expect(again.decisions.isEmpty)
    #expect(again.mails?.isEmpty == true)
    for table in tables { #expect(before[table] == after[table], "\(table)") }
  }

  @Test("Mode report decides and records the run, and changes nothing else")
  func report() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let before = try site.checksums()
    #expect(try site.night(Self.markDay, mode: "report").exitStatus == 0)
    #expect(try site.date(idle.old) == "-")
    let after = try site.checksums()
    let changed = Set(before.keys.filter { before[$0] != after[$0] })
    #expect(
      changed == [
        "expireimage_run", "expireimage_lease", "expireimage_task", "expireimage_tasklog",
        "expireimage_usage",
        "expireimage_usage_state",
      ])
    #expect(server.messages.isEmpty)
  }

  @Test("Mode notify marks and mails, and leaves what is due")
  func notify() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay, mode: "notify")
    #expect(try site.date(idle.old) == Self.expireDay)
    let night = try site.night(Self.expireDay, mode: "notify", Self.trusting)
    #expect(night.exitStatus == 0)
    #expect(try site.flag(idle.old) == "0 -")
    #expect(
      try site.decisions(Self.expireDay, Self.trusting.merging(["mode": "notify"]) { $1 }).reasons(idle.old)
        .contains("mode_notify"))
  }

  @Test("A dry run writes nothing at all", arguments: ["notify", "flag", "report"], [markDay, expireDay])
  func dryRun(mode: String, day: String) throws {
    let site = try site()
    let idle = try IdleImage(site)
    if day == Self.expireDay { try site.night(Self.markDay) }
    let sent = server.messages.count
    let before = try site.checksums()
    let report = try site.run(
      today: day, set: Self.trusting.merging(["mode": mode]) { $1 }, dryRun: true)
    #expect(report.exitStatus == .done)
    #expect(try site.checksums() == before)
    #expect(server.messages.count == sent)
    #expect(try report.json().contains("\(idle.old)"))
  }

  @Test("Mode off does nothing, not even a row of the run")
  func off() throws {
    let site = try site()
    _ = try IdleImage(site)
    let before = try site.checksums()
    #expect(site.status(Self.markDay, mode: "off") == .done)
    #expect(try site.checksums() == before)
  }

  @Test("A reservation clears the date, and its owner reads that it is safe")
  func reservationRescues() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    let reservation = try site.campus.reserve(
      [idle.old], by: 1, from: "2026-03-10 09:00:00", to: "2026-03-10 10:00:00", at: "2026-03-10 09:00:00")
    try site.campus.finish(reservation, at: "2026-03-10 10:00:00")
    let night = try site.night("2026-03-11")
    #expect(night.decision(idle.old) == "unmark")
    #expect(night.reasons(idle.old) == ["reserved_since_marked", "recently_used"])
    #expect(try site.date(idle.old) == "-")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["0"])
    #expect(
      try site.rows("SELECT kind, expiredate, previous_date FROM expireimage_notice ORDER BY mail_id").last
        == "safe - 2026-04-01")
  }

  @Test(
    "Another grace period moves the dates of marks, never below the minimum notice",
    arguments: [
      ("20", "2026-03-22"), ("14", "2026-03-19"), ("60", "2026-05-01"),
    ])
  func redate(grace: String, date: String) throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    let night = try site.night("2026-03-05", ["grace_days": grace])
    #expect(night.decision(idle.old) == "redate")
    #expect(try site.date(idle.old) == date)
    #expect(
      try site.rows("SELECT kind, expiredate, previous_date FROM expireimage_notice ORDER BY mail_id").last
        == "redated \(date) 2026-04-01")
    #expect(try site.night("2026-03-06", ["grace_days": grace]).decision(idle.old) == "keep")
  }

  @Test("Longer idle days take a mark back")
  func unmarkByPolicy() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    #expect(try site.night("2026-03-05", ["idle_days_older": "3000"]).decision(idle.old) == "unmark")
    #expect(try site.date(idle.old) == "-")
    #expect(try site.events(idle.old) == ["mark", "unmark"])
  }

  @Test("A valid date of somebody else is adopted, left as it is, and announced before anything is flagged")
  func adopt() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.campus.setExpireDate(idle.old, "2026-03-05")
    #expect(try site.night(Self.markDay).exitStatus == 0)
    #expect(try site.date(idle.old) == "2026-03-05")
    #expect(try site.events(idle.old) == ["adopt"])
    let due = try site.night("2026-03-05")
    #expect(due.decision(idle.old) == "redate")
    #expect(due.reasons(idle.old).contains("notice_missing"))
    // Accepted on 2 March, so that the fourteenth day after it is fair.
    #expect(try site.date(idle.old) == "2026-03-16")
    #expect(try site.night("2026-03-16").decision(idle.old) == "flag")
  }

  @Test("A date of somebody else on a revision that is not eligible is cleared")
  func clearForeign() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.campus.setExpireDate(idle.production, "2026-03-05")
    #expect(try site.night(Self.markDay).decision(idle.production) == "unmark")
    #expect(try site.date(idle.production) == "-")
  }

  @Test("A date that an admin changed is left as it is")
  func changedDate() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    try site.campus.setExpireDate(idle.old, "2026-06-30")
    try site.night("2026-03-03")
    #expect(try site.date(idle.old) == "2026-06-30")
    #expect(try site.rows("SELECT origin, expiredate FROM expireimage_mark") == ["adopted 2026-06-30"])
  }

  @Test("A date that somebody reset is a keep for the grace period")
  func resetByHand() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    try site.campus.setExpireDate(idle.old, nil)
    try site.night("2026-03-10")
    #expect(try site.date(idle.old) == "-")
    #expect(
      try site.rows("SELECT revision_id, until, origin FROM expireimage_keep")
        == ["\(idle.old) 2026-04-09 date_reset"])
    #expect(try site.events(idle.old) == ["mark", "keep"])
    #expect(try site.decisions("2026-04-08", Self.trusting).reasons(idle.old) == ["kept"])
    #expect(try site.night("2026-04-09", Self.trusting).decision(idle.old) == "mark")
  }

  @Test("A zero date that somebody wrote is none: the revision is marked like any other")
  func zeroExpireDate() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.connection.execute("UPDATE imagerevision SET expiredate = 0 WHERE id = ?", [Value(idle.old)])
    let night = try site.night(Self.markDay)
    #expect(night.decision(idle.old) == "mark")
    #expect(night.skipped == [])
    #expect(try site.date(idle.old) == Self.expireDay)
  }

  @Test("A person's date stands whatever the criteria say, and a reservation clears it")
  func personDate() throws {
    let site = try site()
    let idle = try IdleImage(site, lastUse: "2026-02-20")
    #expect(try site.night(Self.markDay).decisions.isEmpty)
    let said = try ExpireOperation(site.site, TestSite.options("2026-03-02", [:])).expire(
      "\(idle.old)", on: Day("2026-03-10")!, .silent)
    #expect(said.contains { $0.contains("2026-03-16") })
    #expect(
      try site.rows("SELECT origin, expiredate, run_id FROM expireimage_mark") == ["person 2026-03-10 -"])
    #expect(try site.rows("SELECT kind, run_id, reasons FROM expireimage_event") == ["mark - person_date"])
    try site.night("2026-03-03")
    #expect(try site.date(idle.old) == "2026-03-10")
    // Announced on 3 March, so it waits for the minimum notice.
    #expect(try site.night("2026-03-10").reasons(idle.old).contains("notice_missing"))
    #expect(try site.date(idle.old) == "2026-03-17")
    try site.campus.use(idle.old, from: "2026-03-11 09:00:00", to: "2026-03-11 10:00:00")
    #expect(try site.night("2026-03-12").decision(idle.old) == "unmark")
    #expect(try site.date(idle.old) == "-")
  }

  @Test("A date for the past, of a production or flagged revision, or of nobody is refused")
  func personDateRefused() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let gone = try site.campus.revision(of: idle.image, 3, deletedAt: "2026-01-01 00:00:00")
    let before = try site.checksums()
    for (name, day) in [
      ("\(idle.old)", "2026-03-02"), ("\(idle.production)", "2026-05-01"), ("\(gone)", "2026-05-01"),
      ("4711", "2026-05-01"), ("no-such-file-v1 \u{1F4BB}", "2026-05-01"),
    ] {
      #expect(throws: (any Error).self) {
        try ExpireOperation(site.site, TestSite.options("2026-03-02", [:])).expire(
          name, on: Day(day)!, .silent)
      }
    }
    #expect(try site.checksums() == before)
  }

  @Test("A marked revision that somebody deletes loses its mark, and is not touched")
  func deletedByHand() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    try site.connection.execute(
      "UPDATE imagerevision SET deleted = 1, datedeleted = '2026-03-03 10:00:00' WHERE id = ?",
      [Value(idle.old)])
    #expect(try site.night("2026-03-04").decisions.isEmpty)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["0"])
    #expect(try site.events(idle.old) == ["mark", "forget"])
    #expect(try site.flag(idle.old) == "1 2026-03-03 10:00:00")
  }

  @Test("A date more than a week past gets a new one and is announced again")
  func missed() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(Self.markDay)
    let night = try site.night("2026-04-09", Self.trusting)
    #expect(night.decision(idle.old) == "redate")
    #expect(night.reasons(idle.old).contains("date_missed"))
    #expect(try site.date(idle.old) == "2026-04-23")
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try site.night("2026-04-10", Self.trusting).decisions.isEmpty)
    #expect(try site.night("2026-04-23", Self.trusting).decision(idle.old) == "flag")
  }

  @Test("Rows of images that are corrupt stop nobody: the others are marked")
  func corruptRows() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let corrupt = try site.campus.image("Corrupt")
    _ = try site.campus.revision(of: corrupt, 1, created: CampusBuilder.zeroDate, imagename: "one-name")
    _ = try site.campus.revision(
      of: corrupt, 2, production: true, created: CampusBuilder.zeroDate, imagename: "one-name")
    let night = try site.night(Self.markDay)
    #expect(night.exitStatus == 0)
    #expect(night.decision(idle.old) == "mark")
  }

  @Test("A revision with every hold there is can be unmarked")
  func everyHold() throws {
    let site = try site()
    let production = ["idle_days_production": "300", "max_flag_percent": "none"]
    let image = try site.campus.image("Statistics", owner: IdleImage.owner(site))
    let live = try site.campus.revision(of: image, 2, production: true)
    let other = try IdleImage(site, "In use")
    try site.campus.use(live, from: "2025-03-01 09:00:00")
    try site.night(Self.markDay, production)
    #expect(try site.date(live) == Self.expireDay)
    try site.campus.request(of: live)
    try site.campus.semaphore(of: live, expires: "2027-01-01")
    try site.campus.computer(with: live, state: .inuse, next: image)
    let block = try site.campus.blockRequest(of: image, expires: "2027-01-01")
    try site.campus.blockComputer(
      of: site.campus.blockTime(of: block, from: "2026-12-01", to: "2027-01-01"), image: image)
    try site.campus.serverProfile(of: image)
    try site.campus.vmProfile(of: image)
    try site.campus.oneClick(of: image)
    try site.campus.cluster(other.image, of: [image])
    try HoldTests.keep(site.campus, live, until: nil)
    try site.connection.execute("CREATE TABLE configsubimage (id INT PRIMARY KEY, imageid INT NOT NULL)")
    try site.connection.execute("INSERT INTO configsubimage VALUES (1, ?)", [Value(image)])
    try site.connection.execute("UPDATE imagerevision SET datecreated = 0 WHERE id = ?", [Value(live)])
    try site.connection.execute("UPDATE imagerevision SET expiredate = NULL WHERE id = ?", [Value(live)])
    try site.connection.execute("UPDATE log SET start = 0, finalend = 0 WHERE imageid = ?", [Value(image)])
    let night = try site.night("2026-03-03", production.merging(["exclude_images": "*"]) { $1 })
    #expect(night.exitStatus == 0)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mark") == ["0"])
  }
}
