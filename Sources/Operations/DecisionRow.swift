import Mail
import Retention

/// One decision as plans and reports show it, in JSON, CSV and tables alike.
struct DecisionRow: Encodable {
  let revisionID: Int
  let imageID: Int
  /// The image's pretty name, decoded from the entities that VCL's web stores.
  let image: String
  let revision: Int
  /// `unityid@Affiliation`.
  let owner: String?
  let revisionClass: String
  let lastUse: String?
  let expireDate: String?
  let newExpireDate: String?
  let decision: String
  let reasons: [String]

  init(_ decision: Decision) {
    revisionID = decision.revisionID
    imageID = decision.imageID
    image = HTMLEntities.decodedOnce(decision.image)
    revision = decision.revision
    owner = decision.owner?.account.description
    revisionClass = decision.revisionClass.rawValue
    lastUse = decision.lastUse.day?.description
    expireDate = decision.expireDate?.description
    newExpireDate = decision.newExpireDate?.description
    self.decision = decision.kind.rawValue
    reasons = decision.reasons.map(\.rawValue)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case revisionID = "revision_id"
    case imageID = "image_id"
    case image
    case revision
    case owner
    case revisionClass = "class"
    case lastUse = "last_use"
    case expireDate = "expiredate"
    case newExpireDate = "new_expiredate"
    case decision
    case reasons
  }

  /// Writes null where there is no value: every row has every key.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(revisionID, forKey: .revisionID)
    try container.encode(imageID, forKey: .imageID)
    try container.encode(image, forKey: .image)
    try container.encode(revision, forKey: .revision)
    try container.encode(owner, forKey: .owner)
    try container.encode(revisionClass, forKey: .revisionClass)
    try container.encode(lastUse, forKey: .lastUse)
    try container.encode(expireDate, forKey: .expireDate)
    try container.encode(newExpireDate, forKey: .newExpireDate)
    try container.encode(decision, forKey: .decision)
    try container.encode(reasons, forKey: .reasons)
  }

  /// The fields in the order of ``CodingKeys``.
  var fields: [String] {
    [
      String(revisionID), String(imageID), image, String(revision), owner ?? "", revisionClass, lastUse ?? "",
      expireDate ?? "", newExpireDate ?? "", decision, reasons.joined(separator: " "),
    ]
  }

  /// For people: without the image's own id, long names cut, and a new date only where it differs.
  var columns: [String] {
    let name = image.count > 40 ? image.prefix(39) + "…" : image
    return [
      String(revisionID), name, String(revision), owner ?? "", revisionClass, lastUse ?? "", expireDate ?? "",
      newExpireDate == expireDate ? "" : newExpireDate ?? "none", decision, reasons.joined(separator: " "),
    ]
  }

  /// What a column of ``columns`` stands out with: what happens to a revision.
  static func style(column: Int, text: String) -> Style? {
    guard columnNames[column] == "Decision" else { return nil }
    return switch Decision.Kind(rawValue: text) {
    case .flag: .red
    case .mark, .redate: .yellow
    case .unmark: .green
    case .keep, nil: nil
    }
  }

  static let columnNames = [
    "ID", "Image", "Revision", "Owner", "Class", "Last use", "Expires", "New date", "Decision", "Reasons",
  ]
}
