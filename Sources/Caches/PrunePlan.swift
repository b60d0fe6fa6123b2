/// Which entries go so that a root keeps its limit.
///
/// Nothing goes while the entries are not strictly over the limit. Then the least recently used go first (of the same
/// time by name), whole entries, until the rest is at or under it. Entries in use count but stay. Sizes are apparent
/// bytes, as Glance's cache limit counts them.
package struct PrunePlan: Sendable, Equatable {
  /// In the order in which they go.
  package let removals: [CacheEntry]
  /// The entries that would have gone by their age but must stay, in the same order.
  package let skipped: [SkippedEntry]
  /// Before, all entries together.
  package let usedBytes: Int64
  /// By how much the entries are still over the limit when all of ``removals`` are gone.
  package let overByBytes: Int64

  package init(entries: some RandomAccessCollection<CacheEntry>, limitBytes: Int64) {
    usedBytes = entries.reduce(Int64(0)) { $0.addingClamped($1.size.apparentBytes) }
    var left = usedBytes
    var removals: [CacheEntry] = []
    var skipped: [SkippedEntry] = []
    if left > limitBytes {
      // Growing would take the memory twice.
      removals.reserveCapacity(entries.count)
      for offset in CacheEntry.oldestFirst(entries) {
        guard left > limitBytes else { break }
        let entry = entries[entries.index(entries.startIndex, offsetBy: offset)]
        if let reason = entry.protection {
          skipped.append(SkippedEntry(name: entry.name, reason: reason))
        } else {
          left = left.subtractingClamped(entry.size.apparentBytes)
          removals.append(entry)
        }
      }
    }
    self.removals = removals
    self.skipped = skipped
    overByBytes = max(0, left.subtractingClamped(limitBytes))
  }
}
