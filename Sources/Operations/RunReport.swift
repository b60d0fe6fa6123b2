import Retention
import VCLDatabase

/// What a run has done, for people and programs to read.
package struct RunReport {
  let today: Day
  let mode: Policy.Mode
  /// Nil: a dry run, or mode off.
  private let runID: Int?
  /// Nil: mode off.
  let plan: Plan?
  /// What was changed; of a dry run, what would be.
  let decisions: [Decision]
  let mails: [Outbox.Sent]
  private let skipped: [SkippedRow]
  private let isDryRun: Bool
  /// What is wrong with the triggers, the log or the metrics file, one sentence each.
  private(set) var faults: [String]
  package private(set) var exitStatus: ExitStatus
  private var isLogFailureNoted = false

  private init(
    today: Day, mode: Policy.Mode, runID: Int? = nil, plan: Plan? = nil, decisions: [Decision] = [],
    mails: [Outbox.Sent] = [], skipped: [SkippedRow] = [], isDryRun: Bool = false,
    faults: [String] = [], exitStatus: ExitStatus = .done
  ) {
    self.today = today
    self.mode = mode
    self.runID = runID
    self.plan = plan
    self.decisions = decisions
    self.mails = mails
    self.skipped = skipped
    self.isDryRun = isDryRun
    self.faults = faults
    let status = exitStatus == .done && !faults.isEmpty ? .doneInPart : exitStatus
    self.exitStatus = plan?.overLimit != nil ? .limitExceeded : status
  }

  /// Notes what went wrong beside the run, whose own work is done.
  mutating func add(fault: String) {
    faults.append(fault)
    if exitStatus == .done { exitStatus = .doneInPart }
  }

  /// Notes once that lines of the log were lost.
  ///
  /// - Parameter reason: nil: none was.
  /// - Returns: whether that is news.
  @discardableResult
  mutating func note(logFailure reason: String?) -> Bool {
    guard let reason, !isLogFailureNoted else { return false }
    isLogFailureNoted = true
    add(fault: "the log cannot be written (\(reason)); the run's own work is done, make room for the log")
    return true
  }

  static func off(today: Day) -> RunReport { RunReport(today: today, mode: .off) }

  static func dryRun(_ plan: Plan) -> RunReport {
    RunReport(
      today: plan.today, mode: plan.mode, plan: plan, decisions: plan.decisions.filter { $0.kind != .keep },
      isDryRun: true)
  }

  /// Mode report: decided, and nothing changed.
  static func reported(_ plan: Plan, runID: Int, faults: [String]) -> RunReport {
    RunReport(today: plan.today, mode: plan.mode, runID: runID, plan: plan, faults: faults)
  }

  static func applied(
    _ plan: Plan, runID: Int, _ result: PlanApplication.Result, mails: [Outbox.Sent], isDelivered: Bool,
    faults: [String]
  ) -> RunReport {
    let isWhole = isDelivered && result.locked.isEmpty && result.failed.isEmpty && result.failedMails == 0
    return RunReport(
      today: plan.today, mode: plan.mode, runID: runID, plan: plan,
      decisions: result.done.filter { $0.kind != .keep }.sorted { $0.revisionID < $1.revisionID },
      mails: mails,
      skipped: SkippedRow.rows(result), faults: faults, exitStatus: isWhole ? .done : .doneInPart)
  }

  // MARK: - Forms

  package func json() throws -> String {
    try JSONOutput.text(
      RunDocument(
        runID: runID, today: today.description, mode: mode.rawValue, isDryRun: isDryRun,
        exitStatus: Int(exitStatus.rawValue), summary: plan.map { PlanSummary($0) },
        decisions: decisions.map(DecisionRow.init), skipped: skipped, mails: mails.map(RunMailRow.init),
        faults: faults))
  }

  /// The counts, for the row of the run.
  var summaryJSON: String {
    get throws {
      try JSONOutput.text(
        RunSummary(
          plan: plan.map { PlanSummary($0) }, done: counts, skipped: skippedCounts,
          mails: Dictionary(grouping: mails, by: \.status).mapValues(\.count)),
        isPretty: false)
    }
  }

  var counts: [String: Int] {
    Dictionary(grouping: decisions, by: \.kind.rawValue).mapValues(\.count)
  }

  var skippedCounts: [String: Int] {
    Dictionary(grouping: skipped, by: \.why.rawValue).mapValues(\.count)
  }

  /// One line for a log.
  package var headline: String {
    if mode == .off { return "the mode is off, nothing was done" }
    let counts = counts
    let kinds = Decision.Kind.allCases.filter { $0 != .keep }.map { "\(counts[$0.rawValue] ?? 0) \($0.past)" }
    let accepted = mails.count { $0.status == "accepted" }
    var text = kinds.joined(separator: ", ")
    if !mails.isEmpty { text += "; \(accepted) of \(mails.count) mails accepted" }
    let skipped = skippedCounts
    for why in SkippedRow.Why.allCases {
      if let count = skipped[why.rawValue] { text += "; \(count) \(why.words)" }
    }
    return text
  }

  /// For a person: the result, mails in trouble, and on demand the plan's counts.
  package func text(withSummary: Bool) -> String {
    var lines: [String] = []
    if mode == .off {
      lines.append(
        "Mode is off: nothing was done. `expireimage policy set expireimage_mode report` switches it on.")
    } else if mode == .report || isDryRun {
      lines.append(
        "\(isDryRun ? "Dry run" : "Mode is report"): nothing was changed."
          + " `expireimage plan` with the same options lists the decisions.")
    } else {
      lines.append("Run \(runID ?? 0) for \(today), mode \(mode.rawValue): \(headline).")
    }
    if let plan, let overLimit = plan.overLimit {
      lines.append(PlanSummary.limitText(overLimit, plan.limit))
    }
    if !faults.isEmpty { lines += ["", "Faults:"] + faults.map { "  \($0)" } }
    if withSummary, let plan { lines += ["", PlanSummary(plan).text] }
    lines += trouble("Refused; what they list is not flagged before another notice is accepted:") {
      $0 == "failed"
    }
    lines += trouble("Not delivered; the next run tries again:") { $0 != "accepted" && $0 != "failed" }
    return lines.joined(separator: "\n")
  }

  private func trouble(_ heading: String, _ matches: (String) -> Bool) -> [String] {
    let troubled = mails.filter { matches($0.status) }
    guard !troubled.isEmpty else { return [] }
    return ["", heading]
      + troubled.map { "  \($0.recipients.joined(separator: ", "))  \($0.status)  \($0.reply ?? "")" }
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
