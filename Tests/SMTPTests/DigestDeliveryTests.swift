import Mail
import Retention
import SMTP
import TestSupport
import Testing

@Suite("A digest, sent and received")
struct DigestDeliveryTests {
  @Test(
    "What arrives is what was written, blind recipients unseen, and names cannot add headers or recipients")
  func endToEnd() throws {
    let today = try #require(Day(year: 2026, month: 11, day: 21))
    let evil = "Evil\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>\r\n&lt;b&gt; é😀"
    let digest = OwnerDigest(
      today: today,
      entries: [
        OwnerDigest.Entry(
          revisionID: 1, image: evil, revision: 3, isProduction: false, createdOn: today - 900,
          lastUse: today - 413,
          expireDate: today + 30, previousDate: nil, change: .announced, reasons: [.idleOlder, .marked])
      ])
    let mail = DigestMail(
      digest: digest,
      context: DigestContext(
        recipient: .owner(greetingName: evil), siteAddress: "https://vcl.example.edu/",
        helpAddress: "vcl-help@example.edu", affiliation: evil, minimumNoticeDays: 14),
      templates: try DigestTemplates())
    let message = Message(
      from: Mailbox(DeliveryTests.envelope.sender, displayName: evil), to: [Mailbox(DeliveryTests.anna)],
      subject: mail.subject + evil,
      date: try #require(MailDate(day: today, hour: 3, minute: 4, second: 5, offsetMinutes: 60)),
      messageID: try #require(MessageID("1@vcl.example.edu")), text: mail.text, html: mail.html)
    let server = Server()
    var envelope = DeliveryTests.envelope
    envelope.blindRecipients = [DeliveryTests.copy]
    let outcome = try DeliveryTests.session(server).send(message.rendered(), envelope: envelope)
    #expect(outcome.status == .accepted)
    #expect(server.messages.count == 1)
    let received = try #require(server.messages.first)
    #expect(received.from == "vcl@example.edu")
    #expect(received.recipients == ["anna@example.edu", "copies@example.edu"])
    #expect(!server.commands.contains { $0.contains("eve@") })

    let parsed = try PythonEmail.parse([received.data])[0]
    #expect(parsed.defects.isEmpty)
    #expect(parsed.text == mail.text)
    #expect(parsed.html == mail.html)
    #expect(parsed.subject == PlainLine.of(message.subject))
    #expect(parsed.to == ["anna@example.edu"])
    #expect(parsed.values(of: "Bcc").isEmpty)
    #expect(!String(decoding: received.data, as: UTF8.self).contains("copies@"))
    #expect(!mail.html.contains("<b> é"))
    #expect(mail.html.contains("&lt;b&gt; é😀"))
  }
}
