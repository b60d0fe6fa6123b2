import Mail
import Retention

/// Decisions in the plain words of the demonstration.
enum DemoWording {
  /// `“Maple 2019” revision 1`.
  static func title(_ decision: Decision) -> String {
    "“\(HTMLEntities.decodedOnce(decision.image))” revision \(decision.revision)"
  }

  static func owner(_ decision: Decision) -> String {
    decision.owner?.account.description ?? "nobody"
  }

  /// What became of the revision, as the end of a sentence that begins with it; nil when nothing did.
  static func event(_ decision: Decision) -> String? {
    switch decision.kind {
    case .mark: "gets the date \(date(decision)) (\(use(decision)))"
    case .redate: "moves to \(date(decision))\(cause(decision))"
    case .unmark:
      if decision.isRestore {
        "is restored, because somebody reserved it after the flag"
      } else if decision.reasons.contains(.undeleted) {
        "is kept until \(text(decision.keepUntil)): somebody undeleted it on purpose"
      } else if decision.reasons.contains(.excluded) {
        "loses its date, because its image is excluded"
      } else {
        "loses its date, because it is in use"
      }
    case .flag: decision.wholeImage ? "is flagged as deleted with its whole image" : "is flagged as deleted"
    case .keep: kept(decision)
    }
  }

  private static func kept(_ decision: Decision) -> String? {
    if decision.reasons.contains(.undeleted) {
      return "is kept until \(text(decision.keepUntil)): somebody undeleted it on purpose"
    }
    if decision.reasons.contains(.dateReset) {
      return "is kept until \(text(decision.keepUntil)): somebody removed the date on purpose"
    }
    if decision.reasons.contains(.adopted), case .begin = decision.markChange {
      return "keeps the date \(date(decision)) that somebody gave it: the criteria are met"
    }
    return nil
  }

  private static func cause(_ decision: Decision) -> String {
    if decision.reasons.contains(.noticeMissing) { return ", because its owner has not been told in time" }
    if decision.reasons.contains(.dateMissed) {
      return ", because a date long past is never acted on"
    }
    if decision.reasons.contains(.policyChanged) { return ", because the parameters were changed" }
    return ""
  }

  private static func use(_ decision: Decision) -> String {
    if let day = decision.lastUse.day { return "last reserved \(day)" }
    return decision.createdOn.map { "never reserved since it was made on \($0)" } ?? "never reserved"
  }

  private static func date(_ decision: Decision) -> String { text(decision.newExpireDate) }

  private static func text(_ day: Day?) -> String { day?.description ?? "?" }
}
