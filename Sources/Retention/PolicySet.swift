/// The policies of a site: its own, and those of affiliations that override parts of it.
package struct PolicySet: Sendable {
  /// Where a value of a parameter comes from.
  package enum Source: String, Sendable {
    case builtIn = "default"
    case site
    case affiliation
    /// Given on the command line, for one call only.
    case call
  }

  /// A stored row: a parameter's value for the site (affiliation nil) or for one affiliation.
  package struct Setting: Sendable, Hashable {
    package let key: String
    package let affiliation: String?
    package let value: String

    package init(key: String, affiliation: String?, value: String) {
      self.key = key
      self.affiliation = affiliation
      self.value = value
    }

    /// `key` or `key|Affiliation`, as it stands in VCL's `variable` table and on the command line.
    package var name: String { affiliation.map { "\(key)|\($0)" } ?? key }
  }

  /// The policy of everybody whose affiliation overrides nothing.
  package let site: Policy
  /// By affiliation in lower case: those with at least one override.
  private let overrides: [String: (name: String, policy: Policy)]
  /// The rows that made them, in the order they were applied.
  package let settings: [Setting]

  /// - Parameters:
  ///   - stored: rows of the `variable` table.
  ///   - call: values for this call only; one without an affiliation wins over the stored values of all.
  /// - Throws: ``PolicyError`` for an unknown key, a bad value, or an affiliation's value of a site-wide parameter.
  package init(stored: [Setting], call: [Setting] = []) throws(PolicyError) {
    let stored = stored.filter { row in !call.contains { $0.key == row.key && $0.affiliation == nil } }
    var site = Policy.builtIn
    for setting in stored + call where setting.affiliation == nil { try setting.apply(to: &site) }
    var overrides: [String: (name: String, policy: Policy)] = [:]
    for setting in stored + call {
      guard let affiliation = setting.affiliation else { continue }
      try setting.apply(to: &overrides[affiliation.lowercased(), default: (affiliation, site)].policy)
    }
    self.site = site
    self.overrides = overrides
    self.settings = stored + call
  }

  /// The policy for images whose owner has that affiliation; the site's for none.
  package func policy(affiliation: String?) -> Policy {
    affiliation.flatMap { overrides[$0.lowercased()]?.policy } ?? site
  }

  /// The site's policy under nil and each override under its affiliation's name.
  package var named: [(affiliation: String?, policy: Policy)] {
    [(nil, site)] + overrides.sorted { $0.key < $1.key }.map { ($0.value.name, $0.value.policy) }
  }
}

extension PolicySet.Setting {
  fileprivate func apply(to policy: inout Policy) throws(PolicyError) {
    guard let parameter = Parameter.named(key) else { throw .unknownKey(name) }
    guard affiliation == nil || !parameter.isSiteWide else { throw .siteWideOnly(name) }
    guard parameter.read(value, &policy) else {
      throw .badValue(name: name, value: value, range: parameter.range)
    }
  }
}
