import Mail
import SMTP
import TestSupport
import Testing

@Suite("Several recipients")
struct RecipientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var anna: String
    var bert: String
    var copy: String
    var status: DeliveryStatus
    var delivered: [String]

    var testDescription: String { "anna \(anna), bert \(bert), copy \(copy)" }
  }

  @Test(
    "One recipient that counts is enough, and a blind one never is",
    arguments: [
      Case(
        anna: "250 ok", bert: "250 ok", copy: "250 ok", status: .accepted,
        delivered: ["anna", "bert", "copies"]),
      Case(anna: "250 ok", bert: "550 no", copy: "550 no", status: .accepted, delivered: ["anna"]),
      Case(anna: "450 no", bert: "250 ok", copy: "250 ok", status: .accepted, delivered: ["bert", "copies"]),
      Case(anna: "550 no", bert: "550 no", copy: "250 ok", status: .failed, delivered: ["copies"]),
      Case(anna: "550 no", bert: "450 no", copy: "250 ok", status: .deferred, delivered: ["copies"]),
      Case(anna: "550 no", bert: "551 no", copy: "450 no", status: .failed, delivered: []),
      Case(anna: "450 no", bert: "550 no", copy: "550 no", status: .deferred, delivered: []),
    ])
  func recipients(_ example: Case) throws {
    let server = Server(replies: [
      .recipientNamed("anna@example.edu"): [.reply(example.anna)],
      .recipientNamed("bert@example.edu"): [.reply(example.bert)],
      .recipientNamed("copies@example.edu"): [.reply(example.copy)],
    ])
    var envelope = DeliveryTests.envelope
    envelope.recipients = [DeliveryTests.anna, DeliveryTests.bert]
    // A blind recipient that is a recipient anyway gets one copy.
    envelope.blindRecipients = [DeliveryTests.copy, DeliveryTests.anna]
    let outcome = try DeliveryTests.session(server).send(DeliveryTests.mail, envelope: envelope)
    #expect(outcome.status == example.status)
    #expect(outcome.recipients.map(\.text) == [example.anna, example.bert])
    #expect(outcome.recipients.map(\.code) == [Int(example.anna.prefix(3)), Int(example.bert.prefix(3))])
    #expect(server.messages.flatMap(\.recipients) == example.delivered.map { "\($0)@example.edu" })
  }

  @Test(
    "Recipients that are refused stay refused, whatever becomes of a blind copy",
    arguments: [
      (Server.Step.data, Server.Action.reply("451 4.3.0 later")), (.data, .drop), (.message, .drop),
      (.message, .reply("451 4.3.0 later")), (.message, .reply("554 5.7.1 spam")),
      (.recipientNamed("copies@example.edu"), .drop),
      (.recipientNamed("copies@example.edu"), .replyAndDrop("421 4.3.2 leaving")),
    ])
  func refusedBeforeTheCopy(_ step: Server.Step, _ action: Server.Action) throws {
    for (reply, status) in [("550 5.1.1 unknown", DeliveryStatus.failed), ("450 4.2.1 full", .deferred)] {
      let server = Server(replies: [.recipientNamed("anna@example.edu"): [.reply(reply)], step: [action]])
      var envelope = DeliveryTests.envelope
      envelope.blindRecipients = [DeliveryTests.copy]
      let outcome = try DeliveryTests.session(server).send(DeliveryTests.mail, envelope: envelope)
      #expect(outcome.status == status)
      #expect(outcome.reply == reply)
      #expect(server.messages.isEmpty)
    }
  }

  @Test("An envelope without a recipient that counts fails without a connection")
  func nobody() throws {
    let server = Server()
    var envelope = DeliveryTests.envelope
    envelope.recipients = []
    envelope.blindRecipients = [DeliveryTests.copy]
    #expect(try DeliveryTests.session(server).send(DeliveryTests.mail, envelope: envelope).status == .failed)
    #expect(server.connectionCount == 0)
  }

  @Test("A refused mail does not harm the next one")
  func next() throws {
    let server = Server(replies: [.recipient: [.reply("550 no"), .reply("250 ok")]])
    let session = try DeliveryTests.session(server)
    #expect(session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope).status == .failed)
    #expect(session.send(DeliveryTests.mail, envelope: DeliveryTests.envelope).status == .accepted)
    #expect(server.messages.count == 1)
  }
}
