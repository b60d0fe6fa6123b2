import Foundation
import TestSupport
import Testing

@testable import SMTP

@Suite("A greeting without a mail")
struct GreetingTests {
  private static let password = "hunter2-correct-horse"

  private func greet(
    _ server: Server, login: Bool = false, tls: TLSMode = .automatic, timeoutSeconds: Int = 30
  ) throws -> ServerGreeting {
    try DeliveryTests.session(
      server, user: login ? "vcl" : nil, password: login ? Self.password : nil, tls: tls,
      timeoutSeconds: timeoutSeconds
    ).greet()
  }

  @Test("Says EHLO, NOOP and QUIT, and never speaks of a mail")
  func plain() throws {
    let server = Server()
    let greeting = try greet(server)
    #expect(
      greeting
        == ServerGreeting(problem: nil, isAboutLogin: false, isEncrypted: false, isAuthenticated: false))
    for _ in 0..<100 where server.commands.last != "QUIT" { usleep(10_000) }
    #expect(server.commands == ["EHLO vcl.example.edu", "NOOP", "QUIT"])
    #expect(server.messages.isEmpty)
  }

  @Test("Logs in where there is a password, and the session can send a mail after it")
  func login() throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN")], .authentication: [.reply("334 "), .reply("235 ok")],
    ])
    let session = try DeliveryTests.session(server, user: "vcl", password: Self.password)
    #expect(session.greet().problem == nil)
    #expect(session.greet().isAuthenticated)
    #expect(session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope).status == .accepted)
    #expect(server.messages.map(\.data) == [DeliveryTests.mail])
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let replies: [Server.Step: [Server.Action]]
    var login = false
    var tls = TLSMode.automatic
    let words: String
    var isAboutLogin = false
  }

  static let refusals = [
    Refusal(
      testDescription: "554 in place of a greeting", replies: [.banner: [.reply("554 5.7.1 go away")]],
      words: "554 5.7.1 go away"),
    Refusal(
      testDescription: "421 to EHLO", replies: [.hello: [.replyAndDrop("421 4.3.2 closing")]], words: "421"),
    Refusal(testDescription: "no word at all", replies: [.banner: [.drop]], words: "broke"),
    Refusal(
      testDescription: "nonsense",
      replies: [.banner: [.rawAndDrop(Array("HTTP/1.1 400 Bad Request\r\n".utf8))]], words: "smtp://"),
    Refusal(
      testDescription: "a wrong password",
      replies: [
        .hello: [.reply("250-x\r\n250 AUTH PLAIN")],
        .authentication: [.reply("334 "), .reply("535 5.7.8 wrong: \(password)")],
      ], login: true, words: "535 5.7.8 wrong: ***", isAboutLogin: true),
    Refusal(
      testDescription: "no authentication offered", replies: [:], login: true,
      words: "offers neither PLAIN nor LOGIN", isAboutLogin: true),
    Refusal(
      testDescription: "no STARTTLS offered", replies: [:], tls: .required, words: "does not offer STARTTLS"),
    Refusal(
      testDescription: "STARTTLS refused",
      replies: [.hello: [.reply("250-x\r\n250 STARTTLS")], .startTLS: [.reply("454 4.7.0 not now")]],
      tls: .required,
      words: "454 4.7.0 not now"),
  ]

  @Test("Tells why the server would take no mail, without the password", arguments: refusals)
  func refused(_ refusal: Refusal) throws {
    let server = Server(replies: refusal.replies)
    let greeting = try greet(server, login: refusal.login, tls: refusal.tls)
    let problem = try #require(greeting.problem)
    #expect(problem.contains(refusal.words), "\(problem)")
    #expect(problem.contains(server.url), "\(problem)")
    #expect(!problem.contains(Self.password) && !problem.contains("\n"))
    #expect(greeting.isAboutLogin == refusal.isAboutLogin)
    #expect(!server.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test("A server that says nothing is not waited for longer than the options allow")
  func stall() throws {
    let start = ContinuousClock.now
    let greeting = try greet(Server(replies: [.banner: [.stall]]), timeoutSeconds: 1)
    #expect(greeting.problem?.contains("did not answer in time") == true)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("Nobody listening is a connection that fails")
  func nobody() throws {
    let url = { Server().url }()
    let greeting = try SMTPSession(SMTPOptions(url: url, connectTimeoutSeconds: 1)).greet()
    #expect(greeting.problem?.hasPrefix("No connection to \(url)") == true)
  }

  @Test("Encryption and login are checked as for a mail", arguments: TLSRelay.Mode.allCases)
  func encrypted(_ mode: TLSRelay.Mode) throws {
    let server = Server(replies: [
      .hello: [.reply("250-x\r\n250-STARTTLS\r\n250 AUTH PLAIN LOGIN")], .startTLS: [.reply("220 ready")],
      .authentication: [.reply("334 "), .reply("235 2.7.0 welcome")],
    ])
    for identity in [TLSRelay.Identity.right, .expired] {
      let options = try SMTPOptions(
        url: TLSRelay.shared.url(of: server, mode, identity: identity), user: "vcl", password: Self.password,
        tls: .required, certificateAuthorityFile: TLSRelay.shared.authorityFile, timeoutSeconds: 30)
      let greeting = try SMTPSession(options).greet()
      guard identity == .right else {
        #expect(greeting.problem?.contains("expired") == true, "\(greeting)")
        #expect(!greeting.isEncrypted && !greeting.isAuthenticated)
        continue
      }
      #expect(
        greeting
          == ServerGreeting(problem: nil, isAboutLogin: false, isEncrypted: true, isAuthenticated: true))
    }
    #expect(server.messages.isEmpty)
  }
}
