import Assets
import MariaDB
import Retention

/// A date that a person sets for one revision.
package enum PersonalDate {
  /// Finds a revision that may be given one.
  ///
  /// - Throws: ``TargetError``.
  package static func find(_ connection: Connection, _ name: String) throws -> NamedRevision {
    let found = try NamedRevision.find(connection, name)
    if found.isDeleted { throw try TargetError.deleted(connection, found.id) }
    if found.isProduction { throw TargetError.production(found.id) }
    return found
  }

  /// Sets the date and records it as the person's.
  ///
  /// - Parameter actor: who did it, for the audit trail.
  /// - Throws: ``TargetError`` when somebody else changed the revision meanwhile.
  package static func set(
    _ connection: Connection, _ target: NamedRevision, _ date: Day, lastUse: Moment?, by actor: String,
    _ clock: Clock
  ) throws {
    let id = Value(target.id)
    try connection.transaction {
      try ExpiringRevisions(connection).record(target.id, isExpiring: true)
      let present = try connection.first(Assets.Queries.lockRevision, [id]) {
        (isDeleted: $0.bool(0), date: $0.day(2))
      }
      guard let present, !present.isDeleted, present.date == target.expireDate else {
        throw TargetError.changed(target.id)
      }
      try connection.execute(Assets.Queries.setExpireDate, [Value(date), id, Value(target.expireDate)])
      try connection.execute(Assets.Queries.deleteMark, [id])
      try connection.execute(
        Assets.Queries.insertMark,
        [
          id, Value(date), .null, Value(clock.today), Value(Mark.Origin.person.rawValue), Value(lastUse),
          .null,
        ])
      try connection.execute(
        Assets.Queries.insertEvent,
        [
          .null, id, Value(target.imageID), "mark", Value(clock.now), Value(actor),
          Value(codes([.personDate])), Value(target.expireDate), Value(date), .null, false, "{}",
        ])
    }
  }
}
