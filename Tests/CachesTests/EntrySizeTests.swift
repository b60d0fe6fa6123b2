import Testing

@testable import Caches

@Suite("Sizes")
struct EntrySizeTests {
  @Test("Sparse files that claim more than there are numbers for end at the largest, in plans too")
  func clamped() {
    let huge = EntrySize(files: 1, apparentBytes: .max, allocatedBytes: .max, freedBytes: .max)
    #expect(
      [huge, huge].total() == EntrySize(files: 2, apparentBytes: .max, allocatedBytes: .max, freedBytes: .max)
    )
    let debt = EntrySize(apparentBytes: -2, allocatedBytes: -2, freedBytes: -2)
    #expect((debt - huge).apparentBytes == .min && (huge - debt).freedBytes == .max)
    #expect((debt + EntrySize(apparentBytes: .min)).apparentBytes == .min)
    let entries = ["a-v1", "b-v1"].map { CacheEntry(name: $0, size: huge, lastUsed: FileTime(seconds: 1)) }
    let plan = PrunePlan(entries: entries, limitBytes: 0)
    #expect(plan.usedBytes == .max && plan.removals.first?.name == "a-v1")
  }
}
