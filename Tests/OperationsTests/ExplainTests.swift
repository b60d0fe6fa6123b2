import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("Explaining a revision")
struct ExplainTests {
  private func site() throws -> TestSite { try TestSite(mailServer: ScriptedSMTPServer()) }

  private func explain(
    _ site: TestSite, _ revision: Int, _ today: String, _ overrides: [String: String] = [:]
  ) throws -> String {
    try ExplainOperation(site.site, TestSite.options(today, overrides)).text("\(revision)", .silent)
  }

  /// The lines of a section.
  private func section(_ heading: String, _ text: String) -> [String] {
    text.components(separatedBy: "\n").drop { $0 != heading }.dropFirst().prefix { !$0.isEmpty }
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test("A revision with a past reads as its golden does")
  func golden() throws {
    let site = try site()
    let idle = try IdleImage(site, "Statistics &amp; R")
    try site.night("2026-01-05", ["usage_max_age_days": "0"])
    try site.night("2026-01-22", ["usage_max_age_days": "0"])
    _ = try KeepOperation(site.site, TestSite.options("2026-01-25", [:])).keep(
      ["\(idle.old)"], .until(Day("2026-02-20")!), reason: "winter course", as: "jdoe@Local")
    try site.night("2026-01-26", ["usage_max_age_days": "0"])
    try site.night("2026-02-28")
    #expect(
      try Golden.difference(
        explain(site, idle.old, "2026-03-10", ["mode": "flag", "keep_newest": "0"]), from: "marked_again.txt")
        == nil)
  }

  @Test(
    "A production revision that is held, of an image that may expire as a whole, reads as its golden does")
  func heldGolden() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.campus.computer(with: idle.old, state: .inuse)
    try site.campus.request(of: idle.production)
    try HoldTests.keep(site.campus, idle.old, until: nil)
    #expect(
      try Golden.difference(
        explain(site, idle.production, "2026-03-10", ["idle_days_production": "200"]),
        from: "held_production.txt") == nil)
  }

  @Test("A revision that this program flagged reads as its golden does")
  func flaggedGolden() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.night(RunTests.expireDay, RunTests.trusting)
    #expect(
      try Golden.difference(explain(site, idle.old, "2026-04-02", RunTests.trusting), from: "flagged.txt")
        == nil)
  }

  @Test(
    "The criterion is given with its numbers, and the day on which it will be met",
    arguments: [
      (
        "2025-03-01", [:],
        "older than production: idle 366 days, limit 180 (expireimage_idle_days_older): met", ""
      ),
      (
        "2026-02-20", [:],
        "older than production: idle 10 days, limit 180 (expireimage_idle_days_older): not met",
        "Without a reservation, it gets an expire date in the run of 2026-08-20."
      ),
      (
        "2025-03-01", ["idle_days_older": "0"],
        "older than production: idle 366 days, limit 0, which means never (expireimage_idle_days_older): not met",
        "expireimage_idle_days_older would have to be above 0."
      ),
      (
        nil, [:],
        "older than production: never reserved, created 777 days ago, with reservations on record for 3 days,"
          + " limit 90 (expireimage_unused_days_older): not met",
        "Without a reservation, it gets an expire date in the run of 2026-05-29."
      ),
    ] as [(String?, [String: String], String, String)])
  func numbers(lastUse: String?, overrides: [String: String], line: String, outlook: String) throws {
    let site = try site()
    let idle = try IdleImage(site, lastUse: lastUse)
    let text = try explain(site, idle.old, "2026-03-02", overrides)
    #expect(section("Criteria", text).first == line)
    if !outlook.isEmpty { #expect(section("What would change it", text) == [outlook]) }
  }

  @Test("What is foretold comes true: the run of the day marks, the one before does not")
  func foretold() throws {
    let site = try site()
    let idle = try IdleImage(site, lastUse: "2026-01-20")
    #expect(try explain(site, idle.old, "2026-03-02").contains("in the run of 2026-07-20."))
    let policy = ["usage_max_age_days": "0"]
    #expect(try site.night("2026-07-19", policy).decision(idle.old) == "keep")
    #expect(try site.night("2026-07-20", policy).decision(idle.old) == "mark")
  }

  @Test(
    "Where a keep outlasts the criterion, or the criterion the keep, the later of both days is named, and is right",
    arguments: [
      ("2026-07-19", "2026-07-20"), ("2026-07-20", "2026-07-20"), ("2026-07-21", "2026-07-21"),
    ])
  func keptBeyond(keepEnd: String, day: String) throws {
    let site = try site()
    let idle = try IdleImage(site, lastUse: "2026-01-20")
    try HoldTests.keep(site.campus, idle.old, until: keepEnd)
    #expect(
      section("What would change it", try explain(site, idle.old, "2026-03-02")) == [
        "It is kept until \(keepEnd).",
        "It gets an expire date in the run of \(day), unless it is reserved.",
      ])
    let policy = ["usage_max_age_days": "0"]
    let before = "\(Day(day)! + -1)"
    #expect(try site.night(before, policy).decision(idle.old) != "mark")
    #expect(try site.night(day, policy).decision(idle.old) == "mark")
  }

  /// What protects a revision for a time that nobody knows, some of it beside a keep with an end.
  enum Endless: CaseIterable, Sendable { case keep, keepBesideDated, hold, holdBesideDated, newest }

  @Test("No day is promised where the end of what protects it is not known", arguments: Endless.allCases)
  func endless(_ endless: Endless) throws {
    let site = try site()
    let idle = try IdleImage(site, lastUse: "2026-01-20")
    var day = "2026-07-20"
    var overrides: [String: String] = [:]
    switch endless {
    case .keep: try HoldTests.keep(site.campus, idle.old, until: nil)
    case .keepBesideDated:
      try HoldTests.keep(site.campus, idle.old, until: nil)
      try HoldTests.keep(site.campus, idle.old, until: "2026-03-20")
    case .hold: try site.campus.computer(with: idle.old, state: .inuse)
    case .holdBesideDated:
      try site.campus.computer(with: idle.old, state: .inuse)
      try HoldTests.keep(site.campus, idle.old, until: "2026-09-01")
      day = "2026-09-01"
    case .newest: overrides["keep_newest"] = "1"
    }
    #expect(
      section("What would change it", try explain(site, idle.old, "2026-03-02", overrides)).last
        == "It gets an expire date once nothing protects it, and not before \(day), unless it is reserved.")
  }

  @Test("After a date was reset by hand no day before the end of the protection is named")
  func dateReset() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    try site.connection.execute(
      "UPDATE imagerevision SET expiredate = NULL WHERE id = ?", [Value(idle.old)])
    #expect(
      section("What would change it", try explain(site, idle.old, "2026-03-03")) == [
        "The next run keeps it until 2026-04-02.",
        "It gets an expire date in the run of 2026-04-02, unless it is reserved.",
      ])
  }

  @Test("Of a date it is said whether a notice was accepted, and when the minimum notice is fulfilled")
  func notices() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night(RunTests.markDay)
    let outlook = { (overrides: [String: String]) in
      section(
        "What would change it",
        try explain(site, idle.old, "2026-03-03", ["mode": "flag"].merging(overrides) { $1 }))
    }
    let clears =
      "A reservation, or `expireimage keep \(idle.old)`, clears the date; otherwise it is flagged on"
    #expect(
      try outlook([:]) == [
        "Its notice was accepted on 2026-03-02, so the minimum notice of 14 days is fulfilled on 2026-03-16.",
        "\(clears) 2026-04-01.",
      ])
    #expect(try outlook(["min_notice_days": "0"]) == ["\(clears) 2026-04-01."])
    try site.connection.execute("UPDATE expireimage_mail SET status = 'failed', accepted_on = NULL")
    #expect(
      try outlook([:]) == [
        "\(clears) 2026-04-01, if a notice to its owner is accepted at least 14 days before."
      ])
  }

  /// What a revision can be.
  enum State: CaseIterable, Sendable {
    case kept, keptForEver, excluded, notOfThePilot, noProduction, kickstart, newest, firstCapture,
      deletedByVCL,
      reservedAfterFlag, untrusted, off, due

    var words: [String] {
      switch self {
      case .kept:
        [
          "It is kept until 2026-03-20.",
          "It gets an expire date in the run of 2026-03-20, unless it is reserved.",
        ]
      case .keptForEver:
        [
          "It is kept until `expireimage unkeep",
          "The first run after nothing protects it any more gives it an expire date.\n",
        ]
      case .excluded: ["expireimage_exclude_images would have to leave vmwarelinux-Statistics"]
      case .notOfThePilot: ["expireimage_only_owners would have to name jdoe@Local."]
      case .noProduction: ["The image would have to be put in order in VCL."]
      case .kickstart: ["Revisions of this kind never expire."]
      case .newest:
        ["newest: 0 newer beside production, the newest 1 are kept (expireimage_keep_newest): kept"]
      case .firstCapture: ["hold_image_deleted", "Its first capture would have to end"]
      case .deletedByVCL: ["none: only what is not deleted is judged", "was deleted by somebody else"]
      case .reservedAfterFlag: ["unmark: the flag is taken back", "because the revision was reserved"]
      case .untrusted: ["The next run stops before it decides: usage data not trusted"]
      case .off: ["nothing of it is written in mode off"]
      case .due: ["flag: it is flagged as deleted", "A reservation before the next run"]
      }
    }
  }

  @Test("Every state of a revision is said, in text and in JSON", arguments: State.allCases)
  func states(_ state: State) throws {
    let site = try site()
    let idle = try IdleImage(site)
    var today = "2026-03-02"
    var overrides: [String: String] = [:]
    switch state {
    case .kept: try HoldTests.keep(site.campus, idle.old, until: "2026-03-20")
    case .keptForEver: try HoldTests.keep(site.campus, idle.old, until: nil)
    case .excluded: overrides["exclude_images"] = "*"
    case .notOfThePilot: overrides["only_owners"] = "bob@Local"
    case .noProduction:
      try site.connection.execute(
        "UPDATE imagerevision SET production = 0 WHERE id = ?", [Value(idle.production)])
    case .kickstart: try site.connection.execute("UPDATE OS SET installtype = 'kickstart'")
    case .newest: overrides["keep_newest"] = "1"
    case .firstCapture: try site.campus.setDeleted(image: idle.image, true)
    case .deletedByVCL:
      try site.connection.execute(
        "UPDATE imagerevision SET deleted = 1, datedeleted = '2026-01-01' WHERE id = ?", [Value(idle.old)])
    case .reservedAfterFlag:
      try site.night(RunTests.markDay)
      try site.night(RunTests.expireDay, RunTests.trusting)
      try site.campus.use(idle.old, from: "2026-04-01 09:00:00")
      today = "2026-04-02"
    case .untrusted: today = "2026-09-01"
    case .off: overrides["mode"] = "off"
    case .due:
      try site.night(RunTests.markDay)
      (today, overrides) = (RunTests.expireDay, RunTests.trusting)
    }
    let before = try site.checksums()
    let text = try explain(site, idle.old, today, overrides)
    for words in state.words { #expect(text.contains(words), "\(text)") }
    let json = try ExplainOperation(site.site, TestSite.options(today, overrides)).json(
      "\(idle.old)", .silent)
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect((document?["outlook"] as? [String])?.isEmpty == false)
    #expect(try site.checksums() == before, "nothing is written")
  }

  @Test("The audit trail shows the terms and reasons of keeps, also of those that another took the place of")
  func keepHistory() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let keeps = KeepOperation(site.site, TestSite.options("2026-03-02", [:]))
    _ = try keeps.keep(["\(idle.old)"], .forever, reason: "first")
    _ = try keeps.keep(["\(idle.old)"], .days(10), as: "jdoe@Local")
    _ = try keeps.unkeep(["\(idle.old)"])
    let account = try site.rows("SELECT DISTINCT actor FROM expireimage_event WHERE actor <> 'jdoe@Local'")[0]
    let lines = section("Dates and flags", try explain(site, idle.old, "2026-03-02")).dropFirst(2)
    #expect(
      lines.map { $0.components(separatedBy: "  ").last?.trimmingCharacters(in: .whitespaces) } == [
        "kept for good: first", "kept until 2026-03-12",
        "kept for good by \(account) is over; until 2026-03-12 by jdoe@Local is over",
      ])
    let json = try ExplainOperation(site.site, TestSite.options("2026-03-02", [:])).json(
      "\(idle.old)", .silent)
    let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    let events = try #require(document?["events"] as? [[String: Any]]).map { $0["keep"] as? [String: Any] }
    #expect(events.map { $0?["reason"] as? String } == ["first", "", nil])
    #expect(events.map { $0?["until"] as? String } == [nil, "2026-03-12", nil])
    #expect(events.map { ($0?["ended"] as? [Any])?.count } == [nil, nil, 2])
  }

  @Test("Of a corrupt image the revisions are named, and which of them are in production", arguments: [0, 2])
  func corrupt(productions: Int) throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.connection.execute(
      "UPDATE imagerevision SET production = ? WHERE imageid = ?",
      [Value(productions == 0 ? 0 : 1), Value(idle.image)])
    let mark = productions == 0 ? "" : " in production"
    #expect(
      section("What would change it", try explain(site, idle.old, "2026-03-02")) == [
        "The image would have to be put in order in VCL. The image has revision \(idle.old)"
          + " (vmwarelinux-Statistics1-v1)\(mark); revision \(idle.production) (vmwarelinux-Statistics1-v2)\(mark)."
      ])
  }

  @Test(
    "Of an image that expires as a whole the notice that was accepted last decides, and all come back together"
  )
  func wholeImage() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let policy = [
      "idle_days_production": "10", "usage_max_age_days": "0", "max_flag_percent": "none", "mode": "flag",
    ]
    try site.night("2026-03-02")
    try site.night("2026-03-12", policy)
    func outlook(_ revision: Int, _ today: String) throws -> [String] {
      section("What would change it", try explain(site, revision, today, policy))
    }
    for revision in [idle.old, idle.production] {
      #expect(
        try outlook(revision, "2026-03-13") == [
          "Its notice was accepted on 2026-03-12, so the minimum notice of 14 days is fulfilled on 2026-03-26.",
          "A reservation, or `expireimage keep \(revision)`, clears the date; otherwise it is flagged on 2026-04-11.",
        ])
    }
    // Accepted for one of the two alone.
    let newest = try site.rows("SELECT MAX(id) FROM expireimage_mail")[0]
    try site.connection.execute(
      "UPDATE expireimage_mail SET status = 'failed', accepted_on = NULL WHERE id = ?", [Value(newest)])
    for revision in [idle.old, idle.production] {
      #expect(
        try outlook(revision, "2026-03-13").first?.hasSuffix(
          "2026-04-11, if a notice to its owner is accepted at least 14 days before.") == true)
    }
    try site.connection.execute(
      "UPDATE expireimage_mail SET status = 'accepted', accepted_on = '2026-03-12' WHERE id = ?",
      [Value(newest)])
    #expect(try site.night("2026-04-11", policy).decision(idle.production) == "flag")
    #expect(
      try outlook(idle.old, "2026-04-12") == [
        "It is flagged already. A reservation that comes all the same, or `expireimage restore \(idle.old)`, brings it back,"
          + " and with its image revision \(idle.production) (vmwarelinux-Statistics1-v2)."
      ])
    try site.connection.execute(
      "UPDATE imagerevision SET production = 0 WHERE id = ?", [Value(idle.production)])
    #expect(
      try outlook(idle.old, "2026-04-12").last
        == "The image has revision \(idle.old) (vmwarelinux-Statistics1-v1), deleted; revision \(idle.production)"
        + " (vmwarelinux-Statistics1-v2), deleted.")
  }

  @Test("An unknown name is an error")
  func unknown() throws {
    let site = try site()
    #expect { try explain(site, 9999, "2026-03-02") } throws: { "\(Failure($0))".contains("'9999'") }
  }
}
