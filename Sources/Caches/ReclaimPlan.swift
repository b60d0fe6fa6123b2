/// A root as far as freeing space is concerned.
package struct ReclaimRoot: Sendable {
  package let root: Root
  /// Nil when it could not be read.
  package let entries: [CacheEntry]?
  /// Whether the path that needs the space lies in it.
  package let holdsPath: Bool
  /// Whether it is on the same file system as that path.
  package let sharesFileSystem: Bool

  package init(root: Root, entries: [CacheEntry]?, holdsPath: Bool, sharesFileSystem: Bool) {
    self.root = root
    self.entries = entries
    self.holdsPath = holdsPath
    self.sharesFileSystem = sharesFileSystem
  }
}

/// Which entries of one root go so that so many bytes come free.
///
/// First those not used for longer than the root's time to live, then the others, the least recently used first. It ends
/// when enough is free, but a root that is over its own limit goes on down to it. Entries that free nothing are passed over.
package struct RootReclaim: Sendable, Equatable {
  /// Why an entry goes. The raw value is the code in every output.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    /// Not used for longer than the root's time to live.
    case timeToLive = "time_to_live"
    /// The space is needed, and nothing older is left.
    case leastRecentlyUsed = "least_recently_used"
    /// Enough is free, but the root is over its own limit.
    case overLimit = "over_limit"
  }

  /// One entry that goes.
  package struct Removal: Sendable, Hashable {
    package let entry: CacheEntry
    package let reason: Reason
  }

  package let rootName: String
  /// In the order in which they go.
  package let removals: [Removal]
  package let skipped: [SkippedEntry]
  package var freedBytes: Int64 { removals.reduce(Int64(0)) { $0.addingClamped($1.entry.size.freedBytes) } }

  package init(root: Root, entries: [CacheEntry], neededBytes: Int64, now: FileTime) {
    rootName = root.name
    var missing = neededBytes
    var used = entries.reduce(Int64(0)) { $0.addingClamped($1.size.apparentBytes) }
    var removals: [Removal] = []
    var skipped: [SkippedEntry] = []
    // What is past its time to live is also the oldest, so one order serves both.
    for entry in CacheEntry.oldestFirst(entries).lazy.map({ entries[$0] }) {
      let isOverLimit = root.limitBytes.map { used > $0 } ?? false
      guard missing > 0 || isOverLimit else { break }
      if let reason = entry.protection {
        skipped.append(SkippedEntry(name: entry.name, reason: reason))
      } else if entry.size.freedBytes <= 0 {
        skipped.append(SkippedEntry(name: entry.name, reason: .freesNothing))
      } else {
        let isExpired = root.timeToLiveSeconds.map { entry.lastUsed.isOlder(than: $0, at: now) } ?? false
        let reason: Reason =
          if missing <= 0 {
            .overLimit
          } else if isExpired {
            .timeToLive
          } else {
            .leastRecentlyUsed
          }
        removals.append(Removal(entry: entry, reason: reason))
        missing = missing.subtractingClamped(entry.size.freedBytes)
        used = used.subtractingClamped(entry.size.apparentBytes)
      }
    }
    self.removals = removals
    self.skipped = skipped
  }
}

/// How space for a path comes free, over all roots of its file system.
package struct ReclaimPlan: Sendable, Equatable {
  package enum Outcome: String, Sendable {
    /// As much as asked is free already.
    case nothingToDo = "nothing_to_do"
    case sufficient
    /// Even all that may go is not enough: nothing goes, unless the best effort was asked for.
    case insufficientSpace = "insufficient_space"
  }

  /// A root that gives nothing, and why.
  package struct SkippedRoot: Sendable, Equatable {
    package enum Reason: String, Sendable {
      case disabled
      case unreadable
      case otherFileSystem = "other_file_system"
    }
    package let name: String
    package let reason: Reason
  }

  package let outcome: Outcome
  /// In the order in which they are worked on; roots that have nothing to give are left out.
  package let steps: [RootReclaim]
  package let skippedRoots: [SkippedRoot]
  package let requestedBytes: Int64
  package let freeBytes: Int64
  /// All that could come free.
  package let reclaimableBytes: Int64

  package init(
    bytes: Int64, freeBytes: Int64, roots: [ReclaimRoot], now: FileTime, bestEffort: Bool = false
  ) {
    requestedBytes = bytes
    self.freeBytes = freeBytes
    skippedRoots = Self.skipped(roots)
    let usable = Self.order(roots)
    reclaimableBytes = usable.reduce(Int64(0)) { $0.addingClamped(Self.reclaimable($1.entries ?? [])) }
    guard bytes > freeBytes else {
      outcome = .nothingToDo
      steps = []
      return
    }
    let (reachable, overflow) = freeBytes.addingReportingOverflow(reclaimableBytes)
    let isEnough = overflow || reachable >= bytes
    outcome = isEnough ? .sufficient : .insufficientSpace
    guard isEnough || bestEffort else {
      steps = []
      return
    }
    var missing = bytes - freeBytes
    var steps: [RootReclaim] = []
    for candidate in usable where missing > 0 {
      let step = RootReclaim(
        root: candidate.root, entries: candidate.entries ?? [], neededBytes: missing, now: now)
      missing = missing.subtractingClamped(step.freedBytes)
      if !step.removals.isEmpty || !step.skipped.isEmpty { steps.append(step) }
    }
    self.steps = steps
  }

  /// The roots that can give, in their order: the path's own, then by priority, the highest first, then by name.
  package static func order(_ roots: [ReclaimRoot]) -> [ReclaimRoot] {
    roots.filter { $0.sharesFileSystem && $0.root.isEnabled && $0.entries != nil }.sorted {
      ($0.holdsPath ? 0 : 1, -$0.root.priority, $0.root.name)
        < ($1.holdsPath ? 0 : 1, -$1.root.priority, $1.root.name)
    }
  }

  private static func skipped(_ roots: [ReclaimRoot]) -> [SkippedRoot] {
    roots.sorted { $0.root.name < $1.root.name }.compactMap { candidate in
      let reason: SkippedRoot.Reason? =
        if !candidate.root.isEnabled {
          .disabled
        } else if candidate.entries == nil {
          .unreadable
        } else if !candidate.sharesFileSystem {
          .otherFileSystem
        } else {
          nil
        }
      return reason.map { SkippedRoot(name: candidate.root.name, reason: $0) }
    }
  }

  private static func reclaimable(_ entries: [CacheEntry]) -> Int64 {
    entries.reduce(Int64(0)) { $0.addingClamped($1.protection == nil ? max(0, $1.size.freedBytes) : 0) }
  }
}
