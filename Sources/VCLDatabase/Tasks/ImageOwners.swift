import Assets
import MariaDB
import Retention

/// The revisions of one image name, and who owns their images; two revisions may share a name.
package struct ImageOwners: Sendable {
  /// In the order of their ids.
  package let revisionIDs: [Int]
  /// By revision; those without an owner are not in it.
  package let owners: [Int: Owner]

  /// - Parameter fileName: `imagerevision.imagename`, exactly.
  package static func read(_ connection: Connection, fileName: String) throws -> ImageOwners {
    var ids: [Int] = []
    var owners: [Int: Owner] = [:]
    try connection.query(Assets.Queries.ownersOfFileName, [Value(fileName)]) { row in
      // The column takes names for equal that are different files.
      guard row.string(0).utf8.elementsEqual(fileName.utf8) else { return }
      ids.append(row.int(1))
      if let owner = row.optionalInt(2) {
        owners[row.int(1)] = Owner(
          id: owner, account: Account(userName: row.string(3), affiliation: row.optionalString(4) ?? ""))
      }
    }
    return ImageOwners(revisionIDs: ids, owners: owners)
  }

  /// Every image name that VCL knows, as it names files.
  package static func allNames(_ connection: Connection) throws -> [String] {
    try connection.rows(Assets.Queries.imageNames) { $0.string(0) }
  }
}
