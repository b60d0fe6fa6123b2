import Assets
import MariaDB
import Retention

/// Why a flag of a revision is not taken back.
package enum RestoreObstacle: Sendable, Equatable {
  case notFlagged
  /// Its image is flagged and it is not: VCL has a new image so until its first capture ends.
  case firstCapture
  /// Flagged without a time of deletion: a capture that is at work or has failed looks so.
  case capture
  /// The flag is not the one that this program set.
  case foreign(at: Moment)
  case filesGone
  /// Of a whole image whose production revision, with this id, has lost its files.
  case productionFilesGone(Int)
  /// A single revision whose image was deleted.
  case imageDeleted
  /// A whole image that is not flagged as this program left it, or without exactly one production revision.
  case corruptImage

  /// Goes on after "revision 7 ".
  package var sentence: String {
    switch self {
    case .notFlagged: "is not flagged as deleted"
    case .firstCapture: "is being captured for the first time; VCL has its image as deleted until that ends"
    case .capture:
      "is being captured, or its capture has failed; VCL gives such revisions no time of deletion"
    case .foreign(let moment):
      "was deleted by somebody else, at \(moment); only flags of this program are taken back"
    case .filesGone: "was flagged by this program, but its files are gone"
    case .productionFilesGone(let production):
      "was flagged with its whole image, and the files of the production revision \(production) are gone:"
        + " without one the image cannot come back"
    case .imageDeleted:
      "was flagged alone, and its image is deleted now; restore a revision that was deleted with the image first"
    case .corruptImage:
      "belongs to an image that would have no production revision or several, or was changed by somebody else;"
        + " repair the image in VCL first"
    }
  }
}

/// What became of the flag of a revision.
package struct FlagState: Sendable {
  package let isDeleted: Bool
  package let isImageDeleted: Bool
  package let dateDeleted: Moment?
  /// The run that set the flag as it stands; nil: it is not ours.
  package let flaggedByRun: Int?
  package let isOurs: Bool
  package let wholeImage: Bool
  /// Whether this program's flag can be taken back.
  package let isRestorable: Bool
  private let isPurged: Bool
  private let purgedProduction: Int?

  /// Nil when there is no such revision.
  package static func read(_ connection: Connection, _ revisionID: Int) throws -> FlagState? {
    let id = Value(revisionID)
    let isRestorable = try connection.first(Assets.Queries.flaggedRevisions, [id, id]) { _ in true } ?? false
    return try connection.first(Assets.Queries.flagOfRevision, [id]) { row in
      let dateDeleted = row.moment(2)
      let isSame = dateDeleted != nil && row.moment(4) == dateDeleted
      let isOurs = row.bool(0) && isSame && row.optionalString(3) == "flag"
      return FlagState(
        isDeleted: row.bool(0), isImageDeleted: row.bool(1), dateDeleted: dateDeleted,
        flaggedByRun: isOurs ? row.optionalInt(6) : nil, isOurs: isOurs,
        wholeImage: row.optionalInt(5) == 1, isRestorable: isRestorable,
        isPurged: isSame && row.optionalString(3) == "purge", purgedProduction: row.optionalInt(7))
    }
  }

  /// What an admin is told of a revision that is not among those whose flag can be taken back.
  package var obstacle: RestoreObstacle {
    guard isDeleted else { return isImageDeleted ? .firstCapture : .notFlagged }
    guard let dateDeleted else { return .capture }
    if isPurged { return .filesGone }
    guard isOurs else { return .foreign(at: dateDeleted) }
    if isImageDeleted, !wholeImage { return .imageDeleted }
    if isImageDeleted, let purgedProduction { return .productionFilesGone(purgedProduction) }
    return .corruptImage
  }

  /// The revisions that a run flagged, and whether each is flagged still.
  package static func flagged(
    _ connection: Connection, byRun run: Int
  ) throws -> [(revisionID: Int, isDeleted: Bool)] {
    try connection.rows(Assets.Queries.flaggedByRun, [Value(run)]) { ($0.int(0), $0.bool(1)) }
  }
}
