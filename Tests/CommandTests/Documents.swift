/// What `plan --format json` promises, read strictly: every key is there, and nothing else is.
struct PlanDocument {
  let today: String
  let mode: String
  let summary: Summary
  let decisions: [DecisionDocument]

  init(_ json: JSON) throws {
    let members = try json.members(["today", "mode", "summary", "decisions"])
    today = try members["today"]!.day
    mode = try members["mode"]!.text
    summary = try Summary(members["summary"]!)
    decisions = try members["decisions"]!.array.map(DecisionDocument.init)
  }

  struct Summary {
    let revisions: Int
    let judged: Int
    let limit: Int?
    let overLimit: Int?
    let byDecision: [String: Int]
    let byReason: [String: Int]

    init(_ json: JSON) throws {
      let members = try json.members([
        "revisions", "judged", "limit", "over_limit", "by_decision", "by_reason",
      ])
      revisions = try members["revisions"]!.integer
      judged = try members["judged"]!.integer
      limit = members["limit"] == .null ? nil : try members["limit"]!.integer
      overLimit = members["over_limit"] == .null ? nil : try members["over_limit"]!.integer
      byDecision = try members["by_decision"]!.counts
      byReason = try members["by_reason"]!.counts
    }
  }

  /// The one decision about a revision.
  subscript(revision: Int) -> DecisionDocument {
    get throws {
      let found = decisions.filter { $0.revisionID == revision }
      guard found.count == 1 else {
        throw JSON.Mismatch("\(found.count) decisions about revision \(revision)")
      }
      return found[0]
    }
  }
}

/// One row of a plan, or of what a run changed.
struct DecisionDocument: Equatable {
  let revisionID: Int
  let imageID: Int
  let image: String
  let revision: Int
  let owner: String?
  let revisionClass: String
  let lastUse: String?
  let expireDate: String?
  let newExpireDate: String?
  let decision: String
  let reasons: [String]

  init(_ json: JSON) throws {
    let members = try json.members([
      "revision_id", "image_id", "image", "revision", "owner", "class", "last_use", "expiredate",
      "new_expiredate", "decision", "reasons",
    ])
    revisionID = try members["revision_id"]!.integer
    imageID = try members["image_id"]!.integer
    image = try members["image"]!.text
    revision = try members["revision"]!.integer
    owner = try members["owner"]!.optionalText
    revisionClass = try members["class"]!.text
    lastUse = try members["last_use"]!.optionalDay
    expireDate = try members["expiredate"]!.optionalDay
    newExpireDate = try members["new_expiredate"]!.optionalDay
    decision = try members["decision"]!.text
    reasons = try members["reasons"]!.array.map { try $0.text }
  }
}

/// What `run --json` promises.
struct RunDocument {
  let runID: Int?
  let today: String
  let mode: String
  let isDryRun: Bool
  let exitStatus: Int
  let summary: PlanDocument.Summary?
  let decisions: [DecisionDocument]
  let skipped: [JSON]
  let mails: [MailDocument]
  let faults: [String]

  init(_ json: JSON) throws {
    let members = try json.members([
      "run_id", "today", "mode", "dry_run", "exit_status", "summary", "decisions", "skipped", "mails",
      "faults",
    ])
    runID = members["run_id"] == .null ? nil : try members["run_id"]!.integer
    today = try members["today"]!.day
    mode = try members["mode"]!.text
    isDryRun = try members["dry_run"]!.bool
    exitStatus = try members["exit_status"]!.integer
    summary = members["summary"] == .null ? nil : try PlanDocument.Summary(members["summary"]!)
    decisions = try members["decisions"]!.array.map(DecisionDocument.init)
    skipped = try members["skipped"]!.array
    mails = try members["mails"]!.array.map(MailDocument.init)
    faults = try members["faults"]!.array.map { try $0.text }
  }
}

/// One mail of a run.
struct MailDocument: Equatable {
  let to: String
  let status: String
  let revisionIDs: [Int]
  let reply: String?

  init(_ json: JSON) throws {
    let members = try json.members(["to", "status", "revision_ids", "reply"])
    to = try members["to"]!.text
    status = try members["status"]!.text
    revisionIDs = try members["revision_ids"]!.array.map { try $0.integer }
    reply = try members["reply"]!.optionalText
  }
}
