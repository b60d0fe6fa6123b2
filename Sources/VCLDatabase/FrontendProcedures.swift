import Assets
import MariaDB

/// The stored procedures for the developers of VCL's frontend; a site works without them.
package enum FrontendProcedures {
  /// By name.
  private static let scripts: [(name: String, script: String)] = Assets.Procedures.all.map { file in
    (String(file.name.dropLast(".sql".count)), file.text)
  }

  /// Whether a body, as the server stores it, is the end of a script.
  private static func isCurrent(_ body: String, _ script: String) -> Bool {
    let end = script.lastIndex(of: "D").map { script[...$0] } ?? ""
    return end.hasSuffix(body)
  }

  package static var names: [String] { scripts.map(\.name) }

  /// Makes those that are missing or of another version of the program.
  ///
  /// - Returns: the names of those that were made.
  /// - Throws: ``ProceduresForbidden`` when the account may not.
  package static func install(_ connection: Connection) throws -> [String] {
    let visible = try visible(connection)
    var made: [String] = []
    for (name, script) in scripts {
      // Where its body is hidden, somebody else has made it; making it anew would take that account's.
      if let body = visible[name], body.map({ isCurrent($0, script) }) ?? true { continue }
      do {
        try connection.executeScript(script)
      } catch {
        guard error.kind == .denied else { throw error }
        throw ProceduresForbidden(name: name, message: error.message)
      }
      made.append(name)
    }
    return made
  }

  /// - Returns: the names of those that were dropped.
  package static func drop(_ connection: Connection) throws -> [String] {
    let present = try missing(connection)
    let dropped = names.filter { !present.contains($0) }
    for name in dropped {
      try connection.executeScript(Assets.Queries.dropRoutine.replacing("{name}", with: name))
    }
    return dropped
  }

  /// The names of those that the account does not see.
  package static func missing(_ connection: Connection) throws -> [String] {
    let visible = try visible(connection)
    return names.filter { visible[$0] == nil }
  }

  private static func visible(_ connection: Connection) throws -> [String: String?] {
    try Dictionary(
      connection.rows(Assets.Queries.visibleRoutines) { ($0.string(0), $0.optionalString(1)) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// The account may not make procedures.
package struct ProceduresForbidden: Error, CustomStringConvertible {
  let name: String
  let message: String

  package var description: String {
    "the procedures for the frontend are left out, all else is done: \(name) cannot be made (\(message));"
      + " with the privileges to create and to alter routines on VCL's database `expireimage migrate up` makes them"
  }
}
