import MariaDB
import Retention
import VCLDatabase

/// Looks whether everything that the nightly run and the triggers need is as it should be; changes nothing.
package struct CheckOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Throws: when the database cannot be reached.
  package func check() throws -> CheckReport {
    let connection = try site.connect()
    do {
      try Schema.checkReady(connection)
    } catch let error as SchemaError {
      return CheckReport(checks: [Check("schema", false, "\(error)")])
    }
    let triggers = TriggerCheck(connection)
    let policies = try? PolicySet(stored: ParameterStore.read(connection))
    return CheckReport(
      checks: [Check("schema", true, "the schema is complete")] + (try triggers.triggers())
        + (try triggers.tables(ignored: policies?.site.ignoredUsers)))
  }
}

/// What `check` has found.
package struct CheckReport {
  package let checks: [Check]

  package var exitStatus: ExitStatus { checks.allSatisfy(\.isOK) ? .done : .doneInPart }

  package var text: String {
    checks.map { "\($0.isOK ? "ok   " : "FAULT")  \($0.name): \($0.message)" }.joined(separator: "\n")
  }

  package func json() throws -> String { try JSONOutput.text(Document(checks: checks.map(Row.init))) }

  private struct Document: Encodable {
    let checks: [Row]
  }

  private struct Row: Encodable {
    let name: String
    let ok: Bool
    let message: String

    init(_ check: Check) {
      name = check.name
      ok = check.isOK
      message = check.message
    }
  }
}
