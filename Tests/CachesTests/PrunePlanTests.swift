import Caches
import Testing

@Suite struct PrunePlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let entries: [CacheEntry]
    let limit: Int64
    let removed: [String]
    var skipped: [String] = []
    var over: Int64 = 0
  }

  static let cases = [
    Case(testDescription: "nothing at all", entries: [], limit: 0, removed: []),
    Case(
      testDescription: "exactly the limit is not over", entries: [entry("a", 10, used: 1)], limit: 10,
      removed: []),
    Case(testDescription: "one byte over", entries: [entry("a", 11, used: 1)], limit: 10, removed: ["a"]),
    Case(
      testDescription: "oldest first, until at the limit",
      entries: [entry("new", 10, used: 9), entry("old", 10, used: 1), entry("middle", 10, used: 5)],
      limit: 10,
      removed: ["old", "middle"]),
    Case(
      testDescription: "whole entries: less than the limit may be left",
      entries: [entry("old", 100, used: 1), entry("new", 1, used: 2)], limit: 100, removed: ["old"]),
    Case(
      testDescription: "ties by name",
      entries: [entry("b", 10, used: 1), entry("a", 10, used: 1), entry("c", 10, used: 1)], limit: 20,
      removed: ["a"]),
    Case(
      testDescription: "a limit of zero takes all that has bytes",
      entries: [entry("a", 1, used: 1), entry("b", 1, used: 2), entry("empty", 0, used: 3)], limit: 0,
      removed: ["a", "b"]),
    Case(
      testDescription: "what is in use counts and stays",
      entries: [
        entry("loaded", 50, used: 1, inUse: .loaded), entry("free", 10, used: 2), entry("newer", 10, used: 3),
      ], limit: 60, removed: ["free"], skipped: ["loaded loaded"]),
    Case(
      testDescription: "still over when only what is in use is left",
      entries: [
        entry("linked", 50, used: 1, inUse: .extraHardLinks), entry("free", 10, used: 2),
        entry("broken", 5, used: 3, obstacle: .otherFileSystem),
      ], limit: 20, removed: ["free"], skipped: ["linked extra_hard_links", "broken other_file_system"],
      over: 35),
  ]

  @Test("prune", arguments: cases)
  func prune(testCase: Case) {
    let plan = PrunePlan(entries: testCase.entries, limitBytes: testCase.limit)
    #expect(plan.removals.map(\.name) == testCase.removed)
    #expect(plan.skipped.map { "\($0.name) \($0.reason.code)" } == testCase.skipped)
    #expect(plan.overByBytes == testCase.over)
  }

  @Test("pruning twice is pruning once, in any order of the input", arguments: 1...300)
  func properties(seed: Int) {
    var generator = SeededGenerator(seed)
    let entries = randomEntries(&generator)
    let limit = Int64.random(in: 0...800, using: &generator)
    let plan = PrunePlan(entries: entries, limitBytes: limit)
    #expect(PrunePlan(entries: entries.shuffled(using: &generator), limitBytes: limit) == plan)

    let gone = Set(plan.removals.map(\.name))
    let left = entries.filter { !gone.contains($0.name) }
    let again = PrunePlan(entries: left, limitBytes: limit)
    #expect(again.removals.isEmpty)
    #expect(again.overByBytes == plan.overByBytes)
    #expect(again.usedBytes == left.reduce(0) { $0 + $1.size.apparentBytes })

    #expect(plan.removals.allSatisfy { $0.protection == nil })
    // Without the last removal it would still be over: no entry goes for nothing.
    if let last = plan.removals.last {
      #expect(again.usedBytes + last.size.apparentBytes > limit)
    }
    if plan.overByBytes > 0 { #expect(left.allSatisfy { $0.protection != nil }) }
    // Nothing that may go is older than what goes.
    if let newest = plan.removals.last {
      #expect(left.allSatisfy { $0.protection != nil || CacheEntry.isOlder(newest, $0) })
    }
  }
}
