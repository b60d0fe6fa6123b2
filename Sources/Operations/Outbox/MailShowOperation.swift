import Mail
import MariaDB
import Retention
import VCLDatabase

/// Shows all that is known of one mail: what it says of which revisions, and what became of it.
package struct MailShowOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// The mail as it is sent.
  package func message(_ id: Int) throws -> [UInt8] {
    let connection = try site.connectReady()
    _ = try MailDesk.find(connection, id)
    guard let message = try MailRecords.message(connection, id) else {
      throw Failure("mail \(id) has no text yet: its run was killed or is at work", .failed)
    }
    return message
  }

  package func json(_ id: Int) throws -> String {
    let shown = try read(id)
    return try JSONOutput.text(
      MailDocument(
        mail: MailRow(shown.mail, offset: shown.clock.utcOffsetMinutes),
        recipients: shown.recipients.map { RecipientRow($0, offset: shown.clock.utcOffsetMinutes) },
        revisions: shown.entries.map(NoticeRow.init)))
  }

  package func text(_ id: Int, on screen: Screen = .file) throws -> String {
    let shown = try read(id)
    let mail = shown.mail
    var lines = ["Mail \(mail.id): \(Self.title(mail))", ""]
    var fields: [(String, String)] = [
      ("Subject", mail.subject), ("Status", Self.status(mail)),
      ("Queued", mail.queuedAt.map { "\($0)" + (mail.runID.map { ", run \($0)" } ?? "") } ?? ""),
    ]
    if let tried = mail.triedAt {
      fields.append(("Attempts", "\(mail.attempts), the last at \(tried)"))
    }
    if let next = mail.nextTryAt { fields.append(("Next try", "\(next)")) }
    if let reply = mail.reply { fields.append(("Reply", reply)) }
    fields.append(("Message-ID", mail.messageID))
    lines += fields.map { "\($0.0.padded(to: 10))  \(PlainLine.of($0.1))" }
    lines += ["", "Recipients"]
    let known = shown.recipients.map(\.address)
    for recipient in shown.recipients {
      lines.append("  " + PlainLine.of("\(recipient.address)  \(Self.fate(recipient))"))
    }
    for address in mail.addresses where !known.contains(address) { lines.append("  \(address)") }
    if !shown.entries.isEmpty {
      let rows = shown.entries.map(NoticeRow.init).map { row in
        [
          String(row.revisionID), MailListOperation.cut(row.image, 40), String(row.revision), row.change,
          row.expireDate ?? "", row.previousDate ?? "", row.reasons.joined(separator: " "),
        ]
      }
      lines += [
        "", "What it says",
        TextTable(
          header: ["ID", "Image", "Revision", "What", "Date", "Date before", "Reasons"], rows: rows
        ).text(on: screen),
      ]
    }
    return lines.joined(separator: "\n")
  }

  private struct Shown {
    let mail: MailRecord
    let recipients: [MailRecipientRecord]
    let entries: [OwnerDigest.Entry]
    let clock: Clock
  }

  private func read(_ id: Int) throws -> Shown {
    let connection = try site.connectReady()
    return Shown(
      mail: try MailDesk.find(connection, id), recipients: try MailRecords.recipients(connection, id),
      entries: try OpenMails.entries(ofMail: id, connection), clock: try Clock.read(connection))
  }

  private static func title(_ mail: MailRecord) -> String {
    let owner = mail.owner?.description ?? "nobody"
    return switch mail.recipient {
    case "owner": "notice to the owner \(owner)"
    case "admin":
      mail.owner == nil
        ? "notice to the admins about images without an owner"
        : "notice to the admins in the stead of \(owner), who has no usable address"
    case "fallback": "copy to the admins of a notice that could not be delivered to \(owner)"
    default: "summary for the admins"
    }
  }

  private static func status(_ mail: MailRecord) -> String {
    var text = mail.status + (mail.acceptedOn.map { " on \($0)" } ?? "")
    if mail.isClaimed { text += ", being delivered at this moment" }
    if let sentence = MailStatus(rawValue: mail.status)?.sentence { text += ". \(sentence)" }
    return text
  }

  private static func fate(_ recipient: MailRecipientRecord) -> String {
    var text = recipient.reply.isEmpty ? "no reply" : recipient.reply
    if let bounced = recipient.bouncedAt {
      text += "; bounced at \(bounced): \(recipient.bounceText ?? recipient.bounceCode ?? "no reason given")"
    }
    return text
  }
}

private struct MailDocument: Encodable {
  let mail: MailRow
  let recipients: [RecipientRow]
  let revisions: [NoticeRow]
}

/// What became of a mail at one recipient.
private struct RecipientRow: Encodable {
  let address: String
  let replyCode: Int?
  let enhancedCode: String?
  let reply: String
  let bouncedAt: String?
  let bounceCode: String?
  let bounceText: String?

  init(_ recipient: MailRecipientRecord, offset: Int) {
    address = recipient.address
    replyCode = recipient.replyCode
    enhancedCode = recipient.enhancedCode
    reply = recipient.reply
    bouncedAt = recipient.bouncedAt.map { Timestamp.text($0, offsetMinutes: offset) }
    bounceCode = recipient.bounceCode
    bounceText = recipient.bounceText
  }

  enum CodingKeys: String, CodingKey {
    case address
    case replyCode = "reply_code"
    case enhancedCode = "enhanced_code"
    case reply
    case bouncedAt = "bounced_at"
    case bounceCode = "bounce_code"
    case bounceText = "bounce_text"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(address, forKey: .address)
    try container.encode(replyCode, forKey: .replyCode)
    try container.encode(enhancedCode, forKey: .enhancedCode)
    try container.encode(reply, forKey: .reply)
    try container.encode(bouncedAt, forKey: .bouncedAt)
    try container.encode(bounceCode, forKey: .bounceCode)
    try container.encode(bounceText, forKey: .bounceText)
  }
}

/// What a mail says of one revision.
private struct NoticeRow: Encodable {
  let revisionID: Int
  let image: String
  let revision: Int
  /// `announced`, `reminder`, `redated`, `safe` or `flagged`.
  let change: String
  let expireDate: String?
  let previousDate: String?
  let reasons: [String]

  init(_ entry: OwnerDigest.Entry) {
    revisionID = entry.revisionID
    image = HTMLEntities.decodedOnce(entry.image)
    revision = entry.revision
    change = entry.change.rawValue
    expireDate = entry.expireDate?.description
    previousDate = entry.previousDate?.description
    reasons = entry.reasons.map(\.rawValue)
  }

  enum CodingKeys: String, CodingKey {
    case revisionID = "revision_id"
    case image
    case revision
    case change
    case expireDate = "expiredate"
    case previousDate = "previous_date"
    case reasons
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(revisionID, forKey: .revisionID)
    try container.encode(image, forKey: .image)
    try container.encode(revision, forKey: .revision)
    try container.encode(change, forKey: .change)
    try container.encode(expireDate, forKey: .expireDate)
    try container.encode(previousDate, forKey: .previousDate)
    try container.encode(reasons, forKey: .reasons)
  }
}
