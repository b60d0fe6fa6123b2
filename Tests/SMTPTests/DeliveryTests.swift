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

  /// What the server does, and what must come of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var step: Server.Step
    var action: Server.Action
    var status: DeliveryStatus
    var code: Int?
    var isUnreachable = false

    var testDescription: String { "\(action) at \(step)" }

    /// Short only where the time-out is what is tested.
    var timeoutSeconds: Int {
      switch action {
      case .stall, .raw: 1
      case .reply, .drop, .replyAndDrop: 30
      }
    }
  }

  static let cases: [Case] = [
    // Before MAIL nothing is said about the mail, so it is never failed for good.
    Case(step: .banner, action: .reply("421 busy"), status: .deferred, code: 421, isUnreachable: true),
    Case(step: .banner, action: .reply("554 no service"), status: .deferred, code: 554, isUnreachable: true),
    Case(step: .banner, action: .drop, status: .deferred, code: nil, isUnreachable: true),
    Case(step: .banner, action: .stall, status: .deferred, code: nil, isUnreachable: true),
    Case(step: .banner, action: .raw("SSH-2.0-x\r\n"), status: .deferred, code: nil, isUnreachable: true),
    Case(step: .hello, action: .reply("421 4.3.2 going"), status: .deferred, code: 421, isUnreachable: true),
    Case(step: .hello, action: .reply("550 not you"), status: .deferred, code: 550, isUnreachable: true),
    Case(step: .hello, action: .drop, status: .deferred, code: nil, isUnreachable: true),
    Case(step: .hello, action: .stall, status: .deferred, code: nil, isUnreachable: true),
    Case(step: .mail, action: .reply("451 4.3.0 later"), status: .deferred, code: 451),
    Case(step: .mail, action: .reply("553 5.1.8 sender"), status: .failed, code: 553),
    Case(step: .mail, action: .reply("421 4.3.2 going"), status: .deferred, code: 421),
    Case(step: .mail, action: .drop, status: .deferred, code: nil),
    Case(step: .mail, action: .stall, status: .deferred, code: nil),
    Case(step: .recipient, action: .reply("450 4.2.1 full"), status: .deferred, code: 450),
    Case(step: .recipient, action: .reply("550 5.1.1 unknown"), status: .failed, code: 550),
    Case(step: .recipient, action: .replyAndDrop("421 4.3.2 going"), status: .deferred, code: 421),
    Case(step: .recipient, action: .drop, status: .deferred, code: nil),
    Case(step: .recipient, action: .stall, status: .deferred, code: nil),
    Case(step: .recipient, action: .reply("251 will forward"), status: .accepted, code: 250),
    Case(step: .data, action: .reply("451 4.3.0 later"), status: .deferred, code: 451),
    Case(step: .data, action: .reply("554 5.5.1 none"), status: .failed, code: 554),
    Case(step: .data, action: .reply("250 what"), status: .deferred, code: nil),
    Case(step: .data, action: .drop, status: .deferred, code: nil),
    Case(step: .data, action: .stall, status: .deferred, code: nil),
    Case(step: .message, action: .reply("250 2.0.0 queued"), status: .accepted, code: 250),
    Case(step: .message, action: .reply("452 4.3.1 disk"), status: .deferred, code: 452),
    Case(step: .message, action: .reply("554 5.7.1 spam"), status: .failed, code: 554),
    Case(step: .message, action: .reply("350 what"), status: .unknown, code: 350),
    Case(step: .message, action: .drop, status: .unknown, code: nil),
    Case(step: .message, action: .stall, status: .unknown, code: nil),
    Case(step: .message, action: .raw("250-half"), status: .unknown, code: nil),
    Case(step: .message, action: .raw("garbage\r\n"), status: .unknown, code: nil),
    Case(step: .message, action: .replyAndDrop("250 2.0.0 queued"), status: .accepted, code: 250),
    Case(step: .quit, action: .reply("500 what"), status: .accepted, code: 250),
    Case(step: .quit, action: .drop, status: .accepted, code: 250),
    Case(step: .quit, action: .stall, status: .accepted, code: 250),
  ]

  @Test("Every answer at every step has its outcome", arguments: cases)
  func outcome(_ example: Case) throws {
    let server = Server(replies: [example.step: [example.action]])
    let outcome = try Self.session(server, timeoutSeconds: example.timeoutSeconds)
      .send(Self.mail, envelope: Self.envelope)
    #expect(outcome.status == example.status)
    #expect(outcome.replyCode == example.code)
    #expect(outcome.serverUnreachable == example.isUnreachable)
    #expect(!outcome.reply.isEmpty)
    #expect(outcome.reply.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    #expect(server.messages.count == (example.status == .accepted ? 1 : 0))
    if let code = example.code { #expect(outcome.reply.hasPrefix("\(code) ")) }
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
