import Mail
import SMTP
import TestSupport
import Testing

@Suite("Every answer at every step")
struct ReplyMatrixTests {
  @Test("The table has every place and every answer")
  func complete() {
    #expect(Cell.all.count == Place.allCases.count * Answer.allCases.count)
    #expect(Set(Cell.all.map(\.testDescription)).count == Cell.all.count)
  }

  @Test("Each has its outcome, and the next mail is delivered", arguments: Cell.all)
  func outcome(_ cell: Cell) async throws {
    let place = cell.place
    var script = place.script
    let usual = script[place.step] ?? []
    // A challenge comes before what is odd, and after it what the mail still needs.
    let count = place == .plain || place == .login ? 1 : 0
    script[place.step] = usual.prefix(count) + [cell.answer.action(at: place)] + usual.dropFirst(count + 1)
    if place == .leaving { script[.recipient] = [.reply("550 5.1.1 unknown")] }
    let server = Server(replies: script)

    let (first, second) = try await Waiting.shared.run {
      var session = try session(cell, server)
      let first = session.send(DeliveryTests.mail, envelope: place.envelope)
      if place == .quit {
        // QUIT is said when the session ends.
        session = try self.session(cell, server)
      } else {
        server.follow(place.script)
      }
      return (first, session.send(DeliveryTests.mail, envelope: place.envelope))
    }
    expect(first, of: cell)
    #expect(second.status == .accepted, "\(second)")
    #expect(server.messages.count == (cell.status == .accepted ? 2 : 1))
  }

  private func session(_ cell: Cell, _ server: Server) throws -> SMTPSession {
    let isAuthenticated = cell.place == .plain || cell.place == .login
    let isEncrypted = cell.place == .startTLS
    return try SMTPSession(
      SMTPOptions(
        url: isEncrypted ? TLSRelay.shared.url(of: server, .startTLS) : server.url,
        user: isAuthenticated ? "vcl" : nil, password: isAuthenticated ? "secret-of-vcl" : nil,
        tls: isEncrypted ? .required : .automatic,
        certificateAuthorityFile: isEncrypted ? TLSRelay.shared.authorityFile : nil,
        heloName: "vcl.example.edu", timeoutSeconds: cell.answer.takesTime ? 1 : 60))
  }

  private func isGood(_ answer: Answer) -> Bool { answer == .slow || answer == .many }

  private func expect(_ outcome: DeliveryOutcome, of cell: Cell) {
    #expect(outcome.status == cell.status, "\(outcome)")
    #expect(outcome.serverUnreachable == cell.isServerUnreachable, "\(outcome)")
    #expect(!outcome.reply.isEmpty)
    #expect(outcome.reply.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    #expect(outcome.isEncrypted == (cell.place == .startTLS && cell.status == .accepted))
    #expect(!outcome.isAuthenticated || cell.status == .accepted)
    #expect(outcome.recipients.map(\.address) == cell.place.envelope.recipients)

    let decisive: (code: Int, enhancedCode: String?)? =
      if cell.isAnswerDecisive {
        cell.answer.reply.map { ($0.code, $0.enhancedCode) }
      } else {
        switch cell.status {
        case .accepted: (250, "2.0.0")
        case .failed: (550, "5.1.1")
        case .deferred, .unknown: nil
        }
      }
    #expect(outcome.replyCode == decisive?.code, "\(outcome)")
    #expect(outcome.enhancedCode == decisive?.enhancedCode, "\(outcome)")
    if let code = decisive?.code { #expect(outcome.reply.hasPrefix("\(code) ")) }

    guard let index = cell.place.recipientIndex else { return }
    let told = outcome.recipients[index]
    if let reply = cell.answer.reply {
      #expect(told.code == reply.code)
      #expect(told.enhancedCode == reply.enhancedCode)
      #expect(told.text == reply.text)
    } else {
      #expect(told.code == (isGood(cell.answer) ? 250 : nil))
      #expect(told.text.isEmpty == !isGood(cell.answer))
    }
  }
}
