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

  package func table(all: Bool) -> String {
    let rows = shown(all: all).map { DecisionRow($0).fields }
    let header = [
      "ID", "Image ID", "Image", "Revision", "Owner", "Class", "Last use", "Date", "New date", "Decision",
      "Reasons",
    ]
    // The image's own id helps programs, not people.
    let table = TextTable(
      header: header.enumerated().filter { $0.offset != 1 }.map(\.element),
      rows: rows.map { row in row.enumerated().filter { $0.offset != 1 }.map(\.element) })
    var lines = ["Plan for \(plan.today), mode \(plan.mode.rawValue)", ""]
    lines += rows.isEmpty ? ["No revision has an expire date, and none gets one."] : [table.text]
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

/// The counts of a plan.
struct PlanSummary: Encodable {
  let revisions: Int
  let judged: Int
  /// Most revisions that one run may flag; null is no limit.
  let limit: Int?
  /// How many would have been flagged when that is over the limit; else null.
  let overLimit: Int?
  let byDecision: [String: Int]
  let byReason: [String: Int]

  enum CodingKeys: String, CodingKey {
    case revisions
    case judged
    case limit
    case overLimit = "over_limit"
    case byDecision = "by_decision"
    case byReason = "by_reason"
  }

  init(_ plan: Plan) {
    revisions = plan.decisions.count
    judged = plan.judged
    limit = plan.limit
    overLimit = plan.overLimit
    let counts = plan.countsByKind
    byDecision = Dictionary(
      uniqueKeysWithValues: Decision.Kind.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
    byReason = Dictionary(uniqueKeysWithValues: plan.countsByReason.map { ($0.key.rawValue, $0.value) })
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(revisions, forKey: .revisions)
    try container.encode(judged, forKey: .judged)
    try container.encode(limit, forKey: .limit)
    try container.encode(overLimit, forKey: .overLimit)
    try container.encode(byDecision, forKey: .byDecision)
    try container.encode(byReason, forKey: .byReason)
  }

  /// For people: one line of decisions, then the reasons by number.
  var text: String {
    var lines = [
      "\(DateWords.count(revisions, "revision")): "
        + Decision.Kind.allCases.map { "\(byDecision[$0.rawValue] ?? 0) \($0.rawValue)" }.joined(
          separator: ", ")
    ]
    let most = byReason.map(\.key.count).max() ?? 0
    for (reason, count) in byReason.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      let sentence = Reason(rawValue: reason)?.sentence ?? ""
      lines.append("  \(reason.padded(to: most))  \(String(count).leftPadded(to: 6))  \(sentence)")
    }
    if let overLimit {
      lines.append(
        "LIMIT EXCEEDED: \(overLimit) revisions are due, one run may flag \(limit ?? 0); nothing would be flagged."
          + " Raise expireimage_max_flag_count or expireimage_max_flag_percent if that is right.")
    }
    return lines.joined(separator: "\n")
  }
}
