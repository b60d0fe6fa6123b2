import MariaDB
import Retention
import VCLDatabase

/// Lists the mails of the outbox: did they know?
package struct MailListOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  package struct Filter: Sendable {
    package var status: MailStatus?
    /// `unityid@Affiliation`.
    package var owner: String?
    package var revisionID: Int?
    package var limit: Int

    package init(status: MailStatus?, owner: String?, revisionID: Int?, limit: Int) {
      self.status = status
      self.owner = owner
      self.revisionID = revisionID
      self.limit = limit
    }
  }

  package func json(_ filter: Filter) throws -> String {
    let (mails, clock) = try read(filter)
    return try JSONOutput.text(["mails": mails.map { MailRow($0, offset: clock.utcOffsetMinutes) }])
  }

  package func table(_ filter: Filter, on screen: Screen = .file) throws -> String {
    let (mails, _) = try read(filter)
    guard !mails.isEmpty else { return "There is no such mail." }
    let rows = mails.map { mail in
      [
        String(mail.id), mail.queuedAt.map { String("\($0)".dropLast(3)) } ?? "",
        mail.addresses.joined(separator: ", "), Self.cut(mail.subject, 48), String(mail.revisionCount),
        mail.status, String(mail.attempts), Self.cut(mail.reply ?? "", 60),
      ]
    }
    var lines = [
      TextTable(
        header: ["ID", "Queued", "To", "Subject", "Revisions", "Status", "Tries", "Reply"], rows: rows
      ).text(on: screen)
    ]
    if mails.count == filter.limit { lines.append("The newest \(filter.limit); --limit lists more.") }
    return lines.joined(separator: "\n")
  }

  static func cut(_ text: String, _ limit: Int) -> String {
    text.count > limit ? text.prefix(limit - 1) + "…" : text
  }

  private func read(_ filter: Filter) throws -> ([MailRecord], Clock) {
    let connection = try site.connectReady()
    let owner = try filter.owner.map { try MailDesk.account($0) }
    return (
      try MailRecords.list(
        connection,
        .init(
          status: filter.status?.rawValue, owner: owner, revisionID: filter.revisionID, limit: filter.limit)),
      try Clock.read(connection)
    )
  }
}
