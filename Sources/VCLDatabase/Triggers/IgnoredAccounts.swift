import Assets
import MariaDB
import Retention

/// The accounts whose reservations clear no date, as the triggers know them: by id, so that a trigger looks nothing up
/// by name.
package enum IgnoredAccounts {
  /// Brings the triggers' table up to date: VCL's own accounts, and those that a site ignores.
  ///
  /// - Parameter fence: checked in every transaction; nil where no run can be at work.
  package static func refresh(_ connection: Connection, _ accounts: Set<Account>, _ fence: Fence?) throws {
    let (missing, leftOver) = try differences(connection, accounts)
    let changes =
      missing.map { (Assets.Queries.addIgnoredAccount, $0) }
      + leftOver.map { (Assets.Queries.deleteIgnoredAccount, $0) }
    for (statement, id) in changes {
      try connection.transaction {
        try fence?.check(connection)
        try connection.execute(statement, [Value(id)])
      }
    }
  }

  /// The ids that the triggers should know and do not, and those that they know in vain.
  package static func differences(
    _ connection: Connection, _ accounts: Set<Account>
  ) throws -> (missing: [Int], leftOver: [Int]) {
    let names = accounts.map(\.description).sorted().joined(separator: ",")
    let wanted = Set(try connection.rows(Assets.Queries.ignoredAccounts, [Value(names)]) { $0.int(0) })
    let known = Set(try connection.rows(Assets.Queries.knownIgnoredAccounts) { $0.int(0) })
    return (wanted.subtracting(known).sorted(), known.subtracting(wanted).sorted())
  }
}
