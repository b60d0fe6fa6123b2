import Foundation
import Mail
import TestSupport
import Testing

@Suite("Reports that a mail could not be delivered")
struct DeliveryReportTests {
  private static func fixtures(_ folder: String) -> [(name: String, bytes: [UInt8])] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(folder)")
    let files = try! FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return files.sorted { $0.path < $1.path }.map {
      ($0.deletingPathExtension().lastPathComponent, [UInt8](try! Data(contentsOf: $0)))
    }
  }

  static let reports = fixtures("reports")
  static let others = fixtures("others")

  private static func report(_ name: String) throws -> DeliveryReport {
    let bytes = try #require(reports.first { $0.name == name }).bytes
    return try #require(DeliveryReport.parse(bytes))
  }

  /// `address action status diagnostic` of every recipient.
  private static func lines(_ report: DeliveryReport) -> [String] {
    report.recipients.map { "\($0.address) \($0.action) \($0.status) \($0.diagnostic)" }
  }

  @Test(
    "A report names its recipients with their fate, the mail, and where the report itself was sent",
    arguments: [
      (
        "postfix",
        [
          "anna@example.edu failed 5.1.1 550 5.1.1 <anna@cs.example.edu>: Recipient address rejected: "
            + "User unknown in local recipient table"
        ], 42, ["vcl+expireimage-4711@vcl.example.edu"]
      ),
      (
        "exim_old",
        [
          "Bert@example.org failed 5.2.1 SMTP error from remote mail server after RCPT TO:<bert@example.org>: "
            + "host mx.example.org [192.0.2.17]: 550 5.2.1 The mailbox is closed",
          "chris@example.net failed 5.0.0 Unrouteable address",
        ], 43, ["vcl+expireimage-12@vcl.example.edu"]
      ),
      ("exim", ["dora@example.org failed 5.0.0 "], 44, ["vcl@vcl.example.edu"]),
      (
        "exchange",
        [
          "emil+images@example.com failed 5.2.2 554 5.2.2 mailbox full; "
            + "STOREDRV.Deliver.Exception:QuotaExceededException"
        ], 45, ["VCL+ExpireImage-99@vcl.example.edu"]
      ),
      (
        "several",
        [
          "frieda@example.org expanded 2.0.0 ",
          "gustav@example.org delayed 4.4.1 421 4.4.1 Connection timed out",
          "hans@example.org delivered 2.1.5 ", "ida@example.org relayed 2.1.9 ",
          "jan@example.org failed 5.7.1 ",
        ], 46, ["vcl@vcl.example.edu", "vcl+expireimage-5@vcl.example.edu"]
      ),
      (
        "nested", ["karl@example.org failed 5.1.10 556 Domain takes no mail"], 47,
        ["vcl@vcl.example.edu", "vcl+expireimage-77@vcl.example.edu"]
      ),
      (
        "global", ["jürgen@example.de failed 5.6.7 553 5.6.7 Adresse nicht übertragbar"], 48,
        ["vcl@vcl.example.edu"]
      ),
      (
        "without_copy", ["lea+AB@example.net failed 5.4.7 expired after 5 days , 3 hours"], 49,
        ["vcl+expireimage-8@vcl.example.edu"]
      ),
    ])
  func reads(_ name: String, _ recipients: [String], _ mail: Int, _ envelope: [String]) throws {
    let report = try Self.report(name)
    #expect(Self.lines(report) == recipients)
    #expect(report.originalMessageID == "<expireimage.17.\(mail)@vcl.example.edu>")
    #expect(report.envelopeRecipients == envelope)
  }

  @Test("A mail that is no report is none", arguments: others.map(\.name))
  func isNone(_ name: String) throws {
    let bytes = try #require(Self.others.first { $0.name == name }).bytes
    #expect(DeliveryReport.parse(bytes) == nil)
  }

  @Test(
    "Line ends, a mailbox's first line and the case of names make no difference",
    arguments: reports.map(\.name))
  func forms(_ name: String) throws {
    let text = String(decoding: try #require(Self.reports.first { $0.name == name }).bytes, as: UTF8.self)
    let report = try Self.report(name)
    for other in [
      text.replacing("\n", with: "\r\n"), "From MAILER-DAEMON  Tue Mar  3 03:12:44 2026\n" + text,
      text.replacing(#/(?m)^[A-Za-z-]+:/#) { $0.0.uppercased() },
      text.replacing(#/(?m)^([A-Za-z-]+:) /#) { "\($0.1)\n\t" },
    ] { #expect(DeliveryReport.parse(Array(other.utf8)) == report) }
  }

  /// A delivery status as Python's email package finds it.
  private struct Found: Decodable {
    struct Group: Decodable {
      let final: String
      let original: String
      let action: String
      let status: String
      let diagnostic: String
    }
    let groups: [Group]
    let messageId: String
  }

  @Test("An independent parser reads the same")
  func independent() throws {
    let mails = (Self.reports + Self.others).filter { $0.name != "exim_old" }
    let found: [Found] = try PythonScript.run(
      "parse_report.py", mails.map { Data($0.bytes).base64EncodedString() })
    #expect(found.count == mails.count)
    for (mail, found) in zip(mails, found) {
      let report = DeliveryReport.parse(mail.bytes)
      let recipients = report?.recipients ?? []
      #expect(recipients.count == found.groups.count, "\(mail.name)")
      for (recipient, group) in zip(recipients, found.groups) {
        #expect(recipient.action.rawValue == group.action)
        #expect(group.status.hasPrefix(recipient.status))
        // Python reads 8-bit texts as ASCII.
        guard recipient.address.utf8.count == recipient.address.count else { continue }
        #expect(group.diagnostic.hasSuffix(recipient.diagnostic))
        let written = group.original.isEmpty ? group.final : group.original
        #expect(written.replacing("+2B", with: "+").contains(recipient.address), "\(mail.name)")
      }
      if !found.messageId.isEmpty { #expect(report?.originalMessageID == found.messageId, "\(mail.name)") }
    }
  }

  private static func status(_ groups: String, header: String = "") -> [UInt8] {
    Array(
      """
      From: MAILER-DAEMON@example.org
      To: vcl@example.edu
      \(header)Content-Type: multipart/report; boundary=b

      --b
      Content-Type: message/delivery-status

      Reporting-MTA: dns; mx

      \(groups)
      --b--
      """.utf8)
  }

  @Test(
    "What a server leaves out or writes its own way is made good",
    arguments: [
      ("Final-Recipient: rfc822; a@b.c\nStatus: 5.1.1", ["a@b.c failed 5.1.1 "]),
      ("Final-Recipient: rfc822; a@b.c\nStatus: 4.2.2", ["a@b.c delayed 4.2.2 "]),
      ("Final-Recipient: a@b.c\nAction: failed (no such user)", ["a@b.c failed 5.0.0 "]),
      (
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nDiagnostic-Code: smtp; 550-5.7.1 no [192.0.2.1]",
        ["a@b.c failed 5.7.1 550-5.7.1 no [192.0.2.1]"]
      ),
      (
        "Final-Recipient: rfc822;a@b.c (Anna)\nAction: Failed\nDiagnostic-Code: no", ["a@b.c failed 5.0.0 no"]
      ),
      ("Final-Recipient: rfc822; a@b.c\nAction: unknown", []), ("Action: failed\nStatus: 5.0.0", []),
      ("Final-Recipient: rfc822;\nAction: failed", []),
      ("Original-Recipient: rfc822;\nFinal-Recipient: rfc822;a@b.c\nAction: failed", ["a@b.c failed 5.0.0 "]),
      ("Original-Recipient: rfc822;a+2Bx+3D@b.c\nAction: failed", ["a+x=@b.c failed 5.0.0 "]),
      ("Original-Recipient: rfc822;a+40b.c\nAction: failed", ["a@b.c failed 5.0.0 "]),
      ("Original-Recipient: rfc822;a+55@b.c\nAction: failed", ["a+55@b.c failed 5.0.0 "]),
      (
        "Original-Recipient: rfc822;a+2B@b.c\nFinal-Recipient: rfc822;A+2B@b.c\nAction: failed",
        ["a+2B@b.c failed 5.0.0 "]
      ),
      ("Final-Recipient: rfc822; \"a b\"@b.c\nAction: failed", ["\"a b\"@b.c failed 5.0.0 "]),
      (
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nFinal-Recipient: rfc822;d@b.c\nAction: delayed",
        ["a@b.c failed 5.0.0 ", "d@b.c delayed 4.0.0 "]
      ),
      (
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nOriginal-Recipient: rfc822;d@b.c\n"
          + "Final-Recipient: rfc822;e@b.c\nAction: delayed",
        ["a@b.c failed 5.0.0 ", "d@b.c delayed 4.0.0 "]
      ),
      (
        "no field\nFinal-Recipient: rfc822;a@b.c\nAction: failed\n \nStatus: 5.1.1",
        ["a@b.c failed 5.1.1 "]
      ),
      (
        "Final-Recipient: rfc822;a@b.c\nAction: failed\nDiagnostic-Code: smtp; \u{1}x\0y\u{1B}[31m",
        ["a@b.c failed 5.0.0 x y [31m"]
      ),
    ])
  func oddForms(_ groups: String, _ expected: [String]) {
    #expect((DeliveryReport.parse(Self.status(groups)).map(Self.lines) ?? []) == expected)
  }

  @Test("A long diagnostic is cut, and so is a list without end")
  func long() throws {
    let words = String(repeating: "x", count: 5000)
    let groups = (0..<3000).map { "Final-Recipient: rfc822;a\($0)@b.c\nAction: failed" }.joined(
      separator: "\n\n")
    let one = try #require(
      DeliveryReport.parse(
        Self.status("Final-Recipient: rfc822;a@b.c\nAction: failed\nDiagnostic-Code: smtp;\(words)")))
    #expect(one.recipients[0].diagnostic.count == 500)
    #expect(DeliveryReport.parse(Self.status(groups))?.recipients.count == 1000)
  }

  @Test("Parts within parts are followed ten deep, and no deeper")
  func deep() {
    func nested(_ depth: Int) -> [UInt8] {
      var text = "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;a@b.c\nAction: failed\n"
      for level in 0..<depth {
        text = "Content-Type: multipart/mixed; boundary=b\(level)\n\n--b\(level)\n\(text)\n--b\(level)--\n"
      }
      return Array(text.utf8)
    }
    #expect(DeliveryReport.parse(nested(10)) != nil)
    #expect(DeliveryReport.parse(nested(11)) == nil)
    #expect(DeliveryReport.parse(nested(5000)) == nil)
  }

  @Test("A mail of any size and content is answered")
  func hostile() {
    let multipart = "Content-Type: multipart/report; boundary=b\n\n"
    let large = 50 << 20
    for mail: [UInt8] in [
      [], [0], Array(repeating: 0, count: large), Array(repeating: UInt8(ascii: "\n"), count: large),
      Array(repeating: UInt8(ascii: "<"), count: 1 << 20), Array((multipart + "--b").utf8),
      Array((multipart + String(repeating: "--b\n", count: 200_000)).utf8),
      Array(("X:" + String(repeating: "\n y", count: 300_000)).utf8),
      Array(("To: " + String(repeating: "a@b,", count: 200_000)).utf8),
      Array(
        ("X-Failed-Recipients: " + String(repeating: "a@b,", count: 100_000) + "\n\n"
          + String(repeating: "a@b\n x\n", count: 50_000)).utf8.prefix(1 << 20)),
      Array(("Content-Type: multipart/report; boundary=\"" + String(repeating: "\\", count: 300_000)).utf8),
      Array(("References: " + String(repeating: "<", count: 300_000)).utf8),
      Array("Content-Type: multipart/report; boundary=\n\n--\n".utf8), Array("Content-Type: ;=;=\"".utf8),
    ] { _ = DeliveryReport.parse(mail) }
    // Each would take minutes if anything were searched to its end again and again.
    for fields in [
      "Final-Recipient: utf-8;" + String(repeating: "\\x{", count: 300_000) + "\nAction: failed",
      "Final-Recipient: rfc822;a@b.c\n" + String(repeating: "Action: failed\nX-\(1): y\n", count: 40_000),
      (0..<40_000).map { "X-\($0)-Recipient: y\nAction: failed\n" }.joined(),
      "Diagnostic-Code: " + String(repeating: "5.1.1;", count: 150_000),
    ] { _ = DeliveryReport.parse(Self.status(fields)) }
    let cut = Self.status("Final-Recipient: rfc822;a@b.c\nAction: failed")
    #expect(DeliveryReport.parse(cut + Array(repeating: 0, count: large))?.recipients.count == 1)
  }

  @Test("No damage to a report does more than hide what it says")
  func damaged() {
    var generator = FixedGenerator(seed: 20_262_101)
    let pieces = [
      "\r", "\n", "\r\n", "\n\n", ":", ";", "--", "=", "<", ">", "\0", "\u{FF}", "\"", "\\", "+2", " ",
    ]
    .map { Array($0.utf8) }
    for _ in 0..<3000 {
      var bytes = Self.reports.randomElement(using: &generator)!.bytes
      for _ in 0..<Int.random(in: 1...8, using: &generator) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &generator)!, at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 20))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 200)], at: place)
        default: if Int.random(in: 0..<10, using: &generator) == 0 { bytes.removeSubrange(place...) }
        }
      }
      guard let report = DeliveryReport.parse(bytes) else { continue }
      #expect(!report.recipients.isEmpty)
      for recipient in report.recipients {
        #expect(!recipient.address.isEmpty && PlainLine.of(recipient.address) == recipient.address)
        #expect(PlainLine.of(recipient.diagnostic) == recipient.diagnostic)
        #expect(recipient.status.split(separator: ".").count == 3)
      }
      #expect(report.originalMessageID.map { PlainLine.of($0) == $0 } ?? true)
    }
  }
}
