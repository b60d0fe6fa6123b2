/// Whether a revision, seen alone, meets the criteria.
struct Verdict {
  var isEligible: Bool
  var reasons: [Reason]
}

/// The tunable rules, applied to the revisions of one image on one day.
struct Criteria {
  let image: Image
  let policy: Policy
  let today: Day
  /// Before this day "never reserved" is not proven.
  let usageRecordedSince: Day?

  /// Why no revision of the image may be judged, or nil.
  ///
  /// An image needs exactly one live production revision; captures in progress look like deletions
  /// and are left alone; kickstart and "none" systems have no image files.
  var imageObstacle: Reason? {
    if image.isDeleted { return .holdImageDeleted }
    if image.name.lowercased() == "noimage" { return .holdNoImage }
    if ["none", "kickstart"].contains(image.installType.lowercased()) { return .holdInstallType }
    switch image.revisions.count(where: \.isProduction) {
    case 0: return .holdNoProduction
    case 1: return nil
    default: return .holdSeveralProductions
    }
  }

  /// Why the policy leaves the image alone, or nil.
  var exclusion: Reason? {
    if policy.excludedImages.contains(where: { $0.matches(image.name) }) { return .excluded }
    if !policy.onlyOwners.isEmpty {
      guard let owner = image.owner, policy.onlyOwners.contains(owner.account) else {
        return .ownerNotIncluded
      }
    }
    return nil
  }

  /// Whether the image's revisions count as judged.
  var isJudged: Bool { imageObstacle == nil && exclusion == nil }

  func revisionClass(_ revision: Revision) -> RevisionClass {
    guard !revision.isProduction, let production = image.revisions.first(where: \.isProduction) else {
      return .production
    }
    return revision.number < production.number ? .older : .newer
  }

  /// Everything that protects a revision whatever the criteria say: holds, keeps and exclusions always win.
  func protections(_ revision: Revision) -> [Reason] {
    var reasons: [Reason] = []
    if let exclusion { reasons.append(exclusion) }
    if revision.isKept(on: today) { reasons.append(.kept) }
    reasons += revision.holds.map(\.reason)
    if revision.isProduction { reasons += image.holds.map(\.reason) }
    if revision.createdOn == nil { reasons.append(.holdCreatedUnknown) }
    if revision.lastUse == .undated { reasons.append(.holdUseUndated) }
    return reasons.uniqued
  }

  func judge(_ revision: Revision) -> Verdict {
    var obstacles = protections(revision)
    if isNewestKept(revision) { obstacles.append(.newestKept) }
    let age = judgeAge(revision)
    if obstacles.isEmpty { return age }
    return Verdict(isEligible: false, reasons: obstacles)
  }

  /// Among the newest non-production revisions by number, held or not.
  private func isNewestKept(_ revision: Revision) -> Bool {
    guard !revision.isProduction else { return false }
    return image.revisions.count { !$0.isProduction && $0.number > revision.number } < policy.keepNewest
  }

  /// "More than N days" is strictly greater; 0 days means never.
  private func judgeAge(_ revision: Revision) -> Verdict {
    let place = revisionClass(revision)
    if let used = revision.lastUse.day {
      let limit = policy.idleDays[place]
      guard limit > 0 else { return Verdict(isEligible: false, reasons: [.criterionOff]) }
      guard today - used > limit else { return Verdict(isEligible: false, reasons: [.recentlyUsed]) }
      let reason: Reason =
        switch place {
        case .production: .idleProduction
        case .older: .idleOlder
        case .newer: .idleNewer
        }
      return Verdict(isEligible: true, reasons: [reason])
    }
    let limit = policy.unusedDays[place]
    guard limit > 0 else { return Verdict(isEligible: false, reasons: [.criterionOff]) }
    guard let created = revision.createdOn, today - created > limit else {
      return Verdict(isEligible: false, reasons: [.recentlyCreated])
    }
    guard let recorded = usageRecordedSince, today - max(created, recorded) > limit else {
      return Verdict(isEligible: false, reasons: [.usageHistoryShort])
    }
    let reason: Reason =
      switch place {
      case .production: .neverReservedProduction
      case .older: .neverReservedOlder
      case .newer: .neverReservedNewer
      }
    return Verdict(isEligible: true, reasons: [reason])
  }
}

extension Array where Element: Hashable {
  /// The elements in order, each once.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
