import Mail
import Retention

/// The criteria of one revision with their numbers, one line each.
struct CriteriaLines {
  let explanation: Explanation
  let judgement: Judgement

  private var lastUse: LastUse { explanation.lastUse }

  var lines: [String] { [age] + newest + wholeImage }

  private var age: String {
    let age = judgement.age
    let limit = age.limit == 0 ? "0, which means never" : "\(age.limit)"
    let outcome = lastUse != .undated && age.isMet ? "met" : "not met"
    return "\(age.revisionClass.words): \(measured), limit \(limit) (\(age.parameter)): \(outcome)"
  }

  private var measured: String {
    let age = judgement.age
    switch age.basis {
    case .lastUse(let day): return "idle \(DateWords.count(age.today - day, "day"))"
    case .creation where lastUse == .undated: return "reserved on a day that is not known"
    case .creation(nil, _): return "never reserved, created on a day that is not known"
    case .creation(let created?, let recordedSince):
      let text = "never reserved, created \(DateWords.count(age.today - created, "day")) ago"
      guard let recordedSince else { return "\(text), with no reservations on record" }
      guard recordedSince > created else { return text }
      return
        "\(text), with reservations on record for \(DateWords.count(age.today - recordedSince, "day"))"
    }
  }

  private var newest: [String] {
    guard judgement.keepNewest > 0, judgement.age.revisionClass != .production else { return [] }
    let outcome = judgement.isNewestKept ? "kept" : "not among them"
    return [
      "newest: \(judgement.newerRevisions) newer beside production, the newest \(judgement.keepNewest)"
        + " are kept (expireimage_keep_newest): \(outcome)"
    ]
  }

  private var wholeImage: [String] {
    guard let blockers = judgement.blockers else { return [] }
    guard !blockers.isEmpty else { return ["whole image: every revision may expire: met"] }
    let list = blockers.map { blocker in
      explanation.title(of: blocker.revisionID, blocker.reasons.map(\.rawValue).joined(separator: " "))
    }
    return ["whole image: stays because of \(list.joined(separator: ", ")): not met"]
  }
}
