import Assets
import MariaDB
import Retention

/// A keep: somebody, or the protection after a reset, an undelete or a restore, wants a revision kept.
package struct KeepRecord: Sendable {
  package let revisionID: Int
  /// The day on which it ends; nil: never.
  package let until: Day?
  /// `person`, `date_reset`, `undeleted` or `restored`.
  package let origin: String
  package let reason: String
  package let setBy: String
  package let setAt: Moment?
  /// The image's pretty name, as stored; nil: VCL has the revision no more.
  package let image: String?
  package let number: Int?
  package let owner: Account?

  package func isInForce(on today: Day) -> Bool { until.map { today < $0 } ?? true }

  init(_ row: borrowing Row) {
    revisionID = row.int(1)
    until = row.day(2)
    origin = row.string(3)
    reason = row.string(4)
    setBy = row.string(5)
    setAt = row.moment(6)
    image = row.optionalString(7)
    number = row.optionalInt(8)
    owner = row.optionalString(9).map { Account(userName: $0, affiliation: row.optionalString(10) ?? "") }
  }
}

/// Keeps revisions for people, apart from their dates.
///
/// Each call is one transaction for all its revisions. It locks every one of them, as a flag does: either the flag comes
/// first and the call says so, or the flag finds the keep.
package struct Keeps {
  let connection: Connection
  let clock: Clock
  /// Who does it: an account of the machine, or a VCL user.
  let actor: String

  package init(_ connection: Connection, clock: Clock, by actor: String) {
    self.connection = connection
    self.clock = clock
    self.actor = actor
  }

  package struct Item: Sendable {
    package let revision: NamedRevision
    /// The day on which its keep ends; nil: never.
    package let until: Day?
    /// What goes into the audit trail, as JSON.
    package let facts: String

    package init(revision: NamedRevision, until: Day?, facts: String) {
      self.revision = revision
      self.until = until
      self.facts = facts
    }
  }

  /// - Parameters:
  ///   - revisionID: only of this one; nil: of all.
  ///   - includingEnded: also those that are over.
  package static func list(
    _ connection: Connection, today: Day, revisionID: Int? = nil, includingEnded: Bool
  ) throws -> [KeepRecord] {
    try connection.rows(
      Assets.Queries.keeps,
      [Value(revisionID), Value(revisionID), Value(includingEnded), Value(today)]
    ) { KeepRecord($0) }
  }

  /// Keeps revisions, each until its day, in place of a person's earlier keep of each.
  ///
  /// - Parameter replacesOwnOnly: leave what somebody else has set as it is.
  /// - Throws: ``TargetError``.
  package func set(_ items: [Item], reason: String, replacesOwnOnly: Bool) throws {
    try change(items, kind: "keep") { item, isDeleted in
      let revision = item.revision.id
      if isDeleted { throw try TargetError.deleted(connection, revision) }
      try end(revision, origin: "person", setBy: replacesOwnOnly ? actor : nil)
      try connection.execute(
        Assets.Queries.insertKeep,
        [Value(revision), Value(item.until), "person", Value(reason), Value(actor), Value(clock.now)])
    }
  }

  /// Ends every keep of the revisions.
  ///
  /// - Throws: ``TargetError`` when one is not kept.
  package func end(_ items: [Item]) throws {
    try change(items, kind: "unkeep") { item, _ in
      let revision = item.revision.id
      guard try end(revision, origin: nil, setBy: nil) > 0 else { throw TargetError.notKept(revision) }
    }
  }

  private func change(_ items: [Item], kind: String, _ body: (Item, Bool) throws -> Void) throws {
    try connection.transaction {
      for item in items {
        let revision = item.revision
        let id = Value(revision.id)
        let present = try connection.first(Assets.Queries.lockRevision, [id]) {
          (isDeleted: $0.bool(0), date: $0.day(2))
        }
        guard let present else { throw TargetError.changed(revision.id) }
        try body(item, present.isDeleted)
        try connection.execute(
          Assets.Queries.insertEvent,
          [
            .null, id, Value(revision.imageID), Value(kind), Value(clock.now), Value(actor),
            Value(codes([.kept])), Value(present.date), Value(present.date), .null, false, Value(item.facts),
          ])
      }
    }
  }

  @discardableResult
  private func end(_ revision: Int, origin: String?, setBy: String?) throws -> UInt64 {
    let today = Value(clock.today)
    return try connection.execute(
      Assets.Queries.endKeeps,
      [today, today, Value(revision), Value(origin), Value(origin), Value(setBy), Value(setBy)])
  }
}
