/// A digest that one owner, or the admins in the stead of a missing one, must get after a run.
package struct OwedDigest: Sendable {
  /// Nil: the images have no owner.
  package let owner: Owner?
  package var digest: OwnerDigest

  package init(owner: Owner?, digest: OwnerDigest) {
    self.owner = owner
    self.digest = digest
  }
}

/// Which owners a run must tell something, and what.
///
/// A mark, a new date, and the end of an announced mark are told at once; a reminder when a step of the notice
/// days has come. A digest lists everything of its owner that has a date, and so fulfils all steps that are due.
package struct OwedDigests {
  let plan: Plan
  let policies: PolicySet
  private let revisions: [Int: Revision]
  private let owners: [Int: Owner]
  /// By owner id (0: none): what an undelivered mail would have told, of revisions that have no date any more.
  let undelivered: [Int: [OwnerDigest.Entry]]

  package init(
    plan: Plan, facts: Facts, policies: PolicySet, undelivered: [Int: [OwnerDigest.Entry]] = [:]
  ) {
    self.plan = plan
    self.policies = policies
    self.undelivered = undelivered
    let present = facts.images.compactMap(\.owner) + facts.flagged.compactMap(\.owner)
    self.owners = Dictionary(present.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    self.revisions = Dictionary(
      facts.images.flatMap(\.revisions).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// In the order of owner ids; images without owner first.
  ///
  /// - Parameter includingNotDue: also those that need not go out today.
  package func digests(includingNotDue: Bool = false) -> [OwedDigest] {
    var owed: [Int: (owner: Owner?, entries: [OwnerDigest.Entry], isDue: Bool)] = [:]
    for decision in plan.decisions {
      guard let (entry, isDue) = entry(for: decision) else { continue }
      let key = decision.owner?.id ?? 0
      owed[key, default: (decision.owner, [], false)].entries.append(entry)
      if isDue { owed[key]?.isDue = true }
    }
    for (key, entries) in undelivered {
      // Who owns nothing any more, and is not in these facts, is not told.
      guard key == 0 || owners[key] != nil else { continue }
      var digest = owed[key] ?? (owners[key], [], false)
      let listed = Set(digest.entries.map(\.revisionID))
      digest.entries += entries.filter { !listed.contains($0.revisionID) }
      digest.isDue = true
      owed[key] = digest
    }
    return owed.sorted { $0.key < $1.key }.filter { $0.value.isDue || includingNotDue }.map { _, digest in
      OwedDigest(owner: digest.owner, digest: OwnerDigest(today: plan.today, entries: digest.entries))
    }
  }

  /// What a digest says of one revision, and whether that alone is reason for a mail; nil when it says nothing.
  private func entry(for decision: Decision) -> (entry: OwnerDigest.Entry, isDue: Bool)? {
    let told = toldDates(decision)
    if decision.isRestore {
      return (OwnerDigest.Entry(decision, .safe, date: nil, previous: decision.expireDate), true)
    }
    if decision.kind == .flag {
      return (OwnerDigest.Entry(decision, .flagged, date: plan.today, previous: nil), true)
    }
    guard let date = decision.newExpireDate else {
      guard let last = told.last else { return nil }
      return (OwnerDigest.Entry(decision, .safe, date: nil, previous: last.date), true)
    }
    let isNewMark: Bool
    if case .begin = decision.markChange { isNewMark = true } else { isNewMark = false }
    let valid = isNewMark ? [] : told
    guard let last = valid.last else {
      return (OwnerDigest.Entry(decision, .announced, date: date, previous: nil), true)
    }
    let ofThisDate = valid.filter { $0.date == date }
    guard let lastQueued = ofThisDate.map(\.queuedOn).max() else {
      return (OwnerDigest.Entry(decision, .redated, date: date, previous: last.date), true)
    }
    let policy = policies.policy(affiliation: decision.owner?.account.affiliation)
    let isStepDue = policy.noticeSchedule.isStepDue(
      date: date, markedOn: revisions[decision.revisionID]?.mark?.markedOn ?? lastQueued,
      lastQueued: lastQueued,
      today: plan.today, days: policy.allowedDays)
    return (OwnerDigest.Entry(decision, .reminder, date: date, previous: nil), isStepDue)
  }

  /// The notices of the present mark that went out to the present owner; an undelivered one is replaced, so it is none.
  private func toldDates(_ decision: Decision) -> [Notice] {
    (revisions[decision.revisionID]?.notices ?? [])
      .filter { $0.status != .open && $0.ownerID == decision.owner?.id }
  }
}

extension OwnerDigest.Entry {
  /// What a digest says of a decision.
  package init(_ decision: Decision, _ change: OwnerDigest.Change, date: Day?, previous: Day?) {
    self.init(
      revisionID: decision.revisionID, image: decision.image, revision: decision.revision,
      isProduction: decision.revisionClass == .production, createdOn: decision.createdOn,
      lastUse: decision.lastUse.day, expireDate: date, previousDate: previous, change: change,
      reasons: decision.reasons)
  }
}
