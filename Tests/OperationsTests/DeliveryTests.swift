import Campus
import Foundation
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Delivery from the outbox")
struct DeliveryTests {
  private static func settings(_ connections: Int, _ more: [String: String] = [:]) -> [String: String] {
    ["EXPIREIMAGE_SMTP_CONNECTIONS": "\(connections)"].merging(more) { $1 }
  }

  @Test("The connections that are set are used and kept, not one for each mail", arguments: [1, 4])
  func connections(_ count: Int) throws {
    // Slow enough that one connection has not done all before there is another.
    let server = ScriptedSMTPServer(replies: [.message: [.slowReply("250 2.0.0 taken")]])
    let site = try TestSite(mailServer: server, environment: Self.settings(count))
    try site.queue(60)
    #expect(try site.retry().status == .done)
    #expect(server.messages.count == 60)
    #expect(server.connectionCount <= count)
    #expect(count == 1 || server.connectionCount > 1)
  }

  @Test(
    "A server that is down, or takes nobody, is tried once and not once for each mail",
    arguments: [ScriptedSMTPServer.Action.drop, .reply("421 4.3.2 shutting down"), .reply("554 5.3.2 no")])
  func serverDown(_ banner: ScriptedSMTPServer.Action) throws {
    let server = ScriptedSMTPServer(replies: [.banner: [banner]])
    let site = try TestSite(mailServer: server, environment: Self.settings(4))
    try site.queue(20)
    #expect(try site.retry().status == .doneInPart)
    #expect(server.connectionCount == 1)
    #expect(try site.statuses() == ["deferred 1", "pending 19"])
    #expect(
      try site.rows("SELECT DISTINCT attempts, claim, next_try_at, first_tried_at FROM expireimage_mail") == [
        "0 - - -"
      ])
  }

  @Test("A server that takes only one connection gets all mails over that one")
  func oneConnectionAllowed() throws {
    let server = ScriptedSMTPServer(replies: [
      .banner: [.reply("220 ready"), .replyAndDrop("421 4.7.0 too many connections")]
    ])
    let site = try TestSite(mailServer: server, environment: Self.settings(4))
    try site.queue(40)
    #expect(try site.retry().status == .done)
    #expect(try site.statuses() == ["accepted 40"])
  }

  @Test("One bad address stops no other, on any number of connections", arguments: [1, 4])
  func badAddresses(_ connections: Int) throws {
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("owner3@example.edu"): [.reply("550 5.1.1 No such user")],
      .recipientNamed("owner7@example.edu"): [.reply("451 4.7.1 Greylisted")],
    ])
    let site = try TestSite(mailServer: server, environment: Self.settings(connections))
    try site.queue(20)
    #expect(try site.retry().status == .doneInPart)
    #expect(try site.statuses() == ["accepted 18", "deferred 1", "failed 1"])
    #expect(
      try site.rows(
        "SELECT status, reply_code, enhanced_code, reply FROM expireimage_mail WHERE subject = '3'")
        == ["failed 550 5.1.1 550 5.1.1 No such user"])
    #expect(
      try site.rows(
        "SELECT address, reply_code, enhanced_code, reply FROM expireimage_recipient WHERE reply_code > 300 ORDER BY 1"
      )
        == [
          "owner3@example.edu 550 5.1.1 550 5.1.1 No such user",
          "owner7@example.edu 451 4.7.1 451 4.7.1 Greylisted",
        ])
  }

  @Test("What the server does not take yet waits longer each time, and fails when its lifetime is over")
  func backOff() throws {
    let server = ScriptedSMTPServer(replies: [.recipient: [.reply("451 4.7.1 Greylisted")]])
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_MAIL_LIFETIME_DAYS": "2"])
    try site.queue(1)
    var pauses: [Int] = []
    for attempt in 1...4 {
      #expect(try site.retry().status == .doneInPart)
      #expect(server.connectionCount == attempt)
      // Before its time nothing is tried.
      #expect(try site.retry().lines == ["no mail was due"])
      #expect(server.connectionCount == attempt)
      pauses += try site.rows("SELECT TIMESTAMPDIFF(SECOND, tried_at, next_try_at) FROM expireimage_mail")
        .compactMap { Int($0) }
      try site.hasten()
    }
    #expect(zip(pauses, [300, 600, 1200, 2400]).allSatisfy { abs($0 - $1) <= $1 / 4 }, "\(pauses)")
    #expect(try site.statuses() == ["deferred 1"])
    try site.connection.execute("UPDATE expireimage_mail SET first_tried_at = NOW() - INTERVAL 49 HOUR")
    _ = try site.retry()
    #expect(
      try site.rows("SELECT status, attempts, reply FROM expireimage_mail") == [
        "failed 5 given up after 2 days: 451 4.7.1 Greylisted"
      ])
  }

  @Test("A connection lost after the final dot leaves the outcome unknown; the same mail goes out again")
  func unknown() throws {
    let server = ScriptedSMTPServer(replies: [.message: [.drop, .reply("250 2.0.0 Ok")]])
    let site = try TestSite(mailServer: server)
    try site.queue(1)
    #expect(try site.retry().lines == ["1 mail unknown"])
    #expect(try site.rows("SELECT status, accepted_on FROM expireimage_mail") == ["unknown -"])
    try site.hasten()
    #expect(try site.retry().lines == ["1 mail accepted"])
    #expect(try site.rows("SELECT accepted_on = CURDATE(), attempts FROM expireimage_mail") == ["1 2"])
    #expect(String(decoding: server.messages[0].data, as: UTF8.self).contains("Message-ID: <1@example.edu>"))
  }

  @Test("After the deadline nothing is begun, and what is left waits for the next call")
  func deadline() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.queue(100)
    let desk = try MailDesk(site.site)
    let delivery = Delivery(
      queue: desk.queue, fallback: FallbackNotice(connection: desk.connection, composer: desk.composer),
      clock: desk.clock, settings: site.site.settings, progress: .silent, deadline: .zero)
    let outcome = try delivery.run(try Delivery.options(site.site.settings.mailServer))
    #expect(outcome.stopReason?.contains("deadline") == true)
    #expect(!outcome.isComplete)
    #expect(server.messages.count < 100)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mail WHERE claim IS NOT NULL") == ["0"])
    #expect(try site.retry().status == .done)
    #expect(try site.statuses() == ["accepted 100"])
    #expect(server.messages.count == 100)
  }

  @Test("The pace is kept by all connections together")
  func pace() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(
      mailServer: server, environment: Self.settings(4, ["EXPIREIMAGE_SMTP_RATE_PER_MINUTE": "600"]))
    try site.queue(11)
    let start = ContinuousClock.now
    #expect(try site.retry().status == .done)
    // Ten pauses of a tenth of a second: never less, however fast the machine is.
    #expect(ContinuousClock.now - start >= .seconds(1))
  }

  @Test("In the modes off and report nothing is sent", arguments: ["off", "report"])
  func modes(_ mode: String) throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let ids = try site.queue(1)
    try site.store("mode", mode)
    #expect(try site.retry().status == .done)
    #expect(throws: Failure.self) { try site.retry(ids) }
    #expect(server.connectionCount == 0)
    #expect(try site.statuses() == ["pending 1"])
  }

  @Test(
    "A mail that was replaced while it was on its way counts when it was accepted, else it stays replaced")
  func replacedOnItsWay() throws {
    for (status, kept) in [("accepted", "accepted"), ("deferred", "replaced"), ("failed", "replaced")] {
      let site = try TestSite()
      let id = try site.queue(1)[0]
      let desk = try MailDesk(site.site)
      #expect(try desk.queue.claim(atMost: 10, now: desk.clock.present).map(\.id) == [id])
      try site.connection.execute("UPDATE expireimage_mail SET status = 'replaced'")
      try desk.queue.record([
        .init(
          mailID: id, status: status, wasTried: true, triedAt: desk.clock.now, nextTryAt: nil, replyCode: nil,
          enhancedCode: nil, reply: "", recipients: [], fallback: nil)
      ])
      #expect(try site.statuses() == ["\(kept) 1"])
    }
  }

  @Test(
    "With a rate limit, too, nothing is begun after the deadline, however many connections wait for their turn"
  )
  func deadlineAndPace() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(
      mailServer: server, environment: Self.settings(6, ["EXPIREIMAGE_SMTP_RATE_PER_MINUTE": "30"]))
    try site.queue(20)
    let desk = try MailDesk(site.site)
    let delivery = Delivery(
      queue: desk.queue, fallback: FallbackNotice(connection: desk.connection, composer: desk.composer),
      clock: desk.clock, settings: site.site.settings, progress: .silent, deadline: .milliseconds(300))
    let outcome = try delivery.run(try Delivery.options(site.site.settings.mailServer))
    #expect(outcome.stopReason?.contains("deadline") == true)
    // The first goes at once, the second two seconds later at the soonest.
    #expect(server.messages.count <= 1)
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mail WHERE claim IS NOT NULL") == ["0"])
    // A second round of the same delivery begins nothing either.
    #expect(try delivery.run(try Delivery.options(site.site.settings.mailServer)).counts.isEmpty)
  }

  @Test("While a run has the lease nobody else delivers, and nothing is reported as wrong")
  func runAtWork() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.queue(3)
    try site.connection.execute(
      "UPDATE expireimage_lease SET node = 'elsewhere', pid = 1, expires = NOW() + INTERVAL 5 MINUTE")
    let (lines, status) = try site.retry()
    #expect(lines == ["a run is at work; it delivers what is due"])
    #expect(status == .done)
    #expect(server.connectionCount == 0)
    #expect(try site.statuses() == ["pending 3"])
  }

  @Test("A run waits until another deliverer has finished, and does not send anew what that one has sent")
  func runWaits() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    _ = try IdleImage(site)
    try site.night("2026-03-02", NoticeTests.trusting)
    try site.connection.execute(
      """
      UPDATE expireimage_mail SET status = 'deferred', claim = 'another', claimed_until = NOW() + INTERVAL 5 MINUTE
      """)
    let name = site.name
    Thread.detachNewThread {
      usleep(1_500_000)
      let connection = try? Connection(TestServer.shared.options(database: name))
      _ = try? connection?.execute(
        """
        UPDATE expireimage_mail SET status = 'accepted', accepted_on = '2026-03-02', claim = NULL, claimed_until = NULL
        """)
    }
    #expect(try site.night("2026-03-03", NoticeTests.trusting).mails == [])
    #expect(server.messages.count == 1)
    #expect(try site.statuses() == ["accepted 1"])
  }

  @Test("A reply with letters of many parts is cut where the database can store it")
  func longReply() throws {
    let letters = String(repeating: "e\u{301}\u{302}\u{303}", count: 300)
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("owner1@example.edu"): [.reply("550 \(letters)")]
    ])
    let site = try TestSite(mailServer: server)
    try site.queue(3)
    #expect(try site.retry().status == .doneInPart)
    #expect(try site.statuses() == ["accepted 2", "failed 1"])
  }

  @Test("A row that cannot be sent fails, and stops no other")
  func brokenRow() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let ids = try site.queue(4)
    try site.connection.execute("UPDATE expireimage_mail SET sender = 'nobody' WHERE subject = '1'")
    try site.connection.execute("UPDATE expireimage_mail SET recipients = 'x' WHERE subject = '2'")
    try site.connection.execute("DELETE FROM expireimage_message WHERE mail_id = ?", [Value(ids[2])])
    #expect(try site.retry().status == .doneInPart)
    #expect(try site.statuses() == ["accepted 1", "failed 3"])
  }
}
