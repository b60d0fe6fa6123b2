import Assets
import Mail
import MariaDB
import Retention

/// The mails to owners: written in the transactions of the changes that cause them, delivered after these.
package struct Outbox {
  let connection: Connection
  let fence: Fence?
  let clock: Clock
  let runID: Int?

  /// - Parameters:
  ///   - fence: of the run that writes; nil: a person's call writes, outside of any run.
  ///   - runID: the run that the mails are of.
  package init(_ connection: Connection, fence: Fence?, clock: Clock, runID: Int?) {
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

  /// A mail of the run, as a report shows it.
  package struct Sent: Sendable {
    package let id: Int
    /// Nil: the images have no owner.
    package let ownerID: Int?
    package let recipients: [String]
    package let status: String
    package let replyCode: Int?
    package let reply: String?
    package let subject: String
    package fileprivate(set) var revisionIDs: [Int]
  }

  // MARK: - Inside a transaction of the run

  /// Begins a mail in the transaction of the first change that it tells of.
  ///
  /// - Returns: its id.
  package func begin(ownerID: Int?, recipient: Notice.Recipient) throws -> Int {
    try begin(ownerID: ownerID, recipient: recipient.rawValue)
  }

  private func begin(ownerID: Int?, recipient: String) throws -> Int {
    try connection.execute(
      Assets.Queries.insertMail,
      [Value(runID), Value(ownerID), Value(recipient), Value(clock.today), Value(clock.now)])
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
  /// - Parameters:
  ///   - mail: nil when no change has begun it.
  ///   - calendar: what the calendar of its reader holds from then on.
  package func complete(
    mail: Int?, ownerID: Int?, recipient: Notice.Recipient, reminders: [OwnerDigest.Entry],
    replacing open: [OpenMails.Mail], calendar: [CalendarEntry], _ composed: Composed
  ) throws {
    try connection.transaction {
      try fence?.check(connection)
      let mail = try mail ?? begin(ownerID: ownerID, recipient: recipient)
      for old in open { try connection.execute(Assets.Queries.replaceMail, [Value(old.id)]) }
      // A recipient that is never there must not begin a new life with each replacement.
      let since = open.filter { $0.recipient == recipient }.compactMap(\.firstTriedAt).min()
      try fill(mail, reminders, composed, firstTriedAt: since)
      try CalendarRecords.store(connection, ownerID: ownerID ?? 0, calendar)
    }
  }

  private func fill(
    _ mail: Int, _ entries: [OwnerDigest.Entry], _ composed: Composed, firstTriedAt: Moment? = nil
  ) throws {
    for entry in entries { try add(entry, to: mail) }
    let isComposed = try connection.execute(
      Assets.Queries.composeMail,
      [
        Value(composed.sender), Value(composed.recipients.joined(separator: ",")),
        Value(composed.blindRecipients.joined(separator: ",")), Value(composed.subject, scalars: 255),
        Value(composed.messageID), Value(firstTriedAt), Value(mail),
      ])
    guard isComposed == 1 else { return }
    try connection.execute(Assets.Queries.insertMessage, [Value(mail), .bytes(composed.message)])
  }

  /// Withdraws mails for which there is nothing left to say; what the admins should get in an owner's stead goes on.
  package func withdraw(_ open: [OpenMails.Mail]) throws {
    for mail in open {
      try connection.transaction {
        try fence?.check(connection)
        if mail.recipient == .fallback {
          try connection.execute(Assets.Queries.requeueMail, [Value(runID), Value(mail.id)])
        } else {
          try connection.execute(Assets.Queries.replaceMail, [Value(mail.id)])
        }
      }
    }
  }

  /// A mail to the admins that takes the place of one that its owner's server refused.
  package typealias Fallback = (ownerID: Int?, entries: [OwnerDigest.Entry], composed: Composed)

  /// Queues it, inside the transaction that records the refusal.
  func queue(_ fallback: Fallback) throws {
    try fill(
      begin(ownerID: fallback.ownerID, recipient: .fallback), fallback.entries, fallback.composed)
  }

  /// Queues the summary of the run for the admins.
  package func queue(summary: Composed) throws {
    try connection.transaction {
      try fence?.check(connection)
      try fill(begin(ownerID: nil, recipient: "summary"), [], summary)
    }
  }

  /// The mails of the run about images.
  package func sent() throws -> [Sent] { try sent(Assets.Queries.mailsOfRun) }

  /// Mails of earlier runs that failed or bounced since the run before this one.
  package func failedMeanwhile() throws -> [Sent] { try sent(Assets.Queries.mailsFailedMeanwhile) }

  private func sent(_ query: String) throws -> [Sent] {
    let mails = try connection.rows(query, [Value(runID)]) { row in
      Sent(
        id: row.int(0), ownerID: row.optionalInt(1), recipients: addressList(row.string(3)),
        status: row.string(4), replyCode: row.optionalInt(5), reply: row.optionalString(6),
        subject: row.string(7), revisionIDs: [])
    }
    return try mails.map { mail in
      var mail = mail
      mail.revisionIDs = try connection.rows(Assets.Queries.revisionsOfMail, [Value(mail.id)]) { $0.int(0) }
      return mail
    }
  }
}
