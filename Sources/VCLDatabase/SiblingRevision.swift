import Assets
import MariaDB
import Retention

/// A revision of the image of another one, by the names that a person can call it by.
package struct SiblingRevision: Sendable {
  package let id: Int
  /// `imagerevision.imagename`, which names the files.
  package let fileName: String
  package let isProduction: Bool
  package let isDeleted: Bool

  /// The live revisions of an image, and those that were deleted together, by number.
  ///
  /// - Parameter moment: the time of deletion of those; nil: the live ones alone.
  package static func read(
    _ connection: Connection, imageID: Int, deletedAt moment: Moment?
  ) throws -> [SiblingRevision] {
    try connection.rows(Assets.Queries.revisionsOfImage, [Value(imageID), Value(moment)]) { row in
      SiblingRevision(
        id: row.int(0), fileName: row.string(1), isProduction: row.bool(2), isDeleted: row.bool(3))
    }
  }
}
