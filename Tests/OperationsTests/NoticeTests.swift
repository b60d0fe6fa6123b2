import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("Notices")
struct NoticeTests {
  static let trusting = ["usage_max_age_days": "0", "max_flag_count": "none", "max_flag_percent": "none"]

  /// The mails of a site: whom they were for, and what became of them.
  private func mails(_ site: TestSite) throws -> [String] {
    try site.rows("SELECT recipient, recipients, status FROM expireimage_mail ORDER BY id")
  }

  /// The newest mail as another program reads it.
  private func parsed(_ server: ScriptedSMTPServer) throws -> PythonEmail {
    let mail = try #require(server.messages.last)
    return try PythonEmail.parse([mail.data])[0]
  }

  private func notices(_ site: TestSite, _ revision: Int) throws -> [String] {
    try site.rows(
      """
      SELECT n.kind, n.expiredate, m.status FROM expireimage_notice n
      JOIN expireimage_mail m ON m.id = n.mail_id WHERE n.revision_id = ? ORDER BY m.id
      """, [Value(revision)])
  }

  @Test(
    "A mark is announced to the owner in the same night, from Global's help address, blind to the archive")
  func announced() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    let night = try site.night("2026-03-02")
    #expect(
      night.mails
        == [Night.Mail(to: "jdoe@example.edu", status: "accepted", revisionIDs: [idle.old])])
    let mail = try #require(server.messages.first)
    #expect(server.messages.count == 1)
    #expect(mail.from == "vcl-help@example.edu")
    #expect(mail.recipients == ["jdoe@example.edu", "vcl-archive@example.edu"])
    let parsed = try parsed(server)
    #expect(parsed.to == ["jdoe@example.edu"])
    #expect(parsed.values(of: "Bcc").isEmpty)
    #expect(!parsed.headers.contains { $0[1].contains("vcl-archive") })
    #expect(parsed.fromAddress == "vcl-help@example.edu")
    for body in [parsed.text, parsed.html] {
      #expect(body.contains("Statistics"))
      #expect(body.contains("1 April 2026"))
      #expect(body.contains("Jane"))
    }
    #expect(
      try site.rows("SELECT status, accepted_on, queued_on, reply_code, attempts FROM expireimage_mail")
        == ["accepted 2026-03-02 2026-03-02 250 1"])
  }

  @Test("Reminders come at their steps, and never twice for the same step")
  func reminders() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    var mailDays: [String] = []
    for day in 2...31 {
      let today = Day(year: 2026, month: 3, day: day)!.description
      if try site.night(today, mode: "notify", Self.trusting).mails?.isEmpty == false {
        mailDays.append(today)
      }
    }
    #expect(mailDays == ["2026-03-02", "2026-03-18", "2026-03-25", "2026-03-31"])
    #expect(
      try notices(site, idle.old)
        == ["announced", "reminder", "reminder", "reminder"].map { "\($0) 2026-04-01 accepted" })
  }

  @Test("Without an accepted notice nothing is ever flagged: mail waits, exit 2, and the date is postponed")
  func noNotice() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 2)
    #expect(try mails(site) == ["owner jdoe@example.edu deferred"])
    for day in ["2026-03-20", "2026-04-01", "2026-04-15", "2026-04-29", "2026-05-13"] {
      let night = try site.night(day, Self.trusting)
      #expect(night.exitStatus == 2)
      #expect(night.decision(idle.old) != "flag")
    }
    #expect(try site.flag(idle.old) == "0 -")
    #expect(try site.date(idle.old) == "2026-05-27")
    // One open digest per owner: each night has replaced the one before.
    #expect(
      try mails(site).suffix(2) == ["owner jdoe@example.edu replaced", "owner jdoe@example.edu deferred"])
  }

  @Test(
    "Mail that could not be delivered is replaced by one digest of the next run, from whose day notice counts"
  )
  func serverDown() throws {
    let server = ScriptedSMTPServer(replies: [.banner: [.replyAndDrop("421 4.3.2 down"), .reply("220 up")]])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    #expect(try site.night("2026-03-02", Self.trusting).exitStatus == 2)
    #expect(server.messages.isEmpty)
    let late = try IdleImage(site, "Chemistry")
    let night = try site.night("2026-03-25", Self.trusting)
    #expect(night.exitStatus == 0)
    #expect(server.messages.count == 1)
    #expect(try mails(site) == ["owner jdoe@example.edu replaced", "owner jdoe@example.edu accepted"])
    #expect(night.mails?.first?.revisionIDs == [idle.old, late.old])
    #expect(
      try notices(site, idle.old)
        == ["announced 2026-04-01 replaced", "announced 2026-04-01 accepted"])

    #expect(try site.night("2026-04-01", Self.trusting).reasons(idle.old).contains("notice_missing"))
    #expect(try site.date(idle.old) == "2026-04-08")
    #expect(try site.night("2026-04-08", Self.trusting).decision(idle.old) == "flag")
  }

  @Test(
    "A mail whose outcome is unknown, or that a killed run may have handed over, is sent again with the same Message-ID",
    arguments: [false, true])
  func unknownOutcome(isKilled: Bool) throws {
    let server = ScriptedSMTPServer(replies: [.message: [.drop, .reply("250 2.0.0 Ok")]])
    let site = try TestSite(mailServer: server)
    _ = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 2)
    #expect(try mails(site) == ["owner jdoe@example.edu unknown"])
    if isKilled {
      try site.connection.execute("UPDATE expireimage_mail SET status = 'pending', attempts = 0")
    }
    #expect(try site.night("2026-03-03").exitStatus == 0)
    let ids = try site.rows("SELECT message_id, status FROM expireimage_mail ORDER BY id")
    #expect(ids.count == 2)
    #expect(ids[0].hasSuffix(" replaced"))
    #expect(ids[1].hasSuffix(" accepted"))
    #expect(ids[0].split(separator: " ")[0] == ids[1].split(separator: " ")[0])
  }

  @Test(
    "An owner without a usable address: the notice to the admins counts",
    arguments: ["", "root@localhost", "no address", "jane@", "vclreload", "NULL"])
  func adminNotice(email: String) throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle: IdleImage
    switch email {
    case "NULL": idle = try IdleImage(site, hasOwner: false)
    case "vclreload":
      try site.connection.execute("UPDATE user SET email = 'someone@example.edu' WHERE unityid = 'vclreload'")
      idle = try IdleImage(site, owner: CampusBuilder.vclreload)
    default: idle = try IdleImage(site, owner: site.campus.user("nobody", email: email))
    }
    #expect(try site.night("2026-03-02").exitStatus == 0)
    #expect(try mails(site) == ["admin vcl-admin@example.edu accepted"])
    #expect(try site.night("2026-04-01", Self.trusting).decision(idle.old) == "flag")
  }

  @Test("The admins of VCL's management nodes first, the configured one where they have none")
  func configuredAdmin() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(
      mailServer: server, environment: ["EXPIREIMAGE_MAIL_ADMIN": "root@hpc.example.edu"])
    try site.campus.managementNodeAddresses(sysadmin: nil, shared: nil)
    _ = try IdleImage(site, hasOwner: false)
    try site.night("2026-03-02")
    #expect(try mails(site) == ["admin root@hpc.example.edu accepted"])
    #expect(server.messages.first?.recipients == ["root@hpc.example.edu"])
  }

  @Test("Where there is nobody to tell, the date may stay, but nothing is ever flagged")
  func nobody() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.campus.managementNodeAddresses(sysadmin: "", shared: "archive@example.edu")
    let idle = try IdleImage(site, hasOwner: false)
    #expect(try site.night("2026-03-02").exitStatus == 0)
    for day in ["2026-04-01", "2026-04-08", "2026-04-30"] {
      #expect(try site.night(day, Self.trusting).decision(idle.old) == "keep")
      #expect(try site.decisions(day, Self.trusting).reasons(idle.old).contains("no_recipient"))
    }
    #expect(try site.flag(idle.old) == "0 -")
    #expect(server.messages.isEmpty)
  }

  @Test(
    "An owner's mail that is refused goes to the admins, which counts only where the policy says so",
    arguments: ["no", "yes"])
  func fallback(counts: String) throws {
    let server = ScriptedSMTPServer(
      replies: [.recipientNamed("jdoe@example.edu"): [.reply("550 5.1.1 No such user")]])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    let policy = Self.trusting.merging(["fallback_counts": counts]) { $1 }
    let night = try site.night("2026-03-02", policy)
    #expect(night.exitStatus == 2)
    #expect(
      try mails(site) == ["owner jdoe@example.edu failed", "fallback vcl-admin@example.edu accepted"])
    #expect(server.messages.last?.recipients.contains("vcl-admin@example.edu") == true)
    #expect(
      try site.rows("SELECT reply FROM expireimage_mail ORDER BY id").first?.contains("No such user") == true)
    let due = try site.night("2026-04-01", policy)
    #expect(due.decision(idle.old) == (counts == "yes" ? "flag" : "redate"))
  }

  @Test("One accepted address of several is enough; a blind copy never counts")
  func severalAddresses() throws {
    let server = ScriptedSMTPServer(
      replies: [.recipientNamed("old@example.edu"): [.reply("550 5.1.1 gone")]])
    let site = try TestSite(mailServer: server)
    let owner = try site.campus.user("two", email: "old@example.edu, broken@, new@example.edu")
    let idle = try IdleImage(site, owner: owner)
    #expect(try site.night("2026-03-02").exitStatus == 0)
    #expect(try mails(site) == ["owner old@example.edu,new@example.edu accepted"])
    #expect(try site.night("2026-04-01", Self.trusting).decision(idle.old) == "flag")
  }

  @Test("Only the archive took it: that is no notice")
  func onlyBlind() throws {
    let server = ScriptedSMTPServer(
      replies: [.recipientNamed("jdoe@example.edu"): [.reply("450 4.2.1 later")]])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 2)
    #expect(try mails(site) == ["owner jdoe@example.edu deferred"])
    #expect(try site.night("2026-04-01", Self.trusting).decision(idle.old) == "redate")
  }

  @Test("A new owner gets a notice and the full minimum notice")
  func newOwner() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    let heir = try site.campus.user("heir")
    try site.connection.execute(
      "UPDATE image SET ownerid = ? WHERE id = ?", [Value(heir), Value(idle.image)])
    let night = try site.night("2026-03-28", Self.trusting)
    #expect(night.mails?.map(\.to) == ["heir@example.edu"])
    #expect(try site.night("2026-04-01", Self.trusting).reasons(idle.old).contains("notice_missing"))
    #expect(try site.date(idle.old) == "2026-04-11")
    #expect(try site.night("2026-04-11", Self.trusting).decision(idle.old) == "flag")
    #expect(
      try site.rows("SELECT owner_id, recipients FROM expireimage_mail ORDER BY id").last
        == "\(heir) heir@example.edu")
  }

  @Test("Safe after a reservation; news that were not delivered are told again")
  func safe() throws {
    let server = ScriptedSMTPServer(
      replies: [.message: [.reply("250 Ok"), .reply("451 4.3.0 later"), .reply("250 Ok")]])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    try site.campus.use(idle.old, from: "2026-03-09 09:00:00")
    #expect(try site.night("2026-03-10").exitStatus == 2)
    #expect(server.messages.count == 1)
    let night = try site.night("2026-03-11")
    #expect(night.exitStatus == 0)
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old]])
    #expect(
      try notices(site, idle.old)
        == ["announced 2026-04-01 accepted", "safe - replaced", "safe - accepted"])
    let last = try parsed(server)
    #expect(last.text.contains("Statistics"))
    #expect(last.subject.contains("no longer"))
    #expect(try site.night("2026-03-12").mails == [])
  }

  @Test("A flag that was not told is told again, too")
  func flaggedAgain() throws {
    let server = ScriptedSMTPServer(
      replies: [.message: [.reply("250 Ok"), .reply("451 4.3.0 later"), .reply("250 Ok")]])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    #expect(try site.night("2026-04-01", Self.trusting).exitStatus == 2)
    #expect(try site.flag(idle.old) == "1 2026-04-01 00:00:00")
    let night = try site.night("2026-04-02", Self.trusting)
    #expect(night.mails?.map(\.status) == ["accepted"])
    #expect(
      try notices(site, idle.old)
        == ["announced 2026-04-01 accepted", "flagged 2026-04-01 replaced", "flagged 2026-04-01 accepted"])
  }

  @Test(
    "The sender is the help address of the owner's affiliation, else Global's, else the configured one",
    arguments: 0...2)
  func sender(level: Int) throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, from: "configured@example.edu")
    let ncsu = try site.campus.affiliation("NCSU", help: level == 0 ? "help@ncsu.example.edu" : "")
    if level == 2 {
      try site.connection.execute("UPDATE affiliation SET helpaddress = NULL WHERE name = 'Global'")
    }
    _ = try IdleImage(site, owner: site.campus.user("two", in: ncsu))
    try site.night("2026-03-02")
    let expected = ["help@ncsu.example.edu", "vcl-help@example.edu", "configured@example.edu"][level]
    #expect(server.messages.map(\.from) == [expected])
  }

  @Test("Without any sender a run stops before any write, exit 5; a report needs none")
  func noSender() throws {
    let site = try TestSite(from: nil)
    let idle = try IdleImage(site)
    try site.connection.execute("UPDATE affiliation SET helpaddress = '' WHERE name = 'Global'")
    #expect(site.status("2026-03-02") == .configurationInvalid)
    #expect(try site.date(idle.old) == "-")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_usage_state") == ["0"])
    #expect(site.status("2026-03-02", mode: "report") == .done)
  }

  @Test("Each owner gets one mail, however many revisions there are")
  func manyRevisions() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let image = try site.campus.image("Statistics", owner: IdleImage.owner(site))
    let production = try site.campus.revision(of: image, 1000, production: true)
    let revisions = try (1...500).map { try site.campus.revision(of: image, $0) }
    try site.campus.use(production, from: "2026-02-27 09:00:00")
    try site.campus.use(production, from: "2020-02-27 09:00:00")
    try site.connection.execute("UPDATE sublog SET id = id + 10 WHERE id = 1")
    let other = try IdleImage(site, "Chemistry", owner: site.campus.user("two"))
    let night = try site.night("2026-03-02", Self.trusting)
    #expect(night.exitStatus == 0)
    #expect(server.messages.count == 2)
    #expect(night.mails?.first { $0.to == "jdoe@example.edu" }?.revisionIDs == revisions)
    #expect(night.mails?.first { $0.to == "two@example.edu" }?.revisionIDs == [other.old])
  }

  @Test(
    "Names that are hard to write arrive as they are",
    arguments: [
      "O'Brien's \"Stata\" 100% \\ image", "<b>Bold</b> & co", "caf\u{e9} \u{fc}ber \u{df}",
      String(repeating: "\u{e9}", count: 60), "two\nlines\r\nand a tab\t", "%s {{name}} [image_prettyname]",
    ])
  func hardNames(_ name: String) throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site, name)
    let night = try site.night("2026-03-02")
    #expect(night.exitStatus == 0)
    let mail = try parsed(server)
    #expect(mail.defects.isEmpty)
    #expect(!mail.html.contains("<b>Bold"))
    let seen = mail.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(seen.contains(name.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
    #expect(try site.night("2026-04-01", Self.trusting).decision(idle.old) == "flag")
  }
}
