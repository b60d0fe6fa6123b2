import Caches
import Testing

@Suite struct ReclaimPlanTests {
  private static let now = FileTime(seconds: 1000)

  private static func root(
    _ name: String, _ entries: [CacheEntry]?, priority: Int = 1, limit: Int64? = nil, ttl: Int64? = nil,
    isEnabled: Bool = true, holdsPath: Bool = false, shares: Bool = true
  ) -> ReclaimRoot {
    ReclaimRoot(
      root: Root(
        name: name, path: "/\(name)", role: .cache, layout: .plain, limitBytes: limit, timeToLiveSeconds: ttl,
        priority: priority, isEnabled: isEnabled),
      entries: entries, holdsPath: holdsPath, sharesFileSystem: shares)
  }

  private static func plan(
    _ bytes: Int64, free: Int64 = 0, _ roots: [ReclaimRoot], bestEffort: Bool = false
  ) -> ReclaimPlan {
    ReclaimPlan(bytes: bytes, freeBytes: free, roots: roots, now: now, bestEffort: bestEffort)
  }

  /// `root/entry reason`, in order.
  private static func lines(_ plan: ReclaimPlan) -> [String] {
    plan.steps.flatMap { step in
      step.removals.map { "\(step.rootName)/\($0.entry.name) \($0.reason.rawValue)" }
    }
  }

  @Test("nothing is done when as much is free as asked", arguments: [(10, 10), (0, 0), (10, 11), (-1, 0)])
  func nothing(bytes: Int64, free: Int64) {
    let plan = Self.plan(bytes, free: free, [Self.root("a", [entry("x", 99, used: 1)], limit: 0)])
    #expect(plan.outcome == .nothingToDo)
    #expect(plan.steps.isEmpty)
  }

  @Test("the path's root goes first, then by priority, the highest first, then by name")
  func order() {
    let roots = ["d": 5, "c": 9, "b": 5, "own": 1].map { name, priority in
      Self.root(name, [entry("x", 10, used: 1)], priority: priority, holdsPath: name == "own")
    }
    let plan = Self.plan(40, roots)
    #expect(plan.outcome == .sufficient)
    #expect(plan.steps.map(\.rootName) == ["own", "c", "b", "d"])
  }

  @Test("it ends as soon as enough would be free")
  func ends() {
    let entries = [entry("new", 10, used: 9), entry("old", 10, used: 1), entry("middle", 10, used: 5)]
    let plan = Self.plan(15, free: 3, [Self.root("a", entries), Self.root("b", entries)])
    #expect(Self.lines(plan) == ["a/old least_recently_used", "a/middle least_recently_used"])
    #expect(plan.reclaimableBytes == 60)
  }

  @Test("what is past the time to live goes first and says so; a root over its own limit goes on down to it")
  func reasons() {
    let entries = [
      entry("expired", 10, used: 100), entry("just", 10, used: 500), entry("newer", 10, used: 600),
      entry("newest", 10, used: 700),
    ]
    let plan = Self.plan(20, [Self.root("a", entries, limit: 10, ttl: 500)])
    #expect(
      Self.lines(plan) == ["a/expired time_to_live", "a/just least_recently_used", "a/newer over_limit"])
  }

  @Test("entries in use and entries that free nothing are passed over, and say why")
  func passedOver() {
    let plan = Self.plan(
      10,
      [
        Self.root(
          "a",
          [
            entry("sparse", 1_000_000, used: 1, freed: 0), entry("backing", 50, used: 2, inUse: .backingFile),
            entry("good", 10, used: 3),
          ])
      ])
    #expect(Self.lines(plan) == ["a/good least_recently_used"])
    #expect(
      plan.steps[0].skipped.map { "\($0.name) \($0.reason.code)" } == [
        "sparse frees_nothing", "backing backing_file",
      ])
  }

  @Test("if all of it is not enough, nothing goes, or with the best effort all that may")
  func insufficient() {
    let roots = [
      Self.root("a", [entry("x", 10, used: 1), entry("y", 10, used: 2, inUse: .reservation)]),
      Self.root("b", [entry("z", 10, used: 1)]),
    ]
    let plan = Self.plan(26, free: 5, roots)
    #expect(plan.outcome == .insufficientSpace)
    #expect(plan.steps.isEmpty)
    #expect((plan.requestedBytes, plan.freeBytes, plan.reclaimableBytes) == (26, 5, 20))
    let effort = Self.plan(26, free: 5, roots, bestEffort: true)
    #expect(effort.outcome == .insufficientSpace)
    #expect(Self.lines(effort) == ["a/x least_recently_used", "b/z least_recently_used"])
    #expect(Self.plan(25, free: 5, roots).outcome == .sufficient)
  }

  @Test("a disabled, unreadable or distant root gives nothing and is reported, the path's own too")
  func skippedRoots() {
    let entries = [entry("x", 10, used: 1)]
    let plan = Self.plan(
      10,
      [
        Self.root("own", entries, isEnabled: false, holdsPath: true), Self.root("unreadable", nil),
        Self.root("far", entries, shares: false), Self.root("good", entries),
      ])
    #expect(Self.lines(plan) == ["good/x least_recently_used"])
    #expect(
      plan.skippedRoots.map { "\($0.name) \($0.reason.rawValue)" } == [
        "far other_file_system", "own disabled", "unreadable unreadable",
      ])
  }

  @Test(
    "any order of roots and entries gives the same plan, which frees enough and takes nothing protected",
    arguments: 1...300)
  func properties(seed: Int) {
    var generator = SeededGenerator(seed)
    let roots = (0..<Int.random(in: 1...5, using: &generator)).map { number in
      Self.root(
        "root\(number)", Int.random(in: 0..<8, using: &generator) == 0 ? nil : randomEntries(&generator),
        priority: Int.random(in: 1...3, using: &generator),
        limit: Bool.random(using: &generator) ? Int64.random(in: 0...500, using: &generator) : nil,
        isEnabled: Int.random(in: 0..<6, using: &generator) > 0, holdsPath: number == 0,
        shares: Int.random(in: 0..<6, using: &generator) > 0)
    }
    let bytes = Int64.random(in: 0...1500, using: &generator)
    let free = Int64.random(in: 0...200, using: &generator)
    let plan = Self.plan(bytes, free: free, roots)
    let shuffled = roots.shuffled(using: &generator).map { root in
      ReclaimRoot(
        root: root.root, entries: root.entries?.shuffled(using: &generator), holdsPath: root.holdsPath,
        sharesFileSystem: root.sharesFileSystem)
    }
    #expect(Self.plan(bytes, free: free, shuffled) == plan)

    let freed = plan.steps.reduce(0) { $0 + $1.freedBytes }
    switch plan.outcome {
    case .nothingToDo: #expect(free >= bytes && freed == 0)
    case .sufficient: #expect(free + freed >= bytes)
    case .insufficientSpace: #expect(freed == 0 && free + plan.reclaimableBytes < bytes)
    }
    for removal in plan.steps.flatMap(\.removals) {
      #expect(removal.entry.protection == nil && removal.entry.size.freedBytes > 0)
    }
    let effort = Self.plan(bytes, free: free, roots, bestEffort: true)
    if plan.outcome == .insufficientSpace {
      #expect(effort.steps.reduce(0) { $0 + $1.freedBytes } == plan.reclaimableBytes)
    } else {
      #expect(effort == plan)
    }
  }
}
