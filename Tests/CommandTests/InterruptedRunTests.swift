import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@testable import Operations

/// Everything that a completed run for these revisions leaves, no matter how often it was begun.
func expectComplete(_ site: some MigratedSite, _ pairs: [CommandSite.Pair]) throws {
  for pair in pairs { #expect(try site.date(pair.older) == "2026-04-01") }
  #expect(try site.count("expireimage_mark") == pairs.count)
  #expect(try site.count("expireimage_event", where: "kind = 'mark'") == pairs.count)
  #expect(try site.count("expireimage_event") == pairs.count)
  // Each is named by exactly one mail that counts, with the date that it has.
  #expect(
    try site.connection.rows(
      """
      SELECT n.revision_id FROM expireimage_notice n JOIN expireimage_mail m ON m.id = n.mail_id
      JOIN imagerevision r ON r.id = n.revision_id AND r.expiredate = n.expiredate
      WHERE m.status = 'accepted' ORDER BY 1
      """
    ) { $0.int(0) } == pairs.map(\.older).sorted())
  #expect(
    try site.count("expireimage_mail", where: "status IN ('composing', 'pending', 'deferred', 'unknown')")
      == 0)
}

@Suite("A run that is killed")
struct InterruptedRunTests {
  @Test("between two owners, it is completed by the next one, which takes the lease at once")
  func betweenChanges() throws {
    let site = try CommandSite()
    try site.history()
    let limit = ["expireimage_max_flag_percent=none"]
    let pairs = try (1...4).map {
      try site.forgotten("Image \($0)", owner: site.campus.user("owner\($0)"))
    }
    let run = try RunningCommand(
      CommandSite.runArguments(mode: "notify", set: limit + ["expireimage_pause_ms=60000"]),
      site.environment.merging(CommandSite.simulation) { $1 })
    try run.wait(until: "the first owner's mail") {
      try site.count("expireimage_mail", where: "status = 'pending'") == 1
    }
    try run.killAtOnce()

    // Half of the run was done, but no revision was half done.
    #expect(try site.count("imagerevision", where: "expiredate IS NOT NULL") == 1)
    #expect(try site.count("expireimage_mark") == 1)
    #expect(try site.count("expireimage_event") == 1)
    #expect(try site.count("expireimage_lease", where: "node IS NOT NULL") == 1)
    #expect(site.mailServer.messages.isEmpty)

    let next = try site.run(mode: "notify", set: limit)
    #expect(next.exitStatus == 0)
    #expect(next.decisions.count == 3)
    #expect(next.mails.count == 4)
    try expectComplete(site, pairs)
    #expect(
      Set(site.mailServer.messages.flatMap(\.recipients)).isSuperset(
        of: (1...4).map { "owner\($0)@example.edu" }))
    #expect(try site.count("expireimage_run", where: "finished IS NULL AND exit_status IS NULL") == 1)
  }

  @Test("while the mail server is about to answer, its mails are sent by the next one")
  func duringDelivery() throws {
    let site = try CommandSite(ScriptedSMTPServer(replies: [.message: [.reply("250 2.0.0 Ok"), .stall]]))
    try site.history()
    let limit = ["expireimage_max_flag_percent=none"]
    let pairs = try (1...3).map {
      try site.forgotten("Image \($0)", owner: site.campus.user("owner\($0)"))
    }
    let run = try RunningCommand(
      CommandSite.runArguments(mode: "notify", set: limit),
      site.environment.merging(CommandSite.simulation) { $1 })
    try run.wait(until: "the second mail") {
      site.mailServer.commands.count { $0.uppercased() == "DATA" } == 2
    }
    try run.wait(until: "the first acceptance on record") {
      try site.count("expireimage_mail", where: "status = 'accepted'") == 1
    }
    try run.killAtOnce()
    #expect(try site.count("expireimage_mark") == 3)

    // The next one finds a server that works.
    let server = ScriptedSMTPServer()
    let call = try site.call(
      CommandSite.runArguments(mode: "notify", set: limit),
      CommandSite.simulation.merging(["EXPIREIMAGE_SMTP_URL": server.url]) { $1 })
    #expect(call.status == 0)
    #expect(try RunDocument(call.json).decisions.isEmpty)
    #expect(
      Set(server.messages.flatMap(\.recipients).filter { $0.hasPrefix("owner") })
        == ["owner2@example.edu", "owner3@example.edu"])
    try expectComplete(site, pairs)
  }

  @Test("before its first change, it has changed nothing that the next one would miss")
  func beforeChanges() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    // A lock on the revision, as VCL takes one, keeps the run waiting.
    let vcl = try Connection(site.connection.options)
    let run = try vcl.transaction {
      try vcl.execute("UPDATE imagerevision SET comments = 'x' WHERE id = ?", [Value(pair.older)])
      let run = try RunningCommand(
        CommandSite.runArguments(mode: "notify"), site.environment.merging(CommandSite.simulation) { $1 })
      try run.wait(until: "the run's row") { try site.count("expireimage_run") == 1 }
      try run.wait(until: "the usage records") { try site.count("expireimage_usage_state") == 1 }
      try run.killAtOnce()
      return run
    }
    #expect(!run.isRunning)
    #expect(try site.date(pair.older) == nil)
    #expect(try site.count("expireimage_mark") == 0)
    try site.run(mode: "notify")
    try expectComplete(site, [pair])
  }

  @Test("a lease of a process on another node is not taken before it runs out")
  func otherNode() throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute(
      """
      UPDATE expireimage_lease SET node = 'other-node', pid = 1, process_start = 1, boot_id = 'other',
        expires = NOW() + INTERVAL 100 SECOND
      """)
    let call = try site.simulate(mode: "notify")
    #expect(call.status == 6)
    #expect(call.errors.contains("process 1 on other-node"))

    try site.connection.execute("UPDATE expireimage_lease SET expires = NOW() - INTERVAL 1 SECOND")
    #expect(try site.simulate(mode: "notify").status == 0)
  }

  @Test(
    "the lease of another account's process is taken when that is dead, and not while /proc only hides it",
    .enabled(if: OtherAccount.canHideProcesses, "it takes root, unshare and setpriv"))
  func hiddenProcess() throws {
    let site = try CommandSite()
    try site.history()
    let own = ProcessIdentity.own
    func status(_ holder: Int) throws -> Int32 {
      try site.connection.execute(
        """
        UPDATE expireimage_lease SET node = ?, pid = ?, process_start = ?, boot_id = ?,
          expires = NOW() + INTERVAL 100 SECOND
        """, [Value(own.node), Value(holder), Value(own.processStart), Value(own.bootID)])
      return try OtherAccount.call(
        CommandSite.runArguments(mode: "report"), site.environment.merging(CommandSite.simulation) { $1 },
        hidingProcesses: true
      ).status
    }
    #expect(try status(own.pid) == 6)
    let ended = try Process.run(URL(filePath: "/bin/true"), arguments: [])
    ended.waitUntilExit()
    #expect(try status(Int(ended.processIdentifier)) == 0)
  }
}
