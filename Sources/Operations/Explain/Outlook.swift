import Retention
import VCLDatabase

/// What would have to change for another outcome, one sentence each.
struct Outlook {
  let explanation: Explanation

  private var id: Int { explanation.revision.id }
  private var today: Day { explanation.today }

  var sentences: [String] {
    if let distrust = explanation.distrust { return ["The next run stops before it decides: \(distrust)."] }
    guard let decision = explanation.decision else { return flagged }
    if decision.isRestore { return ["The next run takes the flag back, because the revision was reserved."] }
    if explanation.mode == .off {
      return ["Nothing happens in mode off; what follows is for mode flag."] + live(decision)
    }
    return live(decision)
  }

  private func live(_ decision: Decision) -> [String] {
    if decision.kind == .flag {
      return ["A reservation before the next run, or `expireimage keep \(id)`, keeps it."] + mode
    }
    // A first capture is not touched, whatever its date.
    if let date = decision.newExpireDate, !decision.reasons.contains(.holdImageDeleted) {
      return dated(decision, date)
    }
    return undated(decision)
  }

  /// Not among what a run decides about.
  private var flagged: [String] {
    guard explanation.isRestorable else {
      let obstacle = explanation.history.flag?.obstacle
      return ["Nothing: revision \(id) \(obstacle?.sentence ?? "is not judged")."]
        + (obstacle == .corruptImage ? [siblings] : [])
    }
    let others = explanation.restorable.subtracting([id]).sorted().map { explanation.title(of: $0) }
    let together =
      others.isEmpty ? "" : ", and with its image \(others.joined(separator: ", "))"
    return [
      "It is flagged already. A reservation that comes all the same, or `expireimage restore \(id)`, brings it back"
        + "\(together)."
    ]
  }

  /// The revisions of an image that is not in order.
  private var siblings: String {
    let list = explanation.siblings.map { sibling in
      explanation.title(of: sibling.id) + (sibling.isProduction ? " in production" : "")
        + (sibling.isDeleted ? ", deleted" : "")
    }
    return "The image has \(list.joined(separator: "; "))."
  }

  private func dated(_ decision: Decision, _ date: Day) -> [String] {
    guard date > today else {
      let waits = decision.reasons.filter {
        [.modeNotify, .forbiddenDay, .limitExceeded, .noRecipient].contains($0)
      }
      return waits.map { "It stays for now. \($0.sentence)" }
        + ["A reservation, or `expireimage keep \(id)`, clears the date."]
    }
    let clears = "A reservation, or `expireimage keep \(id)`, clears the date; otherwise it is flagged on"
    let days = explanation.policy.minimumNoticeDays
    guard days > 0 else { return ["\(clears) \(date)."] + mode }
    guard let accepted = explanation.notice?.acceptedOn else {
      return ["\(clears) \(date), if a notice to its owner is accepted at least \(days) days before."] + mode
    }
    let fulfilled = explanation.policy.allowedDays.date(days, after: accepted)
    return [
      "Its notice was accepted on \(accepted), so the minimum notice of \(days) days is fulfilled on \(fulfilled).",
      "\(clears) \(max(date, fulfilled)).",
    ] + mode
  }

  private var mode: [String] {
    explanation.mode == .flag ? [] : ["In mode \(explanation.mode.rawValue) nothing is flagged."]
  }

  /// Without a date: what keeps it, and when it would get one.
  private func undated(_ decision: Decision) -> [String] {
    var sentences: [String] = []
    for reason in decision.reasons {
      guard let sentence = condition(reason, decision), !sentences.contains(sentence) else { continue }
      sentences.append(sentence)
    }
    guard let judgement = explanation.judgement else { return sentences }
    guard decision.revisionClass != .production else {
      return judgement.blockers?.isEmpty == false
        ? sentences + [
          "Its image expires as a whole once every revision may; the criteria name those that stay."
        ]
        : sentences
    }
    let isProtected = !decision.reasons.contains(judgement.age.reason)
    guard let met = judgement.age.metOn, isProtected || met > today else { return sentences }
    if !isProtected {
      return sentences + ["Without a reservation, it gets an expire date in the run of \(met)."]
    }
    // A keep ends on its date: the run of that very day marks.
    let earliest = ([met, decision.keepUntil] + keepsInForce.map(\.until)).compactMap(\.self).max() ?? met
    if !isEndKnown(decision, judgement) {
      return sentences + [
        earliest > today
          ? "It gets an expire date once nothing protects it, and not before \(earliest), unless it is reserved."
          : "The first run after nothing protects it any more gives it an expire date."
      ]
    }
    return sentences + ["It gets an expire date in the run of \(earliest), unless it is reserved."]
  }

  /// Whether what protects it ends on days that are known: keeps that have an end, and nothing else.
  private func isEndKnown(_ decision: Decision, _ judgement: Judgement) -> Bool {
    let dated: Set<Reason> = [.kept, .dateReset, .undeleted, .reservedSinceMarked]
    return decision.reasons.allSatisfy(dated.contains) && decision.holds.isEmpty && !judgement.isNewestKept
      && keepsInForce.allSatisfy { $0.until != nil }
  }

  private func condition(_ reason: Reason, _ decision: Decision) -> String? {
    switch reason {
    case .criterionOff:
      explanation.judgement.map { "\($0.age.parameter) would have to be above 0." }
    case .production, .imageInUse:
      "It goes only with its whole image: with days for production"
        + " (expireimage_idle_days_production, expireimage_unused_days_production) and every other revision eligible."
    case .newestKept:
      "There would have to be more newer revisions, or expireimage_keep_newest would have to be lower."
    case .kept: kept
    case .dateReset, .undeleted: decision.keepUntil.map { "The next run keeps it until \($0)." } ?? kept
    case .excluded:
      "expireimage_exclude_images would have to leave \(explanation.revision.imageName) out."
    case .ownerNotIncluded:
      "expireimage_only_owners would have to name \(explanation.revision.owner?.account.description ?? "its owner, and it has none")."
    case .holdImageDeleted: "Its first capture would have to end; until then nothing touches it."
    case .holdNoProduction, .holdSeveralProductions:
      "The image would have to be put in order in VCL. \(siblings)"
    case .holdNoImage, .holdInstallType: "Revisions of this kind never expire."
    case .holdCreatedUnknown, .holdUseUndated: "VCL's records of it would have to be completed."
    case _ where reason.isHold: "What holds it would have to end."
    default: nil
    }
  }

  private var kept: String {
    "It is kept until \(keepsInForce.longest?.until.map { "\($0)" } ?? "`expireimage unkeep \(id)`")."
  }

  private var keepsInForce: [KeepRecord] { explanation.history.keeps.filter { $0.isInForce(on: today) } }
}
