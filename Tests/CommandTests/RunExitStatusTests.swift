import Campus
import MariaDB
import TestSupport
import Testing

@Suite("The exit status of expireimage run")
struct RunExitStatusTests {
  @Test("0: everything was done, and the row of the run says so")
  func done() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    #expect(try site.simulate(mode: "notify").status == 0)
    #expect(try site.count("expireimage_run", where: "exit_status = 0 AND finished IS NOT NULL") == 1)
  }

  @Test("2: a mail server that is down leaves the mail for the next run, which delivers it")
  func doneInPart() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten", owner: site.campus.user("alice"))
    // Nothing listens on the discard port.
    let down = ["EXPIREIMAGE_SMTP_URL": "smtp://127.0.0.1:9"]
    let call = try site.call(
      CommandSite.runArguments(mode: "notify"), CommandSite.simulation.merging(down) { $1 })
    #expect(call.status == 2)
    #expect(try RunDocument(call.json).mails.map(\.status) == ["deferred"])
    #expect(try site.date(pair.older) == "2026-04-01")
    #expect(try site.count("expireimage_run", where: "exit_status = 2") == 1)

    let next = try site.run("2026-03-03", mode: "notify")
    #expect(next.mails.map(\.status) == ["accepted"])
    #expect(next.mails.map(\.revisionIDs) == [[pair.older]])
    #expect(site.mailServer.messages.count == 1)
  }

  @Test("3: more is due than one run may flag, so that nothing is flagged and everything else goes on")
  func limitExceeded() throws {
    let site = try CommandSite()
    try site.history()
    let pairs = try (1...3).map { try site.forgotten("Image \($0)") }
    try site.run("2026-01-31", mode: "notify", set: ["expireimage_max_flag_percent=none"])
    let late = try site.forgotten("Late")
    let call = try site.simulate(mode: "flag")
    #expect(call.status == 3)
    for pair in pairs { #expect(try !site.isDeleted(pair.older)) }
    #expect(try site.date(late.older) != nil)
    #expect(try RunDocument(call.json).exitStatus == 3)
    #expect(try site.count("expireimage_run", where: "exit_status = 3") == 1)
  }

  @Test("4: usage data that is too old stops the run before it marks or flags")
  func usageTooOld() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let call = try site.simulate("2026-04-15", mode: "flag")
    #expect(call.status == 4)
    #expect(call.output == "")
    #expect(call.errors.contains("usage data not trusted: the newest reservation on record is of 2026-02-20"))
    #expect(call.errors.contains("expireimage_usage_max_age_days is 30"))
    #expect(try site.date(pair.older) == nil)
    #expect(try site.count("expireimage_event") == 0)
    #expect(try site.count("expireimage_run", where: "exit_status = 4 AND finished IS NOT NULL") == 1)
    #expect(try site.count("expireimage_lease", where: "node IS NULL") == 1)
  }

  @Test("4: a database without any reservation is not trusted")
  func noUsage() throws {
    let site = try CommandSite()
    let call = try site.simulate(mode: "flag")
    #expect(call.status == 4)
    #expect(call.errors.contains("there is no reservation on record"))
  }

  @Test("4: a clock before the last run's day")
  func clockInThePast() throws {
    let site = try CommandSite()
    try site.history()
    let tomorrow = try site.realDay(1)
    try site.run(tomorrow, mode: "report", set: ["expireimage_usage_max_age_days=0"])
    let before = try site.checksums()
    let call = try site.call(["run"])
    #expect(call.status == 4)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("the last run was for \(tomorrow)"))
    #expect(call.errors.contains("clock"))
    #expect(try site.checksums() == before)
  }

  @Test("5: a parameter that cannot be used stops the run before any write")
  func invalidParameter() throws {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten")
    let before = try site.checksums()
    let call = try site.simulate(mode: "flag", set: ["expireimage_grace_days=soon"])
    #expect(call.status == 5)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("expireimage_grace_days is 'soon'"))
    #expect(try site.checksums() == before)
  }

  @Test("5: nobody is known to send the notices from")
  func noSender() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    try site.connection.execute("UPDATE affiliation SET helpaddress = NULL")
    let call = try site.simulate(mode: "notify")
    #expect(call.status == 5)
    #expect(call.errors.contains("mail.from"))
    #expect(try site.date(pair.older) == nil)

    let withSender = try site.call(
      CommandSite.runArguments(mode: "notify"),
      CommandSite.simulation.merging(["EXPIREIMAGE_MAIL_FROM": "vcl@example.edu"]) { $1 })
    #expect(withSender.status == 0)
    #expect(site.mailServer.messages.map(\.from) == ["vcl@example.edu"])
  }

  @Test("6: of two runs at the same time one works and the other leaves with one line")
  func leaseHeld() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let first = try RunningCommand(
      CommandSite.runArguments(mode: "notify", set: ["expireimage_pause_ms=3000"]),
      site.environment.merging(CommandSite.simulation) { $1 })
    try first.wait(until: "a mark") { try site.count("expireimage_mark") == 1 }

    let second = try site.simulate(mode: "notify")
    #expect(second.status == 6)
    #expect(second.output == "")
    #expect(second.errorLines.count == 1)
    #expect(second.errors.contains(" is at work and holds the lease; try again when it has ended"))
    #expect(first.isRunning)

    let result = try first.result()
    #expect(result.status == 0)
    #expect(try RunDocument(result.json).decisions.map(\.revisionID) == [pair.older])
    #expect(try site.count("expireimage_run") == 1)
    #expect(site.mailServer.messages.count == 1)
    #expect(try site.simulate(mode: "notify").status == 0)
  }

  @Test("7: no server at the socket")
  func unreachable() throws {
    let call = try CommandSite.call(["run"], ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
    #expect(call.status == 7)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("/nowhere/mariadb.sock"))
  }

  @Test("64: a word too many", arguments: [["run", "now"], ["run", "--fast"], ["run", "--today"]])
  func wrongCommandLine(_ arguments: [String]) throws {
    let call = try CommandSite.call(arguments)
    #expect(call.status == 64)
    #expect(call.output == "")
  }
}
