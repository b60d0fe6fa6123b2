import Assets
import MariaDB
import Retention

/// A revision that a person named, by its id or by its `imagename`.
package struct NamedRevision: Sendable {
  package let id: Int
  /// The number that users see, counted per image.
  package let number: Int
  package let isProduction: Bool
  /// Whether it, or its image, is flagged as deleted.
  package let isDeleted: Bool
  package let expireDate: Day?
  package let imageID: Int
  /// The image's pretty name, as stored.
  package let image: String
  /// `image.name`.
  package let imageName: String
  /// `imagerevision.imagename`, which names the files.
  package let fileName: String
  package let owner: Owner?
  package let createdOn: Day?

  /// Finds a revision by its id, or by its `imagename`; two revisions may share one.
  ///
  /// - Throws: ``TargetError``.
  package static func find(_ connection: Connection, _ name: String) throws -> NamedRevision {
    let ids =
      try Int(name).map { [$0] }
      ?? connection.rows(Assets.Queries.revisionsByFileName, [Value(name)]) { $0.int(0) }
    guard ids.count <= 1 else { throw TargetError.ambiguous(name, ids) }
    guard let id = ids.first, let revision = try find(connection, id: id) else {
      throw TargetError.unknown(name)
    }
    return revision
  }

  /// Nil when there is none.
  package static func find(_ connection: Connection, id: Int) throws -> NamedRevision? {
    try connection.first(Assets.Queries.namedRevision, [Value(id)]) { row in
      NamedRevision(
        id: row.int(0), number: row.int(1), isProduction: row.bool(2),
        isDeleted: row.bool(3) || row.bool(7), expireDate: row.day(4), imageID: row.int(5),
        image: row.string(6), imageName: row.string(12), fileName: row.string(11),
        owner: row.optionalInt(8).map {
          Owner(
            id: $0,
            account: Account(userName: row.string(9), affiliation: row.optionalString(10) ?? ""))
        }, createdOn: row.day(13))
    }
  }
}

/// Why a revision that a person named cannot be worked with.
package enum TargetError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case ambiguous(String, [Int])
  /// The obstacle to taking its flag back; nil: there is none.
  case deleted(Int, RestoreObstacle?)
  case production(Int)
  case changed(Int)
  case notKept(Int)

  /// A revision that is flagged, or whose image is, with what can be done about it.
  package static func deleted(_ connection: Connection, _ id: Int) throws -> TargetError {
    guard let flag = try FlagState.read(connection, id) else { return .changed(id) }
    return .deleted(id, flag.isRestorable ? nil : flag.obstacle)
  }

  package var description: String {
    switch self {
    case .unknown(let name): "no revision has the id or imagename '\(name)'"
    case .ambiguous(let name, let ids):
      "'\(name)' is the imagename of revisions \(ids.map(String.init).joined(separator: ", ")); name one by its id"
    case .deleted(let id, nil):
      "revision \(id) is flagged as deleted already; `expireimage restore \(id)` brings it back"
    case .deleted(let id, let obstacle?): "revision \(id) \(obstacle.sentence)"
    case .production(let id):
      "revision \(id) is the production revision of its image, which is never expired alone;"
        + " make another revision production first"
    case .changed(let id): "revision \(id) was changed or locked by somebody else this moment; try again"
    case .notKept(let id): "revision \(id) is not kept; `expireimage keeps` lists what is"
    }
  }
}
