import Campus
import MariaDB
import TestSupport
import Testing

@Suite("expireimage run")
struct RunTests {
  @Test("a dry run decides as the run would, and writes and mails nothing")
  func dryRun() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let before = try site.checksums()

    let call = try site.call(
      CommandSite.runArguments(mode: "flag") + ["--dry-run"], CommandSite.simulation)
    #expect(call.status == 0)
    let document = try RunDocument(call.json)
    #expect(document.isDryRun)
    #expect(document.runID == nil)
    #expect(document.exitStatus == 0)
    #expect(document.mails.isEmpty)
    #expect(document.decisions == [try site.plan(set: ["expireimage_mode=flag"])[pair.older]])
    #expect(try site.checksums() == before)
    #expect(site.mailServer.connectionCount == 0)
  }

  @Test("--json writes one document and nothing else, with what the run changed and the mails it sent")
  func json() throws {
    let site = try CommandSite()
    try site.history()
    let owner = try site.campus.user("alice")
    let pair = try site.forgotten("Statistics", owner: owner)

    let call = try site.simulate(mode: "notify")
    #expect(call.status == 0)
    #expect(call.output.hasPrefix("{\n"))
    #expect(call.output.hasSuffix("\n}\n"))
    let document = try RunDocument(call.json)
    #expect(document.runID == 1)
    #expect(document.today == CommandSite.today)
    #expect(document.mode == "notify")
    #expect(!document.isDryRun)
    #expect(document.exitStatus == 0)
    #expect(document.skipped.isEmpty)
    #expect(document.decisions.map(\.revisionID) == [pair.older])
    #expect(document.decisions.first?.decision == "mark")
    #expect(document.decisions.first?.newExpireDate == "2026-04-01")
    #expect(
      document.mails == [
        try MailDocument(
          JSON(
            """
            {"to": "alice@example.edu", "status": "accepted", "revision_ids": [\(pair.older)],
             "reply": "250 2.0.0 Ok: queued"}
            """))
      ])
    #expect(try site.date(pair.older) == "2026-04-01")
  }

  @Test("a mail that the server refuses is in the document with the server's reply")
  func refusedMail() throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [
        .recipientNamed("alice@example.edu"): [.reply("550 5.1.1 alice has left")]
      ]))
    try site.history()
    let pair = try site.forgotten("Statistics", owner: site.campus.user("alice"))
    let call = try site.simulate(mode: "notify")
    #expect(call.status == 2)
    let document = try RunDocument(call.json)
    #expect(document.exitStatus == 2)
    // The admin learns of it in the owner's stead.
    #expect(document.mails.map(\.to) == ["alice@example.edu", "vcl-admin@example.edu"])
    #expect(document.mails.map(\.status) == ["failed", "accepted"])
    #expect(document.mails.first?.reply?.contains("alice has left") == true)
    #expect(document.mails.first?.revisionIDs == [pair.older])
  }

  @Test("without a terminal each event is a plain log line with time and level, on standard error")
  func log() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    let call = try site.simulate(mode: "notify")
    #expect(call.errorLines.count >= 4)
    for line in call.errorLines {
      #expect(
        line.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d) (info|notice) \S.*/)
          != nil,
        "\(line)")
    }
    #expect(call.errors.contains("run 1 for 2026-03-02 in mode notify"))
    #expect(call.errors.contains("run 1 ended with exit status 0: 1 marked"))
    #expect(!call.errors.contains("\u{1B}"))
  }

  @Test("the text report says what was done, and names the mails that were not accepted")
  func textReport() throws {
    let site = try CommandSite(ScriptedSMTPServer(replies: [.recipient: [.reply("451 4.3.0 try again")]]))
    try site.history()
    try site.forgotten("Forgotten", owner: site.campus.user("alice"))
    let call = try site.call(
      ["run", "--today", CommandSite.today, "--set", "expireimage_mode=notify"], CommandSite.simulation)
    #expect(call.status == 2)
    #expect(call.output.hasPrefix("Run 1 for 2026-03-02, mode notify: 1 marked"))
    // Cron mails what is printed: the plan's counts are for a terminal.
    #expect(!call.output.contains("idle_older"))
    #expect(call.output.contains("alice@example.edu  deferred  451 4.3.0 try again"))
  }

  @Test("--today is refused unless the environment says that it is a simulation")
  func todayNeedsSimulation() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    let before = try site.checksums()
    for environment in [[:], ["EXPIREIMAGE_SIMULATE": "0"], ["EXPIREIMAGE_SIMULATE": "yes"]] {
      let call = try site.call(CommandSite.runArguments(mode: "flag"), environment)
      #expect(call.status == 64)
      #expect(call.errors.contains("EXPIREIMAGE_SIMULATE=1"))
      #expect(call.output == "")
    }
    #expect(try site.checksums() == before)
  }

  @Test("a simulated run stores the day that it was given")
  func simulatedDay() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    try site.run("2031-07-15", mode: "notify", set: ["expireimage_usage_max_age_days=0"])
    #expect(
      try site.count(
        "expireimage_run",
        where: "day = '2031-07-15' AND simulated = 1 AND DATE(started) = day AND DATE(finished) = day") == 1)
    #expect(
      try site.count("expireimage_mail", where: "accepted_on = '2031-07-15' AND queued_on = accepted_on") == 1
    )
    #expect(try site.count("expireimage_event", where: "DATE(happened) = '2031-07-15'") == 1)
  }
}

@Suite("The modes of expireimage run")
struct RunModeTests {
  @Test("off does nothing at all, and says how it is switched on")
  func off() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    try site.campus.variable("expireimage_mode", "off")
    let before = try site.checksums()
    let call = try site.call(["run"])
    #expect(call.status == 0)
    #expect(call.output.contains("expireimage policy set expireimage_mode report"))
    let document = try RunDocument(site.call(["run", "--json"]).json)
    #expect(document.runID == nil)
    #expect(document.summary == nil)
    #expect(document.decisions.isEmpty)
    #expect(try site.checksums() == before)
  }

  @Test("report decides and touches neither a revision nor a mailbox")
  func report() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let document = try site.run(mode: "report")
    #expect(document.runID == 1)
    #expect(document.decisions.isEmpty)
    #expect(document.summary?.byDecision["mark"] == 1)
    #expect(try site.date(pair.older) == nil)
    #expect(try site.count("expireimage_mark") == 0)
    #expect(try site.count("expireimage_event") == 0)
    #expect(site.mailServer.connectionCount == 0)
  }

  @Test("notify marks and mails; what is due stays, with the reason mode_notify")
  func notify() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    try site.run("2026-01-31", mode: "notify")
    #expect(try site.date(pair.older) == "2026-03-02")
    try site.run(mode: "notify")
    #expect(try !site.isDeleted(pair.older))
    let due = try site.plan(set: ["expireimage_mode=notify"])[pair.older]
    #expect(due.decision == "keep")
    #expect(due.reasons.contains("mode_notify"))
  }

  @Test("flag flags what was announced in time and is due, and a second run of that night changes nothing")
  func flag() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    try site.run("2026-01-31", mode: "flag")
    let document = try site.run(mode: "flag")
    #expect(document.decisions.map(\.decision) == ["flag"])
    #expect(document.decisions.map(\.reasons) == [["idle_older", "due"]])
    #expect(try site.isDeleted(pair.older))
    #expect(try site.date(pair.older) == "2026-03-02")
    #expect(try !site.isDeleted(pair.production))

    let revisions = try site.checksums()["imagerevision"]
    let again = try site.run(mode: "flag")
    #expect(again.decisions.isEmpty)
    #expect(again.mails.isEmpty)
    #expect(try site.checksums()["imagerevision"] == revisions)
  }
}
