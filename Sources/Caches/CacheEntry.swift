/// One image revision in one root, and why it must stay, if it must.
package struct CacheEntry: Sendable, Hashable {
  /// The image name, exactly as VCL has it.
  package let name: String
  package let size: EntrySize
  /// The newest of the files' times and, once the caller has added it, of the last reservation.
  package var lastUsed: FileTime
  /// The first reason found that somebody needs it.
  package var inUse: InUse?
  /// What on the disk forbids touching it.
  package let obstacle: Obstacle?

  package init(
    name: String, size: EntrySize, lastUsed: FileTime, inUse: InUse? = nil, obstacle: Obstacle? = nil
  ) {
    self.name = name
    self.size = size
    self.lastUsed = lastUsed
    self.inUse = inUse
    self.obstacle = obstacle
  }

  /// Why no plan may take it; nil when one may.
  package var protection: SkipReason? {
    inUse.map(SkipReason.inUse) ?? obstacle.map(SkipReason.obstacle)
  }

  /// Notes a further use; the newest counts.
  package mutating func noteUse(at time: FileTime) { lastUsed = max(lastUsed, time) }

  /// Notes a further reason to keep it; the first in the order of ``InUse`` counts.
  package mutating func noteInUse(_ reason: InUse) { inUse = inUse.map { min($0, reason) } ?? reason }

  /// Oldest use first; of the same time by name, as bytes.
  package static func isOlder(_ left: CacheEntry, _ right: CacheEntry) -> Bool {
    left.lastUsed == right.lastUsed
      ? left.name.precedesByBytes(right.name) : left.lastUsed < right.lastUsed
  }

  /// The order of ``isOlder(_:_:)``: the offsets of all entries, the oldest use first.
  ///
  /// Only times and offsets are sorted, not the entries.
  static func oldestFirst(_ entries: some RandomAccessCollection<CacheEntry>) -> [Int] {
    var keys = entries.enumerated().map { (time: $1.lastUsed.nanoseconds, offset: $0) }
    keys.sort { ($0.time, $0.offset) < ($1.time, $1.offset) }
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end].time == keys[start].time { end += 1 }
      if end - start > 1 {
        let same = keys[start..<end].map { key in
          (name: entries[entries.index(entries.startIndex, offsetBy: key.offset)].name, key: key)
        }
        let sorted = same.sorted { $0.name.precedesByBytes($1.name) }
        keys.replaceSubrange(start..<end, with: sorted.lazy.map(\.key))
      }
      start = end
    }
    return keys.map(\.offset)
  }
}

/// Why somebody needs an entry, in the order in which the reasons are looked for. The raw value is the code in every
/// output.
package enum InUse: String, Sendable, Hashable, CaseIterable, Comparable {
  /// A file of it has a name outside the entry.
  case extraHardLinks = "extra_hard_links"
  case reservation
  /// On any computer, an idle one too.
  case loaded
  /// The live production revision of its image.
  case production
  /// Of a revision that lives, and no repository of the node is known to have another copy.
  case onlyCopy = "only_copy"
  /// Of a virtual disk on the node.
  case backingFile = "backing_file"
  case vclSemaphore = "vcl_semaphore"
  case taskLock = "task_lock"

  package static func < (left: InUse, right: InUse) -> Bool {
    allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
  }
}

/// What on the disk forbids touching an entry.
package enum Obstacle: String, Sendable, Hashable {
  /// Another file system, or the same one a second time, is mounted inside.
  case otherFileSystem = "other_file_system"
  /// A marker inside says that it is, or holds, another root.
  case containsRoot = "contains_root"
  case unreadable
  /// Directories nested deeper than anything VCL writes.
  case tooDeep = "too_deep"
}

/// Why a plan leaves an entry alone.
package enum SkipReason: Sendable, Hashable {
  case inUse(InUse)
  case obstacle(Obstacle)
  /// Removing it would give the disk nothing back.
  case freesNothing

  /// The stable code in every output.
  package var code: String {
    switch self {
    case .inUse(let reason): reason.rawValue
    case .obstacle(let obstacle): obstacle.rawValue
    case .freesNothing: "frees_nothing"
    }
  }
}

/// An entry that a plan leaves alone, and why.
package struct SkippedEntry: Sendable, Hashable {
  package let name: String
  package let reason: SkipReason

  package init(name: String, reason: SkipReason) {
    self.name = name
    self.reason = reason
  }
}
