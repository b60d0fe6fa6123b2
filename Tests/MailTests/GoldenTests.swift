import Foundation
import Mail
import Retention
import TestSupport
import Testing

/// Whole mails, byte for byte.
///
/// `EXPIREIMAGE_RECORD_GOLDENS=1 swift test --filter GoldenTests` writes them anew and fails, so that a run which
/// records never passes for one that compared.
@Suite("Golden mails")
struct GoldenTests {
  static let cases: [(String, OwnerDigest, DigestMail.Recipient)] = [
    ("one_revision", Samples.one, .owner(greetingName: "Anna")),
    ("every_section", Samples.mixed, .owner(greetingName: "Zoë O&#039;Brien")),
    ("long_list_grouped_by_image", Samples.many(24), .owner(greetingName: "")),
    (
      "admin_in_the_owners_stead", Samples.mixed,
      .admin(ownerDescription: "Bert Muster (bmuster)", .noAddress)
    ),
    ("admin_for_images_without_owner", Samples.one, .admin(ownerDescription: "", .noOwner)),
    ("admin_after_the_owners_mail_was_refused", Samples.one, .admin(ownerDescription: "bert@EE", .refused)),
    ("whole_image", Samples.wholeImage, .owner(greetingName: "Anna")),
    ("deleted_and_overdue", Samples.deletedAndOverdue, .owner(greetingName: "Anna")),
    (
      "only_safe_again",
      OwnerDigest(
        today: Samples.today,
        entries: [
          Samples.entry(
            6, "GIS", 4, change: .safe, inDays: nil, previously: 9, lastUse: 1, reasons: [.recentlyUsed])
        ]), .owner(greetingName: "Anna")
    ),
  ]

  @Test("A mail is what its golden shows", arguments: cases)
  func golden(_ name: String, _ digest: OwnerDigest, _ recipient: DigestMail.Recipient) throws {
    try Self.expect(Samples.message(try Samples.mail(digest, recipient)), toBe: name)
  }

  @Test("A mail with all that a site can add is what its golden shows")
  func withCalendar() throws {
    var context = Samples.context(.owner(greetingName: "Anna"))
    context.serverAddress = "https://vcl.example.edu/expire/"
    context.restorableUntil = Samples.today + 60
    context.words = Samples.words
    let mail = try Samples.mail(Samples.mixed, context)
    try Self.expect(
      Samples.message(mail, calendar: Samples.calendar(Samples.mixed, context)),
      toBe: "keep_links_calendar_and_words_of_the_site")
  }

  @Test("A summary is what its golden shows", arguments: SummarySamples.all)
  func summary(_ name: String, _ summary: AdminSummary) throws {
    let mail = SummaryMail(summary: summary, templates: try SummaryTemplates())
    try Self.expect(
      Samples.message(subject: mail.subject, text: mail.text, html: mail.html), toBe: "summary_\(name)")
  }

  /// The bytes are the golden's, and the independent parser finds no fault in them.
  private static func expect(_ message: Message, toBe name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name).eml")
    let bytes = message.rendered()
    guard ProcessInfo.processInfo.environment["EXPIREIMAGE_RECORD_GOLDENS"] == nil else {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
      Issue.record("Recorded \(name).eml: read it, and run again without EXPIREIMAGE_RECORD_GOLDENS.")
      return
    }
    let expected = try Data(contentsOf: file)
    #expect(Data(bytes) == expected, "\(name).eml differs; record it anew if the change is meant")
    let parsed = try PythonEmail.parse([bytes])[0]
    #expect(parsed.defects.isEmpty)
    #expect(parsed.subject == message.subject)
    #expect(parsed.text == message.text)
    #expect(parsed.html == message.html)
    #expect(parsed.calendar == message.calendar?.replacing("\r\n", with: "\n"))
  }
}
