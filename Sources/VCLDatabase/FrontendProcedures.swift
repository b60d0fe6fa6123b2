import Assets
import MariaDB

/// The stored procedures for the developers of VCL's frontend; a site works without them.
package enum FrontendProcedures {
  static let all = StoredProcedure.all(in: Assets.Procedures.all)

  package static var names: [String] { all.map(\.name) }

  /// Makes those that are missing or of another version of the program.
  ///
  /// - Returns: the names of those that were made, and of those that were left alone because this account may not see
  ///   what they are: somebody else has made them.
  /// - Throws: ``ProceduresForbidden`` when the account may not.
  package static func install(_ connection: Connection) throws -> (made: [String], unknown: [String]) {
    let present = try all.map { (procedure: $0, state: try $0.state(connection)) }
    let wanted = present.filter { [.unseen, .different, .orphaned].contains($0.state) }
    for (procedure, _) in wanted {
      do {
        try procedure.make(connection)
      } catch let error as MariaDBError where error.kind == .denied {
        throw ProceduresForbidden(
          unseen: wanted.filter { $0.state == .unseen }.map(\.procedure.name),
          different: wanted.filter { $0.state != .unseen }.map(\.procedure.name))
      }
    }
    return (wanted.map(\.procedure.name), present.filter { $0.state == .hidden }.map(\.procedure.name))
  }

  /// What the account sees of each, for `migrate status`.
  package static func states(_ connection: Connection) throws -> [(name: String, words: String)] {
    try all.map { ($0.name, try $0.state(connection).words) }
  }
}

extension StoredProcedure.State {
  fileprivate var words: String {
    switch self {
    case .unseen: "missing, or hidden from this account (optional)"
    case .hidden: "present; its text is hidden from this account"
    case .orphaned: "of an account that is gone; run `expireimage migrate up`"
    case .current: "present"
    case .different: "not as this program makes it; run `expireimage migrate up`"
    }
  }
}

/// The account may not make procedures.
package struct ProceduresForbidden: Error, CustomStringConvertible {
  let unseen: [String]
  let different: [String]

  package var description: String {
    let known =
      different.isEmpty ? [] : ["\(different.joined(separator: " and ")) not as this program makes it"]
    let unknown =
      unseen.isEmpty
      ? [] : ["not known whether \(unseen.joined(separator: " and ")) exist, which this account may not see"]
    return
      "procedures for the frontend: \((known + unknown).joined(separator: "; ")); all else is done, and as an account"
      + " that may create and alter routines in VCL's database `expireimage migrate up` makes them"
  }
}
