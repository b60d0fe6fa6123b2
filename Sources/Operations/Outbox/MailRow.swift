import Mail
import Retention
import VCLDatabase

/// One mail of the outbox as lists show it.
struct MailRow: Encodable {
  let id: Int
  let runID: Int?
  /// `unityid@Affiliation`.
  let owner: String?
  let recipient: String
  let to: [String]
  let subject: String
  let status: String
  let queuedAt: String?
  let attempts: Int
  let triedAt: String?
  let nextTryAt: String?
  let acceptedOn: String?
  let replyCode: Int?
  let enhancedCode: String?
  let reply: String?
  let messageID: String
  let revisions: Int

  /// - Parameter offset: minutes that the database server's time is ahead of UTC.
  init(_ mail: MailRecord, offset: Int) {
    func time(_ moment: Moment?) -> String? { moment.map { Timestamp.text($0, offsetMinutes: offset) } }
    id = mail.id
    runID = mail.runID
    owner = mail.owner?.description
    recipient = mail.recipient
    to = mail.addresses
    subject = mail.subject
    status = mail.status
    queuedAt = time(mail.queuedAt)
    attempts = mail.attempts
    triedAt = time(mail.triedAt)
    nextTryAt = time(mail.nextTryAt)
    acceptedOn = mail.acceptedOn?.description
    replyCode = mail.replyCode
    enhancedCode = mail.enhancedCode
    reply = mail.reply
    messageID = mail.messageID
    revisions = mail.revisionCount
  }

  enum CodingKeys: String, CodingKey {
    case id
    case runID = "run_id"
    case owner
    case recipient
    case to
    case subject
    case status
    case queuedAt = "queued_at"
    case attempts
    case triedAt = "tried_at"
    case nextTryAt = "next_try_at"
    case acceptedOn = "accepted_on"
    case replyCode = "reply_code"
    case enhancedCode = "enhanced_code"
    case reply
    case messageID = "message_id"
    case revisions
  }

  /// Writes null where there is no value: every row has every key.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(runID, forKey: .runID)
    try container.encode(owner, forKey: .owner)
    try container.encode(recipient, forKey: .recipient)
    try container.encode(to, forKey: .to)
    try container.encode(subject, forKey: .subject)
    try container.encode(status, forKey: .status)
    try container.encode(queuedAt, forKey: .queuedAt)
    try container.encode(attempts, forKey: .attempts)
    try container.encode(triedAt, forKey: .triedAt)
    try container.encode(nextTryAt, forKey: .nextTryAt)
    try container.encode(acceptedOn, forKey: .acceptedOn)
    try container.encode(replyCode, forKey: .replyCode)
    try container.encode(enhancedCode, forKey: .enhancedCode)
    try container.encode(reply, forKey: .reply)
    try container.encode(messageID, forKey: .messageID)
    try container.encode(revisions, forKey: .revisions)
  }
}

/// A moment of the database server's local time as ISO 8601 has it.
enum Timestamp {
  /// `2026-03-02T02:00:04+01:00`.
  static func text(_ moment: Moment, offsetMinutes: Int) -> String {
    let offset = abs(offsetMinutes)
    let parts = [offset / 60, offset % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(moment)".replacing(" ", with: "T") + (offsetMinutes < 0 ? "-" : "+")
      + parts.joined(separator: ":")
  }
}
