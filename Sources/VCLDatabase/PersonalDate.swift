import Assets
import MariaDB
import Retention

/// A date that a person sets for one revision.
package enum PersonalDate {
  /// A revision that may be given one.
  package struct Target: Sendable {
    package let id: Int
    package let number: Int
    package let image: String
    package let imageID: Int
    package let affiliation: String?
    package let expireDate: Day?
  }

  /// Finds a revision by its id, or by its `imagename`; two revisions may share one.
  ///
  /// - Throws: ``TargetError``.
  package static func find(_ connection: Connection, _ name: String) throws -> Target {
    let ids =
      try Int(name).map { [$0] }
      ?? connection.rows(Assets.Queries.revisionsByFileName, [Value(name)]) { $0.int(0) }
    guard ids.count <= 1 else { throw TargetError.ambiguous(name, ids) }
    guard let id = ids.first else { throw TargetError.unknown(name) }
    let row = try connection.first(Assets.Queries.revisionForPerson, [Value(id)]) { row in
      (
        target: Target(
          id: row.int(0), number: row.int(1), image: row.string(6), imageID: row.int(5),
          affiliation: row.optionalString(9), expireDate: row.day(4)),
        isProduction: row.bool(2), isDeleted: row.bool(3) || row.bool(7)
      )
    }
    guard let row else { throw TargetError.unknown(name) }
    if row.isDeleted { throw TargetError.deleted(row.target.id) }
    if row.isProduction { throw TargetError.production(row.target.id) }
    return row.target
  }

  /// Sets the date and records it as the person's.
  ///
  /// - Parameter actor: who did it, for the audit trail.
  /// - Throws: ``TargetError`` when somebody else changed the revision meanwhile.
  package static func set(
    _ connection: Connection, _ target: Target, _ date: Day, lastUse: Moment?, by actor: String,
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

/// Why a revision cannot be given a date by a person.
package enum TargetError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case ambiguous(String, [Int])
  case deleted(Int)
  case production(Int)
  case changed(Int)

  package var description: String {
    switch self {
    case .unknown(let name): "no revision has the id or imagename '\(name)'"
    case .ambiguous(let name, let ids):
      "'\(name)' is the imagename of revisions \(ids.map(String.init).joined(separator: ", ")); name one by its id"
    case .deleted(let id): "revision \(id) is flagged as deleted already"
    case .production(let id):
      "revision \(id) is the production revision of its image, which is never expired alone;"
        + " make another revision production first"
    case .changed(let id): "revision \(id) was changed or locked by somebody else this moment; try again"
    }
  }
}
