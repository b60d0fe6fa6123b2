import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("expireimage mail")
struct MailCommandTests {
  /// A night after which one owner was told and another was refused.
  private struct Night {
    let site: CommandSite
    let told: CommandSite.Pair
    let refused: CommandSite.Pair

    init() throws {
      site = try CommandSite(
        ScriptedSMTPServer(replies: [
          .recipientNamed("gone@example.edu"): [.reply("550 5.1.1 No such user"), .reply("250 2.1.5 Ok")]
        ]))
      told = try site.forgotten("R &amp; D", owner: site.campus.user("alice"))
      refused = try site.forgotten("Statistics", owner: site.campus.user("gone"))
      try site.connection.execute("UPDATE managementnode SET sysadminEmailAddress = ''")
      _ = try site.simulate(mode: "flag")
      try site.site.store("mode", "flag")
    }

    /// The ids of the mails to those two.
    func ids() throws -> (told: Int, refused: Int) {
      func id(_ address: String) throws -> Int {
        try site.connection.first("SELECT id FROM expireimage_mail WHERE recipients = ?", [Value(address)]) {
          $0.int(0)
        } ?? 0
      }
      return (try id("alice@example.edu"), try id("gone@example.edu"))
    }
  }

  @Test("list shows the newest first, and answers whether the owner of a revision knew")
  func list() throws {
    let night = try Night()
    let all = try night.site.call(["mail", "list"])
    #expect(all.status == 0, "\(all.errors)")
    #expect(all.outputLines.count == 5)
    #expect(all.output.contains("alice@example.edu"))
    let one = try night.site.call(["mail", "list", "--revision", "\(night.refused.older)"])
    #expect(one.outputLines.count == 4)
    #expect(one.output.contains("gone@example.edu") && one.output.contains("failed"))
    #expect(one.output.contains("550 5.1.1 No such user"))
    for filter in [["--owner", "gone@Local"], ["--status", "failed"], ["--limit", "1"]] {
      let lines = try night.site.call(["mail", "list", "--json"] + filter).json
      #expect(try lines["mails"].array.count == 1)
    }
    #expect(
      try night.site.call(["mail", "list", "--owner", "nobody@Local"]).output == "There is no such mail.\n")
  }

  @Test("Every mail of the JSON list has every key, with the types that the README promises")
  func listJSON() throws {
    let night = try Night()
    let mails = try night.site.call(["mail", "list", "--json"]).json["mails"].array
    #expect(mails.count == 2)
    let keys: Set = [
      "id", "run_id", "owner", "recipient", "to", "subject", "status", "queued_at", "attempts", "tried_at",
      "next_try_at", "accepted_on", "reply_code", "enhanced_code", "reply", "message_id", "revisions",
    ]
    for mail in mails { #expect(mail.keys == keys) }
    let failed = try #require(try mails.first { try $0["status"] == .text("failed") })
    #expect(try failed["owner"] == .text("gone@Local"))
    #expect(try failed["recipient"] == .text("owner"))
    #expect(try failed["to"] == .array([.text("gone@example.edu")]))
    #expect(try failed["attempts"] == .integer(1))
    #expect(try failed["accepted_on"] == .null)
    #expect(try failed["reply_code"] == .integer(550))
    #expect(try failed["enhanced_code"] == .text("5.1.1"))
    #expect(try failed["revisions"] == .integer(1))
    let accepted = try #require(try mails.first { try $0["status"] == .text("accepted") })
    #expect(try accepted["accepted_on"] == .text(CommandSite.today))
    #expect(
      try accepted["queued_at"].text.wholeMatch(of: /2026-03-02T\d\d:\d\d:\d\d[+-]\d\d:\d\d/) != nil)
  }

  @Test("show says of one mail to whom it went, what became of it, and what it said")
  func show() throws {
    let night = try Night()
    let (told, refused) = try night.ids()
    let shown = try night.site.call(["mail", "show", "\(told)"])
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("notice to the owner alice@Local"))
    #expect(shown.output.contains("accepted on 2026-03-02. The mail server took it"))
    #expect(shown.output.contains("R & D"))
    #expect(shown.output.contains(/announced +2026-04-0\d/))
    let json = try night.site.call(["mail", "show", "\(refused)", "--json"]).json
    #expect(try json["mail"]["status"] == .text("failed"))
    let recipient = try #require(try json["recipients"].array.first)
    #expect(try recipient["address"] == .text("gone@example.edu"))
    #expect(try recipient["reply_code"] == .integer(550))
    #expect(try recipient["bounced_at"] == .null)
    let revision = try #require(try json["revisions"].array.first)
    #expect(try revision["revision_id"] == .integer(night.refused.older))
    #expect(try revision["change"] == .text("announced"))
    #expect(try revision["expiredate"].day.hasPrefix("2026-04-0"))
  }

  @Test("show --message prints the mail byte for byte as it went out")
  func message() throws {
    let night = try Night()
    let call = try night.site.call(["mail", "show", "\(try night.ids().told)", "--message"])
    let sent = try #require(
      night.site.mailServer.messages.first { $0.recipients.contains("alice@example.edu") })
    #expect(Array(call.output.utf8) == sent.data)
  }

  @Test("retry sends a failed mail again, and then its revisions count as told")
  func retry() throws {
    let night = try Night()
    let (told, refused) = try night.ids()
    let call = try night.site.call(["mail", "retry", "\(refused)"])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.output == "1 mail accepted\n")
    #expect(try night.site.count("expireimage_mail", where: "status = 'accepted'") == 2)
    let again = try night.site.call(["mail", "retry", "\(told)"])
    #expect(again.status == 1)
    #expect(again.errors.contains("mail \(told) was accepted on"))
    #expect(again.errorLines.count == 1)
  }

  @Test("retry refuses a mail that a newer one to the same owner has made out of date")
  func outdated() throws {
    let night = try Night()
    let refused = try night.ids().refused
    try night.site.connection.execute(
      """
      INSERT INTO expireimage_mail (owner_id, recipient, status, recipients, blind_recipients, queued_on, queued_at)
      SELECT owner_id, 'owner', 'accepted', recipients, '', queued_on, queued_at FROM expireimage_mail WHERE id = ?
      """, [Value(refused)])
    let call = try night.site.call(["mail", "retry", "\(refused)"])
    #expect(call.status == 1)
    #expect(call.errors.contains("out of date"))
  }

  @Test(
    "retry refuses a mail that a newer one has superseded, whatever became of that, unless it was taken back")
  func superseded() throws {
    let night = try Night()
    let refused = try night.ids().refused
    for status in ["failed", "bounced", "composing", "replaced"] {
      try night.site.connection.execute(
        """
        INSERT INTO expireimage_mail (owner_id, recipient, status, recipients, blind_recipients, queued_on, queued_at)
        SELECT owner_id, 'owner', ?, recipients, '', queued_on, queued_at FROM expireimage_mail WHERE id = ?
        """, [Value(status), Value(refused)])
      let newer = Int(night.site.connection.lastInsertID)
      let call = try night.site.call(["mail", "retry", "\(refused)"])
      #expect(call.status == 1)
      #expect(
        call.errors.contains("mail \(newer) to the same owner is newer") == (status != "replaced"),
        "\(call.errors)")
    }
  }

  @Test("drop gives a mail up, and the next run tells the owner anew")
  func drop() throws {
    let night = try Night()
    let refused = try night.ids().refused
    let call = try night.site.call(["mail", "drop", "\(refused)"])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.output == "mail \(refused) to gone@example.edu is dropped\n")
    let document = try night.site.run("2026-03-03", mode: "flag")
    #expect(document.mails.map(\.revisionIDs) == [[night.refused.older]])
    let again = try night.site.call(["mail", "drop", "\(refused)"])
    #expect(again.status == 1)
    #expect(again.errorLines.count == 1)
  }

  @Test(
    "What cannot be is one line and an exit status, and changes nothing",
    arguments: [
      (["mail", "show", "4711"], 1, "there is no mail 4711"),
      (["mail", "retry", "4711"], 1, "there is no mail 4711"),
      (["mail", "drop", "4711"], 1, "there is no mail 4711"),
      (["mail", "drop"], 64, "Missing expected argument"),
      (["mail", "show", "x"], 64, "The value 'x' is invalid"),
      (["mail", "show", "1", "--json", "--message"], 64, "exclude each other"),
      (["mail", "list", "--owner", "alice"], 64, "unityid@Affiliation"),
      (["mail", "list", "--status", "lost"], 64, "'lost' is invalid"),
      (["mail", "list", "--limit", "0"], 64, "not above 0"),
    ])
  func wrong(_ arguments: [String], _ status: Int32, _ words: String) throws {
    let site = try CommandSite()
    let before = try site.checksums()
    let call = try site.call(arguments)
    #expect(call.status == status)
    #expect(call.errors.contains(words), "\(call.errors)")
    #expect(call.output == "")
    #expect(try site.checksums() == before)
  }
}

@Suite("expireimage mail preview and test")
struct MailPreviewTests {
  private func site() throws -> CommandSite {
    let site = try CommandSite()
    try site.forgotten("R &amp; D", owner: site.campus.user("alice", first: "Alice"))
    return site
  }

  @Test(
    "preview shows the mail that the run then sends, and writes nothing", arguments: ["text", "html", "eml"])
  func preview(_ format: String) throws {
    let site = try site()
    let before = try site.checksums()
    let call = try site.call([
      "mail", "preview", "alice@Local", "--today", CommandSite.today, "--format", format,
    ])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.errors == "")
    #expect(try site.checksums() == before)
    #expect(site.mailServer.connectionCount == 0)
    _ = try site.simulate(mode: "flag")
    let sent = try #require(try site.mails().first)
    switch format {
    case "text":
      #expect(call.output == "To: alice@example.edu\nSubject: \(sent.subject)\n\n\(sent.text)")
    case "html": #expect(call.output == sent.html)
    default:
      let shown = try PythonEmail.parse([Array(call.output.utf8)])[0]
      #expect(shown.text == sent.text && shown.html == sent.html && shown.subject == sent.subject)
      #expect(shown.defects == [])
    }
  }

  @Test("When no mail is due, preview says so, and shows what one would say")
  func notDue() throws {
    let site = try site()
    _ = try site.simulate(mode: "flag")
    let call = try site.call(["mail", "preview", "alice@Local", "--today", "2026-03-03"])
    #expect(call.status == 0)
    #expect(call.output.contains("R & D, revision 1"))
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("no mail is due on 2026-03-03"))
  }

  @Test(
    "preview says in one line why there is nothing to show",
    arguments: [
      ("bob@Local", 1, "bob@Local owns no image"), ("alice", 64, "unityid@Affiliation"),
      ("idle@Local", 1, "there is nothing to tell idle@Local"),
    ])
  func nothing(_ owner: String, _ status: Int32, _ words: String) throws {
    let site = try site()
    let image = try site.campus.image("Fresh", owner: site.campus.user("idle"))
    let revision = try site.campus.revision(of: image, 1, production: true)
    try site.campus.use(revision, from: CommandSite.recently)
    let call = try site.call(["mail", "preview", owner, "--today", CommandSite.today])
    #expect(call.status == status)
    #expect(call.errors.contains(words), "\(call.errors)")
    #expect(call.errorLines.count == 1)
    #expect(call.output == "")
  }

  @Test("test sends one mail and says what the server answered")
  func test() throws {
    let site = try site()
    let before = try site.checksums()
    let call = try site.call(["mail", "test", "you@example.edu"])
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.output.hasPrefix("\(site.mailServer.url) accepted it: 250 2.0.0 Ok"))
    #expect(call.output.contains("not encrypted") && call.output.contains("vcl-help@example.edu"))
    let mail = try #require(try site.mails().first)
    #expect(mail.to == ["you@example.edu"] && mail.defects == [])
    #expect(mail.text.contains("This is a test.") && mail.html.contains("This is a test."))
    #expect(try site.checksums() == before)
  }

  @Test("test says why a mail was not accepted", arguments: ["550 5.7.1 Relaying denied", "451 4.3.0 later"])
  func refused(_ reply: String) throws {
    let site = try CommandSite(ScriptedSMTPServer(replies: [.recipient: [.reply(reply)]]))
    let call = try site.call(["mail", "test", "you@example.edu"])
    #expect(call.status == 1)
    #expect(call.errors.contains(reply))
    #expect(call.errorLines.count == 1)
    #expect(try site.call(["mail", "test", "you"]).status == 64)
  }

  @Test("A password stands in no output, also when the server repeats it")
  func password() throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [
        .hello: [.reply("250-hi\r\n250 AUTH PLAIN LOGIN")],
        .authentication: [.reply("535 5.7.8 wrong: hunter2-secret aHVudGVyMi1zZWNyZXQ=")],
      ]))
    for arguments in [["mail", "test", "you@example.edu"], ["config"]] {
      let call = try site.call(
        arguments, ["EXPIREIMAGE_SMTP_USER": "vcl", "EXPIREIMAGE_SMTP_PASSWORD": "hunter2-secret"])
      #expect(!(call.output + call.errors).contains("hunter2"))
      #expect(!(call.output + call.errors).contains("aHVudGVyMi"))
    }
  }
}

@Suite("expireimage mail, killed")
struct KilledDeliveryTests {
  @Test(
    "The password stands in no command line; killed after the final dot, the mail goes out again"
  )
  func killed() throws {
    let server = ScriptedSMTPServer(replies: [
      .hello: [.reply("250-hi\r\n250 AUTH PLAIN LOGIN")],
      .authentication: [.reply("334 "), .reply("235 2.7.0 Ok"), .reply("334 "), .reply("235 2.7.0 Ok")],
      .message: [.stall, .reply("250 2.0.0 Ok")],
    ])
    let site = try CommandSite(server)
    try site.forgotten("Statistics", owner: site.campus.user("alice"))
    let secrets = ["EXPIREIMAGE_SMTP_USER": "vcl", "EXPIREIMAGE_SMTP_PASSWORD": "hunter2-secret"]
    let run = try RunningCommand(
      CommandSite.runArguments(mode: "flag"),
      site.environment.merging(CommandSite.simulation) { $1 }.merging(secrets) { $1 })
    try run.wait(until: "the mail on its way") { server.commands.contains("DATA") }
    #expect(try !run.commandLine().contains("hunter2"))
    try run.killAtOnce()
    #expect(try site.count("expireimage_mail", where: "status = 'pending' AND claim IS NOT NULL") == 1)

    // The run's lease is in force still: nobody else sends the mail.
    try site.site.store("mode", "flag")
    #expect(try site.call(["mail", "retry"], secrets).status == 0)
    #expect(server.messages.isEmpty)
    try site.connection.execute("UPDATE expireimage_lease SET expires = NOW()")
    #expect(try site.call(["mail", "retry"], secrets).status == 0)
    #expect(server.messages.count == 1)
    #expect(try site.count("expireimage_mail", where: "status = 'accepted' AND claim IS NULL") == 1)
  }
}

@Suite("expireimage mail bounce")
struct MailBounceTests {
  private func report(_ messageID: String) -> [UInt8] {
    Array(
      """
      To: vcl-help@example.edu
      Content-Type: multipart/report; report-type=delivery-status; boundary=b

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mail.example.edu

      Final-Recipient: rfc822; alice@example.edu
      Action: failed
      Status: 5.2.1

      --b
      Content-Type: text/rfc822-headers

      Message-ID: \(messageID)

      --b--

      """.utf8)
  }

  @Test("A report on standard input takes the notice back, and what is none is ignored")
  func takenBack() throws {
    let site = try CommandSite()
    try site.forgotten("Statistics", owner: site.campus.user("alice"))
    _ = try site.simulate(mode: "flag")
    let id =
      try site.connection.first("SELECT message_id FROM expireimage_mail LIMIT 1") { $0.string(0) } ?? ""
    let ignored = try site.call(["mail", "bounce"], input: Array("Subject: Buy now\n\nSpam\n".utf8))
    #expect(ignored.status == 0 && ignored.output == "not a delivery report; nothing was done\n")
    let call = try site.call(["mail", "bounce"], input: report(id))
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.output.contains("is taken back"))
    #expect(try site.count("expireimage_mail", where: "status = 'bounced'") == 1)
  }

  @Test("What stands in the way has the status that lets the mail server try again")
  func tryAgain() throws {
    let site = try CommandSite()
    for (variable, value) in [
      ("EXPIREIMAGE_DATABASE_SOCKET", "/nowhere.sock"), ("EXPIREIMAGE_SMTP_URL", "gopher://x"),
    ] {
      let call = try site.call(["mail", "bounce"], [variable: value], input: report("<x@example.edu>"))
      #expect(call.status == 75, "\(variable)")
      #expect(call.errorLines.count == 1)
    }
  }
}
