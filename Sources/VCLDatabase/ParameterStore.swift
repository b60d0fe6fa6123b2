import Assets
import MariaDB
import Retention

/// The parameters in VCL's `variable` table: the bare key for the site, `key|Affiliation` for an override.
package enum ParameterStore {
  /// Every stored parameter of this program, unknown ones too.
  package static func read(_ connection: Connection) throws -> [PolicySet.Setting] {
    try connection.rows(Assets.Queries.parameters) { row in
      let parts = row.string(0).split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      return PolicySet.Setting(
        key: String(parts[0]), affiliation: parts.count > 1 ? String(parts[1]) : nil, value: row.string(1))
    }
  }

  /// Adds a row with the default for every parameter that has none.
  package static func insertDefaults(_ connection: Connection, by actor: String, at moment: Moment) throws {
    for parameter in Parameter.all {
      try connection.execute(
        Assets.Queries.insertParameter,
        [Value(parameter.key), Value(parameter.defaultValue), Value(actor), Value(moment)])
    }
  }

  package static func set(
    _ connection: Connection, _ setting: PolicySet.Setting, by actor: String, at moment: Moment
  ) throws {
    try connection.execute(
      Assets.Queries.setParameter, [Value(setting.name), Value(setting.value), Value(actor), Value(moment)])
  }

  /// - Returns: whether there was a row.
  package static func unset(_ connection: Connection, key: String, affiliation: String?) throws -> Bool {
    let name = PolicySet.Setting(key: key, affiliation: affiliation, value: "").name
    return try connection.execute(Assets.Queries.unsetParameter, [Value(name)]) > 0
  }

  /// The names of all affiliations, as VCL writes them.
  package static func affiliations(_ connection: Connection) throws -> [String] {
    try connection.rows(Assets.Queries.affiliations) { $0.string(0) }
  }

  /// An affiliation as VCL writes it, whatever the case of its letters.
  ///
  /// - Throws: ``UnknownAffiliation``.
  package static func affiliation(_ name: String, _ connection: Connection) throws -> String {
    let known = try affiliations(connection)
    guard let found = known.first(where: { $0.lowercased() == name.lowercased() }) else {
      throw UnknownAffiliation(name: name, known: known)
    }
    return found
  }
}

/// VCL has no affiliation of that name.
package struct UnknownAffiliation: Error, CustomStringConvertible {
  let name: String
  let known: [String]

  package var description: String {
    "VCL has no affiliation '\(name)'; it has \(known.joined(separator: ", "))"
  }
}
