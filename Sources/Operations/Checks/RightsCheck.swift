import Mail
import MariaDB
import VCLDatabase

/// Checks of the account's rights, and of the schema as far as they show it.
enum RightsCheck {
  static func result(_ lacking: [Right]) -> CheckResult {
    guard !lacking.isEmpty else {
      return CheckResult(.rights, .ok, "the account may do all that a run does")
    }
    // A procedure that somebody has dropped cannot be granted.
    let first = lacking.contains(where: \.isOfProcedure) ? "`expireimage migrate up`, then " : ""
    return CheckResult(
      .rights, .error,
      "the account lacks \(DateWords.count(lacking.count, "right")); as a database administrator run \(first)`mariadb vcl < sql/grants.sql`",
      details: lacking.map(\.description))
  }

  /// - Throws: what keeps the schema from being read.
  static func schema(_ connection: Connection, _ lacking: [Right]) throws -> CheckResult {
    do {
      try Schema.checkReady(connection)
      return CheckResult(.schema, .ok, "the schema is complete")
    } catch let error as SchemaError {
      // An account does not see what it has no right on, and would blame the schema.
      if !lacking.isEmpty {
        return CheckResult(
          .schema, .notChecked, "not checked: the account does not see all of it; grant the rights first")
      }
      return CheckResult(.schema, .error, "\(error)")
    }
  }
}
