/// Flags that wait because the plans of several nights were over the limit.
///
/// Dates are spread so that each day just fits. One missed night, or a revision less to take the percentage of, and
/// every later day would be over the limit too, and nothing would ever be flagged. So after some nights, in which an
/// admin can raise the limit, everything that waits gets a new date behind the others. What its owner was told of
/// an earlier date still counts.
struct WaitingFlags {
  let facts: Facts
  let policies: PolicySet
  let today: Day

  /// An admin has so many days to raise the limit.
  private static let waitingDays = 3

  /// Takes the flags that waited out of a plan that is over the limit, once the oldest has waited too long.
  func takeOut(of decisions: inout [Decision], limit: Int) -> [Placement] {
    let flags = decisions.filter { $0.kind == .flag }
    guard limit > 0, flags.count > limit, flags.contains(where: { waited($0) > Self.waitingDays }) else {
      return []
    }
    let waiting = flags.filter { waited($0) > 0 }
    let ids = Set(waiting.map(\.revisionID))
    decisions.removeAll { ids.contains($0.revisionID) }
    let marks = Dictionary(
      facts.images.flatMap(\.revisions).compactMap { revision in revision.mark.map { (revision.id, $0) } },
      uniquingKeysWith: { first, _ in first })
    // An image that expires as a whole stays together.
    let units = Dictionary(grouping: waiting) { $0.wholeImage ? $0.imageID : -$0.revisionID }
    return units.values.sorted { $0[0].revisionID < $1[0].revisionID }.map { placement($0, marks) }
  }

  private func waited(_ decision: Decision) -> Int { decision.expireDate.map { today - $0 } ?? 0 }

  private func placement(_ unit: [Decision], _ marks: [Int: Mark]) -> Placement {
    let policy = policies.policy(affiliation: unit[0].owner?.account.affiliation)
    return Placement(
      base: today + 1, allowedDays: policy.allowedDays,
      idleSince: unit.compactMap { $0.lastUse.day ?? $0.createdOn }.max(),
      decisions: { day in
        unit.map { flag in
          var decision = flag
          decision.kind = .redate
          decision.reasons = flag.reasons.filter { $0 != .due } + [.limitExceeded]
          decision.newExpireDate = day
          if var mark = marks[flag.revisionID], mark.expireDate == flag.expireDate {
            mark.expireDate = day
            decision.markChange = .update(mark)
          } else {
            // Somebody else's date that needed no notice: from now on it is on record.
            decision.markChange = .begin(
              Mark(
                expireDate: day, computedDate: nil, markedOn: today, origin: .adopted,
                lastUse: flag.lastUse.moment))
          }
          return decision
        }
      }, count: unit.count)
  }
}
