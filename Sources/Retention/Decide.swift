/// Decides every revision of one image.
///
/// A revision gets exactly one decision. What depends on other images, the day on which a new date falls
/// and the limit on flags, is left to ``Plan``: a date that must still be placed is returned as a ``Placement``.
struct Decide {
  let image: Image
  let policy: Policy
  let today: Day
  let facts: Facts
  private let criteria: Criteria

  init(image: Image, policy: Policy, today: Day, facts: Facts) {
    self.image = image
    self.policy = policy
    self.today = today
    self.facts = facts
    self.criteria = Criteria(
      image: image, policy: policy, today: today, usageRecordedSince: facts.usageRecordedSince)
  }

  /// Whether the image's live revisions count towards the percentage that one run may flag.
  var isJudged: Bool { criteria.isJudged }

  func outcomes() -> [Outcome] {
    if let obstacle = criteria.imageObstacle {
      return image.revisions.map { .decided([unjudged($0, obstacle)]) }
    }
    var settled: [Outcome] = []
    var open: [(revision: Revision, verdict: Verdict)] = []
    for revision in image.revisions {
      if let decision = changedByHand(revision) {
        settled.append(.decided([decision]))
      } else {
        open.append((revision, verdict(revision)))
      }
    }
    let expiresWhole = settled.isEmpty && expiresAsAWhole(open)
    if expiresWhole {
      return [DateRules(decide: self, members: open, wholeImage: true).outcome()]
    }
    return settled
      + open.map { revision, verdict in
        if revision.isProduction { return .decided([alone(production: revision, verdict)]) }
        guard verdict.isEligible else { return .decided([notEligible(revision, verdict.reasons)]) }
        return DateRules(decide: self, members: [(revision, verdict)], wholeImage: false).outcome()
      }
  }

  /// The production revision and every other live revision are eligible, and nothing holds the image.
  ///
  /// A revision whose date a person set stands for itself: its image stays for as long as it does.
  private func expiresAsAWhole(_ members: [(revision: Revision, verdict: Verdict)]) -> Bool {
    policy.judgesProduction
      && members.allSatisfy { $0.verdict.isEligible && !hasPersonDate($0.revision) }
  }

  /// A production revision goes with its image or not at all, so that no date of its own is a person's word.
  private func hasPersonDate(_ revision: Revision) -> Bool {
    guard !revision.isProduction, let mark = revision.mark else { return false }
    return mark.origin == .person && mark.expireDate == revision.expireDate
  }

  /// The criteria, or for a date that a person set only what wins over it: holds, keeps, exclusions and a later use.
  private func verdict(_ revision: Revision) -> Verdict {
    guard hasPersonDate(revision), let mark = revision.mark else {
      var verdict = criteria.judge(revision)
      if !verdict.isEligible, clearedByReservation(revision) {
        verdict.reasons.insert(.reservedSinceMarked, at: 0)
      }
      return verdict
    }
    let protections = criteria.protections(revision)
    if !protections.isEmpty { return Verdict(isEligible: false, reasons: protections) }
    // The person's word was about a revision that nobody used or kept: from here on it is judged like any other.
    if isUsed(revision, since: mark) || wasKept(revision, since: mark) { return criteria.judge(revision) }
    return Verdict(isEligible: true, reasons: [.personDate])
  }

  func isUsed(_ revision: Revision, since mark: Mark) -> Bool {
    guard let use = revision.lastUse.moment else { return false }
    return mark.lastUse.map { use > $0 } ?? true
  }

  /// Whether a keep that began after the mark was made has ended; the day of the mark itself is no later day.
  func wasKept(_ revision: Revision, since mark: Mark) -> Bool {
    revision.keepEndedOn.map { $0 > mark.markedOn } ?? false
  }

  /// A date reset, or a flag taken back, by somebody else: their word counts as a keep for the grace period.
  private func changedByHand(_ revision: Revision) -> Decision? {
    // Even without any grace it lasts until tomorrow: a second run of the same night must not mark again.
    let protectedUntil = max(policy.allowedDays.date(policy.graceDays, after: today), today + 1)
    if revision.wasUndeleted {
      var decision = decision(
        revision, revision.expireDate == nil ? .keep : .unmark, [.undeleted], newDate: nil)
      decision.keepUntil = protectedUntil
      if revision.mark != nil { decision.markChange = .end }
      return decision
    }
    guard revision.mark != nil, revision.expireDate == nil, !clearedByReservation(revision) else {
      return nil
    }
    // A protection that is on record has the end that was promised with it, and no other follows.
    if revision.isResetRecorded, !revision.isKept(on: today) { return nil }
    var decision = decision(revision, .keep, [.dateReset], newDate: nil)
    decision.markChange = .end
    if !revision.isResetRecorded { decision.keepUntil = protectedUntil }
    return decision
  }

  /// Whether a reservation took the date away: a newer use, or one being made or running that is no use yet.
  private func clearedByReservation(_ revision: Revision) -> Bool {
    guard let mark = revision.mark, revision.expireDate == nil else { return false }
    return isUsed(revision, since: mark)
      || revision.holds.contains { [.holdReservation, .holdSemaphore].contains($0.reason) }
  }

  /// A revision that may not be judged: a first capture is not touched at all, any other loses its date.
  private func unjudged(_ revision: Revision, _ obstacle: Reason) -> Decision {
    obstacle == .holdImageDeleted
      ? decision(revision, .keep, [obstacle], newDate: revision.expireDate)
      : notEligible(revision, [obstacle])
  }

  /// The production revision of an image that does not expire as a whole.
  private func alone(production: Revision, _ verdict: Verdict) -> Decision {
    var reasons = verdict.reasons
    if verdict.isEligible {
      reasons = [.production, .imageInUse]
    } else if reasons == [.criterionOff] {
      reasons = [.production]
    }
    return notEligible(production, reasons)
  }

  private func notEligible(_ revision: Revision, _ reasons: [Reason]) -> Decision {
    // What a reservation cleared is unmarked here: the record of the date follows, and its owner is told.
    let hadDate = revision.expireDate != nil || reasons.contains(.reservedSinceMarked)
    var decision = decision(revision, hadDate ? .unmark : .keep, reasons, newDate: nil)
    if revision.mark != nil { decision.markChange = .end }
    return decision
  }

  func decision(
    _ revision: Revision, _ kind: Decision.Kind, _ reasons: [Reason], newDate: Day?
  ) -> Decision {
    Decision(
      revisionID: revision.id, imageID: image.id, image: image.prettyName, revision: revision.number,
      owner: image.owner, revisionClass: criteria.revisionClass(revision), createdOn: revision.createdOn,
      lastUse: revision.lastUse, holds: revision.holds + (revision.isProduction ? image.holds : []),
      expireDate: revision.expireDate, kind: kind, reasons: reasons, newExpireDate: newDate)
  }
}

/// What is known of some revisions, one or a whole image, before other images are looked at.
enum Outcome {
  case decided([Decision])
  /// Revisions that get a common new date: the first with room, from `base` on.
  case placed(Placement)
}

/// Decisions that wait for their day.
struct Placement {
  var base: Day
  var allowedDays: AllowedDays
  /// What "least recently used first" is sorted by; nil sorts first.
  var idleSince: Day?
  /// The decisions once the day is known.
  var decisions: (Day) -> [Decision]
  var count: Int
}
