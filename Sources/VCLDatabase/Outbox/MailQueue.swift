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
  private let claim: MailClaim

  /// - Parameters:
  ///   - outbox: takes the mails to the admins in the stead of refused ones. With a fence this is the delivery of a run;
  ///     without one it claims nothing while a run is at work, because a run replaces mails.
  ///   - deliverer: the process.
  package init(_ connection: Connection, outbox: Outbox, deliverer: LeaseHolder) {
    self.connection = connection
    self.outbox = outbox
    claim = MailClaim(deliverer)
  }

  /// A claim is void so long after it was made or renewed: longer than the longest mail can take on a connection that
  /// had to be opened anew (`smtp.timeout_seconds`, twice).
  package static let claimSeconds = 1800
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
  /// - Throws: ``LeaseLost`` when another run has taken the lease, or, outside of a run, ``LeaseHeld`` while one is at
  ///   work.
  package func claim(atMost limit: Int, now: Moment) throws -> [Mail] {
    try connection.transaction {
      if let fence = outbox.fence { try fence.check(connection) } else { try Lease.checkFree(connection) }
      var mails: [Mail] = []
      // One status at a time, so that the index gives the order and nothing but what is claimed is locked.
      for status in ["pending", "deferred", "unknown"] where mails.count < limit {
        mails += try connection.rows(
          Assets.Queries.claimableMails, [Value(status), Value(now), Value(limit - mails.count)], mail)
      }
      try connection.executeBulk(
        Assets.Queries.claimMails,
        rows: Self.ranges(mails.map(\.id)).map {
          [Value(claim.text), Value(Self.claimSeconds), Value($0.lowerBound), Value($0.upperBound)]
        })
      return mails
    }
  }

  /// The ids in as few ranges as hold them and nothing else: one statement claims a range, at a fraction of what one
  /// for each mail costs.
  static func ranges(_ ids: [Int]) -> [ClosedRange<Int>] {
    ids.sorted().reduce(into: []) { ranges, id in
      if let last = ranges.last, last.upperBound + 1 == id {
        ranges[ranges.count - 1] = last.lowerBound...id
      } else {
        ranges.append(id...id)
      }
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
    try connection.execute(Assets.Queries.renewClaims, [Value(Self.claimSeconds), Value(claim.text)])
  }

  /// Gives back mails that were not tried.
  package func release(_ mails: [Int]) throws {
    try connection.executeBulk(
      Assets.Queries.releaseClaim, rows: mails.map { [Value($0), Value(claim.text)] })
  }

  /// Records attempts, all in one transaction, and gives the mails back. What another deliverer has claimed meanwhile
  /// stays as it is.
  package func record(_ attempts: [Attempt]) throws {
    try connection.transaction {
      for start in stride(from: 0, to: attempts.count, by: JSONRows.limit) {
        let rows = attempts[start..<min(start + JSONRows.limit, attempts.count)].map(row)
        try connection.execute(Assets.Queries.recordDeliveries, [JSONRows(rows).value, Value(claim.text)])
      }
      try connection.executeBulk(
        Assets.Queries.recordRecipient,
        rows: attempts.flatMap { attempt in
          attempt.recipients.map { recipient in
            [
              Value(attempt.mailID), Value(recipient.address), Value(recipient.replyCode),
              Value(recipient.enhancedCode, scalars: 15), Value(recipient.reply, scalars: 500),
            ]
          }
        })
      for fallback in attempts.compactMap(\.fallback) { try outbox.queue(fallback) }
    }
  }

  /// As `record_deliveries.sql` reads it.
  private func row(_ attempt: Attempt) -> [Value] {
    [
      Value(attempt.mailID), Value(attempt.status), Value(attempt.wasTried ? 1 : 0), Value(attempt.triedAt),
      attempt.wasTried ? Value(attempt.triedAt) : .null, Value(attempt.nextTryAt),
      attempt.status == "accepted" ? Value(attempt.triedAt.day) : .null, Value(attempt.replyCode),
      Value(attempt.enhancedCode, scalars: 15), Value(attempt.reply, scalars: 500),
    ]
  }
}

extension MailQueue {
  /// Voids the claims of processes that are known to be dead.
  ///
  /// - Returns: whether another deliverer has mails now.
  package static func voidDeadClaims(
    _ connection: Connection, isDead: (LeaseHolder) -> Bool
  ) throws -> Bool {
    let claims = try connection.rows(Assets.Queries.claimsInForce) { $0.string(0) }
    var others = 0
    for claim in claims {
      if let holder = MailClaim.holder(claim), isDead(holder) {
        try connection.execute(Assets.Queries.voidClaim, [Value(claim)])
      } else {
        others += 1
      }
    }
    return others > 0
  }
}

/// The name of one deliverer, and of its process, as it stands in the rows that it has claimed.
struct MailClaim {
  let text: String

  /// A name that nobody else has ever.
  init(_ process: LeaseHolder) {
    let random = (0..<2).map { _ in String(UInt64.random(in: 0...UInt64.max), radix: 36) }.joined()
    text = "\(random) \(process.pid) \(process.processStart) \(process.bootID) \(process.node)"
  }

  /// The process behind a name; nil for a name of another form.
  static func holder(_ text: String) -> LeaseHolder? {
    let parts = text.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, let pid = Int(parts[1]), let start = Int(parts[2]) else { return nil }
    return LeaseHolder(node: String(parts[4]), pid: pid, processStart: start, bootID: String(parts[3]))
  }
}
