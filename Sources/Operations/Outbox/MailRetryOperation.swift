import Mail
import MariaDB
import Retention
import SMTP
import VCLDatabase

/// Tries undelivered mails again now, outside of a run; any number of calls can be at work at the same time.
package struct MailRetryOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameter ids: mails that are tried whatever their back-off says, also failed ones; the others are tried when
  ///   their time has come.
  /// - Returns: what was done, one line each, and the exit status.
  package func retry(_ ids: [Int], _ progress: Progress) throws -> (lines: [String], status: ExitStatus) {
    let desk = try MailDesk(site)
    for id in ids { try Self.check(desk.connection, id) }
    let mode = desk.policies.site.mode
    guard [.notify, .flag].contains(mode) else {
      let line = "nothing was sent: mode is \(mode.rawValue); mail goes out in the modes notify and flag"
      if ids.isEmpty { return ([line], .done) }
      throw Failure(line, .failed)
    }
    for id in ids where try !MailRecords.retry(desk.connection, id) {
      throw Failure("mail \(id) is being delivered at this moment; look at it again in a minute", .failed)
    }
    let outcome = try desk.deliver(progress)
    var lines: [String] = []
    if outcome.isRunAtWork {
      lines.append("a run is at work; it delivers what is due")
    } else if ids.isEmpty, outcome.counts.isEmpty, outcome.stopReason == nil {
      lines.append("no mail was due")
    }
    for status in DeliveryStatus.allCases {
      if let count = outcome.counts[status], count > 0 {
        lines.append("\(DateWords.count(count, "mail")) \(status.rawValue)")
      }
    }
    return (lines, outcome.isComplete ? .done : .doneInPart)
  }

  private static func check(_ connection: Connection, _ id: Int) throws {
    let mail = try MailDesk.find(connection, id)
    switch mail.status {
    case "accepted":
      throw Failure(
        "mail \(id) was accepted\(mail.acceptedOn.map { " on \($0)" } ?? ""), so it is not sent again",
        .failed)
    case "replaced", "dropped":
      throw Failure("mail \(id) was \(mail.status), so it is not sent any more", .failed)
    case "composing":
      throw Failure("mail \(id) has no text yet; the next run in mode notify or flag completes it", .failed)
    default: break
    }
    if let newer = try MailRecords.newer(connection, than: id) {
      throw Failure("mail \(id) is out of date: mail \(newer) to the same owner is newer", .failed)
    }
  }
}
