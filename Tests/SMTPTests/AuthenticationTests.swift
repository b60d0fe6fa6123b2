import SMTP
import TestSupport
import Testing

private enum Secret {
  static let password = "hunter2-correct-horse"
  /// Base 64 of the password.
  static let encoded = "aHVudGVyMi1jb3JyZWN0LWhvcnNl"
  /// Base 64 of what AUTH PLAIN sends.
  static let plain = "AHZjbABodW50ZXIyLWNvcnJlY3QtaG9yc2U="
}

@Suite("Authentication")
struct AuthenticationTests {
  static func send(_ server: Server) throws -> DeliveryOutcome {
    try DeliveryTests.session(server, user: "vcl", password: Secret.password)
      .send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
  }

  @Test("PLAIN is spoken where it is offered")
  func plain() throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH LOGIN PLAIN CRAM-MD5")],
      .authentication: [.reply("334 "), .reply("235 ok")],
    ])
    #expect(try Self.send(server).status == .accepted)
    #expect(server.commands.contains(Secret.plain) || server.commands.contains("AUTH PLAIN \(Secret.plain)"))
  }

  @Test("LOGIN is spoken where only that is offered")
  func login() throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH LOGIN")],
      .authentication: [.reply("334 VXNlcm5hbWU6"), .reply("334 UGFzc3dvcmQ6"), .reply("235 ok")],
    ])
    #expect(try Self.send(server).status == .accepted)
    #expect(server.commands.contains(Secret.encoded))
  }

  @Test(
    "A server that offers no authentication gets no mail", arguments: ["250 x", "250-x\r\n250 AUTH GSSAPI"])
  func notOffered(_ hello: String) throws {
    let server = Server(replies: [.hello: [.reply(hello)]])
    let outcome = try Self.send(server)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.reply.contains("offers neither PLAIN nor LOGIN"))
    #expect(!server.commands.contains { $0.hasPrefix("MAIL") || $0.hasPrefix("AUTH") })
  }

  @Test(
    "The password is in no outcome, even when the server repeats it",
    arguments: [
      "535 5.7.8 wrong: \(Secret.password)", "535 5.7.8 wrong: \(Secret.encoded)",
      "535 5.7.8 wrong: \(Secret.plain)",
      "454 4.7.0 later \(Secret.password) \(Secret.encoded)",
      "535 \(String(repeating: "x", count: 480)) \(Secret.password)",
    ])
  func secret(_ refusal: String) throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN")], .authentication: [.reply(refusal)],
    ])
    let outcome = try Self.send(server)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == Int(refusal.prefix(3)))
    let text = "\(outcome)"
    for secret in [Secret.password, Secret.encoded, Secret.plain, String(Secret.password.prefix(10))] {
      #expect(!text.contains(secret))
    }
    #expect(!server.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test("A server that never stops asking gets neither a mail nor a word of its own told")
  func endlessChallenge() throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN LOGIN")], .authentication: [.reply("334 bW9yZQ==")],
    ])
    let outcome = try Self.send(server)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == nil)
    #expect(outcome.reply.contains("smtp.password"))
    #expect(!server.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test("A refusal of MAIL that asks for encryption or authentication is the settings' fault, not the mail's")
  func demanded() throws {
    let server = Server(replies: [.mail: [.reply("530 5.7.0 Must issue a STARTTLS command first")]])
    let outcome = try DeliveryTests.session(server).send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == 530)
    #expect(outcome.enhancedCode == "5.7.0")
  }

  @Test("What was reached is told: authenticated or not, on a kept connection too")
  func told() throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN")], .authentication: [.reply("334 "), .reply("235 ok")],
    ])
    let session = try DeliveryTests.session(server, user: "vcl", password: Secret.password)
    for _ in 0..<2 {
      let outcome = session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
      #expect(outcome.isAuthenticated)
      #expect(!outcome.isEncrypted)
    }
    #expect(server.connectionCount == 1)
    let anonymous = try DeliveryTests.session(server)
    #expect(!anonymous.send(DeliveryTests.mail, envelope: DeliveryTests.envelope).isAuthenticated)
  }

  @Test("A password with blanks is not told either")
  func blanks() throws {
    let password = " two  blanks "
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN")], .authentication: [.reply("535 5.7.8 not <\(password)>")],
    ])
    let outcome = try DeliveryTests.session(server, user: "vcl", password: password)
      .send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
    #expect(outcome.enhancedCode == "5.7.8")
    #expect(!outcome.reply.contains("blanks"))
  }
}
