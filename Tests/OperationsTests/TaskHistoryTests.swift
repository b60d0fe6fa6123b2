import Campus
import Foundation
import MariaDB
import Synchronization
import TestSupport
import Testing
import VCLDatabase

@Suite("Locks in random histories")
struct TaskHistoryTests {
  /// What one process believes to have.
  private struct Belief {
    let hold: TaskHold
    let scope: String?
    let pid: Int
  }

  @Test(
    "At most one holder of a lock may change anything, whatever is added, claimed, ended and killed",
    arguments: 1...4)
  func oneHolder(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed) &* 7919)
    let site = try TestSite()
    let connections = try (0..<3).map { _ in try Connection(site.connection.options) }
    let test = TestQueue(site)
    var beliefs: [Belief] = []
    var fences: [String: Int] = [:]
    var pid = 0
    for step in 0..<250 {
      let connection = connections.randomElement(using: &random)!
      let queue = TaskQueue(connection, days: 1) { test.dead.contains($0.pid) }
      let name = ["a", "b", "c"].randomElement(using: &random)!
      let scope: LockScope? = [.name(name), .name(name), .node("n"), nil].randomElement(using: &random)!
      pid += 1
      func note(_ hold: TaskHold, _ scope: String?, _ pid: Int) {
        beliefs.append(Belief(hold: hold, scope: scope, pid: pid))
        guard let scope else { return }
        #expect(hold.fence > fences[scope] ?? 0, "the fence of \(scope) grew at step \(step)")
        fences[scope] = hold.fence
      }
      switch Int.random(in: 0..<10, using: &random) {
      case 0...2:
        let type = [TaskType.upload, .prune, .cleanup].randomElement(using: &random)!
        let waits = Bool.random(using: &random)
        do {
          let hold = try queue.add(
            TestQueue.new(type, name), scope, by: waits ? nil : TestQueue.holder(pid))
          if !waits {
            note(hold, scope?.description, pid)
          } else if let scope {
            #expect(hold.fence > fences[scope.description] ?? 0)
            fences[scope.description] = hold.fence
          }
        } catch is TaskConflict {}
      case 3...4:
        guard let task = try queue.open().randomElement(using: &random)?.task else { continue }
        if let hold = try queue.claim(task, by: TestQueue.holder(pid)) {
          let row = try site.rows(
            "SELECT COALESCE(scope, '-') FROM expireimage_task WHERE id = ?", [Value(task.id)])
          note(hold, row == ["-"] ? nil : row[0], pid)
        }
      case 5:
        guard let belief = beliefs.suffix(6).randomElement(using: &random) else { continue }
        _ = try? queue.finish(belief.hold, .success, message: "done")
      case 6:
        guard let belief = beliefs.suffix(6).randomElement(using: &random) else { continue }
        if let cleanup = try? queue.failUpload(
          belief.hold, message: "failed", by: Bool.random(using: &random) ? TestQueue.holder(pid) : nil)
        {
          if let scope = belief.scope { fences[scope] = max(fences[scope] ?? 0, cleanup.fence) }
          beliefs.append(Belief(hold: cleanup, scope: belief.scope, pid: pid))
        }
      case 7: try queue.endStale()
      case 8:
        if let belief = beliefs.suffix(6).randomElement(using: &random) { test.dead.insert(belief.pid) }
      default:
        guard let belief = beliefs.randomElement(using: &random) else { continue }
        try test.idle(
          belief.hold.taskID, seconds: [0, 3599, 3600, 7200].randomElement(using: &random)!)
      }
      try check(beliefs, site, step)
    }
    // The histories are not empty ones.
    #expect(beliefs.count > 20)
    #expect(try site.rows("SELECT COUNT(*) >= 20 FROM expireimage_task WHERE ended IS NOT NULL") == ["1"])
  }

  private func check(_ beliefs: [Belief], _ site: TestSite, _ step: Int) throws {
    var holders: [String: [TaskHold]] = [:]
    for belief in beliefs {
      let mayChange = (try? belief.hold.check(site.connection)) != nil
      guard mayChange else { continue }
      let key = belief.scope ?? "task \(belief.hold.taskID)"
      holders[key, default: []].append(belief.hold)
      let best = beliefs.filter { $0.hold.taskID == belief.hold.taskID }.map(\.hold.fence).max()
      #expect(belief.hold.fence == best, "an old holder of \(key) may change something at step \(step)")
    }
    for (key, holds) in holders {
      #expect(Set(holds).count == 1, "\(key) has \(holds.count) holders at step \(step)")
    }
    // Each lock is of at most one task that has not ended, and that task's number is the lock's.
    #expect(
      try site.rows(
        """
        SELECT t.scope FROM expireimage_task t LEFT JOIN expireimage_lock l ON l.task_id = t.id AND l.fence = t.fence
        WHERE t.status IN ('pending', 'processing') AND t.scope IS NOT NULL AND l.scope IS NULL
        """) == [], "step \(step)")
  }

  @Test("Of many that want the same tasks at the same time, each task goes to exactly one")
  func concurrentClaims() throws {
    let site = try TestSite()
    let test = TestQueue(site)
    for number in 0..<25 {
      try test.add(number % 2 == 0 ? .cleanup : .prune, number % 3 == 0 ? nil : "image-\(number)", by: nil)
    }
    let options = site.connection.options
    let claims = Mutex<[Int]>([])
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    for worker in 1...6 {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        do {
          let queue = TaskQueue(try Connection(options), days: 1) { _ in false }
          while true {
            let pending = try queue.open().map(\.task).filter { $0.status == .pending }
            guard let task = pending.first else { return }
            if try queue.claim(task, by: TestQueue.holder(worker)) != nil {
              claims.withLock { $0.append(task.id) }
            }
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    #expect(group.wait(timeout: .now() + 60) == .success)
    #expect(failures.withLock { $0 } == [])
    #expect(
      claims.withLock { $0.sorted() }
        == (try site.rows("SELECT id FROM expireimage_task ORDER BY id")).map { Int($0)! })
  }

  @Test("Of many that begin an upload of one name at the same time one gets it, and again after it failed")
  func concurrentAdds() throws {
    let site = try TestSite()
    let options = site.connection.options
    let won = Mutex<[TaskHold]>([])
    let refused = Mutex(0)
    let failures = Mutex<[String]>([])
    let group = DispatchGroup()
    for worker in 1...6 {
      group.enter()
      Thread.detachNewThread {
        defer { group.leave() }
        do {
          let connection = try Connection(options)
          let queue = TaskQueue(connection, days: 1) { _ in false }
          for _ in 0..<10 {
            do {
              let hold = try queue.add(
                TestQueue.new(.upload, "one"), .name("one"), by: TestQueue.holder(worker))
              won.withLock { $0.append(hold) }
              try hold.check(connection)
              let cleanup = try queue.failUpload(hold, message: "failed", by: TestQueue.holder(worker))
              try cleanup.check(connection)
              try queue.finish(cleanup, .success, message: "clean")
            } catch is TaskConflict { refused.withLock { $0 += 1 } }
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    #expect(group.wait(timeout: .now() + 60) == .success)
    #expect(failures.withLock { $0 } == [])
    #expect(won.withLock { $0.count } + refused.withLock { $0 } == 60)
    #expect(won.withLock { $0.count } > 0)
    // No two ever had the same number, and every one was cleaned up.
    #expect(Set(won.withLock { $0.map(\.fence) }).count == won.withLock { $0.count })
    #expect(try site.rows("SELECT task_id FROM expireimage_lock") == ["-"])
  }
}
