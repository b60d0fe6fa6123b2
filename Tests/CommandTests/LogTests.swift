import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("The log of a run")
struct LogTests {
  private func site(_ name: String = "Forgotten") throws -> (site: CommandSite, older: Int) {
    let site = try CommandSite()
    try site.history()
    return (site, try site.forgotten(name, owner: site.campus.user("alice")).older)
  }

  private func run(_ site: CommandSite, _ arguments: [String]) throws -> CommandSite.Call {
    let all = ["run", "--today", CommandSite.today, "--set", "expireimage_mode=notify"] + arguments
    return try site.call(all, CommandSite.simulation)
  }

  @Test("has a line for each event, with the run, the revision or the mail that it is about")
  func events() throws {
    let (site, older) = try site()
    let call = try run(site, [])
    let lines = call.errorLines.map { $0.split(separator: " ", maxSplits: 1).last ?? "" }
    #expect(
      lines == [
        "notice run_id=1 event=run_began run 1 for 2026-03-02 in mode notify",
        "info run_id=1 revision_id=\(older) event=mark marked, expires 2026-04-01 (idle_older): Forgotten, revision 1"
          + " of alice@Local",
        "info run_id=1 mail_id=1 event=mail_accepted mail 1 to alice@example.edu accepted: 250 2.0.0 Ok: queued",
        "notice run_id=1 event=run_ended run 1 ended with exit status 0: 1 marked, 0 redated, 0 unmarked, 0 flagged;"
          + " 1 of 1 mails accepted",
      ], "\(call.errors)")
  }

  @Test("is one JSON object a line with --log-format json, failures too")
  func json() throws {
    let (site, older) = try site()
    let lines = try run(site, ["--log-format", "json", "--log-level", "debug"]).errorLines.map {
      try JSON(String($0))
    }
    #expect(lines.count > 8)
    for line in lines {
      #expect(line.keys.isSuperset(of: ["time", "level", "message"]))
      #expect(
        line.keys.isSubset(of: ["time", "level", "message", "event", "run_id", "revision_id", "mail_id"]))
    }
    let mark = try #require(lines.first { (try? $0["event"].text) == "mark" })
    #expect(try mark["revision_id"].integer == older)
    #expect(try mark["run_id"].integer == 1)
    let failed = try site.call(["run", "--log-format", "json"], ["EXPIREIMAGE_DATABASE_NAME": "nowhere"])
    #expect(failed.status == 7)
    #expect(failed.errorLines.count == 1)
    #expect(try JSON(failed.errors)["level"].text == "error")
  }

  @Test(
    "keeps to the level that is asked for",
    arguments: [("debug", 9), ("info", 4), ("notice", 2), ("warning", 0)])
  func levels(_ level: String, _ atLeast: Int) throws {
    let (site, _) = try site()
    let lines = try run(site, ["--log-level", level]).errorLines
    #expect(lines.count >= atLeast && (level == "debug" || lines.count <= atLeast + 1), "\(lines)")
  }

  @Test("says nothing with --quiet while all is well, so that cron sends no mail; trouble is told")
  func quiet() throws {
    let (site, _) = try site()
    let well = try run(site, ["--quiet"])
    #expect(well.status == 0 && well.output == "" && well.errors == "")
    let other = try CommandSite(ScriptedSMTPServer(replies: [.recipient: [.reply("451 4.3.0 later")]]))
    try other.history()
    try other.forgotten("Forgotten")
    let trouble = try run(other, ["--quiet"])
    #expect(trouble.status == 2)
    #expect(trouble.output.contains("Not delivered"))
    #expect(trouble.errorLines.allSatisfy { $0.contains(" warning run_id=1 ") })
    #expect(trouble.errors.contains("451 4.3.0 later"))
  }

  @Test("leaves time and level to the journal where standard error is one")
  func journal() throws {
    let (site, older) = try site()
    let file = FileManager.default.temporaryDirectory.appending(path: "journal-\(UUID().uuidString)")
    try Data().write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let environment = site.environment.merging(CommandSite.simulation) { $1 }.merging([
      "PROGRAM": try Executable.path, "LOG": file.path,
    ]) { $1 }
    let command = try RunningCommand(
      shell: """
        JOURNAL_STREAM=$(stat --format %d:%i "$LOG"); export JOURNAL_STREAM
        exec "$PROGRAM" run --today \(CommandSite.today) --set expireimage_mode=notify 2>"$LOG"
        """, environment)
    #expect(try command.result().status == 0)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(lines.first == "<5>run_id=1 event=run_began run 1 for 2026-03-02 in mode notify")
    #expect(lines.contains { $0.hasPrefix("<6>run_id=1 revision_id=\(older) event=mark marked, ") })
    #expect(lines.allSatisfy { $0.wholeMatch(of: /<[3-6]>run_id=1 \S.*/) != nil }, "\(lines)")
  }

  @Test("gives names from the database no way to forge a line, or an escape")
  func forgery() throws {
    let name = "x\n2026-03-02T00:00:00Z error run_id=9 forged\r\u{1B}[2Jy"
    for format in ["text", "json"] {
      let (site, older) = try site(name)
      let call = try run(site, ["--log-format", format])
      #expect(call.errorLines.count { $0.contains("forged") } == 1)
      #expect(call.errorLines.allSatisfy { !$0.hasPrefix("2026-03-02T00:00:00Z") })
      #expect(!call.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
      #expect(call.errorLines.contains { $0.contains("\(older)") && $0.contains("forged") })
    }
  }

  @Test("that cannot be written is told by the report and by exit status 2, and the work is done")
  func fullDisk() throws {
    for json in [false, true] {
      let (site, older) = try site()
      let command = try RunningCommand(
        shell: """
          exec "$PROGRAM" run --today \(CommandSite.today) --set expireimage_mode=notify \(json ? "--json" : "") 2>/dev/full
          """,
        site.environment.merging(CommandSite.simulation) { $1 }.merging(["PROGRAM": try Executable.path]) {
          $1
        })
      let call = try command.result()
      #expect(call.status == 2)
      let words = "the log cannot be written (No space left on device); the run's own work is done"
      if json {
        let document = try RunDocument(call.json)
        #expect(document.exitStatus == 2)
        #expect(document.faults.count == 1 && document.faults[0].hasPrefix(words))
      } else {
        #expect(call.outputLines.count { $0.contains(words) } == 1)
      }
      #expect(try site.date(older) == "2026-04-01")
      #expect(try site.count("expireimage_run", where: "exit_status = 2") == 1)
      #expect(site.mailServer.messages.count == 1)
    }
  }

  @Test("that cannot be written does not hide why a run failed: the exit status tells")
  func fullDiskAndFailure() throws {
    let command = try RunningCommand(
      shell: "exec \"$PROGRAM\" run 2>/dev/full",
      ["PROGRAM": try Executable.path, "EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
    let call = try command.result()
    #expect(call.status == 7)
    #expect(call.output == "")
  }

  @Test("of mail retry on a full disk is told by its answer, and the mail is delivered")
  func retryOnFullDisk() throws {
    let (site, _) = try site()
    let down = ["EXPIREIMAGE_SMTP_URL": "smtp://127.0.0.1:9"]
    _ = try site.call(CommandSite.runArguments(mode: "notify"), CommandSite.simulation.merging(down) { $1 })
    try site.site.store("mode", "notify")
    let command = try RunningCommand(
      shell: "exec \"$PROGRAM\" mail retry --log-level info 2>/dev/full",
      site.environment.merging(["PROGRAM": try Executable.path]) { $1 })
    let call = try command.result()
    #expect(call.status == 2)
    #expect(call.output.contains("the log cannot be written (No space left on device)"))
    #expect(site.mailServer.messages.count == 1)
  }

  @Test("tells no password at any level, whatever the mail server repeats", arguments: ["text", "json"])
  func secret(_ format: String) throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [
        .hello: [.reply("250-x\r\n250 AUTH PLAIN")],
        .authentication: [.reply("334 "), .reply("535 5.7.8 no: secret-word AHZjbABzZWNyZXQtd29yZA==")],
      ]))
    try site.history()
    try site.forgotten("Forgotten")
    let call = try site.call(
      CommandSite.runArguments(mode: "notify") + ["--log-level", "debug", "--log-format", format],
      CommandSite.simulation.merging(
        ["EXPIREIMAGE_SMTP_USER": "vcl", "EXPIREIMAGE_SMTP_PASSWORD": "secret-word"]) { $1 })
    #expect(call.status == 2)
    #expect(call.errors.contains("535 5.7.8 no: ***"))
    #expect(!(call.errors + call.output).contains("secret-word") && !call.errors.contains("AHZjbABzZWNy"))
  }

  @Test("has a line for a revision that VCL has locked, which is left for the next run")
  func locked() throws {
    let (site, older) = try site()
    let other = try Connection(TestServer.shared.options(database: site.site.name))
    try other.execute("START TRANSACTION")
    try other.execute("UPDATE imagerevision SET comments = 'x' WHERE id = \(older)")
    let call = try run(site, [])
    #expect(call.status == 2)
    #expect(
      call.errorLines.count {
        $0.hasSuffix(
          "warning run_id=1 revision_id=\(older) event=skipped left as it was, locked by VCL: Forgotten, revision 1 of"
            + " alice@Local")
      } == 1, "\(call.errors)")
    try other.execute("ROLLBACK")
  }

  @Test("whose reader goes away does not end the run")
  func readerGone() throws {
    let (site, older) = try site()
    let command = try RunningCommand(
      shell: """
        { sleep 1; exec "$PROGRAM" run --today \(CommandSite.today) --set expireimage_mode=notify 2>&1; } | true
        """,
      site.environment.merging(CommandSite.simulation) { $1 }.merging(["PROGRAM": try Executable.path]) { $1 }
    )
    _ = try command.result()
    #expect(try site.date(older) == "2026-04-01")
    // The log was lost.
    #expect(try site.count("expireimage_run", where: "exit_status = 2") == 1)
  }
}
