import Assets
import MariaDB

/// A right of the nightly run's account, as `sql/grants.sql` gives it.
package struct Right: Sendable, Hashable, CustomStringConvertible {
  /// SELECT, INSERT, UPDATE, DELETE or EXECUTE.
  let privilege: String
  /// A table, or of EXECUTE a procedure.
  let object: String
  /// Nil: all of them.
  let column: String?

  /// Whether it is the right to call a procedure.
  package var isOfProcedure: Bool { privilege == "EXECUTE" }

  package var description: String {
    let column = column.map { " (\($0))" } ?? ""
    return "\(privilege)\(column) on \(isOfProcedure ? "procedure " : "")\(object)"
  }
}

/// Which rights the nightly run needs, and which of them an account has.
///
/// The account is asked to explain statements, which takes the same rights as doing them: lists of grants leave out what
/// an account has by a role, by a pattern or for all databases.
package enum Rights {
  /// Every right that an account has after `sql/grants.sql`, those on the triggers' procedures included.
  package static let needed: [Right] = Assets.Sql.grants.split(separator: "\n").flatMap { line -> [Right] in
    guard !line.hasPrefix("--"), let start = line.firstRange(of: "GRANT "),
      let on = line.firstRange(of: " ON "), let to = line.firstRange(of: " TO '")
    else { return [] }
    let privileges = line[start.upperBound..<on.lowerBound]
    let object = line[on.upperBound..<to.lowerBound]
    if privileges == "EXECUTE", let name = object.split(separator: " ").last {
      return [Right(privilege: "EXECUTE", object: String(name), column: nil)]
    }
    // CREATE is taken away again by the script.
    return rights(privileges, on: String(object)).filter { $0.privilege != "CREATE" }
  }

  /// From a list such as `SELECT (id, name)` or `SELECT, INSERT`.
  private static func rights(_ privileges: Substring, on table: String) -> [Right] {
    guard let open = privileges.firstIndex(of: "("), let close = privileges.lastIndex(of: ")") else {
      return privileges.split(separator: ", ").map {
        Right(privilege: String($0), object: table, column: nil)
      }
    }
    let privilege = privileges[..<open].split(separator: " ").joined()
    return privileges[privileges.index(after: open)..<close].split(separator: ", ").map {
      Right(privilege: privilege, object: table, column: String($0))
    }
  }

  /// The rights that this account lacks, in the order of the script. Of a table that does not exist nothing is said.
  package static func lacking(_ connection: Connection) throws -> [Right] {
    var columns: [String: [(name: String, privileges: String)]] = [:]
    try connection.query(Assets.Queries.columnPrivileges) { row in
      columns[row.string(0), default: []].append((row.string(1), row.string(2)))
    }
    let procedures = Set(
      try Triggers.procedures.filter { try $0.state(connection) != .unseen }.map(\.name))
    let areTriggersWanted = try areTriggersWanted(connection)
    return try needed.filter { right in
      switch right.privilege {
      case "EXECUTE": return areTriggersWanted && !procedures.contains(right.object)
      case "SELECT": return try isDenied(connection, explainSelect(right))
      case "DELETE":
        return try isDenied(connection, Assets.Queries.explainDelete.replacing("{table}", with: right.object))
      default:
        guard try exists(connection, right) else { return false }
        let all = columns[right.object] ?? []
        let asked = all.filter { right.column == nil || $0.name == right.column }
        return asked.isEmpty
          || asked.contains {
            !$0.privileges.split(separator: ",").contains(Substring(right.privilege.lowercased()))
          }
      }
    }
  }

  private static func isDenied(_ connection: Connection, _ statement: String) throws -> Bool {
    do {
      try connection.execute(statement)
      return false
    } catch {
      switch error.kind {
      case .denied: return true
      // What is missing is not a matter of rights.
      case .missingTable, .missingColumn: return false
      default: throw error
      }
    }
  }

  /// Whether there is such a table or column, as far as this account may know.
  private static func exists(_ connection: Connection, _ right: Right) throws -> Bool {
    do {
      try connection.execute(explainSelect(right))
      return true
    } catch {
      switch error.kind {
      case .missingTable, .missingColumn: return false
      case .denied: return true
      default: throw error
      }
    }
  }

  private static func explainSelect(_ right: Right) -> String {
    Assets.Queries.explainSelect.replacing("{columns}", with: right.column.map { "`\($0)`" } ?? "*")
      .replacing("{table}", with: right.object)
  }

  /// A site that does without triggers has no procedures of theirs; one that is not migrated neither.
  private static func areTriggersWanted(_ connection: Connection) throws -> Bool {
    do {
      return try Triggers.areWanted(connection)
    } catch let error as MariaDBError where [.denied, .missingTable].contains(error.kind) {
      return false
    }
  }
}
