import Retention
import VCLDatabase

/// What a run has done, for people and programs to read.
package struct RunReport {
  let today: Day
  let mode: Policy.Mode
  /// Nil: a dry run, or mode off.
  private let runID: Int?
  let plan: Plan?
  /// What was changed; of a dry run, or in mode report, what would be.
  let decisions: [Decision]
  let mails: [Outbox.Sent]
  private let changed: [Int]
  private let locked: [Int]
  private let failed: [Int]
  private let isDryRun: Bool
  package let exitStatus: ExitStatus

  static func off(today: Day) -> RunReport {
    RunReport(
      today: today, mode: .off, runID: nil, plan: nil, decisions: [], mails: [], changed: [], locked: [],
      failed: [],
      isDryRun: false, exitStatus: .done)
  }

  static func dryRun(_ plan: Plan) -> RunReport {
    RunReport(
      today: plan.today, mode: plan.mode, runID: nil, plan: plan,
      decisions: plan.decisions.filter { $0.kind != .keep }, mails: [], changed: [], locked: [], failed: [],
      isDryRun: true,
      exitStatus: plan.overLimit == nil ? .done : .limitExceeded)
  }

  /// Mode report: decided, and nothing changed.
  static func reported(_ plan: Plan, runID: Int) -> RunReport {
    RunReport(
      today: plan.today, mode: plan.mode, runID: runID, plan: plan, decisions: [], mails: [], changed: [],
      locked: [], failed: [], isDryRun: false, exitStatus: plan.overLimit == nil ? .done : .limitExceeded)
  }

  static func applied(
    _ plan: Plan, runID: Int, _ result: Application.Result, mails: [Outbox.Sent], isDelivered: Bool
  ) -> RunReport {
    let isWhole = isDelivered && result.locked.isEmpty && result.failed.isEmpty
    return RunReport(
      today: plan.today, mode: plan.mode, runID: runID, plan: plan,
      decisions: result.done.filter { $0.kind != .keep }.sorted { $0.revisionID < $1.revisionID },
      mails: mails,
      changed: result.changed, locked: result.locked, failed: result.failed, isDryRun: false,
      exitStatus: plan.overLimit != nil ? .limitExceeded : isWhole ? .done : .doneInPart)
  }

  // MARK: - Forms

  package func json() throws -> String {
    try JSONOutput.text(
      RunDocument(
        runID: runID, today: today.description, mode: mode.rawValue, isDryRun: isDryRun,
        exitStatus: Int(exitStatus.rawValue), summary: plan.map { PlanSummary($0) },
        decisions: decisions.map(DecisionRow.init),
        skipped: SkippedRow.rows(changed: changed, locked: locked, failed: failed),
        mails: mails.map(MailRow.init)))
  }

  /// The counts, for the row of the run.
  var summaryJSON: String {
    get throws {
      try JSONOutput.text(
        RunSummary(
          plan: plan.map { PlanSummary($0) }, done: counts, changed: changed.count, locked: locked.count,
          failed: failed.count,
          mails: Dictionary(grouping: mails, by: \.status).mapValues(\.count)),
        isPretty: false)
    }
  }

  private var counts: [String: Int] {
    Dictionary(grouping: decisions, by: \.kind.rawValue).mapValues(\.count)
  }

  /// One line for a log.
  package var headline: String {
    if mode == .off { return "the mode is off, nothing was done" }
    let counts = counts
    let kinds = Decision.Kind.allCases.filter { $0 != .keep }.map { "\(counts[$0.rawValue] ?? 0) \($0.past)" }
    let accepted = mails.count { $0.status == "accepted" }
    var text = kinds.joined(separator: ", ")
    if !mails.isEmpty { text += "; \(accepted) of \(mails.count) mails accepted" }
    if !changed.isEmpty { text += "; \(changed.count) changed meanwhile" }
    if !locked.isEmpty { text += "; \(locked.count) locked by VCL" }
    if !failed.isEmpty { text += "; \(failed.count) refused by the database" }
    return text
  }

  /// For a person at a terminal.
  package var text: String {
    var lines: [String] = []
    if mode == .off {
      lines.append(
        "Mode is off: nothing was done. `expireimage policy set expireimage_mode report` switches it on.")
    } else if mode == .report || isDryRun {
      lines.append(
        "\(isDryRun ? "Dry run" : "Mode is report"): nothing was changed. `expireimage plan` lists the plan.")
    } else {
      lines.append("Run \(runID ?? 0) for \(today), mode \(mode.rawValue): \(headline).")
    }
    if let plan { lines += ["", PlanSummary(plan).text] }
    let troubled = mails.filter { $0.status != "accepted" }
    if !troubled.isEmpty {
      lines += ["", "Mails that were not accepted; their revisions are not flagged without another notice:"]
      lines += troubled.map { "  \($0.recipients.joined(separator: ", "))  \($0.status)  \($0.reply ?? "")" }
    }
    return lines.joined(separator: "\n")
  }
}

extension Decision.Kind {
  fileprivate var past: String {
    switch self {
    case .keep: "kept"
    case .mark: "marked"
    case .redate: "redated"
    case .unmark: "unmarked"
    case .flag: "flagged"
    }
  }
}

private struct RunSummary: Encodable {
  let plan: PlanSummary?
  let done: [String: Int]
  let changed: Int
  let locked: Int
  let failed: Int
  let mails: [String: Int]
}

private struct RunDocument: Encodable {
  let runID: Int?
  let today: String
  let mode: String
  let isDryRun: Bool
  let exitStatus: Int
  let summary: PlanSummary?
  let decisions: [DecisionRow]
  let skipped: [SkippedRow]
  let mails: [MailRow]

  enum CodingKeys: String, CodingKey {
    case runID = "run_id"
    case today
    case mode
    case isDryRun = "dry_run"
    case exitStatus = "exit_status"
    case summary
    case decisions
    case skipped
    case mails
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(runID, forKey: .runID)
    try container.encode(today, forKey: .today)
    try container.encode(mode, forKey: .mode)
    try container.encode(isDryRun, forKey: .isDryRun)
    try container.encode(exitStatus, forKey: .exitStatus)
    try container.encode(summary, forKey: .summary)
    try container.encode(decisions, forKey: .decisions)
    try container.encode(skipped, forKey: .skipped)
    try container.encode(mails, forKey: .mails)
  }
}

/// A revision that a run decided to change and did not.
private struct SkippedRow: Encodable {
  let revisionID: Int
  /// `changed`: not as it was when it was decided; `locked`: VCL held its row; `failed`: the database refused it.
  let why: String

  enum CodingKeys: String, CodingKey {
    case revisionID = "revision_id"
    case why
  }

  static func rows(changed: [Int], locked: [Int], failed: [Int]) -> [SkippedRow] {
    changed.map { SkippedRow(revisionID: $0, why: "changed") }
      + locked.map { SkippedRow(revisionID: $0, why: "locked") }
      + failed.map { SkippedRow(revisionID: $0, why: "failed") }
  }
}

/// One mail of a run.
private struct MailRow: Encodable {
  let to: String
  let status: String
  let revisionIDs: [Int]
  let reply: String?

  init(_ mail: Outbox.Sent) {
    to = mail.recipients.joined(separator: ", ")
    status = mail.status
    revisionIDs = mail.revisionIDs
    reply = mail.reply
  }

  enum CodingKeys: String, CodingKey {
    case to
    case status
    case revisionIDs = "revision_ids"
    case reply
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(to, forKey: .to)
    try container.encode(status, forKey: .status)
    try container.encode(revisionIDs, forKey: .revisionIDs)
    try container.encode(reply, forKey: .reply)
  }
}
