import Mail
import Retention

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

  /// Why nothing is flagged, and what to do.
  static func limitText(_ overLimit: Int, _ limit: Int?) -> String {
    "LIMIT EXCEEDED: \(DateWords.count(overLimit, "revision")) \(overLimit == 1 ? "is" : "are") due, one run may flag"
      + " \(limit ?? 0); nothing is flagged. Raise expireimage_max_flag_count or expireimage_max_flag_percent if"
      + " that is right."
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
    if let overLimit { lines.append(Self.limitText(overLimit, limit)) }
    return lines.joined(separator: "\n")
  }
}
