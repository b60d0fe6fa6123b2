import Mail
import SMTP
import TestSupport
import Testing

@Suite("Encryption to the mail server")
struct TLSTests {
  private static let password = "hunter2-correct-horse"

  /// What a server shows, and whether the client's authority file is used.
  struct Case: Sendable, CustomTestStringConvertible {
    var mode: TLSRelay.Mode
    var identity = TLSRelay.Identity.right
    var handshake = TLSRelay.Handshake.complete
    var trustsAuthority = true
    /// What is told of the refusal; nil where the mail is delivered.
    var words: String?

    var testDescription: String { "\(mode) \(identity) \(handshake) \(trustsAuthority ? "" : "not trusted")" }
  }

  private static let cases = TLSRelay.Mode.allCases.flatMap { mode in
    [
      Case(mode: mode, words: nil),
      Case(mode: mode, identity: .wrongName, words: "name"),
      Case(mode: mode, identity: .expired, words: "expired"),
      Case(mode: mode, identity: .otherAuthority, words: "certificate"),
      Case(mode: mode, trustsAuthority: false, words: "certificate"),
      Case(mode: mode, handshake: .cut, words: "No safe connection"),
      Case(mode: mode, handshake: .garbage, words: "No safe connection"),
      Case(mode: mode, handshake: .stall, words: "did not answer in time"),
    ]
  }

  /// Offers authentication in any case, so that one that is spoken too early would be heard.
  private static func server(startTLS: Server.Action = .reply("220 ready")) -> Server {
    Server(replies: [
      .hello: [.reply("250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN")], .startTLS: [startTLS],
      .authentication: [.reply("334 "), .reply("235 2.7.0 welcome")],
    ])
  }

  private static func options(
    _ url: String, authorityFile: String?, tls: TLSMode = .required, connectTimeoutSeconds: Int = 30
  ) throws -> SMTPOptions {
    try SMTPOptions(
      url: url, user: "vcl", password: password, tls: tls, certificateAuthorityFile: authorityFile,
      heloName: "vcl.example.edu", timeoutSeconds: 30, connectTimeoutSeconds: connectTimeoutSeconds)
  }

  @Test("Only the right certificate of a trusted authority gets the password and the mail", arguments: cases)
  func certificates(_ example: Case) async throws {
    let server = Self.server()
    let outcomes = try await Waiting.shared.run {
      let url = try TLSRelay.shared.url(
        of: server, example.mode, identity: example.identity, handshake: example.handshake)
      let session = try SMTPSession(
        Self.options(
          url, authorityFile: example.trustsAuthority ? TLSRelay.shared.authorityFile : nil,
          connectTimeoutSeconds: example.handshake == .stall ? 1 : 30))
      return (0..<2).map { _ in session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope) }
    }
    for outcome in outcomes {
      guard let words = example.words else {
        #expect(outcome.status == .accepted, "\(outcome)")
        #expect(outcome.isEncrypted && outcome.isAuthenticated)
        continue
      }
      expectNothingSent(outcome, server)
      #expect(outcome.replyCode == nil)
      #expect(outcome.reply.contains(words), "\(outcome.reply)")
    }
    guard example.words == nil else { return }
    #expect(server.messages.count == 2)
    #expect(server.connectionCount == 1)
    let before = server.commands.prefix { !$0.hasPrefix("AUTH") }
    #expect(before.contains("STARTTLS") == (example.mode == .startTLS))
    #expect(before.count { $0.hasPrefix("EHLO") } == (example.mode == .startTLS ? 2 : 1))
  }

  @Test(
    "What is said in clear behind the answer to STARTTLS is no reply",
    arguments: [
      Server.Action.raw(Array("220 ready\r\n250-x\r\n250 AUTH PLAIN\r\n334 \r\n235 ok\r\n".utf8)),
      .raw(Array("220 ready\r\n250 x\r\n".utf8)),
    ])
  func injection(_ answer: Server.Action) throws {
    let server = Self.server(startTLS: answer)
    try expectNothingSent(
      Self.send(TLSRelay.shared.url(of: server, .startTLS), authorityFile: TLSRelay.shared.authorityFile),
      server)
  }

  @Test("What is said in clear before STARTTLS is no reply to it")
  func earlyInjection() throws {
    let server = Self.server()
    let greeting = "250-x\r\n250 STARTTLS\r\n220 ready\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n"
    server.follow([.hello: [.raw(Array(greeting.utf8))], .startTLS: [.reply("220 ready")]])
    try expectNothingSent(
      Self.send(TLSRelay.shared.url(of: server, .startTLS), authorityFile: TLSRelay.shared.authorityFile),
      server)
  }

  @Test(
    "Where encryption is required, a server that has none gets neither the password nor a mail",
    arguments: [
      ("250-x\r\n250 AUTH PLAIN", "220 ready", nil),
      ("250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN", "454 4.7.0 no", 454),
      ("250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN", "502 5.5.1 no", 502),
      ("250-x\r\n250 XSTARTTLS", "220 ready", nil),
    ])
  func stripped(_ hello: String, _ answer: String, _ code: Int?) throws {
    for (host, tls) in [("127.0.0.1", TLSMode.required), ("127.1", .automatic)] {
      let server = Server(replies: [.hello: [.reply(hello)], .startTLS: [.reply(answer)]])
      // 127.1 reaches this machine as well, but is not known as its own.
      let outcome = try Self.send("smtp://\(host):\(server.port)", authorityFile: nil, tls: tls)
      expectNothingSent(outcome, server)
      #expect(outcome.replyCode == code)
      if code == nil { #expect(outcome.reply.contains("does not offer STARTTLS")) }
    }
  }

  @Test("A server that speaks in clear where TLS is to begin is told as no safe connection")
  func clearInsteadOfTLS() throws {
    let server = Self.server()
    let outcome = try Self.send("smtps://127.0.0.1:\(server.port)", authorityFile: nil, tls: .automatic)
    expectNothingSent(outcome, server)
    #expect(outcome.reply.contains("No safe connection"))
  }

  private static func send(
    _ url: String, authorityFile: String?, tls: TLSMode = .required
  ) throws -> DeliveryOutcome {
    try SMTPSession(options(url, authorityFile: authorityFile, tls: tls))
      .send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
  }

  private func expectNothingSent(_ outcome: DeliveryOutcome, _ server: Server) {
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(!outcome.isEncrypted && !outcome.isAuthenticated)
    #expect(!outcome.reply.isEmpty && !outcome.reply.contains(Self.password))
    #expect(server.messages.isEmpty)
    #expect(!server.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") }, "\(server.commands)")
    #expect(!String(decoding: server.log, as: UTF8.self).contains("AUTH"))
  }
}
