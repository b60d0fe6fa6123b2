import Mail
import Retention
import Testing

@Suite("Subjects of digest mails")
struct DigestSubjectTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var entries: [OwnerDigest.Entry]
    var subject: String

    init(_ entries: [OwnerDigest.Entry], _ subject: String) {
      self.entries = entries
      self.subject = subject
    }

    var testDescription: String { subject }
  }

  private static func expiring(_ days: Int...) -> [OwnerDigest.Entry] {
    days.enumerated().map { Samples.entry($0.offset + 1, "Maple 2019", $0.offset + 1, inDays: $0.element) }
  }

  private static func flagged(_ count: Int) -> [OwnerDigest.Entry] {
    (1...count).map {
      Samples.entry(100 + $0, "Old Solaris", $0, change: .flagged, inDays: 0, reasons: [.idleOlder, .due])
    }
  }

  private static func safe(_ count: Int) -> [OwnerDigest.Entry] {
    (1...count).map {
      Samples.entry(200 + $0, "GIS", $0, change: .safe, inDays: nil, previously: 3, reasons: [.kept])
    }
  }

  @Test(
    "Deletions come first, then what expires with the nearest date, and what is safe when nothing else is told",
    arguments: [
      Case(expiring(30), "Maple 2019, revision 1 expires on 21 December 2026"),
      Case(expiring(30, 30), "2 revisions of your VCL images expire on 21 December 2026"),
      Case(expiring(40, 30, 31), "3 revisions of your VCL images expire, the first on 21 December 2026"),
      Case(expiring(0), "Maple 2019, revision 1 expires on 21 November 2026"),
      Case(
        flagged(4) + expiring(40, 30, 31),
        "4 revisions of your VCL images were deleted, 3 more expire, the first on 21 December 2026"),
      Case(
        flagged(1) + expiring(30, 30) + safe(1),
        "1 revision of your VCL images was deleted, 2 more expire on 21 December 2026"),
      Case(
        flagged(2) + expiring(30),
        "2 revisions of your VCL images were deleted, 1 more expires on 21 December 2026"),
      Case(flagged(1) + safe(2), "Old Solaris, revision 1 was deleted"),
      Case(flagged(2), "2 revisions of your VCL images were deleted"),
      Case(safe(1), "GIS, revision 1 no longer expires"),
      Case(safe(2), "2 revisions of your VCL images no longer expire"),
      Case(expiring(30) + safe(2), "Maple 2019, revision 1 expires on 21 December 2026"),
    ])
  func subject(_ example: Case) throws {
    let mail = try Samples.mail(OwnerDigest(today: Samples.today, entries: example.entries))
    #expect(mail.subject == example.subject)
  }

  @Test(
    "A date that has passed is not said to come",
    arguments: [
      Case(expiring(-103), "Maple 2019, revision 1 was due to expire on 10 August 2026"),
      Case(
        expiring(-103, -1), "2 revisions of your VCL images were due to expire, the first on 10 August 2026"),
      Case(
        expiring(-103, 30, 31), "3 revisions of your VCL images expire, the next on 21 December 2026"),
    ])
  func past(_ example: Case) throws { try subject(example) }

  @Test(
    "Admins are told whose images they are",
    arguments: [
      (
        DigestMail.Recipient.admin(ownerDescription: "bert@EE", .refused), flagged(2) + expiring(30, 31),
        "2 revisions of VCL images of bert@EE were deleted, 2 more expire, the first on 21 December 2026"
      ),
      (
        .admin(ownerDescription: "bert@EE", .noAddress), expiring(30),
        "Maple 2019, revision 1 (VCL image of bert@EE) expires on 21 December 2026"
      ),
      (
        .admin(ownerDescription: "", .noOwner), expiring(30),
        "Maple 2019, revision 1 (VCL image without an owner) expires on 21 December 2026"
      ),
      (
        .admin(ownerDescription: "", .noOwner), flagged(2),
        "2 revisions of VCL images without an owner were deleted"
      ),
    ])
  func admin(_ recipient: DigestMail.Recipient, _ entries: [OwnerDigest.Entry], _ expected: String) throws {
    let mail = try Samples.mail(OwnerDigest(today: Samples.today, entries: entries), recipient)
    #expect(mail.subject == expected)
  }

  @Test(
    "The name of a single image is decoded, and a very long one is cut, behind a word where it can be",
    arguments: [
      ("Bits &amp;\nBytes &lt;Lab&gt;", "Bits & Bytes <Lab>"),
      ("", "(image without a name)"),
      (String(repeating: "Ü", count: 40), String(repeating: "Ü", count: 40)),
      (String(repeating: "Ü", count: 41), String(repeating: "Ü", count: 39) + "…"),
      (
        "Introduction to computational statistics with exercises",
        "Introduction to computational…"
      ),
      (
        "A " + String(repeating: "b", count: 60), "A " + String(repeating: "b", count: 37) + "…"
      ),
    ])
  func name(_ stored: String, _ shown: String) throws {
    let digest = OwnerDigest(today: Samples.today, entries: [Samples.entry(1, stored, 7)])
    #expect(try Samples.mail(digest).subject == "\(shown), revision 7 expires on 21 December 2026")
  }
}
