/// The rules of dates for revisions that are eligible: one alone, or all of an image that expires as a whole.
struct DateRules {
  let decide: Decide
  let members: [(revision: Revision, verdict: Verdict)]
  let wholeImage: Bool

  private var policy: Policy { decide.policy }
  private var today: Day { decide.today }
  private var days: AllowedDays { policy.allowedDays }

  /// The earliest date that leaves an owner the minimum notice from today.
  private var earliestFair: Day { days.date(policy.minimumNoticeDays, after: today) }

  /// A date more than this many days past is not acted on: nights were missed, or the mode was lower.
  private static let missedAfterDays = 7

  /// What the date of one revision is worth today.
  private enum Standing {
    case unmarked
    /// Written by this program, and what today's parameters give.
    case ours(Mark)
    /// Written by this program, but today's parameters compute another date.
    case outdated(Mark, computed: Day)
    /// Set or changed by somebody else.
    case foreign(Day)
    /// Reserved or kept since it was marked, and eligible again without a run in between: begins anew with the whole
    /// grace.
    case void(Reason)
  }

  private func standing(_ revision: Revision) -> Standing {
    guard let date = revision.expireDate else { return .unmarked }
    guard let mark = revision.mark, mark.expireDate == date else { return .foreign(date) }
    if decide.isUsed(revision, since: mark) { return .void(.reservedSinceMarked) }
    if decide.wasKept(revision, since: mark) { return .void(.keepEnded) }
    guard mark.origin == .criteria else { return .ours(mark) }
    let computed = days.date(policy.graceDays, after: mark.markedOn)
    return computed == mark.computedDate ? .ours(mark) : .outdated(mark, computed: computed)
  }

  func outcome() -> Outcome {
    let standings = members.map { standing($0.revision) }
    let dates = members.compactMap(\.revision.expireDate)
    let isStable = standings.allSatisfy {
      switch $0 {
      case .ours, .foreign: true
      case .unmarked, .outdated, .void: false
      }
    }
    if isStable, let date = dates.first, dates.allSatisfy({ $0 == date }) {
      return due(standings, date)
    }
    return .placed(place(standings))
  }

  /// A common date for revisions of which at least one has none, or not the right one.
  private func place(_ standings: [Standing]) -> Placement {
    let candidates = standings.map { standing in
      switch standing {
      case .unmarked, .void: days.date(policy.graceDays, after: today)
      case .ours(let mark): mark.expireDate
      case .outdated(_, let computed): computed
      case .foreign(let date): date
      }
    }
    // Moving a date must never leave the owner less than the minimum notice.
    let movesSomething = zip(standings, candidates).contains { standing, _ in
      if case .unmarked = standing { false } else { true }
    }
    let latest = candidates.max() ?? earliestFair
    // Tomorrow at the earliest: with minimum notice 0 a second run of this night would flag what this one moved.
    return Placement(
      base: movesSomething ? max(latest, earliestFair, today + 1) : latest, allowedDays: days,
      idleSince: members.compactMap(\.revision.idleSince).max(),
      decisions: { day in zip(members, standings).map { moved($0.revision, $0.verdict, $1, to: day) } },
      count: members.count)
  }

  private func moved(_ revision: Revision, _ verdict: Verdict, _ standing: Standing, to day: Day) -> Decision
  {
    var reasons = verdict.reasons + (wholeImage ? [.wholeImage] : [])
    var mark = Mark(
      expireDate: day, computedDate: days.date(policy.graceDays, after: today), markedOn: today,
      origin: .criteria,
      lastUse: revision.lastUse.moment)
    let change: Decision.MarkChange
    switch standing {
    case .foreign(let date) where date == day:
      change = .begin(adoptedMark(revision, date))
      reasons.append(.adopted)
    case .unmarked, .foreign:
      change = .begin(mark)
    case .void(let reason):
      change = .begin(mark)
      reasons.append(reason)
    case .ours(let old):
      mark = old
      mark.expireDate = day
      change = mark == old ? .none : .update(mark)
    case .outdated(let old, let computed):
      mark = old
      mark.expireDate = day
      mark.computedDate = computed
      change = .update(mark)
      reasons.append(.policyChanged)
    }
    let kind: Decision.Kind =
      revision.expireDate == nil ? .mark : revision.expireDate == day ? .keep : .redate
    if kind == .keep { reasons.append(.marked) }
    return decision(revision, kind, reasons, newDate: day, change)
  }

  /// All members share a date that stands: it has come, or it has not.
  private func due(_ standings: [Standing], _ date: Day) -> Outcome {
    guard date <= today else { return .decided(stay(standings, [], date)) }
    if policy.mode == .notify { return .decided(stay(standings, [.modeNotify], date)) }
    guard days.allows(today) else { return .decided(stay(standings, [.forbiddenDay], date)) }
    // Where nobody can be told, nothing is ever flagged, whatever the minimum notice.
    guard canBeNotified else { return .decided(stay(standings, [.noRecipient], date)) }
    guard policy.minimumNoticeDays > 0 else {
      return .decided(isMarkedToday(standings) ? stay(standings, [], date) : flag(standings, date))
    }
    if today - date > Self.missedAfterDays {
      return .placed(
        Placement(
          base: earliestFair, allowedDays: days, idleSince: members.compactMap(\.revision.idleSince).max(),
          decisions: { day in postpone(standings, .dateMissed, to: day) }, count: members.count))
    }
    let fairFlagDays = zip(members, standings).map { fairFlagDay($0.revision, $1) }
    if let latest = fairFlagDays.max(), latest > today {
      return .decided(postpone(standings, .noticeMissing, to: latest))
    }
    return .decided(flag(standings, date))
  }

  /// Whether an earlier run of this very night made the mark: one night never both marks and flags.
  private func isMarkedToday(_ standings: [Standing]) -> Bool {
    standings.contains { standing in
      if case .ours(let mark) = standing { mark.origin == .criteria && mark.markedOn >= today } else { false }
    }
  }

  /// The first allowed day on which the accepted notice is old enough; with none, counted from a notice of today.
  ///
  /// A notice counts when it names a date of this mark, the present one or an earlier, and was accepted for
  /// the present owner.
  private func fairFlagDay(_ revision: Revision, _ standing: Standing) -> Day {
    guard let first = firstNotice(revision, standing)?.acceptedOn else { return earliestFair }
    return days.date(policy.minimumNoticeDays, after: first)
  }

  /// The notice that counts and was accepted first.
  private func firstNotice(_ revision: Revision, _ standing: Standing) -> Notice? {
    guard case .ours(let mark) = standing else { return nil }
    return revision.firstNotice(of: mark, ownerID: decide.image.owner?.id, policy)
  }

  private var canBeNotified: Bool {
    if decide.facts.hasAdminAddress { return true }
    guard let owner = decide.image.owner else { return false }
    return decide.facts.ownersWithAddress.contains(owner.id)
  }

  private func stay(_ standings: [Standing], _ reasons: [Reason], _ date: Day) -> [Decision] {
    each(standings) { revision, verdict, standing in
      var own: [Reason] = wholeImage ? [.wholeImage] : []
      let change: Decision.MarkChange
      if case .foreign = standing {
        own.append(.adopted)
        change = .begin(adoptedMark(revision, date))
      } else {
        if revision.mark?.origin == .adopted { own.append(.adopted) }
        change = .none
      }
      if reasons.isEmpty { own.append(.marked) }
      return decision(revision, .keep, verdict.reasons + own + reasons, newDate: date, change)
    }
  }

  /// A postponement changes the date alone: the mark, and the date computed for it, stay.
  private func postpone(_ standings: [Standing], _ reason: Reason, to day: Day) -> [Decision] {
    each(standings) { revision, verdict, standing in
      var change: Decision.MarkChange
      if case .ours(var mark) = standing {
        mark.expireDate = day
        change = .update(mark)
      } else {
        change = .begin(adoptedMark(revision, day))
      }
      return decision(
        revision, .redate, verdict.reasons + (wholeImage ? [.wholeImage] : []) + [reason], newDate: day,
        change)
    }
  }

  private func flag(_ standings: [Standing], _ date: Day) -> [Decision] {
    each(standings) { revision, verdict, standing in
      var decision = decision(
        revision, .flag, verdict.reasons + (wholeImage ? [.wholeImage] : []) + [.due], newDate: date, .none)
      if policy.minimumNoticeDays > 0 { decision.notice = firstNotice(revision, standing) }
      return decision
    }
  }

  private func adoptedMark(_ revision: Revision, _ date: Day) -> Mark {
    Mark(
      expireDate: date, computedDate: nil, markedOn: today, origin: .adopted, lastUse: revision.lastUse.moment
    )
  }

  private func each(
    _ standings: [Standing], _ decision: (Revision, Verdict, Standing) -> Decision
  ) -> [Decision] {
    zip(members, standings).map { decision($0.revision, $0.verdict, $1) }
  }

  private func decision(
    _ revision: Revision, _ kind: Decision.Kind, _ reasons: [Reason], newDate: Day?,
    _ change: Decision.MarkChange
  ) -> Decision {
    var decision = decide.decision(revision, kind, reasons, newDate: newDate)
    decision.markChange = change
    decision.wholeImage = wholeImage
    return decision
  }
}
