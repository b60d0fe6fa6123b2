import Assets
import Campus
import Foundation
import MariaDB
import Retention
import Synchronization
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

/// Mails in an outbox, as a run leaves them there.
extension TestSite {
  /// - Returns: their ids.
  @discardableResult
  fileprivate func queue(_ count: Int, to recipient: (Int) -> String = { "owner\($0)@example.edu" }) throws
    -> [Int]
  {
    try store("mode", "flag")
    return try (1...count).map { number in
      let message = "Message-ID: <\(number)@example.edu>\r\nSubject: \(number)\r\n\r\nHello \(number)\r\n"
      try connection.execute(
        """
        INSERT INTO expireimage_mail (owner_id, recipient, status, sender, recipients, blind_recipients, subject,
          message_id, queued_on, queued_at)
        VALUES (NULL, 'owner', 'pending', 'vcl@example.edu', ?, '', ?, ?, CURDATE(), NOW())
        """,
        [Value(recipient(number)), Value("\(number)"), Value("<\(number)@example.edu>")])
      let id = Int(connection.lastInsertID)
      try connection.execute(Assets.Queries.insertMessage, [Value(id), .bytes(Array(message.utf8))])
      return id
    }
  }

  /// What became of the mails, by status.
  fileprivate func statuses() throws -> [String] {
    try rows("SELECT status, COUNT(*) FROM expireimage_mail GROUP BY status ORDER BY CAST(status AS CHAR)")
  }

  fileprivate func retry(_ ids: [Int] = []) throws -> (lines: [String], status: Operations.ExitStatus) {
    try MailRetryOperation(site).retry(ids, .silent)
  }

  /// Lets the time of the next try come.
  fileprivate func hasten() throws {
    try connection.execute("UPDATE expireimage_mail SET next_try_at = NOW() - INTERVAL 1 SECOND")
  }
}

@Suite("Delivery from the outbox")
struct DeliveryTests {
  private static func settings(_ connections: Int, _ more: [String: String] = [:]) -> [String: String] {
    ["EXPIREIMAGE_SMTP_CONNECTIONS": "\(connections)"].merging(more) { $1 }
  }

  @Test("Several deliverers at the same time deliver every mail once, and none twice")
  func several() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: Self.settings(3))
    try site.queue(200)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { [shared = site.site] _ in
      do {
        _ = try MailRetryOperation(shared).retry([], .silent)
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try site.statuses() == ["accepted 200"])
    let recipients = server.messages.flatMap(\.recipients)
    #expect(recipients.count == 200)
    #expect(Set(recipients).count == 200)
    #expect(try site.rows("SELECT DISTINCT attempts, claim, reply_code FROM expireimage_mail") == ["1 - 250"])
  }

  @Test("A mail that another deliverer has is left alone, and taken over when its claim has run out")
  func claims() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.queue(2)
    try site.connection.execute(
      """
      UPDATE expireimage_mail SET claim = 'another', claimed_until = NOW() + INTERVAL 5 MINUTE
      WHERE subject = '1'
      """)
    #expect(try site.retry().lines == ["1 mail accepted"])
    #expect(server.messages.map(\.recipients) == [["owner2@example.edu"]])
    try site.connection.execute("UPDATE expireimage_mail SET claimed_until = NOW() WHERE claim = 'another'")
    #expect(try site.retry().lines == ["1 mail accepted"])
    #expect(try site.statuses() == ["accepted 2"])
  }

  @Test("The connections that are set are used and kept, not one for each mail", arguments: [1, 4])
  func connections(_ count: Int) throws {
    let server = ScriptedSMTPServer()
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

  @Test("The claims of a process that is dead are void at once; those of another machine are not")
  func deadProcess() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.queue(2)
    let own = ProcessIdentity.own
    for (subject, node, pid) in [("1", own.node, 999_999), ("2", "elsewhere", 999_999)] {
      try site.connection.execute(
        "UPDATE expireimage_mail SET claim = ?, claimed_until = NOW() + INTERVAL 20 MINUTE WHERE subject = ?",
        [Value("x \(pid) 1 \(own.bootID) \(node)"), Value(subject)])
    }
    #expect(try site.retry().lines == ["1 mail accepted"])
    #expect(server.messages.map(\.recipients) == [["owner1@example.edu"]])
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

  @Test("A claim takes the free mails of all ids and none that lies between them")
  func claimsBetweenOthers() throws {
    let site = try TestSite()
    let ids = try site.queue(60)
    let others = Set(ids.filter { $0 % 7 == 3 || $0 % 10 == 0 })
    for id in others {
      try site.connection.execute(
        "UPDATE expireimage_mail SET claim = 'another', claimed_until = NOW() + INTERVAL 5 MINUTE WHERE id = ?",
        [Value(id)])
    }
    let desk = try MailDesk(site.site)
    let claimed = try desk.queue.claim(atMost: 40, now: desk.clock.present).map(\.id)
    #expect(claimed == Array(ids.filter { !others.contains($0) }.prefix(40)))
    let text = claimed.map(String.init).joined(separator: ",")
    #expect(
      try site.rows(
        "SELECT COUNT(*), COUNT(DISTINCT claim), MIN(id IN (\(text))) FROM expireimage_mail WHERE claim <> 'another'"
      )
        == ["40 1 1"])
    #expect(
      try site.rows("SELECT COUNT(*) FROM expireimage_mail WHERE claim = 'another'") == ["\(others.count)"])
  }

  @Test("Any number of attempts is recorded, each with its own reply and times, letter by letter")
  func recordsMany() throws {
    let site = try TestSite()
    try site.queue(450)
    let desk = try MailDesk(site.site)
    let claimed = try desk.queue.claim(atMost: 500, now: desk.clock.present)
    #expect(claimed.count == 450)
    let now = desk.clock.now
    let words = [
      "250 Ok", "250 \"quoted\" and \\back\\slashed", "250 größer als 1 \u{20AC} \u{1F600}",
      "250 %s '?' -- /* */",
      "250 \u{1}\u{1F}\u{7F}", "",
    ]
    try desk.queue.record(
      claimed.enumerated().map { index, mail in
        let isDeferred = index % 3 == 1
        return .init(
          mailID: mail.id, status: isDeferred ? "deferred" : "accepted", wasTried: index % 5 != 0,
          triedAt: now,
          nextTryAt: isDeferred ? now + index : nil, replyCode: index % 4 == 0 ? nil : 200 + index,
          enhancedCode: index % 4 == 0 ? nil : "2.0.\(index)", reply: words[index % words.count],
          recipients: [],
          fallback: nil)
      })
    let stored = try site.connection.rows(
      """
      SELECT status, attempts, tried_at, first_tried_at, next_try_at, accepted_on, reply_code, enhanced_code, reply,
        claim IS NULL AND claimed_until IS NULL
      FROM expireimage_mail ORDER BY id
      """
    ) { row in
      (0..<10).map { row.optionalString($0) ?? "-" }
    }
    #expect(stored.count == 450)
    for (index, row) in stored.enumerated() {
      let isDeferred = index % 3 == 1
      let isTried = index % 5 != 0
      #expect(
        row == [
          isDeferred ? "deferred" : "accepted", isTried ? "1" : "0", "\(now)", isTried ? "\(now)" : "-",
          isDeferred ? "\(now + index)" : "-", isDeferred ? "-" : "\(now.day)",
          index % 4 == 0 ? "-" : "\(200 + index)", index % 4 == 0 ? "-" : "2.0.\(index)",
          words[index % words.count], "1",
        ])
    }
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

  @Test("What was handed over is recorded, even when the delivery then fails")
  func recordedInSpiteOfError() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    try site.queue(30)
    let fence = try Lease.take(site.connection, by: ProcessIdentity.own, isDead: { _ in true })
    let desk = try MailDesk(site.site)
    let outbox = Outbox(desk.connection, fence: fence, clock: desk.clock, runID: nil)
    // The lease goes to somebody else while the first mails are on their way.
    let name = site.name
    Thread.detachNewThread {
      while server.messages.isEmpty { usleep(1000) }
      let connection = try? Connection(TestServer.shared.options(database: name))
      _ = try? connection?.execute("UPDATE expireimage_lease SET fence = fence + 1")
    }
    let delivery = Delivery(
      queue: MailQueue(desk.connection, outbox: outbox, deliverer: ProcessIdentity.own),
      fallback: FallbackNotice(connection: desk.connection, composer: desk.composer), clock: desk.clock,
      settings: site.site.settings, progress: .silent)
    #expect(throws: LeaseLost.self) {
      for _ in 0..<100 { _ = try delivery.run(try Delivery.options(site.site.settings.mailServer)) }
    }
    let accepted = try site.rows("SELECT COUNT(*) FROM expireimage_mail WHERE status = 'accepted'")
    #expect(accepted == ["\(server.messages.count)"])
  }

  @Test("What another deliverer has taken over is not recorded by the one that lost it")
  func lostClaim() throws {
    let site = try TestSite()
    let id = try site.queue(1)[0]
    let (slow, quick) = (try MailDesk(site.site), try MailDesk(site.site))
    _ = try slow.queue.claim(atMost: 1, now: slow.clock.present)
    try site.connection.execute("UPDATE expireimage_mail SET claimed_until = NOW()")
    #expect(try quick.queue.claim(atMost: 1, now: quick.clock.present).map(\.id) == [id])
    try slow.queue.record([
      .init(
        mailID: id, status: "failed", wasTried: true, triedAt: slow.clock.now, nextTryAt: nil, replyCode: 550,
        enhancedCode: nil, reply: "550 no", recipients: [], fallback: nil)
    ])
    #expect(try site.rows("SELECT status, reply FROM expireimage_mail") == ["pending -"])
  }
}
