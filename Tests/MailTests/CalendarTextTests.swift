import Mail
import Retention
import TestSupport
import Testing

/// What a calendar says, read by Debian's `icalendar`.
@Suite("Calendars read by an independent parser")
struct CalendarTextTests {
  private static func calendar(
    _ entries: [CalendarEntry], _ digest: OwnerDigest, server: String? = nil,
    site: String? = "https://vcl.example.edu/", sender: String = "VCL, \"the\" Lab; é"
  ) -> CalendarText {
    var context = Samples.context(site: site)
    context.serverAddress = server
    return CalendarText(
      entries, digest: digest, context: context, date: Samples.date,
      organizer: Mailbox(Samples.help.address, displayName: sender))
  }

  @Test("A date is an all-day entry that leaves the day free and reminds three days before, in the morning")
  func event() throws {
    let entry = CalendarEntry(uid: "u1@example.edu", sequence: 7, day: Samples.today + 30, revisionIDs: [1])
    let calendar = try PythonCalendar.parse([Self.calendar([entry], Samples.one).text])[0]
    #expect(calendar.errors.isEmpty)
    #expect(calendar.version == "2.0")
    #expect(calendar.method == "PUBLISH")
    #expect(calendar.product == "-//expireimage//VCL image expiry//EN")
    let event = try #require(calendar.events.first)
    #expect(calendar.events.count == 1)
    #expect(event.errors.isEmpty)
    #expect(event.uid == "u1@example.edu")
    #expect(event.sequence == 7)
    // The mail is of 03:05:09 +0100.
    #expect(event.stamp == "2026-11-21T02:05:09+00:00")
    #expect(event.start == "2026-12-21")
    #expect(event.end == "2026-12-22")
    #expect(event.summary == "Ubuntu 20.04 Base, revision 3 expires in VCL")
    #expect(event.description.contains("- Ubuntu 20.04 Base, revision 3\n"))
    #expect(event.url == "https://vcl.example.edu/")
    #expect(event.status == "CONFIRMED")
    #expect(event.transparency == "TRANSPARENT")
    #expect(event.organizer == "mailto:vcl-help@example.edu")
    #expect(event.organizerName == "VCL, 'the' Lab; é")
    // Nine in the morning of the third day before.
    #expect(event.alarms == [PythonCalendar.Alarm(action: "DISPLAY", seconds: -(2 * 24 + 15) * 3600)])
  }

  @Test("A cancelled entry says so, and reminds of nothing")
  func cancelled() throws {
    let entry = CalendarEntry(
      uid: "u", sequence: 8, day: Samples.today + 1, revisionIDs: [1, 99], isCancelled: true)
    let event = try PythonCalendar.parse([Self.calendar([entry], Samples.one).text])[0].events[0]
    #expect(event.status == "CANCELLED")
    #expect(event.summary == "2 VCL image revisions expire")
    #expect(event.description.contains("does not hold any more"))
    #expect(event.alarms.isEmpty)
  }

  @Test("Each revision has its keep link where the site has a page for it")
  func links() throws {
    let entry = CalendarEntry(uid: "u", sequence: 0, day: Samples.today + 30, revisionIDs: [1, 5])
    for (server, isLinked) in [("https://vcl.example.edu/x/", true), ("javascript:alert(1)", false)] {
      let calendar = Self.calendar([entry], Samples.mixed, server: server)
      let event = try PythonCalendar.parse([calendar.text])[0].events[0]
      #expect(
        event.description.contains("- Windows XP, revision 1\n  https://vcl.example.edu/x/keep/5\n")
          == isLinked)
      #expect(event.description.contains("javascript") == false)
    }
    let odd = Self.calendar([entry], Samples.mixed, site: "vcl.example.edu")
    #expect(try PythonCalendar.parse([odd.text])[0].events[0].url == nil)
  }

  @Test(
    "Moments are given in UTC, across midnight and years",
    arguments: [
      (60, "2026-12-31T23:30:05+00:00"), (-60, "2027-01-01T01:30:05+00:00"), (0, "2027-01-01T00:30:05+00:00"),
    ])
  func stamp(_ offset: Int, _ moment: String) throws {
    let day = try #require(Day(year: 2027, month: 1, day: 1))
    let date = try #require(MailDate(day: day, hour: 0, minute: 30, second: 5, offsetMinutes: offset))
    let calendar = CalendarText(
      [CalendarEntry(uid: "u", sequence: 0, day: day, revisionIDs: [1])], digest: Samples.one,
      context: Samples.context(), date: date, organizer: Samples.help)
    #expect(try PythonCalendar.parse([calendar.text])[0].events[0].stamp == moment)
  }

  /// The parser takes an escaped backslash before an `n` for a line break, so this is looked at as it is written.
  @Test("Backslashes, semicolons, commas and line ends are escaped, each by itself")
  func escapes() {
    let digest = OwnerDigest(today: Samples.today, entries: [Samples.entry(1, "C:\\new, a;b", 3)])
    let entry = CalendarEntry(uid: "u", sequence: 0, day: Samples.today + 30, revisionIDs: [1])
    let lines = Self.calendar([entry], digest).text.components("\r\n ").joined().components("\r\n")
    #expect(lines.contains(#"SUMMARY:C:\\new\, a\;b\, revision 3 expires in VCL"#))
    #expect(
      lines.contains {
        $0.hasPrefix(#"DESCRIPTION:Deleted on this day unless reserved or kept before:\n- C:\\new\, a"#)
      })
  }

  @Test("Whatever stands in a name comes back, in lines of 75 bytes that no character is torn by")
  func random() throws {
    var generator = FixedGenerator(seed: 75)
    let pieces = [
      "a", "words and more ", ",", ";", "\\x", ":", "\"", "é", "日本語", "😀", "👩‍👩‍👧", "\r\nEND:VCALENDAR\r\n",
      "\nBEGIN:VEVENT", "\t", "\u{85}", "&lt;b&gt;", "&amp;amp;", String(repeating: "ü", count: 50),
    ]
    let names = (0..<200).map { _ in
      (0..<Int.random(in: 1...20, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }
        .joined()
    }
    let texts = names.map { name in
      let digest = OwnerDigest(today: Samples.today, entries: [Samples.entry(1, name, 3)])
      let entry = CalendarEntry(uid: "u", sequence: 0, day: Samples.today + 30, revisionIDs: [1])
      return Self.calendar([entry], digest, sender: name).text
    }
    for text in texts {
      #expect(text.hasSuffix("\r\n"))
      for line in text.components("\r\n") {
        #expect(line.utf8.count <= 75)
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{FFFD}" })
      }
    }
    for (name, calendar) in zip(names, try PythonCalendar.parse(texts)) {
      #expect(calendar.events.count == 1)
      #expect(calendar.errors.isEmpty && calendar.events[0].errors.isEmpty)
      let line = PlainLine.of(HTMLEntities.decodedOnce(name))
      let shown = line.isEmpty ? "(image without a name)" : line
      #expect(calendar.events[0].summary == "\(shown), revision 3 expires in VCL")
      #expect(calendar.events[0].description.contains("- \(shown), revision 3\n"))
    }
  }
}
