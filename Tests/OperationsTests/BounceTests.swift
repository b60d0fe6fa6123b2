import Campus
import MariaDB
import Retention
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Notices that bounce")
struct BounceTests {
  /// Only one notice, a whole month before the date.
  private static let oneNotice = ["notice_days": "30"]

  /// A site after the night that has told its owner.
  private struct Told {
    let site: TestSite
    let server: ScriptedSMTPServer
    let idle: IdleImage

    init(email: String = "jdoe@example.edu", environment: [String: String] = [:]) throws {
      server = ScriptedSMTPServer()
      site = try TestSite(mailServer: server, environment: environment)
      let owner = try site.campus.user("jdoe", first: "Jane", email: email)
      idle = try IdleImage(site, owner: owner)
      try site.night("2026-03-02", BounceTests.oneNotice)
    }

    func take(_ report: String, recipient: String? = nil) throws -> String {
      try MailBounceOperation(site.site).take(Array(report.utf8), recipient: recipient)
    }

    func mail() throws -> (id: Int, messageID: String) {
      let found = try site.connection.first(
        "SELECT id, message_id FROM expireimage_mail WHERE recipient = 'owner'", []
      ) { (id: $0.int(0), messageID: $0.string(1)) }
      return try #require(found)
    }

    func statuses() throws -> [String] {
      try site.rows("SELECT recipient, status, accepted_on FROM expireimage_mail ORDER BY id")
    }
  }

  /// A report as Postfix writes one.
  static func report(
    _ addresses: [String], to: String = "vcl@example.edu", action: String = "failed", messageID: String?
  ) -> String {
    let recipients = addresses.map {
      """
      Final-Recipient: rfc822; \($0)
      Action: \(action)
      Status: 5.1.1
      Diagnostic-Code: smtp; 550 5.1.1 No such user
      """
    }.joined(separator: "\n\n")
    let original =
      messageID.map { "--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: \($0)\nSubject: x\n\n" } ?? ""
    return """
      From: MAILER-DAEMON@example.edu
      To: \(to)
      Subject: Undelivered Mail Returned to Sender
      MIME-Version: 1.0
      Content-Type: multipart/report; report-type=delivery-status; boundary="b"

      --b
      Content-Type: text/plain

      I'm sorry to have to inform you that your message could not be delivered.

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mail.example.edu

      \(recipients)

      \(original)--b--

      """
  }

  @Test("A report about a mail's Message-ID takes the notice back, and the admins get a copy")
  func takenBack() throws {
    let told = try Told()
    let mail = try told.mail()
    let answer = try told.take(Self.report(["jdoe@example.edu"], messageID: mail.messageID))
    #expect(answer.contains("mail \(mail.id) to jdoe@example.edu is taken back"))
    #expect(try told.statuses() == ["owner bounced -", "fallback pending -"])
    #expect(
      try told.site.rows("SELECT address, bounce_code, bounce_text FROM expireimage_recipient")
        == ["jdoe@example.edu 5.1.1 550 5.1.1 No such user"])
    try told.site.store("mode", "flag")
    _ = try MailRetryOperation(told.site.site).retry([], .silent)
    #expect(told.server.messages.map(\.recipients).last?.contains("vcl-admin@example.edu") == true)
    // Once more says nothing new.
    #expect(
      try told.take(Self.report(["jdoe@example.edu"], messageID: mail.messageID)).contains("does not count"))
    #expect(try told.statuses().count == 2)
  }

  @Test(
    "After a bounce the minimum notice starts anew: what was due is postponed, told again, and then flagged")
  func clockStartsAnew() throws {
    let told = try Told()
    let date = try told.site.date(told.idle.old)
    _ = try told.take(Self.report(["jdoe@example.edu"], messageID: told.mail().messageID))
    try told.site.night(date, Self.oneNotice.merging(NoticeTests.trusting) { $1 })
    #expect(try told.site.flag(told.idle.old) == "0 -")
    let postponed = try told.site.date(told.idle.old)
    #expect(try #require(Day(postponed)) - #require(Day(date)) == 14)
    try told.site.night(postponed, Self.oneNotice.merging(NoticeTests.trusting) { $1 })
    #expect(try told.site.flag(told.idle.old).hasPrefix("1 "))
  }

  @Test("Without a bounce the same revision is flagged on its date")
  func withoutBounce() throws {
    let told = try Told()
    try told.site.night(
      told.site.date(told.idle.old), Self.oneNotice.merging(NoticeTests.trusting) { $1 })
    #expect(try told.site.flag(told.idle.old).hasPrefix("1 "))
  }

  @Test("With a bounce address the envelope sender carries the mail's number, and finds it")
  func envelope() throws {
    let told = try Told(environment: ["EXPIREIMAGE_MAIL_BOUNCE_ADDRESS": "bounces@example.edu"])
    let mail = try told.mail()
    #expect(told.server.messages.map(\.from) == ["bounces+expireimage-\(mail.id)@example.edu"])
    let report = Self.report(
      ["jdoe@example.edu"], to: "bounces+expireimage-\(mail.id)@example.edu", messageID: nil)
    #expect(try told.take(report).contains("taken back"))
  }

  @Test("Where vcld.conf says to whom reports come, they do; a bounce address of ours goes first")
  func returnPath() throws {
    let environment = ["EXPIREIMAGE_MAIL_RETURN_PATH": "errors@example.edu"]
    #expect(try Told(environment: environment).server.messages.map(\.from) == ["errors@example.edu"])
    let both = try Told(
      environment: environment.merging(["EXPIREIMAGE_MAIL_BOUNCE_ADDRESS": "bounces@example.edu"]) { $1 })
    #expect(both.server.messages.map(\.from) == ["bounces+expireimage-\(try both.mail().id)@example.edu"])
  }

  @Test("The mail server may say to whom a report came")
  func recipientOption() throws {
    let told = try Told(environment: ["EXPIREIMAGE_MAIL_BOUNCE_ADDRESS": "bounces@example.edu"])
    let report = Self.report(["jdoe@example.edu"], to: "undisclosed-recipients:;", messageID: nil)
    #expect(try told.take(report).contains("no mail of the outbox"))
    let address = "bounces+expireimage-\(try told.mail().id)@example.edu"
    #expect(try told.take(report, recipient: address).contains("taken back"))
  }

  @Test("Of two addresses one is enough; when both bounce, the mail is taken back")
  func twoAddresses() throws {
    let told = try Told(email: "jdoe@example.edu, jane@example.com")
    let id = try told.mail().messageID
    #expect(try told.take(Self.report(["JDOE@example.edu"], messageID: id)).contains("at another"))
    #expect(try told.statuses() == ["owner accepted 2026-03-02"])
    #expect(try told.take(Self.report(["jane@example.com"], messageID: id)).contains("taken back"))
    #expect(try told.statuses().first == "owner bounced -")
  }

  @Test(
    "The same report twice says nothing of the other address, nor does one about an address that was refused")
  func otherAddress() throws {
    let told = try Told(email: "jdoe@example.edu, jane@example.com")
    let id = try told.mail().messageID
    for _ in 1...2 {
      #expect(try told.take(Self.report(["jdoe@example.edu"], messageID: id)).contains("at another"))
    }
    #expect(try told.statuses() == ["owner accepted 2026-03-02"])
  }

  @Test("A diagnostic with letters of many parts is recorded as far as it fits")
  func longDiagnostic() throws {
    let told = try Told()
    let letters = String(repeating: "e\u{301}\u{302}\u{303}", count: 300)
    let report = Self.report(["jdoe@example.edu"], messageID: try told.mail().messageID)
      .replacing("No such user", with: letters)
    #expect(try told.take(report).contains("taken back"))
  }

  @Test("A bounce that comes between the decision and the flag stops the flag")
  func betweenDecisionAndFlag() throws {
    let told = try Told()
    let date = try told.site.date(told.idle.old)
    let preparation = try Preparation(
      told.site.connection, settings: told.site.site.settings,
      clock: Clock(now: Moment(day: #require(Day(date))), utcOffsetMinutes: 0, isSimulated: true),
      policies: PolicySet(
        stored: [],
        call: TestSite.options(nil, NoticeTests.trusting.merging(["mode": "flag"]) { $1 }).overrides),
      progress: .silent)
    let decision = try #require(preparation.plan.decisions.first { $0.revisionID == told.idle.old })
    #expect(decision.kind == .flag)
    let fence = try Lease.take(told.site.connection, by: ProcessIdentity.own, isDead: { _ in true })
    let changes = Changes(
      told.site.connection, fence: fence, clock: preparation.clock, runID: 1, bounds: preparation.usage.bounds
    )
    _ = try told.take(Self.report(["jdoe@example.edu"], messageID: told.mail().messageID))
    let result = try changes.flag([(decision, "{}")], also: {})
    #expect(result == .changed)
    #expect(try told.site.flag(told.idle.old) == "0 -")
  }

  @Test("An address that the mail did not name, as after a forwarding, takes it back")
  func forwarded() throws {
    let told = try Told()
    let answer = try told.take(
      Self.report(["jane.doe@elsewhere.example"], messageID: told.mail().messageID))
    #expect(answer.contains("taken back"))
  }

  @Test("What is no failure of the owner's address takes nothing back")
  func nothing() throws {
    let told = try Told()
    let id = try told.mail().messageID
    let before = try told.site.checksums()
    for (report, words) in [
      (Self.report(["jdoe@example.edu"], action: "delayed", messageID: id), "of nobody"),
      (Self.report(["jdoe@example.edu"], action: "delivered", messageID: id), "of nobody"),
      (Self.report(["vcl-archive@example.edu"], messageID: id), "does not count"),
      (Self.report(["jdoe@example.edu"], messageID: "<other@example.edu>"), "no mail of the outbox"),
      (Self.report(["jdoe@example.edu"], messageID: nil), "no mail of the outbox"),
      ("From: jdoe@example.edu\nSubject: Out of office\n\nI am away.\n", "not a delivery report"),
      ("", "not a delivery report"),
    ] { #expect(try told.take(report).contains(words), "\(report)") }
    #expect(try told.site.checksums() == before)
  }

  @Test("A report about a mail that is on its way must come again")
  func onItsWay() throws {
    let told = try Told()
    try told.site.connection.execute(
      "UPDATE expireimage_mail SET claim = 'another', claimed_until = NOW() + INTERVAL 5 MINUTE")
    let failure = #expect(throws: Failure.self) {
      try told.take(Self.report(["jdoe@example.edu"], messageID: told.mail().messageID))
    }
    #expect(failure?.exitStatus == .tryAgain)
    #expect(try told.statuses() == ["owner accepted 2026-03-02"])
  }

  @Test("A bounced mail that is tried again and accepted is a notice again")
  func triedAgain() throws {
    let told = try Told()
    let mail = try told.mail()
    _ = try told.take(Self.report(["jdoe@example.edu"], messageID: mail.messageID))
    try told.site.store("mode", "flag")
    #expect(try MailRetryOperation(told.site.site).retry([mail.id], .silent).status == .done)
    #expect(try told.statuses().first?.hasPrefix("owner accepted") == true)
    #expect(
      try told.site.rows(
        "SELECT bounced_at, bounce_code FROM expireimage_recipient WHERE mail_id = ?", [Value(mail.id)]) == [
          "- -"
        ])
  }
}
