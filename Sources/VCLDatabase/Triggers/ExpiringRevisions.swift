import Assets
import MariaDB

/// The triggers' helper table: the revisions that have an expire date.
///
/// A row that is missing makes a trigger miss a reservation; one that is left over costs a look-up. A row is written
/// before its transaction locks the revision, as a reservation reads it before it locks the revision: in the other
/// order the two could wait for each other, and the server would let VCL's statement fail.
package struct ExpiringRevisions {
  let connection: Connection

  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// What ``heal(_:)`` found, by revision.
  package struct Differences {
    /// A date of ours that the triggers do not know: somebody has changed the table.
    package let lost: [Int]
    /// Somebody else's date, which no run has seen yet.
    package let foreign: [Int]
    /// Without a date: most of them a trigger has cleared.
    package let leftOver: [Int]
  }

  /// Follows a change of date; to be called first in the transaction of the change.
  func record(_ revision: Int, isExpiring: Bool) throws {
    try connection.execute(
      isExpiring ? Assets.Queries.addExpiring : Assets.Queries.deleteExpiring, [Value(revision)])
  }

  /// Where the table and the dates disagree.
  package func differences() throws -> Differences {
    let unknown = try connection.rows(Assets.Queries.expiringUnknown) { (id: $0.int(0), isOurs: $0.bool(1)) }
    return Differences(
      lost: unknown.filter(\.isOurs).map(\.id), foreign: unknown.filter { !$0.isOurs }.map(\.id),
      leftOver: try connection.rows(Assets.Queries.expiringLeftOver) { $0.int(0) })
  }

  /// Adds the rows that are missing, and removes those that are left over.
  ///
  /// - Parameter fence: checked in every transaction; nil where no run can be at work.
  /// - Returns: what was found.
  @discardableResult
  package func heal(_ fence: Fence?) throws -> Differences {
    let found = try differences()
    for revision in found.lost + found.foreign {
      try connection.transaction {
        try fence?.check(connection)
        try record(revision, isExpiring: true)
      }
    }
    for revision in found.leftOver { try removeUndated(revision, fence) }
    return found
  }

  /// Removes the row of a revision unless that has a date, or is locked by somebody who may give it one: a row that is
  /// left over does no harm, and the next run removes it.
  func removeUndated(_ revision: Int, _ fence: Fence?) throws {
    struct HasDate: Error {}
    do {
      try connection.transaction(retries: 0) {
        try fence?.check(connection)
        // From here on nobody can give the revision a date: the row comes first there, too.
        try record(revision, isExpiring: false)
        if try connection.first(Assets.Queries.revisionDate, [Value(revision)], { $0.bool(0) }) ?? false {
          throw HasDate()
        }
      }
    } catch is HasDate {
    } catch let error as MariaDBError where [.lockWaitTimeout, .deadlock].contains(error.kind) {
    }
  }
}
