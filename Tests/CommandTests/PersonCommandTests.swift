import Campus
import MariaDB
import TestSupport
import Testing

/// The commands with which people keep, restore and understand; they go by the real calendar.
@Suite("expireimage keep, unkeep, keeps, restore and explain")
struct PersonCommandTests {
  private func site() throws -> (site: CommandSite, pair: CommandSite.Pair) {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice")
    let image = try site.campus.image("Statistics", owner: owner)
    let older = try site.campus.revision(of: image, 1, imagename: "vmwarelinux-Statistics7-v1")
    let production = try site.campus.revision(of: image, 2, production: true)
    try site.campus.use(older, from: CommandSite.longAgo)
    try site.campus.use(production, from: CommandSite.recently)
    return (site, CommandSite.Pair(image: image, older: older, production: production))
  }

  @Test("keep by imagename, keeps as table and JSON, unkeep")
  func keeps() throws {
    let (site, pair) = try site()
    let end = try site.realDay(20)
    let keep = try site.call(
      [
        "keep", "vmwarelinux-Statistics7-v1", "\(pair.older)", "--days", "20", "--reason", "two\nlines",
        "--as", "alice@Local",
      ])
    #expect(keep.status == 0, "\(keep.errors)")
    #expect(keep.output == "revision \(pair.older) (Statistics, revision 1) is kept until \(end)\n")

    let json = try site.call(["keeps", "--json"]).json
    let keeps = try json.members(["keeps"])["keeps"]!.array
    #expect(keeps.count == 1)
    let row = try keeps[0].members([
      "revision_id", "image", "revision", "owner", "until", "origin", "reason", "set_by", "set_at",
      "in_force",
    ])
    #expect(try row["revision_id"]!.integer == pair.older)
    #expect(try row["until"]!.day == end)
    #expect(try row["set_by"]!.text == "alice@Local")
    #expect(try row["reason"]!.text == "two lines")
    #expect(try row["in_force"]!.bool)
    #expect(try row["set_at"]!.text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/) != nil)

    let unkeep = try site.call(["unkeep", "\(pair.older)"])
    #expect(unkeep.status == 0)
    #expect(
      unkeep.output
        == "revision \(pair.older) (Statistics, revision 1) is not kept any more (until \(end), set by alice@Local)\n"
    )
    #expect(try site.call(["keeps"]).output == "There is no keep in force.\n")
    #expect(try site.call(["keeps", "--all"]).output.contains("ended on \(try site.realDay(0))"))
    #expect(try site.call(["keeps", "--json"]).json["keeps"].array.isEmpty)
    #expect(try site.call(["unkeep", "\(pair.older)"]).status == 1)
  }

  @Test("each name that is wrong has a line on standard error, and nothing is kept")
  func wrongNames() throws {
    let (site, pair) = try site()
    let call = try site.call(["keep", "\(pair.older)", "9998", "nothing-v1", "--forever"])
    #expect(call.status == 1)
    #expect(call.output == "")
    #expect(
      call.errorLines == [
        "expireimage: no revision has the id or imagename '9998'",
        "expireimage: no revision has the id or imagename 'nothing-v1'",
      ])
    #expect(try site.count("expireimage_keep") == 0)
  }

  @Test(
    "wrong command lines have exit status 64",
    arguments: [
      ["keep"], ["keep", "5", "--days", "0"], ["keep", "5", "--days", "-3"],
      ["keep", "5", "--days", "40000"],
      ["keep", "5", "--days", "3", "--forever"], ["keep", "5", "--until", "soon"], ["unkeep"], ["restore"],
      ["keep", "5", "--until", "2099-01-01", "--days", "4"],
      ["restore", "5", "--run", "3"], ["restore", "--run", "x"], ["explain"],
      ["explain", "5", "--today", "soon"],
    ])
  func wrongCommandLine(_ arguments: [String]) throws {
    #expect(try CommandSite.call(arguments).status == 64)
  }

  @Test("restore: 0 when all is back, 2 when a part is, 1 when nothing is; JSON with a row for each")
  func restore() throws {
    let (site, pair) = try site()
    let marked = try site.run(mode: "flag")
    #expect(marked.decisions.map(\.decision) == ["mark"])
    let policy = ["expireimage_usage_max_age_days=0"]
    let run = try #require(try site.run("2026-04-01", mode: "flag", set: policy).runID)
    #expect(try site.isDeleted(pair.older))
    let call = try site.call(["restore", "\(pair.older)", "\(pair.production)", "--json"])
    #expect(call.status == 2)
    #expect(
      call.errorLines == [
        "expireimage: revision \(pair.production) (Statistics, revision 2) is not flagged as deleted"
      ])
    let rows = try call.json.members(["revisions"])["revisions"]!.array.map {
      try $0.members(["revision_id", "image", "revision", "restored", "kept_until", "why_not"])
    }
    #expect(try rows.map { try $0["restored"]!.bool } == [false, true])
    #expect(try rows[1]["kept_until"]!.day == site.realDay(30))
    #expect(try !site.isDeleted(pair.older))

    let again = try site.call(["restore", "\(pair.older)"])
    #expect(again.status == 1)
    #expect(again.output == "")
    let all = try site.call(["restore", "--run", "\(run)"])
    #expect(all.status == 0)
    #expect(all.output == "nothing to do: none of them is flagged any more\n")
    #expect(try site.call(["restore", "--run", "\(run + 7)"]).status == 1)
  }

  @Test("explain as text and as JSON, for a day and with other parameters")
  func explain() throws {
    let (site, pair) = try site()
    try site.run(mode: "notify")
    let call = try site.call(["explain", "vmwarelinux-Statistics7-v1", "--today", "2026-03-10"])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.errors == "")
    #expect(
      call.output.hasPrefix("Revision \(pair.older) (Statistics, revision 1), on 2026-03-10 in mode report\n")
    )
    let json = try site.call(
      [
        "explain", "\(pair.older)", "--json", "--today", "2026-03-10", "--set",
        "expireimage_idle_days_older=999",
      ]
    ).json
    let members = try json.members([
      "today", "mode", "revision", "reservation", "criteria", "holds", "decision", "usage_problem", "outlook",
      "events", "notices", "keeps", "image_revisions",
    ])
    #expect(try members["decision"]!["decision"].text == "unmark")
    #expect(try members["criteria"]!["limit"].integer == 999)
    #expect(try members["criteria"]!["met_on"].day == "2027-11-26")
    #expect(try members["events"]!.array.map { try $0["kind"].text } == ["mark"])
    #expect(try members["notices"]!.array.map { try $0["status"].text } == ["accepted"])
    #expect(try members["revision"]!["last_use"].text.hasPrefix("2025-03-01T"))
    let unknown = try site.call(["explain", "nothing"])
    #expect(unknown.status == 1)
    #expect(unknown.errorLines == ["expireimage: no revision has the id or imagename 'nothing'"])
  }
}
