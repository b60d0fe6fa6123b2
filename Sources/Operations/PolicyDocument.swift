import Retention

/// Every parameter in force, by affiliation, as JSON for the row of a run.
struct PolicyDocument {
  let policies: PolicySet

  init(_ policies: PolicySet) {
    self.policies = policies
  }

  /// Defaults are written out, so that a run can be understood after they have changed.
  var json: String {
    get throws {
      var values = Dictionary(uniqueKeysWithValues: Parameter.all.map { ($0.key, $0.defaultValue) })
      for setting in policies.settings { values[setting.name] = setting.value }
      return try JSONOutput.text(values, isPretty: false)
    }
  }
}
