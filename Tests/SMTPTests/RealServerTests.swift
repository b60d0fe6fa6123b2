import Mail
import Retention
import SMTP
import TestSupport
import Testing

@Suite("A real mail server")
struct RealServerTests {
  private static let users = ["anna", "bert", "copies"]

  private static func address(_ user: String) -> MailAddress {
    MailAddress("\(user)@\(RealMailServer.domain)")!
  }

  /// Non-ASCII everywhere, dots where SMTP has to double them, and as many lines as asked for.
  private static func message(number: Int, lines: Int) throws -> Message {
    let day = try #require(Day(year: 2026, month: 11, day: 21))
    let text =
      ".\n..\n.dot\n\nÄpfel, 画像, 😀\n"
      + (0..<lines).map { "Zeile \($0): läuft am 30. ab .\n" }.joined() + ".\n"
    return Message(
      from: Mailbox(address("sender"), displayName: "VCL für alle"), to: [Mailbox(address("anna"))],
      subject: "Mail \(number): Ihre Images – 画像 😀 laufen ab, und dieser Betreff ist länger als eine Zeile",
      date: try #require(MailDate(day: day, hour: 3, minute: 4, second: 5, offsetMinutes: 60)),
      messageID: try #require(MessageID("\(number)@\(RealMailServer.domain)")), text: text,
      html: "<p>\(text)</p>")
  }

  @Test("What it puts into the mailboxes is what was sent, over STARTTLS and with a password")
  func delivery() throws {
    let server = try RealMailServer(users: Self.users)
    let session = try SMTPSession(
      SMTPOptions(
        url: server.url, user: RealMailServer.user, password: RealMailServer.password, tls: .required,
        certificateAuthorityFile: server.authorityFile, heloName: "vcl.example.edu"))
    // 6 KB as a digest has, and 2 MB.
    let messages = [try Self.message(number: 1, lines: 60), try Self.message(number: 2, lines: 28_000)]
      .map { $0.rendered() }
    #expect((4_000...8_000).contains(messages[0].count), "\(messages[0].count)")
    #expect((1_900_000...2_500_000).contains(messages[1].count), "\(messages[1].count)")
    let envelope = Envelope(
      sender: Self.address("sender"),
      recipients: [Self.address("anna"), Self.address("nobody"), Self.address("bert")],
      blindRecipients: [Self.address("copies")])

    for message in messages {
      let outcome = session.send(message, envelope: envelope)
      #expect(outcome.status == .accepted)
      #expect(outcome.isEncrypted && outcome.isAuthenticated)
      #expect(outcome.replyCode == 250)
      #expect(outcome.recipients.map(\.code) == [250, 550, 250])
      #expect(outcome.recipients[1].enhancedCode == "5.1.1")
    }
    // A mailbox has the line ends of the system.
    let expected = messages.map { message in message.filter { $0 != 0x0D } }
    let parsed = try PythonEmail.parse(messages)
    for user in Self.users {
      let received = try server.mails(of: user, count: messages.count).sorted { $0.count < $1.count }
      #expect(received.count == messages.count)
      // The server puts what it has to tell in front.
      for (arrived, sent) in zip(received, expected) { #expect(arrived.suffix(sent.count) == sent[...]) }
      for (arrived, sent) in zip(try PythonEmail.parse(received), parsed) {
        #expect(arrived.text == sent.text)
        #expect(arrived.html == sent.html)
        #expect(arrived.headers.suffix(sent.headers.count) == sent.headers[...])
        #expect(arrived.defects.isEmpty)
        #expect(arrived.values(of: "Bcc").isEmpty)
      }
    }
  }

  @Test("A wrong password is refused, and nothing of it is told")
  func password() throws {
    let server = try RealMailServer(users: ["anna"])
    let password = "wrong-\(RealMailServer.password)"
    let outcome = try SMTPSession(
      SMTPOptions(
        url: server.url, user: RealMailServer.user, password: password, tls: .required,
        certificateAuthorityFile: server.authorityFile)
    ).send(
      Self.message(number: 1, lines: 1).rendered(),
      envelope: Envelope(sender: Self.address("sender"), recipients: [Self.address("anna")]))
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == 535)
    #expect(outcome.isEncrypted && !outcome.isAuthenticated)
    #expect(!"\(outcome)".contains(password))
  }
}
