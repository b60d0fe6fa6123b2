import Retention

/// One all-day entry of an owner's calendar: the revisions of the owner that expire on one day.
package struct CalendarEntry: Sendable, Equatable {
  /// The same for as long as the entry lives, wherever it moves (RFC 5545 section 3.8.4.7).
  package let uid: String
  /// Grows with every change, so that a calendar takes the newer of two mails (RFC 5545 section 3.8.7.4).
  package let sequence: Int
  package let day: Day
  /// In ascending order.
  package let revisionIDs: [Int]
  package let isCancelled: Bool

  package init(uid: String, sequence: Int, day: Day, revisionIDs: [Int], isCancelled: Bool = false) {
    self.uid = uid
    self.sequence = sequence
    self.day = day
    self.revisionIDs = revisionIDs.sorted()
    self.isCancelled = isCancelled
  }

  /// The entry on another day, or for other revisions; itself when it is neither.
  fileprivate func moved(to day: Day, _ revisionIDs: [Int]) -> CalendarEntry {
    day == self.day && revisionIDs == self.revisionIDs
      ? self : CalendarEntry(uid: uid, sequence: sequence + 1, day: day, revisionIDs: revisionIDs)
  }

  fileprivate var cancelled: CalendarEntry {
    CalendarEntry(uid: uid, sequence: sequence + 1, day: day, revisionIDs: revisionIDs, isCancelled: true)
  }
}

/// What an owner's calendar has to hold after a digest.
package enum CalendarEntries {
  /// Each expire date of the digest that is still to come gets one entry.
  ///
  /// It is the live entry of before that has the most revisions in common with it, so that the entry moves along when
  /// a date changes; without one it is a new entry. A live entry that belongs to no date any more is cancelled, and told
  /// so with every digest until its day has passed, in case a mail was lost. One whose revisions were all deleted has
  /// come true: it is dropped, as is everything whose day has passed.
  /// - Parameter newUID: gives an identity that was never given before.
  /// - Returns: the live entries by their days, then the cancelled ones.
  package static func next(
    previous: [CalendarEntry], digest: OwnerDigest, newUID: () -> String
  ) -> [CalendarEntry] {
    let groups = groups(digest)
    let old = previous.filter { !$0.isCancelled }
    let matches = matches(groups, old)
    let live = groups.indices.map { index in
      matches[index].map { old[$0].moved(to: groups[index].day, groups[index].revisionIDs) }
        ?? CalendarEntry(
          uid: newUID(), sequence: 0, day: groups[index].day, revisionIDs: groups[index].revisionIDs)
    }
    let matched = Set(matches.values)
    let flagged = Set(digest.entries.filter { $0.change == .flagged }.map(\.revisionID))
    func hasComeTrue(_ entry: CalendarEntry) -> Bool {
      entry.day <= digest.today && flagged.isSuperset(of: entry.revisionIDs)
    }
    let left = old.indices.filter { !matched.contains($0) && !hasComeTrue(old[$0]) }.map { old[$0].cancelled }
    let cancelled = (previous.filter(\.isCancelled) + left).filter { $0.day >= digest.today }
    return live + cancelled.sorted { ($0.day.number, $0.uid) < ($1.day.number, $1.uid) }
  }

  /// The days to come on which something expires, in their order.
  private static func groups(_ digest: OwnerDigest) -> [(day: Day, revisionIDs: [Int])] {
    let dated = digest.entries.filter { $0.change != .safe && $0.change != .flagged }
    return Dictionary(grouping: dated.filter { $0.expireDate.map { $0 >= digest.today } ?? false }) {
      $0.expireDate!
    }
    .map { ($0.key, Set($0.value.map(\.revisionID)).sorted()) }.sorted { $0.0 < $1.0 }
  }

  /// For each group the old entry that becomes its own, by their indices: the pairs with the most revisions in common
  /// first, of equal ones those that need not move, then the sooner ones.
  private static func matches(
    _ groups: [(day: Day, revisionIDs: [Int])], _ old: [CalendarEntry]
  ) -> [Int: Int] {
    let groupOf = Dictionary(
      groups.indices.flatMap { index in groups[index].revisionIDs.map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    struct Pair: Hashable {
      let group: Int
      let entry: Int
    }
    var common: [Pair: Int] = [:]
    for (index, entry) in old.enumerated() {
      for revision in entry.revisionIDs {
        if let group = groupOf[revision] { common[Pair(group: group, entry: index), default: 0] += 1 }
      }
    }
    let ranked = common.map { pair, count in
      let entry = old[pair.entry]
      let stays = entry.day == groups[pair.group].day
      return (pair, (-count, stays ? 0 : 1, pair.group, entry.day.number, entry.uid))
    }
    .sorted { $0.1 < $1.1 }
    var matches: [Int: Int] = [:]
    var taken: Set<Int> = []
    for (pair, _) in ranked where matches[pair.group] == nil && !taken.contains(pair.entry) {
      matches[pair.group] = pair.entry
      taken.insert(pair.entry)
    }
    return matches
  }
}
