import Retention

/// The calendar that a digest's mail carries: an iCalendar object (RFC 5545) that publishes (RFC 5546 section 3.2.1) the
/// entries of one owner.
package struct CalendarText: Sendable {
  /// Lines of at most 75 bytes that end in CRLF.
  package let text: String

  /// - Parameters:
  ///   - entries: at least one; those of other owners have other identities.
  ///   - digest: gives the revisions their names.
  ///   - date: when the mail was written.
  ///   - organizer: who publishes; the sender of the mail.
  package init(
    _ entries: [CalendarEntry], digest: OwnerDigest, context: DigestContext, date: MailDate,
    organizer: Mailbox
  ) {
    let names = Dictionary(
      digest.entries.map { ($0.revisionID, ImageName.ofRevision($0)) },
      uniquingKeysWith: { first, _ in first })
    let site = StoredText.line(context.siteAddress)
    let help = StoredText.line(context.helpAddress)
    let stamp = CalendarDate.moment(date)
    let name = CalendarLines.parameter(organizer.displayName ?? "")
    let publisher = (name.isEmpty ? "ORGANIZER" : "ORGANIZER;CN=\(name)", "mailto:\(organizer.address)")
    var lines = CalendarLines()
    lines.component("VCALENDAR") { lines in
      lines.append("PRODID", "-//expireimage//VCL image expiry//EN")
      lines.append("VERSION", "2.0")
      lines.append("CALSCALE", "GREGORIAN")
      lines.append("METHOD", "PUBLISH")
      for entry in entries {
        CalendarEvent(
          entry: entry, names: names, context: context, site: site, help: help, stamp: stamp,
          organizer: publisher
        )
        .append(to: &lines)
      }
    }
    text = lines.text
  }
}

/// One entry as a component of a calendar.
private struct CalendarEvent {
  let entry: CalendarEntry
  /// By revision; what a digest does not list has none.
  let names: [Int: String]
  let context: DigestContext
  let site: String
  let help: String
  let stamp: String
  let organizer: (name: String, value: String)

  /// An all-day entry begins at midnight; three days earlier at nine in the morning.
  private static let alarm = "-P2DT15H"

  func append(to lines: inout CalendarLines) {
    let summary = summary
    lines.component("VEVENT") { lines in
      lines.append("UID", text: entry.uid)
      lines.append("DTSTAMP", stamp)
      lines.append("SEQUENCE", String(entry.sequence))
      lines.append(organizer.name, organizer.value)
      lines.append("DTSTART;VALUE=DATE", CalendarDate.day(entry.day))
      // Exclusive.
      lines.append("DTEND;VALUE=DATE", CalendarDate.day(entry.day + 1))
      lines.append("SUMMARY", text: summary)
      lines.append("DESCRIPTION", text: description)
      if WebAddress.isOne(site) { lines.append("URL", site) }
      lines.append("STATUS", entry.isCancelled ? "CANCELLED" : "CONFIRMED")
      // The day stays free for other things.
      lines.append("TRANSP", "TRANSPARENT")
      guard !entry.isCancelled else { return }
      lines.component("VALARM") { lines in
        lines.append("ACTION", "DISPLAY")
        lines.append("TRIGGER", Self.alarm)
        lines.append("DESCRIPTION", text: summary)
      }
    }
  }

  private var summary: String {
    guard entry.revisionIDs.count == 1, let name = names[entry.revisionIDs[0]] else {
      let count = entry.revisionIDs.count
      return "\(DateWords.count(count, "VCL image revision")) \(count == 1 ? "expires" : "expire")"
    }
    return "\(name) expires in VCL"
  }

  private var description: String {
    guard !entry.isCancelled else {
      return "This date does not hold any more; the latest mail says what does."
    }
    var lines = ["Deleted on this day unless reserved or kept before:"]
    for id in entry.revisionIDs {
      lines.append(names[id].map { "- \($0)" } ?? "- revision with the number \(id) in VCL's database")
      let link = context.keepLink(revisionID: id)
      if !link.isEmpty { lines.append("  \(link)") }
    }
    lines.append("")
    if !context.keepLink(revisionID: 0).isEmpty { lines.append("The link below a revision keeps it.") }
    lines.append("A reservation in VCL keeps it\(site.isEmpty ? "." : ": \(site)")")
    if !help.isEmpty { lines.append("Questions: \(help)") }
    return lines.joined(separator: "\n")
  }
}

/// Days and moments as RFC 5545 section 3.3 writes them.
private enum CalendarDate {
  /// `20261221`.
  static func day(_ day: Day) -> String { day.description.filter { $0 != "-" } }

  /// `20261121T020509Z`, in UTC.
  static func moment(_ date: MailDate) -> String {
    let minutes = date.day.number * 1440 + date.hour * 60 + date.minute - date.offsetMinutes
    let minuteOfDay = ((minutes % 1440) + 1440) % 1440
    let day = Day(number: (minutes - minuteOfDay) / 1440)
    let clock = [minuteOfDay / 60, minuteOfDay % 60, date.second].map { ($0 < 10 ? "0" : "") + String($0) }
    return "\(self.day(day))T\(clock.joined())Z"
  }
}
