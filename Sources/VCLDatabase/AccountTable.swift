import Assets
import MariaDB

/// The server's table of accounts, which is the administrator's.
enum AccountTable {
  /// Whether there is such an account; nil where this one may not know.
  ///
  /// - Parameter account: name and host, such as `root@localhost`.
  static func exists(_ connection: Connection, _ account: String) throws -> Bool? {
    do {
      return try connection.first(Assets.Queries.accountExists, [Value(account)]) { $0.bool(0) }
    } catch let error as MariaDBError where [.denied, .missingTable].contains(error.kind) {
      return nil
    }
  }
}
