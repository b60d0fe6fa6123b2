import Assets
import MariaDB
import Retention

/// One mail of the outbox, without its text.
package struct MailRecord: Sendable {
  package let id: Int
  package let runID: Int?
  /// The owner of the images that it is about; nil: they have none, or it is a summary.
  package let owner: Account?
  /// `owner`, `admin`, `fallback` or `summary`.
  package let recipient: String
  /// `composing`, `pending`, `accepted`, `deferred`, `failed`, `unknown`, `replaced`, `bounced` or `dropped`.
  package let status: String
  package let addresses: [String]
  package let subject: String
  package let messageID: String
  package let queuedAt: Moment?
  package let attempts: Int
  package let triedAt: Moment?
  package let nextTryAt: Moment?
  package let acceptedOn: Day?
  package let replyCode: Int?
  package let enhancedCode: String?
  package let reply: String?
  package let revisionCount: Int
  /// Whether a deliverer has it at this moment.
  package let isClaimed: Bool

  init(_ row: borrowing Row) {
    id = row.int(0)
    runID = row.optionalInt(1)
    owner = row.optionalString(3).map { Account(userName: $0, affiliation: row.optionalString(4) ?? "") }
    recipient = row.string(5)
    status = row.string(6)
    addresses = addressList(row.string(7))
    subject = row.string(8)
    messageID = row.string(9)
    queuedAt = row.moment(10)
    attempts = row.int(11)
    triedAt = row.moment(12)
    nextTryAt = row.moment(13)
    acceptedOn = row.day(14)
    replyCode = row.optionalInt(15)
    enhancedCode = row.optionalString(16)
    reply = row.optionalString(17)
    revisionCount = row.int(18)
    isClaimed = row.bool(19)
  }
}

/// What the server, or a later report, said of one recipient of a mail.
package struct MailRecipientRecord: Sendable {
  package let address: String
  package let replyCode: Int?
  package let enhancedCode: String?
  package let reply: String
  /// When a report said that the mail did not arrive; nil: none did.
  package let bouncedAt: Moment?
  package let bounceCode: String?
  package let bounceText: String?

  init(_ row: borrowing Row) {
    address = row.string(0)
    replyCode = row.optionalInt(1)
    enhancedCode = row.optionalString(2)
    reply = row.string(3)
    bouncedAt = row.moment(4)
    bounceCode = row.optionalString(5)
    bounceText = row.optionalString(6)
  }
}

/// The outbox as an admin looks at it.
package enum MailRecords {
  /// Which mails are listed; nil: all.
  package struct Filter: Sendable {
    package var status: String?
    package var owner: Account?
    /// Mails that list this revision.
    package var revisionID: Int?
    package var limit: Int

    package init(status: String? = nil, owner: Account? = nil, revisionID: Int? = nil, limit: Int) {
      self.status = status
      self.owner = owner
      self.revisionID = revisionID
      self.limit = limit
    }
  }

  /// The newest first.
  package static func list(_ connection: Connection, _ filter: Filter) throws -> [MailRecord] {
    try list(connection, id: nil, filter)
  }

  private static func list(_ connection: Connection, id: Int?, _ filter: Filter) throws -> [MailRecord] {
    try connection.rows(
      Assets.Queries.mails,
      [
        Value(id), Value(id), Value(filter.status), Value(filter.status), Value(filter.owner?.userName),
        Value(filter.owner?.userName), Value(filter.owner?.affiliation), Value(filter.revisionID),
        Value(filter.revisionID), Value(filter.limit),
      ]
    ) { MailRecord($0) }
  }

  /// Nil when there is no such mail.
  package static func find(_ connection: Connection, _ id: Int) throws -> MailRecord? {
    try list(connection, id: id, Filter(limit: 1)).first
  }

  package static func recipients(_ connection: Connection, _ id: Int) throws -> [MailRecipientRecord] {
    try connection.rows(Assets.Queries.recipientsOfMail, [Value(id)]) { MailRecipientRecord($0) }
  }

  /// The mail as it is sent; nil while it is being composed.
  package static func message(_ connection: Connection, _ id: Int) throws -> [UInt8]? {
    try connection.first(Assets.Queries.messageOfMail, [Value(id)]) { $0.bytes(0) } ?? nil
  }

  /// The newest mail to the same owner, when it is a later one, which makes this one out of date.
  package static func newer(_ connection: Connection, than id: Int) throws -> Int? {
    try connection.first(Assets.Queries.newerMail, [Value(id)]) { $0.optionalInt(0) } ?? nil
  }

  /// Makes the next try due now.
  ///
  /// - Returns: false where its status does not allow it, or a deliverer has it.
  package static func retry(_ connection: Connection, _ id: Int) throws -> Bool {
    try connection.execute(Assets.Queries.retryMail, [Value(id)]) == 1
  }

  /// Gives the mail up.
  ///
  /// - Returns: false where its status does not allow it, or a deliverer has it.
  package static func drop(_ connection: Connection, _ id: Int) throws -> Bool {
    try connection.execute(Assets.Queries.dropMail, [Value(id)]) == 1
  }
}

/// A mail that somebody should look at.
package struct StuckMail: Sendable {
  package let id: Int
  package let status: String
  package let addresses: [String]
  package let queuedAt: Moment?
  package let reply: String?
  /// Nil: it is about no owner, or one whom VCL does not have any more.
  package let owner: Account?
}

extension MailRecords {
  /// Mails that wait for more than a day, or have failed and nothing came after them, the newest of each owner; the
  /// oldest first.
  package static func stuck(_ connection: Connection) throws -> [StuckMail] {
    try connection.rows(Assets.Queries.stuckMails) { row in
      StuckMail(
        id: row.int(0), status: row.string(1), addresses: addressList(row.string(2)), queuedAt: row.moment(3),
        reply: row.optionalString(4),
        owner: row.optionalString(5).map { Account(userName: $0, affiliation: row.optionalString(6) ?? "") })
    }
  }
}
