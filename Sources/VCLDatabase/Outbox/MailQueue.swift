import Assets
import MariaDB
import Retention

/// The mails that wait for delivery, as one of several deliverers sees them.
///
/// A deliverer claims mails before it sends them, so that no other sends them at the same time. A claim is void some
/// time after its last renewal: what a deliverer had when it was killed goes out by another. The time of claims is the
/// database server's own, also for a simulated day: they are about processes that live now.
package struct MailQueue {
  let connection: Connection
  let outbox: Outbox
  /// Names this deliverer, and nobody else ever.
  let claim: String

  /// - Parameter outbox: takes the mails to the admins in the stead of refused ones; its fence, if any, is checked.
  package init(_ connection: Connection, outbox: Outbox, claim: String) {
    self.connection = connection
    self.outbox = outbox
    self.claim = claim
  }

  /// A claim is void so long after it was made or renewed.
  package static let claimSeconds = 600
  package static let renewalSeconds = 60

  /// A claimed mail.
  package struct Mail: Sendable {
    package let id: Int
    package let ownerID: Int?
    package let isToOwner: Bool
    package let sender: String
    package let recipients: [String]
    package let blindRecipients: [String]
    /// How often it was tried before.
    package let attempts: Int
    /// When a server first answered; nil: never.
    package let firstTriedAt: Moment?
    package let message: [UInt8]
  }

  /// What came of one attempt.
  package struct Attempt {
    package struct Recipient {
      package let address: String
      package let replyCode: Int?
      package let enhancedCode: String?
      package let reply: String

      package init(address: String, replyCode: Int?, enhancedCode: String?, reply: String) {
        self.address = address
        self.replyCode = replyCode
        self.enhancedCode = enhancedCode
        self.reply = reply
      }
    }

    package let mailID: Int
    /// As the column has it: `accepted`, `deferred`, `failed` or `unknown`.
    package let status: String
    /// False when no server was there that could have answered: then it was no attempt of this mail.
    package let wasTried: Bool
    package let triedAt: Moment
    /// Nil: at once.
    package let nextTryAt: Moment?
    package let replyCode: Int?
    package let enhancedCode: String?
    package let reply: String
    package let recipients: [Recipient]
    package let fallback: Outbox.Fallback?

    package init(
      mailID: Int, status: String, wasTried: Bool, triedAt: Moment, nextTryAt: Moment?, replyCode: Int?,
      enhancedCode: String?, reply: String, recipients: [Recipient], fallback: Outbox.Fallback?
    ) {
      self.mailID = mailID
      self.status = status
      self.wasTried = wasTried
      self.triedAt = triedAt
      self.nextTryAt = nextTryAt
      self.replyCode = replyCode
      self.enhancedCode = enhancedCode
      self.reply = reply
      self.recipients = recipients
      self.fallback = fallback
    }
  }

  /// Claims mails whose time has come, the oldest first: new ones before those that were tried.
  ///
  /// - Throws: ``LeaseLost`` when another run has taken the lease.
  package func claim(atMost limit: Int, now: Moment) throws -> [Mail] {
    try connection.transaction {
      try outbox.fence?.check(connection)
      var mails: [Mail] = []
      // One status at a time, so that the index gives the order and nothing but what is claimed is locked.
      for status in ["pending", "deferred", "unknown"] where mails.count < limit {
        mails += try connection.rows(
          Assets.Queries.claimableMails, [Value(status), Value(now), Value(limit - mails.count)], mail)
      }
      try connection.executeBulk(
        Assets.Queries.claimMail,
        rows: mails.map { [Value(claim), Value(Self.claimSeconds), Value($0.id)] })
      return mails
    }
  }

  private func mail(_ row: borrowing Row) -> Mail {
    Mail(
      id: row.int(0), ownerID: row.optionalInt(1),
      isToOwner: row.string(2) == Notice.Recipient.owner.rawValue,
      sender: row.string(3), recipients: addressList(row.string(4)),
      blindRecipients: addressList(row.string(5)),
      attempts: row.int(6), firstTriedAt: row.moment(7), message: row.bytes(8) ?? [])
  }

  /// Says that this deliverer lives.
  package func renewClaims() throws {
    try connection.execute(Assets.Queries.renewClaims, [Value(Self.claimSeconds), Value(claim)])
  }

  /// Gives back mails that were not tried.
  package func release(_ mails: [Int]) throws {
    try connection.executeBulk(
      Assets.Queries.releaseClaim, rows: mails.map { [Value($0), Value(claim)] })
  }

  /// Records attempts, all in one transaction, and gives the mails back. What another deliverer has claimed meanwhile
  /// stays as it is.
  package func record(_ attempts: [Attempt]) throws {
    try connection.transaction {
      try connection.executeBulk(Assets.Queries.recordDelivery, rows: attempts.map(row))
      try connection.executeBulk(
        Assets.Queries.recordRecipient,
        rows: attempts.flatMap { attempt in
          attempt.recipients.map { recipient in
            [
              Value(attempt.mailID), Value(recipient.address), Value(recipient.replyCode),
              Value(recipient.enhancedCode), Value(String(recipient.reply.prefix(500))),
            ]
          }
        })
      for fallback in attempts.compactMap(\.fallback) { try outbox.queue(fallback) }
    }
  }

  private func row(_ attempt: Attempt) -> [Value] {
    [
      Value(attempt.status), Value(attempt.status), Value(attempt.wasTried ? 1 : 0), Value(attempt.triedAt),
      attempt.wasTried ? Value(attempt.triedAt) : .null, Value(attempt.nextTryAt),
      attempt.status == "accepted" ? Value(attempt.triedAt.day) : .null, Value(attempt.replyCode),
      Value(attempt.enhancedCode), Value(String(attempt.reply.prefix(500))), Value(attempt.mailID),
      Value(claim),
    ]
  }
}
