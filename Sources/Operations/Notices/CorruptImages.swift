import Mail
import Retention

extension Plan {
  /// Images that are not as VCL makes them: each once, with the first of its faults.
  var corruptImages: [AdminSummary.CorruptImage] {
    var seen: Set<Int> = []
    return decisions.compactMap { decision in
      guard let fault = decision.reasons.lazy.compactMap(Self.fault).first,
        seen.insert(decision.imageID).inserted
      else { return nil }
      return AdminSummary.CorruptImage(id: decision.imageID, name: decision.image, fault: fault)
    }
  }

  private static func fault(_ reason: Reason) -> String? {
    switch reason {
    case .holdNoProduction: "no production revision"
    case .holdSeveralProductions: "more than one production revision"
    case .holdCreatedUnknown: "a revision without a creation date"
    case .holdUseUndated: "a reservation without a date"
    default: nil
    }
  }
}
