import Mail
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations
@testable import Retention

@Suite("Composed mails")
struct DigestComposerTests {
  private static let today = Day(year: 2026, month: 3, day: 2)!

  private static func compose(
    purgeDays: Int = 0, to recipient: Notice.Recipient = .owner, calendar: [CalendarEntry] = [],
    words: String? = nil, change: OwnerDigest.Change = .announced
  ) throws -> PythonEmail {
    let site = try TestSite()
    if let words {
      try site.connection.execute(
        "UPDATE variable SET value = ? WHERE name = 'usermessage|image_expire_notice|Global'", [Value(words)])
    }
    let idle = try IdleImage(site)
    let people = try People.read(site.connection)
    let id = try IdleImage.owner(site)
    let setting = PolicySet.Setting(
      key: "expireimage_purge_days", affiliation: nil, value: String(purgeDays))
    let composer = DigestComposer(
      addresses: Addresses(people: people, settings: site.site.settings.mail), people: people,
      policies: try PolicySet(stored: [setting]),
      clock: Clock(now: Moment(day: today, second: 9000), utcOffsetMinutes: 60, isSimulated: true), runID: 7,
      templates: try DigestTemplates(), messages: try SiteMessages.read(site.connection),
      keepServer: "https://vcl.example.edu/expire")
    let entry = OwnerDigest.Entry(
      revisionID: idle.old, image: "Statistics", revision: 1, isProduction: false, createdOn: nil,
      lastUse: today - 366, expireDate: change == .flagged ? today : today + 30, previousDate: nil,
      change: change, reasons: [.idleOlder])
    let owed = OwedDigest(
      owner: Owner(id: id, account: try #require(people.owners[id]).account),
      digest: OwnerDigest(today: today, entries: [entry]))
    let composed = try composer.compose(owed, to: recipient, calendar: calendar)
    let mail = try PythonEmail.parse([composed.message])[0]
    #expect(mail.defects.isEmpty)
    return mail
  }

  private static let entry = CalendarEntry(
    uid: "1@vcl.example.edu", sequence: 0, day: today + 30, revisionIDs: [1])

  @Test(
    "A deleted revision can be brought back until the files go, and where they never do no day is named",
    arguments: [(60, true), (0, false)])
  func restorable(_ days: Int, _ isNamed: Bool) throws {
    let mail = try Self.compose(purgeDays: days, change: .flagged)
    #expect(mail.html.contains("can normally be brought back until Friday 1 May 2026, not later.") == isNamed)
    #expect(mail.html.contains("Its files stay for a while") == !isNamed)
  }

  @Test("The dates go along as a calendar, and not without dates or with the copy of a refused mail")
  func calendar() throws {
    for recipient in [Notice.Recipient.owner, .admin] {
      let mail = try Self.compose(to: recipient, calendar: [Self.entry])
      #expect(mail.attachments == ["expire-dates.ics"])
      let calendar = try PythonCalendar.parse([try #require(mail.calendar)])[0]
      #expect(calendar.events.map(\.start) == ["2026-04-01"])
      #expect(calendar.events.map(\.stamp) == ["2026-03-02T01:30:00+00:00"])
      #expect(calendar.events.map(\.organizer) == ["mailto:\(mail.fromAddress)"])
    }
    for mail in [try Self.compose(), try Self.compose(to: .fallback, calendar: [Self.entry])] {
      #expect(mail.calendar == nil)
      #expect(mail.parts == ["multipart/alternative", "text/plain", "text/html"])
    }
  }

  @Test("Keep links and the site's words are for whom they are meant")
  func readers() throws {
    let words = "subject: Clean-up\nmessage: Dear [user_firstname], look at [image_prettyname].\n"
    let readers: [(Notice.Recipient, hasWords: Bool, hasLinks: Bool)] = [
      (.owner, true, true), (.admin, false, true), (.fallback, false, false),
    ]
    for (recipient, hasWords, hasLinks) in readers {
      let mail = try Self.compose(to: recipient, words: words)
      #expect(mail.subject.hasPrefix("Clean-up: ") == hasWords)
      #expect(mail.text.contains("Dear Jane, look at Statistics.") == hasWords)
      for body in [mail.text, mail.html] {
        #expect(body.contains("https://vcl.example.edu/expire/keep/") == hasLinks)
      }
    }
  }
}
