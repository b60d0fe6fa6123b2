import Campus
import MariaDB
import Testing

@Suite("expireimage plan")
struct PlanTests {
  @Test("every row has every key with its type, null where there is nothing, and the right values")
  func rows() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice", in: site.campus.affiliation("EE"))
    let pair = try site.forgotten("Statistics", owner: owner)
    let orphan = try site.forgotten("Nobody&#039;s", owner: nil)
    let never = try site.campus.revision(of: orphan.image, 3, created: "2025-01-01 00:00:00")
    try site.campus.setExpireDate(pair.production, "2026-04-01")

    let plan = try site.plan(set: ["expireimage_max_flag_percent=none"])

    #expect(plan.today == "2026-03-02")
    #expect(plan.mode == "report")
    let marked = try plan[pair.older]
    #expect(marked.imageID == pair.image)
    #expect(marked.image == "Statistics")
    #expect(marked.revision == 1)
    #expect(marked.owner == "alice@EE")
    #expect(marked.revisionClass == "older")
    #expect(marked.lastUse == "2025-03-01")
    #expect(marked.expireDate == nil)
    #expect(marked.newExpireDate == "2026-04-01")
    #expect(marked.decision == "mark")
    #expect(marked.reasons == ["idle_older"])
    let cleared = try plan[pair.production]
    #expect(cleared.revisionClass == "production")
    #expect(cleared.expireDate == "2026-04-01")
    #expect(cleared.newExpireDate == nil)
    #expect(cleared.decision == "unmark")
    #expect(cleared.reasons == ["production"])
    let unused = try plan[never]
    #expect(unused.image == "Nobody's")
    #expect(unused.owner == nil)
    #expect(unused.revisionClass == "newer")
    #expect(unused.lastUse == nil)
    #expect(unused.reasons == ["never_reserved_newer"])
  }

  @Test("the summary counts the rows of --all, by decision and by reason")
  func summary() throws {
    let site = try CommandSite()
    try site.history()
    for number in 1...4 { try site.forgotten("Image \(number)") }
    let plan = try site.plan()

    #expect(plan.summary.revisions == plan.decisions.count)
    let decisions = Dictionary(grouping: plan.decisions, by: \.decision).mapValues(\.count)
    #expect(plan.summary.byDecision.filter { $0.value > 0 } == decisions)
    #expect(Set(plan.summary.byDecision.keys) == ["keep", "mark", "redate", "unmark", "flag"])
    let reasons = Dictionary(plan.decisions.flatMap(\.reasons).map { ($0, 1) }, uniquingKeysWith: +)
    #expect(plan.summary.byReason == reasons)
    #expect(plan.summary.byDecision["mark"] == 4)
    #expect(plan.summary.limit == 1)
    #expect(plan.summary.overLimit == nil)
  }

  @Test("without --all only revisions that have a date or get one are listed, in every format")
  func listed() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let day = ["--today", CommandSite.today]

    let json = try PlanDocument(site.call(["plan", "--format", "json"] + day).json)
    #expect(json.decisions.map(\.revisionID) == [pair.older])
    let csv = try site.call(["plan", "--format", "csv"] + day)
    #expect(try PythonCSV.rows(csv.output).dropFirst().map { $0[0] } == ["\(pair.older)"])
    let table = try site.call(["plan"] + day)
    #expect(table.output.contains("3 revisions without a date are not listed; --all lists them."))
    #expect(!table.output.contains("Everyday"))

    let all = try site.call(["plan", "--all"] + day)
    #expect(all.output.contains("Everyday"))
    #expect(!all.output.contains("--all lists them"))
    #expect(try PythonCSV.rows(site.call(["plan", "--all", "--format", "csv"] + day).output).count == 5)
  }

  @Test("table, JSON and CSV say the same of every revision")
  func formatsAgree() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    let day = ["--today", CommandSite.today, "--all"]

    let rows = try PythonCSV.rows(site.call(["plan", "--format", "csv"] + day).output)
    #expect(
      rows[0] == [
        "revision_id", "image_id", "image", "revision", "owner", "class", "last_use", "expiredate",
        "new_expiredate", "decision", "reasons",
      ])
    let decisions = try site.plan().decisions
    #expect(rows.count == decisions.count + 1)
    for (row, decision) in zip(rows.dropFirst(), decisions) {
      #expect(
        row == [
          "\(decision.revisionID)", "\(decision.imageID)", decision.image, "\(decision.revision)",
          decision.owner ?? "", decision.revisionClass, decision.lastUse ?? "", decision.expireDate ?? "",
          decision.newExpireDate ?? "", decision.decision, decision.reasons.joined(separator: " "),
        ])
    }
    let table = try site.call(["plan"] + day).output
    for decision in decisions {
      #expect(
        table.contains { line in
          line.contains("\(decision.image)  ") && line.contains(decision.reasons.joined(separator: " "))
            && line.trimmingPrefix { $0 == " " }.hasPrefix("\(decision.revisionID) ")
        }, "revision \(decision.revisionID)")
    }
  }

  @Test("nothing is written, in any format, and nothing goes to standard error")
  func writesNothing() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    let before = try site.checksums()
    for format in ["table", "json", "csv"] {
      let call = try site.call([
        "plan", "--all", "--format", format, "--today", CommandSite.today, "--set", "expireimage_mode=flag",
      ])
      #expect(call.status == 0)
      #expect(call.errors == "")
    }
    #expect(try site.checksums() == before)
    #expect(site.mailServer.connectionCount == 0)
  }

  @Test(
    "--today looks ahead: what is too new today is marked later, and what is marked then stays undated now")
  func ahead() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Used in autumn", lastUse: "2025-11-03 10:00:00")

    #expect(try site.plan()[pair.older].decision == "keep")
    #expect(try site.plan()[pair.older].reasons == ["recently_used"])
    // 180 days later exactly, and the day after.
    let set = ["expireimage_usage_max_age_days=0"]
    #expect(try site.plan("2026-05-02", set: set)[pair.older].decision == "keep")
    let later = try site.plan("2026-05-03", set: set)[pair.older]
    #expect(later.decision == "mark")
    #expect(later.newExpireDate == "2026-06-02")
  }

  @Test("--set can be repeated, overrules what is stored, and holds for this call only")
  func set() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten", lastUse: "2026-01-10")
    try site.campus.variable("expireimage_idle_days_older", "300")

    #expect(try site.plan()[pair.older].decision == "keep")
    let changed = try site.plan(set: ["expireimage_idle_days_older=20", "expireimage_grace_days=60"])
    #expect(try changed[pair.older].decision == "mark")
    #expect(try changed[pair.older].newExpireDate == "2026-05-01")
    #expect(try site.plan()[pair.older].decision == "keep")
  }

  @Test("--set with an affiliation holds for the images of that affiliation's owners")
  func setForAffiliation() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice", in: site.campus.affiliation("EE"))
    let ofEE = try site.forgotten("Of EE", owner: owner)
    let other = try site.forgotten("Of Local")

    let plan = try site.plan(set: ["expireimage_idle_days_older|EE=0"])
    #expect(try plan[ofEE.older].reasons == ["criterion_off"])
    #expect(try plan[other.older].decision == "mark")
  }

  @Test(
    "--set that cannot be used is an error that names the parameter, and nothing else is written",
    arguments: [
      ("expireimage_idle_days_oldest=3", ["expireimage_idle_days_oldest", "no such parameter"]),
      ("nonsense=3", ["nonsense", "no such parameter"]),
      ("expireimage_grace_days=soon", ["expireimage_grace_days", "'soon'", "0 to 3650"]),
      ("expireimage_grace_days=-1", ["expireimage_grace_days", "'-1'", "0 to 3650"]),
      ("expireimage_grace_days=", ["expireimage_grace_days", "''", "0 to 3650"]),
      ("expireimage_mode=delete", ["expireimage_mode", "'delete'", "off, report, notify, flag"]),
      ("expireimage_weekdays=mon,noday", ["expireimage_weekdays", "'mon,noday'"]),
      ("expireimage_blackout=2026-02-30", ["expireimage_blackout", "'2026-02-30'"]),
      ("expireimage_mode|Local=flag", ["expireimage_mode|Local", "whole site"]),
    ])
  func badSet(_ assignment: String, _ parts: [String]) throws {
    let site = try CommandSite()
    let call = try site.call(["plan", "--set", assignment])
    #expect(call.status == 5)
    #expect(call.output == "")
    #expect(call.errorLines.count == 1)
    for part in parts { #expect(call.errors.contains(part), "\(part) in \(call.errors)") }
  }

  @Test(
    "a command line that is none has exit status 64 and says what is wrong with it",
    arguments: [
      (["--set", "expireimage_mode"], "expireimage_mode"), (["--set", ""], "key=value"),
      (["--today", "2026-02-30"], "2026-02-30"), (["--today", "tomorrow"], "tomorrow"),
      (["--format", "xml"], "xml"), (["--everything"], "--everything"), (["2026-03-02"], "2026-03-02"),
      (["--set"], "--set"),
    ])
  func badCommandLine(_ arguments: [String], _ part: String) throws {
    let call = try CommandSite.call(["plan"] + arguments)
    #expect(call.status == 64)
    #expect(call.output == "")
    #expect(call.errors.contains(part))
    #expect(call.errors.contains("Usage: expireimage plan"))
  }

  @Test("a plan over the limit lists what is due, flags nothing, and has exit status 3")
  func overLimit() throws {
    let site = try CommandSite()
    try site.history()
    let pairs = try (1...3).map { try site.forgotten("Image \($0)") }
    let noLimit = ["expireimage_max_flag_percent=none"]
    try site.run("2026-01-31", mode: "notify", set: noLimit)

    let call = try site.call([
      "plan", "--format", "json", "--all", "--today", CommandSite.today, "--set", "expireimage_mode=flag",
    ])
    #expect(call.status == 3)
    let plan = try PlanDocument(call.json)
    #expect(plan.summary.overLimit == 3)
    #expect(plan.summary.limit == 1)
    #expect(plan.summary.byDecision["flag"] == 0)
    for pair in pairs { #expect(try plan[pair.older].reasons.contains("limit_exceeded")) }
    let table = try site.call(["plan", "--today", CommandSite.today, "--set", "expireimage_mode=flag"])
    #expect(table.status == 3)
    #expect(table.output.contains("LIMIT EXCEEDED: 3 revisions are due, one run may flag 1"))
    let unlimited = try site.plan(set: noLimit + ["expireimage_mode=flag"])
    #expect(unlimited.summary.byDecision["flag"] == 3)
  }

  @Test("a database without any revision but VCL's own has a plan that says so")
  func nothingToExpire() throws {
    let site = try CommandSite()
    try site.history()
    let call = try site.call(["plan", "--today", CommandSite.today])
    #expect(call.status == 0)
    #expect(call.output.contains("No revision has an expire date, and none gets one."))
    #expect(
      try PlanDocument(site.call(["plan", "--format", "json", "--today", CommandSite.today]).json).decisions
        .isEmpty)
  }
}

extension String {
  /// Whether one of the lines is so.
  fileprivate func contains(_ isWanted: (Substring) -> Bool) -> Bool {
    split(separator: "\n").contains(where: isWanted)
  }
}
