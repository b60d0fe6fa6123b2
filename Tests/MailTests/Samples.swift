import Mail
import Retention

/// Digests as a campus would have them.
enum Samples {
  static let today = Day(year: 2026, month: 11, day: 21)!

  static func entry(
    _ id: Int, _ image: String, _ revision: Int, change: OwnerDigest.Change = .announced, inDays: Int? = 30,
    previously: Int? = nil, lastUse: Int? = 413, made: Int? = 900, production: Bool = false,
    reasons: [Reason] = [.idleOlder, .marked]
  ) -> OwnerDigest.Entry {
    OwnerDigest.Entry(
      revisionID: id, image: image, revision: revision, isProduction: production,
      createdOn: made.map { today - $0 }, lastUse: lastUse.map { today - $0 },
      expireDate: inDays.map { today + $0 }, previousDate: previously.map { today + $0 }, change: change,
      reasons: reasons)
  }

  static let one = OwnerDigest(today: today, entries: [entry(1, "Ubuntu 20.04 Base", 3)])

  static let mixed = OwnerDigest(
    today: today,
    entries: [
      entry(1, "Ubuntu 20.04 Base", 3),
      entry(
        2, "Bits &amp; Bytes &lt;Lab&gt;", 1, inDays: 14, lastUse: nil,
        reasons: [.neverReservedOlder, .marked]),
      entry(3, "Statistik für Anfänger", 7, change: .reminder, inDays: 1),
      entry(
        4, "Matlab R2024b", 2, change: .redated, inDays: 20, previously: 10,
        reasons: [.idleNewer, .policyChanged]),
      entry(5, "Windows XP", 1, inDays: 30, production: true, reasons: [.idleProduction, .wholeImage]),
      entry(6, "GIS", 4, change: .safe, inDays: nil, previously: 9, lastUse: 1, reasons: [.recentlyUsed]),
      entry(7, "GIS", 2, change: .safe, inDays: nil, previously: 9, reasons: [.kept]),
      entry(8, "Old Solaris", 9, change: .flagged, inDays: 0, reasons: [.idleOlder, .due]),
    ])

  static let wholeImage = OwnerDigest(
    today: today,
    entries: [
      entry(1, "Second Life Viewer", 1, reasons: [.idleOlder, .wholeImage, .marked]),
      entry(2, "Second Life Viewer", 2, production: true, reasons: [.idleProduction, .wholeImage, .marked]),
    ])

  static let deletedAndOverdue = OwnerDigest(
    today: today,
    entries: [
      entry(1, "Old Solaris", 8, change: .flagged, inDays: 0, reasons: [.idleOlder, .due]),
      entry(2, "Old Solaris", 9, change: .flagged, inDays: 0, reasons: [.idleOlder, .due]),
      entry(3, "GIS", 1, change: .reminder, inDays: -103, reasons: [.idleOlder, .modeNotify]),
      entry(4, "GIS", 2, change: .reminder, inDays: 7),
    ])

  static let words = SiteWords(
    subject: "Image clean-up",
    message: "Dear owner,\r\nplease look at the list below.\r\n\r\nOur rules <& reasons>: see"
      + " (https://vcl.example.edu/rules?a=1&b=2).\r\nYour VCL team")

  /// Revisions of as many images as needed, seven of each.
  static func many(_ count: Int) -> OwnerDigest {
    OwnerDigest(
      today: today,
      entries: (0..<count).map {
        entry($0 + 1, "Course image \($0 / 7 + 1)", $0 % 7 + 1, inDays: 14 + $0 % 40, lastUse: 200 + $0)
      })
  }

  static func context(
    _ recipient: DigestMail.Recipient = .owner(greetingName: "Anna"),
    site: String? = "https://vcl.example.edu/", help: String? = "vcl-help@example.edu"
  ) -> DigestContext {
    DigestContext(
      recipient: recipient, siteAddress: site, helpAddress: help, affiliation: "Example University",
      minimumNoticeDays: 14)
  }

  static func mail(_ digest: OwnerDigest, _ context: DigestContext) throws -> DigestMail {
    DigestMail(digest: digest, context: context, templates: try DigestTemplates())
  }

  static func mail(
    _ digest: OwnerDigest, _ recipient: DigestMail.Recipient = .owner(greetingName: "Anna"),
    site: String? = "https://vcl.example.edu/", help: String? = "vcl-help@example.edu"
  ) throws -> DigestMail {
    try mail(digest, context(recipient, site: site, help: help))
  }

  static let help = Mailbox(MailAddress("vcl-help@example.edu")!, displayName: "VCL at Example University")
  static let date = MailDate(day: today, hour: 3, minute: 5, second: 9, offsetMinutes: 60)!

  static func message(_ mail: DigestMail, calendar: CalendarText? = nil) -> Message {
    message(subject: mail.subject, text: mail.text, html: mail.html, calendar: calendar)
  }

  static func message(
    subject: String, text: String, html: String, calendar: CalendarText? = nil
  ) -> Message {
    Message(
      from: help, to: [Mailbox(MailAddress("anna@example.edu")!)], replyTo: Mailbox(help.address),
      subject: subject, date: date, messageID: MessageID("digest.17.4711@vcl.example.edu")!,
      listID: ListID(label: "VCL image expiry", identifier: "expireimage.vcl.example.edu"), text: text,
      html: html, calendar: calendar?.text)
  }

  /// The calendar of a digest whose owner had none before.
  static func calendar(_ digest: OwnerDigest, _ context: DigestContext) -> CalendarText {
    var identity = 0
    let entries = CalendarEntries.next(previous: [], digest: digest) {
      identity += 1
      return "entry\(identity)@vcl.example.edu"
    }
    return CalendarText(entries, digest: digest, context: context, date: date, organizer: help)
  }
}
