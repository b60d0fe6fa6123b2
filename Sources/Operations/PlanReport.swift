import Mail
import Retention

/// A plan for people and programs to read.
package struct PlanReport {
  let plan: Plan
  /// What is unusual in the policy, one sentence each.
  package let warnings: [String]

  init(_ plan: Plan, warnings: [String]) {
    self.plan = plan
    self.warnings = warnings
  }

  /// Exit status of the call: a plan over the limit would flag nothing.
  package var exitStatus: ExitStatus { plan.overLimit == nil ? .done : .limitExceeded }

  /// The decisions that change something or concern a revision with a date; with `all` every one.
  private func shown(all: Bool) -> [Decision] {
    all ? plan.decisions : plan.decisions.filter { $0.kind != .keep || $0.newExpireDate != nil }
  }

  package func json(all: Bool) throws -> String {
    try JSONOutput.text(
      PlanDocument(
        today: plan.today.description, mode: plan.mode.rawValue, summary: PlanSummary(plan),
        decisions: shown(all: all).map(DecisionRow.init)))
  }

  package func csv(all: Bool) -> String {
    let header = DecisionRow.CodingKeys.allCases.map(\.rawValue)
    return CSV.text([header] + shown(all: all).map { DecisionRow($0).fields })
  }

  package func table(all: Bool, on screen: Screen = .file) -> String {
    let rows = shown(all: all).map { DecisionRow($0).columns }
    let table = TextTable(header: DecisionRow.columnNames, rows: rows, style: DecisionRow.style)
    var lines = ["Plan for \(plan.today), mode \(plan.mode.rawValue)", ""]
    lines += rows.isEmpty ? ["No revision has an expire date, and none gets one."] : [table.text(on: screen)]
    lines += ["", PlanSummary(plan).text]
    if !all, rows.count < plan.decisions.count {
      let left = plan.decisions.count - rows.count
      lines.append(
        "\(DateWords.count(left, "revision")) without a date \(left == 1 ? "is" : "are") not listed; --all lists them."
      )
    }
    return lines.joined(separator: "\n")
  }
}

private struct PlanDocument: Encodable {
  let today: String
  let mode: String
  let summary: PlanSummary
  let decisions: [DecisionRow]
}
