import Mail
import Retention
import Testing

/// What a digest tells its reader to do, and what it promises.
@Suite("Promises of digest mails")
struct DigestPromiseTests {
  private static let expiring = Samples.entry(1, "A", 1)
  private static let safe = Samples.entry(
    2, "B", 2, change: .safe, inDays: nil, previously: 3, reasons: [.kept])
  private static let flagged = Samples.entry(3, "C", 3, change: .flagged, inDays: 0, reasons: [.idleOlder])

  /// Both bodies, each as one line.
  private func bodies(
    _ entries: [OwnerDigest.Entry], _ recipient: DigestMail.Recipient = .owner(greetingName: "Anna"),
    help: String? = "vcl-help@example.edu", minimumNoticeDays: Int = 14, restorableUntil: Day? = nil
  ) throws -> [String] {
    let mail = try Samples.mail(
      OwnerDigest(today: Samples.today, entries: entries),
      DigestContext(
        recipient: recipient, helpAddress: help, minimumNoticeDays: minimumNoticeDays,
        restorableUntil: restorableUntil))
    return [mail.text, mail.html.replacing(/<[^>]*>/, with: "")].map {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
  }

  @Test(
    "Only a mail in which everything is safe says that nothing needs to be done",
    arguments: [
      ([safe], true), ([safe, flagged], false), ([flagged], false), ([expiring, safe], false),
      ([expiring, flagged], false),
    ])
  func nothingToDo(_ entries: [OwnerDigest.Entry], _ isSaid: Bool) throws {
    for body in try bodies(entries) {
      #expect(body.contains("You need not do anything.") == isSaid)
      #expect(body.contains("If you still need the deleted revision,") == entries.contains(Self.flagged))
      #expect(
        body.contains("If you still need one of the revisions under") == entries.contains(Self.expiring))
    }
  }

  @Test("Whoever needs a deleted revision is told whom to write to, at the top and where it is listed")
  func deleted() throws {
    let two = [Self.flagged, Samples.entry(4, "D", 1, change: .flagged, inDays: 0)]
    for body in try bodies(two) {
      #expect(
        body.contains("If you still need one of the deleted revisions, write to vcl-help@example.edu soon."))
      #expect(body.contains("If you still need one of them, write to vcl-help@example.edu soon"))
    }
    for body in try bodies([Self.flagged], help: nil) {
      #expect(body.ranges(of: "tell the people who run VCL at your site soon").count == 2)
    }
  }

  @Test(
    "What was deleted can normally be brought back until a date, or, where none is known, for a while",
    arguments: [1, 2])
  func restorable(_ count: Int) throws {
    let entries = (1...count).map {
      Samples.entry($0, "C", $0, change: .flagged, inDays: 0, reasons: [.idleOlder])
    }
    let readers: [DigestMail.Recipient] = [
      .owner(greetingName: ""), .admin(ownerDescription: "bert@EE", .noAddress),
    ]
    for reader in readers {
      for body in try bodies(entries, reader, restorableUntil: Samples.today + 60) {
        let them = count == 1 ? "It" : "They"
        #expect(
          body.contains("\(them) can normally be brought back until Wednesday 20 January 2027, not later."))
        #expect(!body.contains("for a while"))
      }
      for body in try bodies(entries, reader) {
        #expect(
          body.contains("as long as they exist, the VCL staff can bring \(count == 1 ? "it" : "them") back."))
        #expect(!body.contains("until"))
      }
    }
  }

  @Test(
    "The copy of a refused mail says that the dates move, and promises no minimum notice", arguments: [1, 2])
  func refused(_ count: Int) throws {
    let entries = (1...count).map { Samples.entry($0, "A", $0) }
    let sentence =
      count == 1
      ? "This revision has an expire date; the date moves until a notice has reached the owner."
      : "These 2 revisions have expire dates; the dates move until a notice has reached the owner."
    for body in try bodies(entries, .admin(ownerDescription: "bert@EE", .refused)) {
      #expect(body.contains(sentence))
      #expect(body.contains("unless your site has decided that this copy counts."))
      #expect(!body.contains("will be deleted"))
      #expect(!body.contains("No revision is deleted earlier"))
    }
    for body in try bodies(entries, .admin(ownerDescription: "bert@EE", .noAddress)) {
      #expect(!body.contains(sentence) && body.contains("will be deleted"))
      #expect(body.contains("No revision is deleted earlier than 14 days"))
    }
  }

  @Test(
    "A date long past is said to move, one just past not; neither is said to come",
    arguments: [
      (-103, 14, "10 August 2026; it gets a new date, which you will be told, before anything is deleted"),
      (-8, 14, "13 November 2026; it gets a new date, which you will be told, before anything is deleted"),
      (-7, 14, "14 November 2026 (7 days ago); see to it now if it is still needed"),
      (-1, 14, "20 November 2026 (yesterday); see to it now if it is still needed"),
      // Without a minimum notice a date never moves.
      (-103, 0, "10 August 2026 (103 days ago); see to it now if it is still needed"),
    ])
  func past(_ days: Int, _ minimumNoticeDays: Int, _ words: String) throws {
    let entry = Samples.entry(1, "A", 1, change: .reminder, inDays: days)
    for body in try bodies([entry], minimumNoticeDays: minimumNoticeDays) {
      #expect(body.contains("Was due on \(words)"))
      #expect(!body.contains("Expires"))
      #expect(body.contains("This revision will be deleted unless it is reserved before."))
    }
  }

  @Test("Both bodies write what happens before the date, today and later", arguments: [0, 30])
  func verb(_ days: Int) throws {
    for body in try bodies([Samples.entry(1, "A", 1, inDays: days)]) {
      #expect(
        body.contains(days == 0 ? "Expires Saturday 21 November 2026 (today)" : "Expires Monday 21 December"))
      #expect(
        body.contains("If you are not asked for a revision, the image has only one: reserve the image."))
    }
  }

  @Test("What stays is said to have been going to expire", arguments: [1, 2])
  func stays(_ count: Int) throws {
    for body in try bodies(Array(repeating: Self.safe, count: count)) {
      #expect(
        body.contains(
          count == 1
            ? "This revision was going to expire; it stays."
            : "These revisions were going to expire; they stay."))
    }
  }

  @Test(
    "An image that goes as a whole is said once, above its revisions",
    arguments: [
      (
        ["Viewer"], 2, OwnerDigest.Change.announced,
        "The whole image Viewer will disappear from VCL: none of its"
      ),
      (["A", "B", "C"], 2, .announced, "The whole images A, B and C will disappear from VCL: none of their"),
      (["Viewer"], 2, .flagged, "The whole image Viewer has disappeared from VCL: none of its"),
      (["A", "B"], 1, .flagged, "The whole images A and B have disappeared from VCL: none of their"),
      (["Viewer"], 11, .announced, "Viewer The whole image will disappear from VCL: none of its"),
    ])
  func wholeImage(
    _ images: [String], _ revisions: Int, _ change: OwnerDigest.Change, _ words: String
  ) throws {
    let entries = images.flatMap { image in
      (1...revisions).map {
        Samples.entry($0, image, $0, change: change, reasons: [.idleOlder, .wholeImage, .marked])
      }
    }
    for body in try bodies(entries) {
      #expect(body.contains(words))
      #expect(body.ranges(of: "whole image").count == 1)
      #expect(body.ranges(of: "Why: last reserved on 4 October 2025 (413 days ago).").count == entries.count)
    }
  }
}
