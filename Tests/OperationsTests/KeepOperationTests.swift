import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("Keeps of people")
struct KeepOperationTests {
  private let server = ScriptedSMTPServer()

  private func site() throws -> TestSite { try TestSite(mailServer: server) }

  private func keep(_ site: TestSite, _ today: String, _ overrides: [String: String] = [:]) -> KeepOperation {
    KeepOperation(site.site, TestSite.options(today, overrides))
  }

  private func failure(_ body: () throws -> [String]) -> Failure? {
    do {
      _ = try body()
      return nil
    } catch { return Failure(error) }
  }

  private static let listed =
    "SELECT revision_id, until, origin, reason, set_by FROM expireimage_keep ORDER BY id"

  @Test("A keep clears the date in the next run, which tells the owner, and outlives that")
  func clears() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    let lines = try keep(site, "2026-03-10", ["mode": "flag"]).keep(
      ["\(idle.old)"], .until(Day("2026-05-01")!), reason: "spring course")
    #expect(
      lines == [
        "revision \(idle.old) (Statistics, revision 1) is kept until 2026-05-01",
        "its expire date 2026-04-01 goes with the next run, which tells the owner",
      ])
    #expect(try site.date(idle.old) == "2026-04-01")
    let night = try site.night("2026-03-11", NoticeTests.trusting)
    #expect(night.reasons(idle.old) == ["kept"])
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old]])
    #expect(try site.date(idle.old) == "-")
    #expect(try site.night("2026-04-30", NoticeTests.trusting).decisions.isEmpty)
    #expect(try site.events(idle.old) == ["mark", "keep", "unmark"])

    // It ends on its date, and everything begins anew: the whole grace, and a notice of it.
    let ended = try site.night("2026-05-01", NoticeTests.trusting)
    #expect(ended.decision(idle.old) == "mark")
    #expect(try site.date(idle.old) == "2026-05-31")
    #expect(ended.mails?.map(\.revisionIDs) == [[idle.old]])
    #expect(try site.night("2026-05-31", NoticeTests.trusting).decision(idle.old) == "flag")
  }

  @Test("Control characters in who set a keep do not reach the terminal")
  func controlCharacters() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.connection.execute(
      "INSERT INTO expireimage_keep (revision_id, until, origin, reason, set_by, set_at) VALUES (?, NULL, 'person', '', ?, NOW())",
      [Value(idle.old), Value("a\u{1B}[2J\nb")])
    let lines =
      try keep(site, "2026-03-10").keep(["\(idle.old)"], .days(3), as: "jdoe@Local")
      + keep(site, "2026-03-10").unkeep(["\(idle.old)"])
    #expect(lines.count == 2 && lines.allSatisfy { $0.contains("a [2J b") }, "\(lines)")
  }

  @Test("A keep that no run has seen makes the date void all the same: the earlier notice counts no more")
  func betweenRuns() throws {
    let site = try site()
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    _ = try keep(site, "2026-03-31").keep(["\(idle.old)"], .days(1))
    let night = try site.night("2026-04-01", NoticeTests.trusting)
    #expect(night.decision(idle.old) == "redate")
    #expect(night.reasons(idle.old) == ["idle_older", "keep_ended"])
    #expect(try site.date(idle.old) == "2026-05-01")
    #expect(try site.night("2026-04-02", NoticeTests.trusting).decisions.isEmpty)
    #expect(try site.night("2026-05-01", NoticeTests.trusting).decision(idle.old) == "flag")
  }

  @Test("A second keep takes the place of the first, and the audit trail has both with who set them")
  func replaces() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let operation = keep(site, "2026-03-02")
    _ = try operation.keep(["\(idle.old)"], .forever, reason: "first")
    _ = try operation.keep(["\(idle.old)"], .days(10), reason: "second")
    let account = try site.rows("SELECT DISTINCT actor FROM expireimage_event")
    #expect(account.count == 1)
    #expect(account != [""])
    #expect(
      try site.rows(Self.listed) == [
        "\(idle.old) 2026-03-02 person first \(account[0])",
        "\(idle.old) 2026-03-12 person second \(account[0])",
      ])
    let facts = try site.rows("SELECT facts FROM expireimage_event WHERE run_id IS NULL ORDER BY id")
    #expect(facts.count == 2)
    #expect(facts[0].contains(#""reason":"first","until":null"#), "\(facts[0])")
    #expect(facts[1].contains(#""owner":"jdoe@Local","reason":"second","until":"2026-03-12""#), "\(facts[1])")
  }

  @Test("A term that is over is said once, however many revisions are named", arguments: [0, -3])
  func over(days: Int) throws {
    let site = try site()
    let images = [try IdleImage(site), try IdleImage(site, "Chemistry")]
    let failure = failure {
      try keep(site, "2026-03-02").keep(images.map { "\($0.old)" } + ["9999"], .days(days))
    }
    let lines = failure.map { [$0.description] + $0.more } ?? []
    #expect(lines.count == 2)
    #expect(lines.first == "no revision has the id or imagename '9999'")
    #expect(
      lines.last
        == "a keep until \(Day("2026-03-02")! + days) would be over; a keep ends on its date, give one after today"
        + " (2026-03-02)")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_keep") == ["0"])
  }

  @Test("Without a term it is the longest that an owner may keep, by the owner's affiliation")
  func defaultTerm() throws {
    let site = try site()
    let idle = try IdleImage(site)
    _ = try keep(site, "2026-03-02", ["keep_max_days|Local": "20"]).keep(["\(idle.old)"])
    #expect(try site.rows("SELECT until FROM expireimage_keep") == ["2026-03-22"])
    #expect(
      failure { try keep(site, "2026-03-02", ["keep_max_days": "0"]).keep(["\(idle.old)"]) }?.description
        .contains("expireimage_keep_max_days is 0") == true)
  }

  @Test("An owner keeps their own images up to the limit of the site, whatever the case of the letters")
  func asOwner() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let operation = keep(site, "2026-03-02", ["keep_max_days": "30"])
    _ = try operation.keep(["\(idle.old)"], .until(Day("2026-04-01")!), as: "JDoe@local")
    #expect(try site.rows(Self.listed) == ["\(idle.old) 2026-04-01 person  jdoe@Local"])
    #expect(try site.rows("SELECT kind, actor FROM expireimage_event") == ["keep jdoe@Local"])
    // And the account of the machine that called the program for the owner.
    #expect(try site.rows("SELECT facts FROM expireimage_event")[0].contains(#""account":""#))
  }

  @Test("An owner's keep leaves what an admin has set as it is")
  func asOwnerBesideAdmin() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let operation = keep(site, "2026-03-02")
    _ = try operation.keep(["\(idle.old)"], .forever)
    let admin = try site.rows("SELECT set_by FROM expireimage_keep")[0]
    let title = "revision \(idle.old) (Statistics, revision 1)"
    for (days, end) in [(5, "2026-03-07"), (3, "2026-03-05")] {
      #expect(
        try operation.keep(["\(idle.old)"], .days(days), as: "jdoe@Local") == [
          "\(title) is kept until \(end); \(admin) keeps it for good as it is"
        ])
    }
    #expect(
      try site.rows("SELECT until FROM expireimage_keep ORDER BY id") == ["-", "2026-03-02", "2026-03-05"])
  }

  @Test(
    "Only a keep that is longer is named beside an owner's",
    arguments: [
      ("2026-03-11", ""), ("2026-03-12", ""), ("2026-03-13", "; root keeps it until 2026-03-13 as it is"),
    ])
  func besideDated(end: String, words: String) throws {
    let site = try site()
    let idle = try IdleImage(site)
    try HoldTests.keep(site.campus, idle.old, until: end)
    try site.connection.execute("UPDATE expireimage_keep SET set_by = 'root'")
    #expect(
      try keep(site, "2026-03-02").keep(["\(idle.old)"], .days(10), as: "jdoe@Local") == [
        "revision \(idle.old) (Statistics, revision 1) is kept until 2026-03-12\(words)"
      ])
  }

  /// What is refused.
  enum Refusal: String, CaseIterable, Sendable {
    case past, today, ownerTooLong, ownerForever, ownerOfOthers, ownerMayNot, unknownUser, noUser,
      unknownName,
      ambiguous, deleted, imageDeleted, flagged, longReason
  }

  @Test(
    "What cannot be kept is refused with a line each, and nothing at all is kept", arguments: Refusal.allCases
  )
  func refused(_ refusal: Refusal) throws {
    let site = try site()
    let idle = try IdleImage(site)
    let other = try IdleImage(site, "Chemistry", owner: site.campus.user("bob"))
    var names = ["\(idle.production)", "\(idle.old)"]
    var term = KeepTerm.days(10)
    var user: String?
    var reason = ""
    var overrides: [String: String] = [:]
    var words: String
    switch refusal {
    case .past: (term, words) = (.until(Day("2026-03-01")!), "give one after today (2026-03-02)")
    case .today: (term, words) = (.until(Day("2026-03-02")!), "give one after today (2026-03-02)")
    case .ownerTooLong: (term, user, words) = (.days(366), "jdoe@Local", "365 days at most, until 2027-03-02")
    case .ownerForever: (term, user, words) = (.forever, "jdoe@Local", "365 days at most")
    case .ownerOfOthers:
      names.append("\(other.old)")
      (user, words) = (
        "jdoe@Local", "revision \(other.old) (Chemistry, revision 1) does not belong to jdoe@Local"
      )
    case .ownerMayNot:
      overrides["keep_max_days"] = "0"
      (user, words) = ("jdoe@Local", "keep nothing")
    case .unknownUser: (user, words) = ("nobody@Local", "VCL has no user nobody@Local")
    case .noUser: (user, words) = ("jdoe", "'jdoe' is no user; give unityid@Affiliation")
    case .unknownName:
      names += ["9999"]
      words = "no revision has the id or imagename '9999'"
    case .ambiguous:
      let first = try site.campus.revision(
        of: site.campus.image("A"), imagename: "twin-v1", deletedAt: "2026-01-01 00:00:00")
      let second = try site.campus.revision(
        of: site.campus.image("B"), production: true, imagename: "twin-v1")
      names.append("twin-v1")
      words = "'twin-v1' is the imagename of revisions \(second), \(first)"
    case .deleted:
      try site.connection.execute(
        "UPDATE imagerevision SET deleted = 1, datedeleted = NOW() WHERE id = ?", [Value(idle.old)])
      words = "revision \(idle.old) was deleted by somebody else, at "
    case .imageDeleted:
      try site.campus.setDeleted(image: idle.image, true)
      words = "revision \(idle.old) is being captured for the first time"
    case .flagged:
      try site.night(RunTests.markDay)
      try site.night(RunTests.expireDay, RunTests.trusting)
      words = "is flagged as deleted already; `expireimage restore \(idle.old)` brings it back"
    case .longReason: (reason, words) = (String(repeating: "x", count: 256), "255 are the most")
    }
    let before = try site.checksums()
    let failure = failure {
      try keep(site, "2026-03-02", overrides).keep(names, term, reason: reason, as: user)
    }
    #expect(
      ([failure?.description ?? ""] + (failure?.more ?? [])).contains { $0.contains(words) },
      "\(failure as Any)")
    #expect(failure?.exitStatus == (refusal == .noUser ? .wrongCommandLine : .failed))
    #expect(try site.checksums() == before)
  }

  @Test("Every name that is wrong has its line")
  func severalProblems() throws {
    let site = try site()
    let failure = failure { try keep(site, "2026-03-02").keep(["9998", "nothing-v1", "9999"]) }
    #expect(failure?.more.count == 2)
  }

  @Test("Unkeep ends every keep, of all revisions or of none, and the next run judges them")
  func unkeep() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let operation = keep(site, "2026-03-05")
    _ = try operation.keep(["\(idle.old)"], .forever)
    try HoldTests.keep(site.campus, idle.old, until: "2026-09-01")
    #expect(
      failure { try operation.unkeep(["\(idle.old)", "\(idle.production)"]) }?.description
        == "revision \(idle.production) is not kept; `expireimage keeps` lists what is")
    #expect(try site.night("2026-03-05").decisions.isEmpty)
    let lines = try operation.unkeep(["\(idle.old)"])
    #expect(lines.count == 1)
    #expect(lines[0].contains("is not kept any more (for good, set by"), "\(lines)")
    #expect(lines[0].contains("until 2026-09-01"), "\(lines)")
    #expect(try site.events(idle.old) == ["keep", "unkeep"])
    #expect(try site.night("2026-03-06").decision(idle.old) == "mark")
  }

  @Test("A keep and a flag at the same time: whichever locks first is what the other finds")
  func race() throws {
    let site = try site()
    let idle = try IdleImage(site)
    let other = try Connection(TestServer.shared.options(database: site.name))
    try other.transaction {
      _ = try other.first("SELECT id FROM imagerevision WHERE id = ? FOR UPDATE", [Value(idle.old)]) {
        $0.int(0)
      }
      #expect(
        failure { try keep(site, "2026-03-02").keep(["\(idle.old)"]) }?.description.contains("try again")
          == true)
    }
    #expect(try site.rows(Self.listed).isEmpty)
    _ = try keep(site, "2026-03-02").keep(["\(idle.old)"])
    #expect(try site.rows(Self.listed).count == 1)
  }
}
