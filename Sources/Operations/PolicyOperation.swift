import MariaDB
import Retention
import VCLDatabase

/// Shows, checks and changes the parameters in VCL's `variable` table.
package struct PolicyOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// A parameter as it is in force.
  package struct Entry: Encodable {
    /// With `|Affiliation` behind it for an override.
    package let key: String
    package let value: String
    package let defaultValue: String
    package let source: String
    package let unit: String
    package let range: String
    package let sentence: String

    enum CodingKeys: String, CodingKey {
      case key
      case value
      case defaultValue = "default"
      case source
      case unit
      case range
      case sentence
    }
  }

  /// Every parameter, and behind it its overrides. Shows what is stored, also when it is no value.
  package func entries() throws -> [Entry] {
    let stored = try ParameterStore.read(try site.connectReady())
    return Parameter.all.flatMap { parameter in
      let rows = stored.filter { $0.key == parameter.key }
      let ofSite = rows.first { $0.affiliation == nil }
      let own = entry(parameter, name: parameter.key, value: ofSite?.value, ofSite == nil ? .builtIn : .site)
      return [own]
        + rows.filter { $0.affiliation != nil }.map {
          entry(parameter, name: $0.name, value: $0.value, .affiliation)
        }
    }
  }

  private func entry(
    _ parameter: Parameter, name: String, value: String?, _ source: PolicySet.Source
  ) -> Entry {
    Entry(
      key: name, value: value ?? parameter.defaultValue, defaultValue: parameter.defaultValue,
      source: source.rawValue, unit: parameter.unit.rawValue, range: parameter.range,
      sentence: parameter.sentence)
  }

  package func show(on screen: Screen = .file) throws -> String {
    let rows = try entries().map { [$0.key, $0.value, $0.defaultValue, $0.source, $0.sentence] }
    return TextTable(header: ["Parameter", "Value", "Default", "Source", "Meaning"], rows: rows).text(
      on: screen)
  }

  package func showJSON() throws -> String {
    try JSONOutput.text(["parameters": try entries()])
  }

  /// - Returns: warnings, or that all is well.
  /// - Throws: ``PolicyError`` for the first parameter that cannot be used.
  package func check() throws -> [String] {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection)
    let policies = try Preparation.policies(connection, CallOptions(), today: clock.today)
    let warnings = policies.warnings() + (try Self.unknownAffiliations(connection, policies))
    return warnings.isEmpty ? ["the policy is valid"] : warnings.map { "warning: \($0)" }
  }

  /// Values of affiliations that VCL does not have, one sentence each.
  static func unknownAffiliations(_ connection: Connection, _ policies: PolicySet) throws -> [String] {
    let known = Set(try ParameterStore.affiliations(connection).map { $0.lowercased() })
    return policies.settings.compactMap { setting in
      guard let affiliation = setting.affiliation, !known.contains(affiliation.lowercased()) else {
        return nil
      }
      return "\(setting.name): VCL has no affiliation \(affiliation), so this is never used"
    }
  }

  /// Sets a parameter; refused when the policy as a whole could not be used with it.
  ///
  /// - Returns: one line with the new value and the one before.
  @discardableResult
  package func set(_ key: String, _ value: String, affiliation: String?) throws -> String {
    let connection = try site.connectReady()
    let affiliation = try affiliation.map { try ParameterStore.affiliation($0, connection) }
    let setting = PolicySet.Setting(key: key, affiliation: affiliation, value: value)
    let clock = try Clock.read(connection)
    try check(connection, clock, setting) { stored in
      stored.filter { $0.name.lowercased() != setting.name.lowercased() } + [setting]
    }
    let before = try ParameterStore.read(connection).first {
      $0.name.lowercased() == setting.name.lowercased()
    }?.value
    do {
      try ParameterStore.set(connection, setting, by: "expireimage policy", at: clock.now)
    } catch let error as MariaDBError where error.kind == .unstorableText {
      throw Failure(
        "\(setting.name): '\(value)' has a letter that VCL's table variable cannot store; it takes latin1",
        .configurationInvalid)
    }
    return "\(setting.name) is '\(value)' now\(before.map { ", was '\($0)'" } ?? "")"
  }

  /// Removes a parameter's row, so that the site's value or the default holds.
  ///
  /// - Returns: one line that says what holds now.
  @discardableResult
  package func unset(_ key: String, affiliation: String?) throws -> String {
    let connection = try site.connectReady()
    let affiliation = try affiliation.map { try ParameterStore.affiliation($0, connection) }
    let setting = PolicySet.Setting(key: key, affiliation: affiliation, value: "")
    // The table is VCL's: nothing else in it may ever be removed.
    guard key.hasPrefix(Parameter.keyPrefix) else { throw PolicyError.unknownKey(setting.name) }
    // A row of an unknown key stops every run; it must be possible to remove it.
    if Parameter.named(key) != nil {
      let clock = try Clock.read(connection)
      try check(connection, clock, setting) { stored in
        stored.filter { $0.name.lowercased() != setting.name.lowercased() }
      }
    }
    guard try ParameterStore.unset(connection, key: key, affiliation: affiliation) else {
      if Parameter.named(key) == nil { throw PolicyError.unknownKey(setting.name) }
      throw Failure(
        "\(setting.name) has no value in the database; \(affiliation == nil ? "the default" : "the site's value")"
          + " holds already",
        .failed)
    }
    return "\(setting.name) is unset; \(affiliation == nil ? "the default" : "the site's value") holds now"
  }

  /// A change is refused when it breaks a policy that was valid; of one that was not, it may be a step of the repair.
  private func check(
    _ connection: Connection, _ clock: Clock, _ setting: PolicySet.Setting,
    _ change: ([PolicySet.Setting]) -> [PolicySet.Setting]
  ) throws {
    let stored = try ParameterStore.read(connection)
    func fault(_ settings: [PolicySet.Setting]) -> PolicyError? {
      do throws(PolicyError) {
        return try PolicySet(stored: settings).contradiction(today: clock.today)
      } catch {
        return error
      }
    }
    // The value itself must be one, whatever else is wrong.
    if !setting.value.isEmpty || change(stored).contains(setting) { _ = try PolicySet(stored: [setting]) }
    if let after = fault(change(stored)), fault(stored) == nil { throw after }
  }
}
