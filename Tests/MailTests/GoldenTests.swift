import Foundation
import Mail
import Retention
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
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens/\(name).eml")
    let bytes = Samples.message(try Samples.mail(digest, recipient)).rendered()
    guard ProcessInfo.processInfo.environment["EXPIREIMAGE_RECORD_GOLDENS"] == nil else {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: file)
      Issue.record("Recorded \(name).eml: read it, and run again without EXPIREIMAGE_RECORD_GOLDENS.")
      return
    }
    let expected = try Data(contentsOf: file)
    #expect(Data(bytes) == expected, "\(name).eml differs; record it anew if the change is meant")
  }
}
