import Retention

/// What was known of a revision when it was decided, for the audit trail.
struct AuditFacts: Encodable {
  let revisionClass: String
  let created: String?
  let lastUse: String?
  let owner: String?
  let holders: [String]

  enum CodingKeys: String, CodingKey {
    case revisionClass = "class"
    case created
    case lastUse = "last_use"
    case owner
    case holders
  }

  init(_ decision: Decision) {
    revisionClass = decision.revisionClass.rawValue
    created = decision.createdOn?.description
    lastUse = decision.lastUse.moment?.description
    owner = decision.owner?.account.description
    holders = decision.holds.map(\.holder)
  }

  var json: String {
    get throws { try JSONOutput.text(self, isPretty: false) }
  }
}
