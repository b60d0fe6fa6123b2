import Campus
import Foundation
import MariaDB
import Retention
import Synchronization
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Claims of mails in the outbox, and what is recorded of them")
struct MailClaimTests {
  @Test("Several deliverers at the same time deliver every mail once, and none twice")
  func several() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_SMTP_CONNECTIONS": "3"])
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
