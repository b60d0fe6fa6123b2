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
    if obstacles.isEmpty {
      let age = age(revision)
      return Verdict(isEligible: age.isMet, reasons: [age.reason])
    }
    return Verdict(isEligible: false, reasons: obstacles)
  }

  /// How many non-production revisions of the image are newer by number, held or not.
  func newerRevisions(_ revision: Revision) -> Int {
    image.revisions.count { !$0.isProduction && $0.number > revision.number }
  }

  /// Among the newest non-production revisions, which are always kept.
  func isNewestKept(_ revision: Revision) -> Bool {
    !revision.isProduction && newerRevisions(revision) < policy.keepNewest
  }

  func age(_ revision: Revision) -> AgeTest {
    let place = revisionClass(revision)
    if let used = revision.lastUse.day {
      return AgeTest(
        revisionClass: place, basis: .lastUse(used), limit: policy.idleDays[place], today: today)
    }
    return AgeTest(
      revisionClass: place, basis: .creation(revision.createdOn, recordedSince: usageRecordedSince),
      limit: policy.unusedDays[place], today: today)
  }
}

extension Array where Element: Hashable {
  /// The elements in order, each once.
  var uniqued: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
