/// All decisions of a run, before anything is written.
package struct Plan: Sendable {
  package let today: Day
  package let mode: Policy.Mode
  /// In the order of image and revision number; restored revisions last.
  package let decisions: [Decision]
  /// How many live revisions were judged: the base of the percentage limit.
  package let judged: Int
  /// How many revisions one run may flag; nil is no limit.
  package let limit: Int?
  /// How many the plan would have flagged, when that is over the limit; then it flags none.
  package let overLimit: Int?

  /// Decides every revision.
  ///
  /// A pure function of what it is given. Report and off decide as `flag` does; they differ in what is written.
  package init(facts: Facts, policies: PolicySet, today: Day) {
    let site = policies.site
    var decisions: [Decision] = []
    var placements: [Placement] = []
    var judged = 0
    for image in facts.images {
      let decide = Decide(
        image: image, policy: policies.policy(affiliation: image.owner?.account.affiliation), today: today,
        facts: facts)
      if decide.isJudged { judged += image.revisions.count }
      for outcome in decide.outcomes() {
        switch outcome {
        case .decided(let some): decisions += some
        case .placed(let placement): placements.append(placement)
        }
      }
    }
    let limit = Plan.limit(site, judged: judged)
    let waiting = WaitingFlags(facts: facts, policies: policies, today: today)
    if let limit { placements += waiting.takeOut(of: &decisions, limit: limit) }
    let flags = decisions.count { $0.kind == .flag }
    // With a limit of 0 no day has room for anything, so that dates are not spread.
    let slots = DaySlots(today: today, judged: judged - flags) { judged in
      limit == 0 ? nil : Plan.limit(site, judged: judged)
    }
    decisions += Plan.place(placements, after: decisions, slots)
    let isOver = limit.map { flags > $0 } ?? false
    if isOver {
      for index in decisions.indices where decisions[index].kind == .flag {
        decisions[index].kind = .keep
        decisions[index].reasons = decisions[index].reasons.filter { $0 != .due } + [.limitExceeded]
      }
    }
    decisions.sort { ($0.imageID, $0.revision, $0.revisionID) < ($1.imageID, $1.revision, $1.revisionID) }

    self.today = today
    self.mode = site.mode
    self.decisions = decisions + Plan.restores(facts.flagged, policies, today)
    self.judged = judged
    self.limit = limit
    self.overLimit = isOver ? flags : nil
  }

  /// The smaller of the count and the floor of the percentage, at least 1 unless one of them is 0.
  static func limit(_ policy: Policy, judged: Int) -> Int? {
    let percentage = policy.maximumFlagPercent.map { judged * $0 / 100 }
    if policy.maximumFlagCount == 0 || policy.maximumFlagPercent == 0 { return 0 }
    let limits = [policy.maximumFlagCount, percentage].compactMap { $0 }
    return limits.min().map { max(1, $0) }
  }

  /// Gives each placement its day: least recently used first, no day more than its capacity.
  private static func place(
    _ placements: [Placement], after decisions: [Decision], _ emptySlots: DaySlots
  ) -> [Decision] {
    var slots = emptySlots
    for decision in decisions {
      if let date = decision.newExpireDate, decision.kind != .flag { slots.take(date) }
    }
    // The sort is stable in the order of images, so equal facts give equal dates.
    let ordered = placements.enumerated().sorted { left, right in
      let leftKey = left.element.idleSince?.number ?? Int.min
      let rightKey = right.element.idleSince?.number ?? Int.min
      return (leftKey, left.offset) < (rightKey, right.offset)
    }
    return ordered.flatMap { _, placement in
      let day = slots.takeFirst(
        from: placement.base, count: placement.count, allowedDays: placement.allowedDays)
      return placement.decisions(day)
    }
  }

  /// A reservation made after the flag takes it back; of an image that went as a whole, all of it. What came back is
  /// kept for the grace period.
  private static func restores(
    _ flagged: [FlaggedRevision], _ policies: PolicySet, _ today: Day
  ) -> [Decision] {
    func isWanted(_ revision: FlaggedRevision) -> Bool {
      revision.isHeld || revision.lastUse.moment.map { $0 > revision.flaggedAt } ?? false
    }
    // Also when the wanted one was flagged before its image was: live, it needs a live production revision.
    let wantedImages = Set(flagged.filter(isWanted).map(\.imageID))
    return flagged.filter { isWanted($0) || ($0.wholeImage && wantedImages.contains($0.imageID)) }.map {
      Decision(restoring: $0, because: .reservedAfterFlag, policies, today)
    }
  }
}

extension Plan {
  /// How many revisions got each decision.
  package var countsByKind: [Decision.Kind: Int] {
    Dictionary(grouping: decisions, by: \.kind).mapValues(\.count)
  }

  /// How often each reason was given.
  package var countsByReason: [Reason: Int] {
    decisions.flatMap(\.reasons).reduce(into: [:]) { counts, reason in counts[reason, default: 0] += 1 }
  }
}

/// The usage data is too old, or missing: nobody can tell what is in use.
package struct UsageNotTrusted: Error, Equatable, CustomStringConvertible {
  package let newest: Day?
  package let maximumAgeDays: Int

  /// Nil when the usage data may be trusted.
  package init?(newestUse: Day?, today: Day, policy: Policy) {
    let limit = policy.usageMaximumAgeDays
    guard limit > 0 else { return nil }
    if let newestUse, today - newestUse <= limit { return nil }
    newest = newestUse
    maximumAgeDays = limit
  }

  package var description: String {
    let found =
      newest.map { "the newest reservation on record is of \($0)" } ?? "there is no reservation on record"
    return "usage data not trusted: \(found), expireimage_usage_max_age_days is \(maximumAgeDays);"
      + " nothing was marked or flagged; check that this is the live VCL database"
  }
}
