import Assets
import MariaDB
import Retention

/// The mails to owners: written in the transactions of the changes that cause them, delivered after these.
package struct Outbox {
  let connection: Connection
  let fence: Fence
  let clock: Clock
  let runID: Int

  package init(_ connection: Connection, fence: Fence, clock: Clock, runID: Int) {
    self.connection = connection
    self.fence = fence
    self.clock = clock
    self.runID = runID
  }

  /// A mail as it goes out.
  package struct Composed: Sendable {
    package let sender: String
    package let recipients: [String]
    package let blindRecipients: [String]
    package let subject: String
    package let messageID: String
    package let message: [UInt8]

    package init(
      sender: String, recipients: [String], blindRecipients: [String], subject: String, messageID: String,
      message: [UInt8]
    ) {
      self.sender = sender
      self.recipients = recipients
      self.blindRecipients = blindRecipients
      self.subject = subject
      self.messageID = messageID
      self.message = message
    }
  }

  /// An undelivered mail of an earlier run.
  package struct Open: Sendable {
    package let id: Int
    package let ownerID: Int?
    /// Whether a server may have accepted it all the same: then its Message-ID is used again for the same content.
    /// Also a mail that waits still, because a run that was killed may have handed it over and not recorded that.
    package let isOutcomeUnknown: Bool
    package let messageID: String
    package let recipient: Notice.Recipient
    fileprivate let lines: Set<String>

    /// Whether it says of the same revisions the same as a new mail: only then may clients fold the two.
    package func lists(_ entries: [OwnerDigest.Entry]) -> Bool {
      lines == Set(entries.map { Outbox.line($0.revisionID, $0.change.rawValue, $0.expireDate) })
    }
  }

  private static func line(_ revision: Int, _ kind: String, _ date: Day?) -> String {
    "\(revision) \(kind) \(date.map { "\($0)" } ?? "-")"
  }

  /// A mail that waits for delivery.
  package struct Pending: Sendable {
    package let id: Int
    package let ownerID: Int?
    package let isToOwner: Bool
    package let sender: String
    package let recipients: [String]
    package let blindRecipients: [String]
    package let message: [UInt8]
  }

  /// A mail of the run, as a report shows it.
  package struct Sent: Sendable {
    package let id: Int
    package let recipients: [String]
    package let status: String
    package let replyCode: Int?
    package let reply: String?
    package let subject: String
    package let revisionIDs: [Int]
  }

  package static func openMails(_ connection: Connection) throws -> [Open] {
    var lines: [Int: Set<String>] = [:]
    try connection.query(Assets.Queries.openNotices) { row in
      lines[row.int(0), default: []].insert(line(row.int(1), row.string(2), row.day(3)))
    }
    return try connection.rows(Assets.Queries.openMails) { row in
      Open(
        id: row.int(0), ownerID: row.optionalInt(1),
        isOutcomeUnknown: ["pending", "unknown"].contains(row.string(2)), messageID: row.string(3),
        recipient: Notice.Recipient(rawValue: row.string(4)) ?? .owner, lines: lines[row.int(0)] ?? [])
    }
  }

  /// What undelivered mails would have told of revisions that have no date any more; by owner id (0: none).
  package static func undeliveredNews(_ connection: Connection) throws -> [Int: [OwnerDigest.Entry]] {
    // Two undelivered mails may tell of one revision; the newer one is right.
    var news: [Int: [Int: OwnerDigest.Entry]] = [:]
    try connection.query(Assets.Queries.undeliveredNews) { row in
      guard let change = OwnerDigest.Change(rawValue: row.string(2)) else { return }
      news[row.optionalInt(0) ?? 0, default: [:]][row.int(1)] = OwnerDigest.Entry(
        revisionID: row.int(1), image: row.string(7), revision: row.int(8), isProduction: row.bool(9),
        createdOn: row.day(10), lastUse: row.day(5), expireDate: row.day(6), previousDate: row.day(3),
        change: change, reasons: reasons(row.string(4)))
    }
    return news.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
  }

  // MARK: - Inside a transaction of the run

  /// Begins a mail in the transaction of the first change that it tells of.
  ///
  /// - Returns: its id.
  package func begin(ownerID: Int?, recipient: Notice.Recipient) throws -> Int {
    try connection.execute(
      Assets.Queries.insertMail,
      [
        Value(runID), Value(ownerID), Value(recipient.rawValue), Value(clock.today), Value(clock.now),
      ])
    return Int(connection.lastInsertID)
  }

  /// Records, in the transaction of the change, that the mail lists the revision.
  package func add(_ entry: OwnerDigest.Entry, to mail: Int) throws {
    let mark = try connection.first(Assets.Queries.markOfRevision, [Value(entry.revisionID)], { $0.int(0) })
    let isDated = entry.change != .safe && entry.change != .flagged
    try connection.execute(
      Assets.Queries.insertNotice,
      [
        Value(mail), Value(entry.revisionID), isDated ? Value(mark) : .null, Value(entry.change.rawValue),
        Value(entry.expireDate), Value(entry.previousDate), Value(codes(entry.reasons)),
        Value(entry.lastUse.map { Moment(day: $0) }),
      ])
  }

  // MARK: - Transactions of their own

  /// Completes the mail of one owner: what it lists besides this run's changes, its text, and the end of the
  /// undelivered ones that it replaces.
  ///
  /// - Parameter mail: nil when no change has begun it.
  package func complete(
    mail: Int?, ownerID: Int?, recipient: Notice.Recipient, reminders: [OwnerDigest.Entry],
    replacing open: [Open], _ composed: Composed
  ) throws {
    try connection.transaction {
      try fence.check(connection)
      let mail = try mail ?? begin(ownerID: ownerID, recipient: recipient)
      for old in open { try connection.execute(Assets.Queries.replaceMail, [Value(old.id)]) }
      try fill(mail, reminders, composed)
    }
  }

  private func fill(_ mail: Int, _ entries: [OwnerDigest.Entry], _ composed: Composed) throws {
    for entry in entries { try add(entry, to: mail) }
    try connection.execute(
      Assets.Queries.composeMail,
      [
        Value(composed.sender), Value(composed.recipients.joined(separator: ",")),
        Value(composed.blindRecipients.joined(separator: ",")), Value(composed.subject),
        Value(composed.messageID),
        .bytes(composed.message), Value(mail),
      ])
  }

  /// Withdraws mails for which there is nothing left to say; what the admins should get in an owner's stead goes on.
  package func withdraw(_ open: [Open]) throws {
    for mail in open {
      try connection.transaction {
        try fence.check(connection)
        if mail.recipient == .fallback {
          try connection.execute(Assets.Queries.requeueMail, [Value(runID), Value(mail.id)])
        } else {
          try connection.execute(Assets.Queries.replaceMail, [Value(mail.id)])
        }
      }
    }
  }

  package func pending() throws -> [Pending] {
    try connection.rows(Assets.Queries.mailsToDeliver, [Value(runID)]) { row in
      Pending(
        id: row.int(0), ownerID: row.optionalInt(5),
        isToOwner: row.string(6) == Notice.Recipient.owner.rawValue,
        sender: row.string(1), recipients: addresses(row.string(2)),
        blindRecipients: addresses(row.string(3)),
        message: row.bytes(4) ?? [])
    }
  }

  /// A mail to the admins that takes the place of one that its owner's server refused.
  package typealias Fallback = (ownerID: Int?, entries: [OwnerDigest.Entry], composed: Composed)

  /// Records what came of one attempt, together with the mail that takes its place when it was refused.
  package func record(
    _ mail: Int, status: String, isAccepted: Bool, replyCode: Int?, reply: String, fallback: Fallback? = nil
  ) throws {
    try connection.transaction {
      try fence.check(connection)
      try connection.execute(
        Assets.Queries.recordDelivery,
        [
          Value(status), Value(clock.now), isAccepted ? Value(clock.today) : .null, Value(replyCode),
          Value(String(reply.prefix(500))), Value(mail),
        ])
      if let fallback {
        try fill(begin(ownerID: fallback.ownerID, recipient: .fallback), fallback.entries, fallback.composed)
      }
    }
  }

  package func sent() throws -> [Sent] {
    var revisions: [Int: [Int]] = [:]
    try connection.query(Assets.Queries.revisionsOfMails, [Value(runID)]) { row in
      revisions[row.int(0), default: []].append(row.int(1))
    }
    return try connection.rows(Assets.Queries.mailsOfRun, [Value(runID)]) { row in
      Sent(
        id: row.int(0), recipients: addresses(row.string(3)), status: row.string(4),
        replyCode: row.optionalInt(5), reply: row.optionalString(6), subject: row.string(7),
        revisionIDs: revisions[row.int(0)] ?? [])
    }
  }

  private func addresses(_ list: String) -> [String] {
    list.split(separator: ",").map(String.init)
  }
}
