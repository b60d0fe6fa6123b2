import Mail
import VCLDatabase

/// One thing that was looked at, and what was found.
package struct CheckResult: Sendable, Equatable {
  package enum Status: String, Sendable, CaseIterable {
    case ok
    /// To be looked at; the nightly run does its work all the same.
    case warning
    /// The nightly run does not do its work, or not all of it.
    case error
    /// It depends on something that is an error itself.
    case notChecked = "not_checked"

    /// How its label stands out.
    fileprivate var style: Style? {
      switch self {
      case .ok: .green
      case .warning: .yellow
      case .error: .red
      case .notChecked: nil
      }
    }
  }

  /// As ``CheckName`` has it.
  package let name: String
  package let status: Status
  /// One sentence; of a warning or an error also what to do.
  package let message: String
  /// What the sentence is about, one line each.
  package let details: [String]

  init(_ name: CheckName, _ status: Status, _ message: String, details: [String] = []) {
    self.name = name.rawValue
    self.status = status
    self.message = PlainLine.of(message)
    self.details = details.map(PlainLine.of)
  }

  init(_ check: Check) {
    name = check.name
    status = check.isOK ? .ok : .error
    message = PlainLine.of(check.message)
    details = []
  }
}

/// What `check` has found.
package struct CheckReport {
  package let checks: [CheckResult]

  /// 0, 1 with an error, 2 with nothing worse than a warning.
  package var exitStatus: ExitStatus {
    if checks.contains(where: { $0.status == .error }) { return .failed }
    return checks.contains { $0.status == .warning } ? .doneInPart : .done
  }

  /// How many details of a check a person gets to see.
  private static let shownDetails = 20

  /// A line for each check, its details below it, and what it comes to at the end.
  package func text(on screen: Screen = .file) -> String {
    var lines: [String] = []
    for check in checks {
      let label = check.status == .notChecked ? "-" : check.status.rawValue
      let blanks = String(repeating: " ", count: 7 - label.count)
      lines.append("\(screen.styled(label, check.status.style))\(blanks)  \(check.name): \(check.message)")
      lines += check.details.prefix(Self.shownDetails).map { "           \($0)" }
      if check.details.count > Self.shownDetails {
        lines.append("           and \(check.details.count - Self.shownDetails) more")
      }
    }
    return (lines + ["", verdict]).joined(separator: "\n")
  }

  private var verdict: String {
    func count(_ status: CheckResult.Status) -> Int { checks.count { $0.status == status } }
    let (errors, warnings, unchecked) = (count(.error), count(.warning), count(.notChecked))
    if errors + warnings == 0 { return "All is well." }
    var parts: [String] = []
    if errors > 0 { parts.append(DateWords.count(errors, "error")) }
    if warnings > 0 { parts.append(DateWords.count(warnings, "warning")) }
    if unchecked > 0 { parts.append("\(unchecked) not checked") }
    return parts.joined(separator: ", ") + "."
  }

  package func json() throws -> String { try JSONOutput.text(["checks": checks.map(Row.init)]) }

  private struct Row: Encodable {
    let name: String
    let status: String
    let message: String
    let details: [String]

    init(_ check: CheckResult) {
      name = check.name
      status = check.status.rawValue
      message = check.message
      details = check.details
    }
  }
}
