import Mail
import SMTP
import TestSupport
import Testing

typealias Server = ScriptedSMTPServer

@Suite("Delivery over SMTP")
struct DeliveryTests {
  static let anna = MailAddress("anna@example.edu")!
  static let bert = MailAddress("bert@example.edu")!
  static let copy = MailAddress("copies@example.edu")!
  static let envelope = Envelope(
    sender: MailAddress("vcl@example.edu")!, recipients: [anna], blindRecipients: [])
  static let mail = Array("Subject: x\r\n\r\nbody\r\n".utf8)

  static func session(
    _ server: Server, user: String? = nil, password: String? = nil, tls: TLSMode = .automatic,
    timeoutSeconds: Int = 30
  ) throws -> SMTPSession {
    try SMTPSession(
      SMTPOptions(
        url: server.url, user: user, password: password, tls: tls, heloName: "vcl.example.edu",
        timeoutSeconds: timeoutSeconds,
        connectTimeoutSeconds: timeoutSeconds))
  }

  @Test("Nobody listening is deferred, and the server unreachable")
  func noServer() throws {
    let url = { Server().url }()
    let session = try SMTPSession(SMTPOptions(url: url, connectTimeoutSeconds: 1))
    let outcome = session.send(Self.mail, envelope: Self.envelope)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == nil)
    #expect(outcome.reply.hasPrefix("No connection to \(url)"))
  }

  @Test("A drop in the middle of a long mail is deferred, for the final dot was never sent")
  func dropInTheMiddle() throws {
    let server = Server(replies: [.data: [.replyAndDrop("354 go on")]])
    let long = Array(String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 200_000).utf8)
    #expect(try Self.session(server).send(long, envelope: Self.envelope).status == .deferred)
  }

  @Test("A long reply of several lines becomes one line of at most 500 characters")
  func longReply() throws {
    let lines =
      (0..<30).map { "550-line \($0) \(String(repeating: "x", count: 40))\u{7}" } + ["550 5.1.1 end"]
    let server = Server(replies: [.recipient: [.reply(lines.joined(separator: "\r\n"))]])
    let outcome = try Self.session(server).send(Self.mail, envelope: Self.envelope)
    #expect(outcome.status == .failed)
    #expect(outcome.reply.hasPrefix("550 line 0 x"))
    #expect(outcome.reply.count == 500)
  }
}
