import Campus
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("Mail that could not be delivered")
struct UndeliveredTests {
  private func mails(_ site: TestSite) throws -> [String] {
    try site.rows("SELECT recipient, status FROM expireimage_mail ORDER BY id")
  }

  @Test("What the admins should get instead of a refused owner goes out the next night as it is")
  func fallbackIsKept() throws {
    let server = ScriptedSMTPServer(replies: [
      .recipientNamed("jdoe@example.edu"): [.reply("550 5.1.1 No such user")],
      .recipientNamed("vcl-admin@example.edu"): [.reply("451 4.3.0 greylisted"), .reply("250 2.1.5 ok")],
    ])
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 2)
    #expect(try mails(site) == ["owner failed", "fallback deferred"])
    #expect(try site.night("2026-03-03").exitStatus == 0)
    #expect(try mails(site) == ["owner failed", "fallback accepted"])
    #expect(server.messages.filter { $0.recipients.contains("vcl-admin@example.edu") }.count == 1)
    #expect(
      try site.rows("SELECT revision_id FROM expireimage_notice ORDER BY mail_id") == [
        "\(idle.old)", "\(idle.old)",
      ])
  }

  @Test("Two undelivered mails that tell of one revision become one, with the newer news")
  func newsOnce() throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    try site.night("2026-04-01", NoticeTests.trusting)
    // As a run leaves it that restored the revision, after another had flagged it, and was killed before its mail.
    try site.connection.execute(
      "UPDATE expireimage_mail SET status = 'deferred' WHERE queued_on = '2026-04-01'")
    try site.connection.execute(
      """
      INSERT INTO expireimage_mail (run_id, owner_id, recipient, status, recipients, blind_recipients, queued_on, queued_at)
      SELECT run_id, owner_id, recipient, 'composing', '', '', queued_on, queued_at FROM expireimage_mail
      WHERE queued_on = '2026-04-01'
      """)
    try site.connection.execute(
      """
      INSERT INTO expireimage_notice (mail_id, revision_id, kind, reasons)
      SELECT MAX(id), ?, 'safe', 'reserved_after_flag' FROM expireimage_mail
      """, [Value(idle.old)])
    try site.connection.execute(
      """
      INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, datedeleted, facts)
      SELECT run_id, revision_id, image_id, 'restore', happened, actor, reasons, datedeleted, facts
      FROM expireimage_event WHERE kind = 'flag'
      """)
    try site.connection.execute(
      "UPDATE imagerevision SET deleted = 0, datedeleted = NULL, expiredate = NULL WHERE id = ?",
      [Value(idle.old)])
    let night = try site.night("2026-04-02", NoticeTests.trusting.merging(["idle_days_older": "0"]) { $1 })
    #expect(night.exitStatus == 0)
    #expect(night.mails?.map(\.revisionIDs) == [[idle.old]])
    #expect(try mails(site) == ["owner accepted", "owner replaced", "owner replaced", "owner accepted"])
    #expect(try site.rows("SELECT kind FROM expireimage_notice ORDER BY mail_id DESC LIMIT 1") == ["safe"])
  }

  @Test("A Message-ID is used again only for a mail that says the same", arguments: [false, true])
  func messageID(saysMore: Bool) throws {
    let site = try TestSite(mailServer: ScriptedSMTPServer())
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    try site.connection.execute("UPDATE expireimage_mail SET status = 'unknown'")
    if saysMore { _ = try IdleImage(site, "Chemistry") }
    #expect(try site.night("2026-03-02").exitStatus == 0)
    let ids = try site.rows("SELECT message_id FROM expireimage_mail ORDER BY id")
    #expect(ids.count == 2)
    #expect((ids.first == ids.last) == !saysMore)
  }
}
