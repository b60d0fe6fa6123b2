import Mail
import Retention
import Testing
import TestSupport

/// Whatever stands in a name, a subject or a body, Python's email package reads it back.
@Suite("Mails read by an independent parser")
struct IndependentParseTests {
  @Test("Random messages come back with the subjects, names and bodies they were made of")
  func random() throws {
    var generator = FixedGenerator(seed: 20_261_121)
    let messages = (0..<400).map { _ in Self.message(&generator) }
    let rendered = messages.map { $0.rendered() }
    for bytes in rendered { Self.expectCleanLines(bytes) }
    let parsed = try PythonEmail.parse(rendered)
    #expect(parsed.count == messages.count)
    for (message, mail) in zip(messages, parsed) {
      #expect(mail.defects.isEmpty)
      #expect(mail.subject == PlainLine.of(message.subject))
      #expect(mail.fromName == PlainLine.of(message.from.displayName ?? ""))
      #expect(mail.fromAddress == message.from.address.description)
      #expect(mail.to == message.to.map(\.address.description))
      #expect(mail.text == Self.lines(message.text))
      #expect(mail.html == Self.lines(message.html))
      #expect(mail.values(of: "Bcc").isEmpty)
      #expect(mail.values(of: "X-Injected").isEmpty)
      #expect(mail.values(of: "Message-ID") == [message.messageID.description])
      #expect(mail.values(of: "Auto-Submitted") == ["auto-generated"])
      #expect(mail.values(of: "Precedence") == ["bulk"])
      let alternative = ["multipart/alternative", "text/plain", "text/html"]
      #expect(
        mail.parts
          == (message.calendar == nil ? alternative : ["multipart/mixed"] + alternative + ["text/calendar"]))
      #expect(mail.attachments == (message.calendar == nil ? [] : [Message.calendarFile]))
      #expect(mail.calendar == message.calendar.map(Self.lines))
      #expect(mail.headers.count == 11)
    }
  }

  @Test(
    "Dates keep their offset", arguments: [(60, "+01:00"), (-210, "-03:30"), (0, "+00:00"), (345, "+05:45")])
  func date(_ offset: Int, _ written: String) throws {
    var message = Samples.message(try Samples.mail(Samples.one))
    message.date = try #require(
      MailDate(day: Samples.today, hour: 23, minute: 59, second: 1, offsetMinutes: offset))
    #expect(try PythonEmail.parse([message.rendered()])[0].date == "2026-11-21T23:59:01\(written)")
  }

  @Test("A digest of 500 revisions of 40 images is one mail, which names every one in both of its parts")
  func large() throws {
    let digest = OwnerDigest(
      today: Samples.today,
      entries: (0..<500).map {
        Samples.entry(
          1000 + $0, "Course image \($0 % 40 + 1)", $0 / 40 + 1, inDays: 14 + $0 % 30, lastUse: 200 + $0)
      })
    var context = Samples.context()
    context.serverAddress = "https://vcl.example.edu/expire"
    let calendar = Samples.calendar(digest, context)
    let bytes = Samples.message(try Samples.mail(digest, context), calendar: calendar).rendered()
    Self.expectCleanLines(bytes)
    let mail = try PythonEmail.parse([bytes])[0]
    #expect(mail.defects.isEmpty)
    #expect(mail.subject == "500 revisions of your VCL images expire, the first on 5 December 2026")
    for body in [mail.text, mail.html] {
      #expect(body.matches(of: /Revision \d/).count == 500)
      #expect(body.matches(of: /Course image \d+/).count == 40)
      for entry in digest.entries { #expect(body.contains("/keep/\(entry.revisionID)")) }
      // Each revision stands below its own image.
      for image in [1, 17, 40] {
        let group = body.components("Course image \(image)\n").last ?? body
        let section = (body.components("Course image \(image)</h3>").dropFirst().first ?? group)
          .components("Course image")[0]
        for entry in digest.entries {
          #expect(section.contains("/keep/\(entry.revisionID)") == (entry.image == "Course image \(image)"))
        }
      }
    }
    let events = try PythonCalendar.parse([try #require(mail.calendar)])[0].events
    #expect(events.count == 30)
    for entry in digest.entries {
      let event = events.first { $0.start == "\(entry.expireDate!)" }
      #expect(event?.description.contains("- \(entry.image), revision \(entry.revision)\n") == true)
    }
    // Some mail services show no more than 102 KB of HTML; links of a site's own length come on top.
    #expect(try Samples.mail(digest).html.utf8.count < 102_400)
  }

  /// 7-bit, lines ended by CRLF only, none longer than the 78 columns of RFC 5322, none a dot.
  private static func expectCleanLines(_ bytes: [UInt8]) {
    #expect(bytes.allSatisfy { $0 < 0x80 && ($0 >= 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09) })
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.hasSuffix("\r\n"))
    for line in text.components("\r\n") {
      #expect(!line.utf8.contains(0x0A) && !line.utf8.contains(0x0D))
      #expect(line.utf8.count <= 78)
      #expect(!line.hasPrefix(".") && !line.hasPrefix("From "))
    }
  }

  /// As the script gives a body: LF as the line end.
  private static func lines(_ text: String) -> String {
    // By scalars: a CR LF is one Character in Swift.
    text.components("\r\n").map { $0.components("\r").joined(separator: "\n") }.joined(separator: "\n")
  }
}

extension IndependentParseTests {
  private static let pieces = [
    "plain", "words", " ", "  ", "\"quoted\"", "O'Brien", "<b>HTML</b>", "&amp;", "&lt;", "😀", "👩‍👩‍👧",
    "e\u{301}",
    "Zoë", "日本語", "=?UTF-8?Q?x?=", "=", "?", "\\", ",", ";", ":", "(comment)", "<eve@example.org>", "@", ".",
    "\u{FEFF}", "\u{10FFFF}", "#", "%0d%0a", String(repeating: "ÿ", count: 80),
    String(repeating: "x", count: 200),
    String(repeating: "long words and more ", count: 60),
  ]
  private static let breaks = [
    "\n", "\r\n", "\r", "\0", "\t", "\r\nBcc: eve@example.org\r\n", "\nX-Injected: yes\n", "\r\n\r\nbody",
    "\u{2028}",
    "\u{85}", "\r\n.\r\n", "\n.\n", "\r.\r", "\n..\n", "\nFrom eve\n", " \n", "\t\n", "\n--=_0\n", "\u{7F}",
    "\u{1B}[0m",
  ]

  private static func message(_ generator: inout FixedGenerator) -> Message {
    func text(_ count: Int, _ pieces: [String]) -> String {
      (0..<Int.random(in: 0...count, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
    }
    // Line breaks of a body as LF, CRLF or CR; the other line separators of Unicode are text there.
    let name = text(6, pieces + breaks)
    let subject = text(12, pieces + breaks)
    var message = Message(
      from: Mailbox(MailAddress("vcl@example.edu")!, displayName: name),
      to: (0..<Int.random(in: 1...6, using: &generator)).map { Mailbox(MailAddress("a\($0)@example.edu")!) },
      subject: subject,
      date: MailDate(day: Samples.today, hour: 1, minute: 2, second: 3, offsetMinutes: -300)!,
      messageID: MessageID("m\(generator.next())@vcl.example.edu")!,
      listID: ListID(label: text(3, pieces), identifier: "expireimage.example.edu"),
      text: text(40, pieces + breaks),
      html: "<p>" + text(40, pieces + breaks) + "</p>\n",
      calendar: Bool.random(using: &generator) ? text(40, pieces + breaks) : nil)
    message.replyTo = Mailbox(MailAddress("help@example.edu")!, displayName: text(3, pieces + breaks))
    return message
  }
}

/// The same numbers on every run (SplitMix64).
struct FixedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

extension String {
  /// The text between the occurrences of a separator, scalar by scalar: `\r\n` is one Character in Swift.
  func components(_ separator: String) -> [String] {
    var result: [String] = []
    var bytes = Array(utf8)[...]
    let needle = Array(separator.utf8)
    while let range = bytes.firstRange(of: needle) {
      result.append(String(decoding: bytes[..<range.lowerBound], as: UTF8.self))
      bytes = bytes[range.upperBound...]
    }
    return result + [String(decoding: bytes, as: UTF8.self)]
  }
}
