import Campus
import MariaDB
import TestSupport
import Testing

/// `expire` goes by the real calendar, and so do these tests.
@Suite("expireimage expire")
struct ExpireCommandTests {
  /// A site whose newest reservation is of today, and a revision that was used yesterday.
  private func usedYesterday() throws -> (site: CommandSite, pair: CommandSite.Pair) {
    let site = try CommandSite()
    let owner = try site.campus.user("alice")
    let image = try site.campus.image("Statistics", owner: owner)
    let older = try site.campus.revision(of: image, 1, imagename: "vmwarelinux-Statistics7-v1")
    let production = try site.campus.revision(of: image, 2, production: true)
    try site.campus.use(production, from: "2020-01-07")
    try site.campus.use(production, from: site.realDay(-1))
    try site.campus.use(older, by: owner, from: site.realDay(-1))
    return (site, CommandSite.Pair(image: image, older: older, production: production))
  }

  @Test(
    "by id or by imagename: the date is set, recorded as the person's, and said back",
    arguments: [true, false])
  func sets(byID: Bool) throws {
    let (site, pair) = try usedYesterday()
    let date = try site.realDay(40)
    let call = try site.call(["expire", byID ? "\(pair.older)" : "vmwarelinux-Statistics7-v1", "--on", date])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.errors == "")
    #expect(
      call.output == "revision \(pair.older) (Statistics, revision 1) expires on \(date)\n"
        + "nothing acts on the date in mode report\n")
    #expect(try site.date(pair.older) == date)
    #expect(
      try site.count(
        "expireimage_mark",
        where: "revision_id = \(pair.older) AND origin = 'person' AND expiredate = '\(date)'") == 1)
    #expect(
      try site.count(
        "expireimage_event",
        where: "kind = 'mark' AND reasons = 'person_date' AND new_date = '\(date)' AND run_id IS NULL"
          + " AND actor <> ''") == 1)
  }

  @Test("a date that leaves the owner less than the minimum notice is taken, and says what that means")
  func soon() throws {
    let (site, pair) = try usedYesterday()
    let call = try site.call(["expire", "\(pair.older)", "--on", site.realDay(3)])
    #expect(call.status == 0)
    #expect(call.output.contains("must have had notice for 14 days"))
    #expect(call.output.contains("not flagged before \(try site.realDay(14))"))
  }

  @Test(
    "the nightly run leaves the date, whatever the criteria say, announces it, and a reservation clears it")
  func nights() throws {
    let (site, pair) = try usedYesterday()
    let date = try site.realDay(40)
    #expect(try site.call(["expire", "\(pair.older)", "--on", date]).status == 0)

    let flag = ["run", "--json", "--set", "expireimage_mode=flag"]
    let first = try site.call(flag)
    #expect(first.status == 0, "\(first.errors)")
    let document = try RunDocument(first.json)
    #expect(document.decisions.isEmpty)
    #expect(document.mails.map(\.to) == ["alice@example.edu"])
    #expect(document.mails.map(\.revisionIDs) == [[pair.older]])
    #expect(try site.date(pair.older) == date)
    let day = try site.connection.first("SELECT DATE_FORMAT(?, '%e %M %Y')", [Value(date)]) { $0.string(0) }
    #expect(try site.mails().first?.subject == "Statistics, revision 1 expires on \(day ?? "")")
    #expect(try site.mails().first?.text.contains("the date was set by your VCL staff") == true)
    let row = try PlanDocument(site.call(["plan", "--format", "json"]).json)[pair.older]
    #expect(row.decision == "keep")
    #expect(row.reasons == ["person_date", "marked"])
    // Later nights and other criteria leave it too.
    for setting in ["expireimage_grace_days=90", "expireimage_idle_days_older=10"] {
      #expect(try site.run(site.realDay(20), mode: "notify", set: [setting]).decisions.isEmpty)
    }
    #expect(try site.date(pair.older) == date)

    let now = try site.connection.first("SELECT NOW()") { $0.string(0) } ?? ""
    let reservation = try site.campus.reserve(
      [pair.older], by: CampusBuilder.admin, from: now, to: site.realDay(41), at: now)
    let cleared = try site.run(site.realDay(21), mode: "flag")
    #expect(cleared.decisions.map(\.decision) == ["unmark"])
    #expect(try site.date(pair.older) == nil)
    try site.campus.finish(reservation, at: now)
    #expect(try site.run(site.realDay(22), mode: "flag").decisions.isEmpty)
    #expect(try site.date(pair.older) == nil)
  }

  @Test("when the date has come and the owner had the notice, the revision is flagged")
  func due() throws {
    let (site, pair) = try usedYesterday()
    let date = try site.realDay(20)
    #expect(try site.call(["expire", "\(pair.older)", "--on", date]).status == 0)
    try site.run(site.realDay(1), mode: "flag")
    #expect(try !site.isDeleted(pair.older))
    let night = try site.run(date, mode: "flag")
    #expect(night.decisions.map(\.decision) == ["flag"])
    #expect(night.decisions.map(\.reasons) == [["person_date", "due"]])
    #expect(try site.isDeleted(pair.older))
  }

  @Test("another date replaces the first")
  func again() throws {
    let (site, pair) = try usedYesterday()
    for offset in [40, 50] {
      #expect(try site.call(["expire", "\(pair.older)", "--on", site.realDay(offset)]).status == 0)
    }
    #expect(try site.date(pair.older) == site.realDay(50))
    #expect(try site.count("expireimage_mark") == 1)
    #expect(try site.count("expireimage_event") == 2)
  }

  /// What is refused.
  enum Refusal: CaseIterable, Sendable {
    case unknownID, unknownName, nameBeyondLatin1, beginningOfAName, ambiguous, production, deleted,
      imageDeleted
    case today, past

    var message: String {
      switch self {
      case .unknownID: "no revision has the id or imagename '9999'"
      case .unknownName: "no revision has the id or imagename 'nothing-v1'"
      case .nameBeyondLatin1: "no revision has the id or imagename '\u{1F600}-v1'"
      case .beginningOfAName: "no revision has the id or imagename 'vmwarelinux-Statistics7-v'"
      case .ambiguous: "name one by its id"
      case .production: "is the production revision of its image"
      case .deleted: "was deleted by somebody else, at "
      case .imageDeleted: "is being captured for the first time"
      case .today: "is not after today"
      case .past: "2020-01-01 is not after today"
      }
    }
  }

  @Test(
    "what cannot be expired is refused with one line, and nothing is changed", arguments: Refusal.allCases)
  func refused(_ refusal: Refusal) throws {
    let (site, pair) = try usedYesterday()
    var name = "\(pair.older)"
    var date = try site.realDay(40)
    switch refusal {
    case .unknownID: name = "9999"
    case .unknownName: name = "nothing-v1"
    case .nameBeyondLatin1: name = "\u{1F600}-v1"
    case .beginningOfAName: name = "vmwarelinux-Statistics7-v"
    case .ambiguous:
      name = "vmwarelinux-Statistics7-v1"
      try site.campus.revision(of: site.campus.image("Twin"), production: true, imagename: name)
    case .production: name = "\(pair.production)"
    case .deleted:
      name = "\(try site.campus.revision(of: pair.image, 3, deletedAt: "2026-01-01 00:00:00"))"
    case .imageDeleted: try site.campus.setDeleted(image: pair.image, true)
    case .today: date = try site.realDay(0)
    case .past: date = "2020-01-01"
    }
    let before = try site.checksums()
    let call = try site.call(["expire", name, "--on", date])
    #expect(call.status == 1)
    #expect(call.output == "")
    #expect(call.errorLines.count == 1, "\(call.errors)")
    #expect(call.errors.contains(refusal.message), "\(call.errors)")
    #expect(try site.checksums() == before)
  }

  @Test(
    "a command line without revision or with a date that is none has exit status 64",
    arguments: [
      ["expire"], ["expire", "5"], ["expire", "5", "--on", "soon"], ["expire", "--on", "2099-01-01"],
    ])
  func wrongCommandLine(_ arguments: [String]) throws {
    #expect(try CommandSite.call(arguments).status == 64)
  }
}
