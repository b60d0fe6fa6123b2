import Mail
import Retention

extension Progress {
  /// A change that is written: what became of the revision, and why.
  func changed(_ decision: Decision) {
    let kind = decision.isRestore ? "restore" : decision.kind.rawValue
    let date = decision.newExpireDate.map { ", expires \($0)" } ?? ""
    let was = decision.expireDate.map { ", was \($0)" } ?? ""
    let words =
      switch decision.kind {
      case .keep: "kept\(date)"
      case .mark: "marked\(date)"
      case .redate: "redated\(date)\(was)"
      case .unmark: decision.isRestore ? "restored" : "unmarked\(was)"
      case .flag: "flagged as deleted"
      }
    let reasons = decision.reasons.map(\.rawValue).joined(separator: " ")
    event("\(words) (\(reasons)): \(name(decision))", kind: kind, revision: decision.revisionID)
  }

  /// A change that was decided and is not made.
  func skipped(_ decision: Decision, _ why: SkippedRow.Why) {
    event(
      "left as it was, \(why.words): \(name(decision))", level: why == .changed ? .info : .warning,
      kind: "skipped",
      revision: decision.revisionID)
  }

  private func name(_ decision: Decision) -> String {
    let owner = decision.owner.map { " of \($0.account)" } ?? " without an owner"
    return "\(HTMLEntities.decodedOnce(decision.image)), revision \(decision.revision)\(owner)"
  }
}
