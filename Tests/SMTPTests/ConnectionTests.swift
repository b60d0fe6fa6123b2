import Mail
import SMTP
import TestSupport
import Testing

@Suite("Connections")
struct ConnectionTests {
  @Test("Twenty mails go over one connection, which ends with QUIT")
  func reuse() throws {
    let server = Server()
    do {
      let session = try DeliveryTests.session(server)
      for number in 0..<20 {
        let mail = Array("Subject: \(number)\r\n\r\n\(number)\r\n".utf8)
        #expect(session.send(mail, envelope: DeliveryTests.envelope).status == .accepted)
      }
    }
    #expect(server.connectionCount == 1)
    #expect(server.messages.map(\.data) == (0..<20).map { Array("Subject: \($0)\r\n\r\n\($0)\r\n".utf8) })
    #expect(server.commands.prefix(1) == ["EHLO vcl.example.edu"])
    #expect(server.commands.count { $0.hasPrefix("EHLO") } == 1)
  }

  @Test(
    "A kept connection that the server ends before the next mail is opened anew",
    arguments: [
      [Server.Step.message: [Server.Action.replyAndDrop("250 queued"), .reply("250 queued")]],
      [.mail: [.reply("250 ok"), .replyAndDrop("421 4.7.0 too many mails"), .reply("250 ok")]],
      [.mail: [.reply("250 ok"), .reply("421 4.7.0 too many mails"), .reply("250 ok")]],
      [.mail: [.reply("250 ok"), .drop, .reply("250 ok")]],
    ])
  func reconnect(_ replies: [Server.Step: [Server.Action]]) throws {
    let server = Server(replies: replies)
    let session = try DeliveryTests.session(server)
    for _ in 0..<3 {
      #expect(session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope).status == .accepted)
    }
    #expect(server.messages.count == 3)
    #expect(server.connectionCount == 2)
  }

  @Test(
    "A mail arrives byte for byte, dots and all",
    arguments: [
      ".\r\n", "..\r\n", "a\r\n.\r\n.b\r\n..\r\n", "\r\n.\r\n\r\n", "x.\r\n.",
      String(repeating: ".\r\n", count: 50_000),
      String(repeating: ".", count: 990) + "\r\n", String(repeating: "line of a mail\r\n", count: 100_000),
      String(repeating: "\r\n..", count: 21_845) + "\r\n", "",
    ])
  func bytes(_ body: String) throws {
    let server = Server()
    let mail = Array("Subject: x\r\n\r\n\(body)".utf8)
    #expect(
      try DeliveryTests.session(server).send(mail, envelope: DeliveryTests.envelope).status == .accepted)
    // A mail that does not end in CRLF gets one.
    let expected = mail.suffix(2) == [0x0D, 0x0A] ? mail : mail + [0x0D, 0x0A]
    #expect(server.messages.first?.data == expected)
  }

  @Test("A server that goes down between two mails is unreachable for the second")
  func goesDown() throws {
    var server: Server? = Server(replies: [
      .hello: [.reply("250-x\r\n250 AUTH PLAIN")], .authentication: [.reply("334 "), .reply("235 ok")],
    ])
    let session = try DeliveryTests.session(server!, user: "vcl", password: "secret-of-vcl")
    let first = session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
    #expect(first.status == .accepted && first.isAuthenticated)
    server = nil
    let outcome = session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope)
    #expect(outcome.status == .deferred)
    #expect(outcome.serverUnreachable)
    #expect(outcome.replyCode == nil)
    #expect(!outcome.isAuthenticated)
  }
}
