import ArgumentParser
import Foundation
import Mail
import Retention

/// Times the rendering of whole mails: text, HTML, wrapping, calendar, MIME.
struct Rendering: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the rendering of digests, each a complete mail, on one thread.")

  @Option(help: "Digests.")
  var digests = 10_000

  @Option(help: "Revisions of each.")
  var revisions = 5

  func run() throws {
    let templates = try DigestTemplates()
    var bytes = 0
    let start = ContinuousClock.now
    for number in 0..<digests { bytes += mail(number, templates).count }
    let duration = start.duration(to: .now)
    let seconds = duration / Duration.seconds(1)
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)

    print("\(digests) digests of \(revisions) revisions, \(bytes / max(1, digests)) bytes each")
    print("  rendering  \(String(format: "%.2f s", seconds))  (wanted for 10000 of 5: below 5 s)")
    print("  per mail   \(String(format: "%.3f ms", seconds * 1000 / Double(max(1, digests))))")
    print("  memory     peak \(usage.ru_maxrss / 1024) MiB")
  }

  private static let today = Day(year: 2026, month: 11, day: 21)!
  private static let date = MailDate(day: today, hour: 2, minute: 30, second: 0, offsetMinutes: 60)!
  private static let sender = Mailbox(MailAddress("vcl-help@example.edu")!, displayName: "VCL image expiry")
  private static let names = ["Ada", "Zoë", "Bernd &amp; Co", "Xiǎo Lì", "Maria"]
  private static let images = [
    "Ubuntu 20.04 Base", "Statistik für Anfänger", "Bits &amp; Bytes &lt;Lab&gt;", "Matlab R2024b", "GIS",
  ]

  /// A mail of its own for each number.
  private func mail(_ number: Int, _ templates: DigestTemplates) -> [UInt8] {
    let digest = OwnerDigest(
      today: Self.today, entries: (0..<revisions).map { entry(number * revisions + $0, $0) })
    let context = DigestContext(
      recipient: .owner(greetingName: Self.names[number % Self.names.count]),
      siteAddress: "https://vcl.example.edu/", helpAddress: Self.sender.address.description,
      affiliation: "Example University", minimumNoticeDays: 14, restorableUntil: Self.today + 60,
      serverAddress: "https://vcl.example.edu/expire")
    let mail = DigestMail(digest: digest, context: context, templates: templates)
    var identity = 0
    let entries = CalendarEntries.next(previous: [], digest: digest) {
      identity += 1
      return "\(number).\(identity)@vcl.example.edu"
    }
    let calendar = CalendarText(
      entries, digest: digest, context: context, date: Self.date, organizer: Self.sender)
    return Message(
      from: Self.sender, to: [Mailbox(MailAddress("owner\(number)@example.edu")!)], replyTo: Self.sender,
      subject: mail.subject, date: Self.date, messageID: MessageID("digest.\(number)@vcl.example.edu")!,
      listID: ListID(label: "VCL image expiry", identifier: "expireimage.example.edu"), text: mail.text,
      html: mail.html, calendar: calendar.text
    ).rendered()
  }

  private func entry(_ id: Int, _ index: Int) -> OwnerDigest.Entry {
    let isReminder = id % 3 == 0
    return OwnerDigest.Entry(
      revisionID: id, image: "\(Self.images[id % Self.images.count]) \(id % 97)", revision: index + 1,
      isProduction: false, createdOn: Self.today - 900, lastUse: id % 2 == 0 ? Self.today - 400 : nil,
      expireDate: Self.today + (isReminder ? 14 : 30), previousDate: nil,
      change: isReminder ? .reminder : .announced,
      reasons: [id % 2 == 0 ? .idleOlder : .neverReservedOlder, .marked])
  }
}
