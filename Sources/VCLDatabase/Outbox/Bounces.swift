import Assets
import MariaDB
import Retention

/// Reports that an accepted mail did not arrive after all.
package struct Bounces {
  let connection: Connection
  let outbox: Outbox
  let now: Moment

  package init(_ connection: Connection, outbox: Outbox, now: Moment) {
    self.connection = connection
    self.outbox = outbox
    self.now = now
  }

  /// An address at which a mail did not arrive.
  package struct Failure: Sendable {
    package let address: String
    /// Of RFC 3463.
    package let code: String?
    /// One line.
    package let text: String

    package init(address: String, code: String?, text: String) {
      self.address = address
      self.code = code
      self.text = text
    }
  }

  /// What a report came to.
  package enum Outcome: Sendable, Equatable {
    /// The mail has arrived nowhere: what it lists is not told.
    case takenBack
    /// Another recipient of the mail has got it, so it counts.
    case arrivedElsewhere
    /// The mail had not been accepted, or was taken back before, or the copy does not count.
    case nothingToTakeBack
    /// A deliverer has the mail at this moment: the report must come again.
    case beingDelivered
    case noSuchMail
  }

  /// The mail with a Message-ID, angle brackets included; nil when there is none.
  package func mail(messageID: String) throws -> Int? {
    try connection.first(Assets.Queries.mailWithMessageId, [Value(messageID)]) { $0.int(0) }
  }

  /// Records what a report says of a mail, and takes the mail back when it has arrived nowhere.
  ///
  /// A failure of an address that is no recipient of the mail, as after a forwarding, counts for all its recipients:
  /// it is better to tell an owner twice than not at all.
  ///
  /// - Parameter fallback: the mail to the admins in the owner's stead, for an owner's id; queued with the change.
  package func record(
    _ failures: [Failure], mail id: Int, fallback: (_ ownerID: Int) throws -> Outbox.Fallback?
  ) throws -> Outcome {
    try connection.transaction {
      let found = try connection.first(Assets.Queries.lockMail, [Value(id)]) { row in
        (
          status: row.string(0), recipient: row.string(1), ownerID: row.optionalInt(2),
          blind: addressList(row.string(3)), isClaimed: row.bool(4)
        )
      }
      guard let mail = found else { return .noSuchMail }
      if mail.isClaimed { return .beingDelivered }
      let blind = Set(mail.blind.map { $0.lowercased() })
      let counting = failures.filter { !blind.contains($0.address.lowercased()) }
      guard let first = counting.first, ["accepted", "unknown"].contains(mail.status) else {
        return .nothingToTakeBack
      }
      let named = try connection.rows(Assets.Queries.recipientsOfMail, [Value(id)]) { $0.string(0) }
      for failure in counting {
        let known = named.filter { $0.lowercased() == failure.address.lowercased() }
        for address in known.isEmpty ? named : known { try record(failure, id, address) }
      }
      guard try connection.first(Assets.Queries.reachedRecipients, [Value(id)], { _ in true }) == nil else {
        return .arrivedElsewhere
      }
      let text = "bounced: \([first.code, first.text].compactMap { $0 }.joined(separator: " "))"
      try connection.execute(Assets.Queries.takeBackMail, [Value(text, scalars: 500), Value(id)])
      if mail.recipient == Notice.Recipient.owner.rawValue, let owner = mail.ownerID,
        let fallback = try fallback(owner)
      {
        try outbox.queue(fallback)
      }
      return .takenBack
    }
  }

  private func record(_ failure: Failure, _ mail: Int, _ address: String) throws {
    try connection.execute(
      Assets.Queries.recordBounce,
      [
        Value(now), Value(failure.code, scalars: 15), Value(failure.text, scalars: 500),
        Value(mail), Value(address),
      ])
  }
}
