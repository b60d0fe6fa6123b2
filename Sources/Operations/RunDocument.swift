import Retention
import VCLDatabase

/// The counts of a run, as its row keeps them.
struct RunSummary: Encodable {
  let plan: PlanSummary?
  let done: [String: Int]
  let skipped: [String: Int]
  let mails: [String: Int]
}

/// What `run --json` prints.
struct RunDocument: Encodable {
  let runID: Int?
  let today: String
  let mode: String
  let isDryRun: Bool
  let exitStatus: Int
  let summary: PlanSummary?
  let decisions: [DecisionRow]
  let skipped: [SkippedRow]
  let mails: [RunMailRow]
  let faults: [String]

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
    case faults
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
    try container.encode(faults, forKey: .faults)
  }
}

/// A revision that a run decided to change and did not.
struct SkippedRow: Encodable {
  enum Why: String, Encodable, CaseIterable {
    /// Not as it was when it was decided; the next run decides anew.
    case changed
    /// VCL held its row.
    case locked
    /// The parameters were changed while the run was at work.
    case policyChanged = "policy_changed"
    /// The database refused the change.
    case failed

    /// For a log line.
    var words: String {
      switch self {
      case .changed: "changed meanwhile"
      case .locked: "locked by VCL"
      case .policyChanged: "not flagged, because the parameters were changed"
      case .failed: "refused by the database"
      }
    }
  }

  let revisionID: Int
  let why: Why

  enum CodingKeys: String, CodingKey {
    case revisionID = "revision_id"
    case why
  }

  static func rows(_ result: PlanApplication.Result) -> [SkippedRow] {
    func rows(_ ids: [Int], _ why: Why) -> [SkippedRow] { ids.map { SkippedRow(revisionID: $0, why: why) } }
    return rows(result.changed, .changed) + rows(result.locked, .locked)
      + rows(result.policyChanged, .policyChanged)
      + rows(result.failed, .failed)
  }
}

/// One mail of a run.
struct RunMailRow: Encodable {
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
