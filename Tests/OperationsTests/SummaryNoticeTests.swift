import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("The admins' summary of a run")
struct SummaryNoticeTests {
  private static let always = ["EXPIREIMAGE_MAIL_SUMMARY": "always"]

  /// The summaries that a server took, as Python reads them.
  private func summaries(_ server: ScriptedSMTPServer) throws -> [PythonEmail] {
    let mails = server.messages.filter { $0.recipients == ["vcl-admin@example.edu"] }.map(\.data)
    return try PythonEmail.parse(mails).filter { $0.subject.hasPrefix("VCL image expiry: ") }
  }

  @Test(
    "Comes after each run that can change something, to the management nodes' sysadmins, not to the archive")
  func always() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    try site.night("2026-03-02", mode: "report")
    #expect(try summaries(server).isEmpty)
    try site.night("2026-03-02")
    try site.night("2026-03-03")
    let mails = try summaries(server)
    #expect(mails.map(\.subject) == ["VCL image expiry: 1 marked", "VCL image expiry: nothing to do"])
    #expect(mails[0].text.contains("1 marked, 0 redated, 0 unmarked, 0 flagged, 0 restored."))
    #expect(mails[0].text.contains("Mails: 1 accepted, 0 failed, 0 waiting."))
    #expect(
      try site.rows("SELECT status, owner_id FROM expireimage_mail WHERE recipient = 'summary'") == [
        "accepted -", "accepted -",
      ])
  }

  @Test(
    "Comes as often as the settings say", arguments: [("always", 3), ("changes", 1), ("never", 0)])
  func frequency(_ setting: String, _ count: Int) throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_MAIL_SUMMARY": setting])
    _ = try IdleImage(site)
    for day in ["2026-03-02", "2026-03-03", "2026-03-04"] { try site.night(day) }
    #expect(try summaries(server).count == count)
  }

  @Test("Says what will be flagged in the coming week, day by day, and with whose images")
  func comingWeek() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site, "R &amp; D")
    for (day, mode) in [
      ("2026-03-02", "flag"), ("2026-03-24", "flag"), ("2026-03-25", "flag"), ("2026-03-25", "notify"),
    ] {
      try site.night(day, mode: mode, NoticeTests.trusting)
    }
    let texts = try summaries(server).map(\.text)
    let isTold = texts.map { $0.contains("R & D, revision 1, of jdoe@Local") }
    // The date is the first of April: in a week seen from the 25th, and never in mode notify.
    #expect(isTold == [false, false, true, false])
    #expect(texts[2].contains("Wednesday 1 April 2026"))
  }

  @Test("What is due on a forbidden day is among what comes, and what its owner was not told is not")
  func comingAndNot() throws {
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("gone@example.edu"): [.reply("550 5.1.1 No such user")]
    ])
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site, "Chemistry", owner: site.campus.user("gone"))
    _ = try IdleImage(site, "Physics")
    try site.night("2026-03-02", NoticeTests.trusting)
    try site.night("2026-03-31", NoticeTests.trusting)
    let week = try #require(try summaries(server).last).text
    #expect(week.contains("Physics, revision 1, of jdoe@Local"))
    #expect(!week.contains("Chemistry, revision 1, of gone@Local"))
    // A date that a person has set stays on a day on which nothing is deleted.
    let biology = try IdleImage(site, "Biology")
    _ = try ExpireOperation(site.site, TestSite.options("2026-03-31", [:])).expire(
      "\(biology.old)", on: Day("2026-04-20")!, .silent)
    try site.night("2026-04-01", NoticeTests.trusting)
    try site.night("2026-04-20", NoticeTests.trusting.merging(["blackout": "2026-04-20"]) { $1 })
    let later = try #require(try summaries(server).last).text
    #expect(later.contains("Tuesday 21 April 2026") && later.contains("Biology, revision 1, of jdoe@Local"))
  }

  @Test("Says which mails failed, with the server's words and what cannot be flagged, and which wait")
  func failures() throws {
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("gone@example.edu"): [.reply("550 5.1.1 No such user")],
      .recipientNamed("slow@example.edu"): [.reply("451 4.7.1 Greylisted")],
    ])
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site, "Chemistry", owner: site.campus.user("gone"))
    _ = try IdleImage(site, "Physics", owner: site.campus.user("slow"))
    #expect(try site.night("2026-03-02", NoticeTests.trusting).exitStatus == 2)
    let mail = try #require(try summaries(server).first)
    #expect(mail.subject == "VCL image expiry: 1 mail failed, 1 mail waiting")
    for part in [mail.text, mail.html] {
      #expect(part.contains("gone@example.edu") && part.contains("550 5.1.1 No such user"))
      #expect(part.contains("Chemistry, revision 1"))
      #expect(part.contains("slow@example.edu") && part.contains("451 4.7.1 Greylisted"))
    }
  }

  @Test("Says once what failed or bounced between two runs")
  func meanwhile() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    let id = try site.rows("SELECT message_id FROM expireimage_mail WHERE recipient = 'owner'")[0]
    let report = BounceTests.report(["jdoe@example.edu"], messageID: id)
    _ = try MailBounceOperation(site.site).take(Array(report.utf8), recipient: nil)
    try site.night("2026-03-03")
    // Bounces carry the real time, which lies behind simulated nights; a night that ends later has told it.
    try site.connection.execute("UPDATE expireimage_run SET finished = NOW()")
    try site.night("2026-03-04")
    let failed = try summaries(server).map { $0.subject.contains("1 mail failed") }
    #expect(failed == [false, true, false])
    #expect(try summaries(server)[1].text.contains("bounced: 5.1.1 550 5.1.1 No such user"))
  }

  @Test("Says when the limit is exceeded, and what is corrupt")
  func limitAndCorruption() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    let torn = try site.campus.image("Torn", owner: IdleImage.owner(site))
    _ = try site.campus.revision(of: torn, 1)
    try site.night("2026-03-02", NoticeTests.trusting)
    let night = try site.night(
      "2026-04-01", NoticeTests.trusting.merging(["max_flag_count": "0"]) { $1 })
    #expect(night.exitStatus == 3)
    let mail = try #require(try summaries(server).last)
    #expect(mail.subject.hasPrefix("VCL image expiry: LIMIT EXCEEDED, nothing flagged"))
    #expect(mail.text.contains("Torn (image \(torn)): no production revision"))
  }

  @Test("A run that was stopped is told, too, and why")
  func stopped() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    #expect(site.status("2026-06-01") == .usageNotTrusted)
    let mail = try #require(try summaries(server).first)
    #expect(mail.subject == "VCL image expiry: STOPPED")
    #expect(mail.text.contains("THE RUN STOPPED"))
    #expect(mail.text.contains("2026-02-27"))
    #expect(site.status("2026-06-01", mode: "report") == .usageNotTrusted)
    #expect(try summaries(server).count == 1)
  }

  @Test("One that cannot be delivered waits, and the run is done in part")
  func undelivered() throws {
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("vcl-admin@example.edu"): [.reply("451 4.3.0 later"), .reply("250 2.1.5 Ok")]
    ])
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 2)
    #expect(
      try site.rows("SELECT status FROM expireimage_mail WHERE recipient = 'summary'") == ["deferred"])
    #expect(try site.night("2026-03-03").exitStatus == 0)
    #expect(
      try site.rows("SELECT status FROM expireimage_mail WHERE recipient = 'summary'") == [
        "accepted", "accepted",
      ])
  }

  @Test("A summary that cannot be made harms nothing: what the run did is done and reported, exit 2")
  func noSender() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, from: nil, environment: Self.always)
    let affiliation = try site.campus.affiliation("Engineering", help: "eng-help@example.edu")
    let idle = try IdleImage(site, owner: site.campus.user("ada", in: affiliation))
    try site.connection.execute("UPDATE affiliation SET helpaddress = '' WHERE name = 'Global'")
    let night = try site.night("2026-03-02")
    #expect(night.exitStatus == 2)
    #expect(night.decision(idle.old) == "mark")
    #expect(server.messages.map(\.recipients.first) == ["ada@example.edu"])
  }

  @Test("Nobody to send it to is no trouble")
  func nobody() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    _ = try IdleImage(site)
    try site.connection.execute("UPDATE managementnode SET sysadminEmailAddress = ''")
    #expect(try site.night("2026-03-02").exitStatus == 0)
    #expect(server.messages.count == 1)
  }

  @Test("The site's words stand above it")
  func words() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.always)
    try site.connection.execute(
      """
      UPDATE variable SET value = 'subject: Ops\\nmessage: "The rota is in the wiki."\\n'
      WHERE name = 'adminmessage|image_expire_summary'
      """)
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    let mails = try PythonEmail.parse(
      server.messages.filter { $0.recipients == ["vcl-admin@example.edu"] }.map(\.data))
    #expect(mails.map(\.subject) == ["Ops: VCL image expiry: 1 marked"])
    #expect(mails[0].text.contains("The rota is in the wiki."))
  }
}
