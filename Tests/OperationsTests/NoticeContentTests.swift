import Campus
import Foundation
import MariaDB
import Operations
import Retention
import TestSupport
import Testing

@Suite("What notices carry")
struct NoticeContentTests {
  /// The calendar of the newest mail to the owner.
  private func calendar(_ server: ScriptedSMTPServer) throws -> PythonCalendar {
    let mail = try PythonEmail.parse([try #require(server.messages.last).data])[0]
    return try PythonCalendar.parse([try #require(mail.calendar)])[0]
  }

  @Test(
    "The calendar entry is the same when its date moves, counts its changes, and is cancelled when it is safe"
  )
  func calendarLives() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let idle = try IdleImage(site)
    try site.night("2026-03-02", NoticeTests.trusting)
    let first = try #require(try calendar(server).events.first)
    #expect(first.start == "2026-04-01" && first.sequence == 0 && first.status == "CONFIRMED")
    // Another grace moves the date.
    try site.night("2026-03-03", NoticeTests.trusting.merging(["grace_days": "40"]) { $1 })
    let moved = try #require(try calendar(server).events.first)
    #expect(moved.uid == first.uid && moved.sequence == 1 && moved.start == "2026-04-11")
    try site.campus.use(idle.old, from: "2026-03-04 09:00:00", to: "2026-03-04 12:00:00")
    try site.night("2026-03-05", NoticeTests.trusting)
    let cancelled = try #require(try calendar(server).events.first)
    #expect(cancelled.uid == first.uid && cancelled.sequence == 2 && cancelled.status == "CANCELLED")
    #expect(server.messages.count == 3)
  }

  @Test("A reminder carries the entry as it is, and another owner has other entries")
  func calendarStays() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    _ = try IdleImage(site)
    try site.night("2026-03-02", NoticeTests.trusting)
    let first = try calendar(server).events
    try site.night("2026-03-18", NoticeTests.trusting)
    let reminder = try calendar(server).events
    #expect(reminder.map(\.uid) == first.map(\.uid) && reminder.map(\.sequence) == [0])
    let other = try site.campus.user("asmith")
    _ = try IdleImage(site, "Chemistry", owner: other)
    try site.night("2026-03-19", NoticeTests.trusting)
    #expect(Set(try calendar(server).events.map(\.uid)).isDisjoint(with: first.map(\.uid)))
  }

  @Test("A night of the real calendar and its rerun tell the calendar the same")
  func calendarOfRerun() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    _ = try IdleImage(site)
    try site.night("2026-03-02", NoticeTests.trusting)
    let stored = try site.rows("SELECT * FROM expireimage_calendar")
    try site.connection.execute("UPDATE expireimage_mail SET status = 'unknown'")
    try site.night("2026-03-02", NoticeTests.trusting)
    #expect(server.messages.count == 2)
    #expect(server.messages[0].data == server.messages[1].data)
    #expect(try site.rows("SELECT * FROM expireimage_calendar") == stored)
  }

  @Test("Words that the site has edited stand in the mail, filled in; of another affiliation they do not")
  func words() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server)
    let affiliation = try site.campus.affiliation("Engineering", help: "eng-help@example.edu")
    try site.connection.execute(
      """
      INSERT INTO variable (name, serialization, value, timestamp)
      VALUES ('usermessage|image_expire_notice|Engineering', 'yaml', ?, NOW())
      """,
      [
        Value(
          "---\nsubject: Clean-up at Engineering\nmessage: |\n  Dear [user_firstname] [user_lastname],\n  \n"
            + "  [image_prettyname] (revision [imagerevision_revision]) goes in [notice_interval].\n"
            + "  Ask [user_affiliation_helpaddress], not [nobody].\nshort_message: x\n")
      ])
    _ = try IdleImage(
      site, "R &amp; D", owner: site.campus.user("ada", in: affiliation, first: "Ada", last: "Byron"))
    _ = try IdleImage(site, "Chemistry")
    #expect(try site.night("2026-03-02", NoticeTests.trusting).exitStatus == 0)
    let mails = try PythonEmail.parse(server.messages.map(\.data))
    let own = try #require(mails.first { $0.to == ["ada@example.edu"] })
    #expect(own.subject.hasPrefix("Clean-up at Engineering: "))
    let text = own.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("Dear Ada Byron, R & D (revision 1) goes in 30 days."))
    #expect(text.contains("Ask eng-help@example.edu, not [nobody]."))
    #expect(own.html.contains("R &amp; D (revision 1) goes in 30 days."))
    let other = try #require(mails.first { $0.to == ["jdoe@example.edu"] })
    #expect(!other.subject.contains("Clean-up") && !other.text.contains("goes in"))
  }

  @Test("A subject of the site that is far too long is cut, and the count and the date are still to be seen")
  func longSubject() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_MAIL_SUMMARY": "always"])
    let row = "subject: \(String(repeating: "Very important clean-up ", count: 20))\nmessage: Hello.\n"
    try site.connection.execute(
      "UPDATE variable SET value = ? WHERE name LIKE '%|image_expire%'", [Value(row)])
    _ = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 0)
    let subjects = try PythonEmail.parse(server.messages.map(\.data)).map(\.subject)
    #expect(subjects.count == 2)
    #expect(subjects.allSatisfy { $0.hasPrefix("Very important") && $0.count < 200 })
    #expect(subjects[0].hasSuffix("expires on 1 April 2026"))
    #expect(subjects[1].hasSuffix("1 marked"))
  }

  @Test(
    "A row with words that cannot be read stops nothing: the program's own words stand in, with a warning")
  func brokenWords() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_MAIL_SUMMARY": "always"])
    try site.connection.execute(
      "UPDATE variable SET value = 'subject: [unclosed\n\t: : :' WHERE name LIKE 'usermessage|image_expire%'")
    _ = try IdleImage(site)
    #expect(try site.night("2026-03-02").exitStatus == 0)
    let mails = try PythonEmail.parse(server.messages.map(\.data))
    #expect(mails[0].text.contains("This is an automatic note"))
    #expect(mails[1].text.contains("usermessage|image_expire_notice|Global"))
  }

  /// A folder with one template of the site's own.
  private func folder(_ name: String, _ text: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    return folder.path
  }

  @Test("A template of the site's own takes the place of that part alone")
  func siteTemplate() throws {
    let folder = try folder(
      "owner_digest.text.mustache",
      "Moin {{owner}}: {{#expiring}}{{#items}}{{title}}{{/items}}{{/expiring}}\n")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = ScriptedSMTPServer()
    let site = try TestSite(mailServer: server, environment: ["EXPIREIMAGE_MAIL_TEMPLATE_FOLDER": folder])
    _ = try IdleImage(site)
    try site.night("2026-03-02")
    let mail = try PythonEmail.parse(server.messages.map(\.data))[0]
    #expect(mail.text == "Moin Jane: Statistics, revision 1\n")
    #expect(mail.html.contains("This is an automatic note"))
  }

  @Test("A template with a name that no mail has stops the run before it changes anything, with its line")
  func wrongTemplate() throws {
    let folder = try folder("owner_digest.html.mustache", "<p>\n{{gretting}}</p>")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let site = try TestSite(
      mailServer: ScriptedSMTPServer(), environment: ["EXPIREIMAGE_MAIL_TEMPLATE_FOLDER": folder])
    let idle = try IdleImage(site)
    let failure = #expect(throws: Failure.self) { try site.night("2026-03-02") }
    #expect(failure?.exitStatus == .configurationInvalid)
    #expect(failure?.description.contains("\(folder)/owner_digest.html.mustache, line 2") == true)
    #expect(try site.date(idle.old) == "-")
    #expect(try site.rows("SELECT COUNT(*) FROM expireimage_mail") == ["0"])
    #expect(site.status("2026-03-02") == .configurationInvalid)
  }

  @Test("With a server address every revision that expires has its keep link")
  func keepLink() throws {
    let server = ScriptedSMTPServer()
    let site = try TestSite(
      mailServer: server, environment: ["EXPIREIMAGE_SERVER_URL": "https://keep.example.edu/"])
    let idle = try IdleImage(site)
    try site.night("2026-03-02")
    let mail = try PythonEmail.parse(server.messages.map(\.data))[0]
    for part in [mail.text, mail.html] { #expect(part.contains("https://keep.example.edu/keep/\(idle.old)")) }
  }
}
