import Foundation
import Retention
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Removals that were left to a worker")
struct RemovalRunnerTests {
  private static let dead = LeaseHolder(
    node: ProcessIdentity.own.node, pid: 1, processStart: 1, bootID: "an earlier boot")

  private static let tasks = "SELECT type, status, attempts FROM expireimage_task ORDER BY id"

  /// A cache of three images, 15,000 bytes.
  private func ready(limit: Int64? = nil) throws -> NodeSite {
    let node = try NodeSite()
    try node.root(limit: limit)
    try node.revisions("a-v1", "b-v1", "c-v1")
    for name in ["a-v1", "b-v1", "c-v1"] { try node.write("\(name).img") }
    return node
  }

  @Test("change nothing until a worker does them, with what was asked, and then its job has the answer")
  func queued() throws {
    let node = try ready()
    try node.write("invalid/broken")
    let waiting = try PruneOperation(node.site.site, isQueued: true).prune(
      root: "cache", limit: ByteCount(5000))
    #expect(waiting.isQueued && waiting.exitStatus == .done)
    #expect(try node.names().count == 5)
    #expect(try node.site.rows(Self.tasks) == ["prune pending 0"])
    // The roots are the waiting job's.
    #expect(throws: TaskConflict.self) { _ = try CleanOperation(node.site.site).clean() }

    let report = try WorkOperation(node.site.site).run(.silent)
    #expect(report.exitStatus == .done && report.items.map(\.status) == [.success])
    #expect(try node.names().filter { $0.hasSuffix(".img") }.count == 1)
    #expect(try node.site.rows(Self.tasks) == ["prune success 1"])
    #expect(
      try node.site.rows("SELECT JSON_VALUE(result, '$.total_bytes_pruned') FROM expireimage_task") == [
        "10000"
      ])

    _ = try CleanOperation(node.site.site, isQueued: true).clean()
    _ = try WorkOperation(node.site.site).run(.silent)
    #expect(try !node.names().contains("invalid/broken"))
    #expect(try node.site.rows(Self.tasks) == ["prune success 1", "clean success 1"])
  }

  @Test("are gone on with after the death of the worker, three times at most")
  func takenOver() throws {
    let node = try ready(limit: 0)
    _ = try PruneOperation(node.site.site, isQueued: true).prune()
    let queue = node.site.site.tasks(node.connection, days: 30)
    let record = try #require(try queue.open().first?.task)
    _ = try #require(try queue.claim(record, by: Self.dead))
    #expect(try WorkOperation(node.site.site).run(.silent).exitStatus == .done)
    #expect(try node.names().filter { $0.hasSuffix(".img") } == [])
    #expect(try node.site.rows(Self.tasks) == ["prune success 2"])

    try node.write("a-v1.img")
    _ = try PruneOperation(node.site.site, isQueued: true).prune()
    for _ in 0..<3 {
      let record = try #require(try queue.open().first?.task)
      _ = try #require(try queue.claim(record, by: Self.dead))
    }
    #expect(try WorkOperation(node.site.site).run(.silent).exitStatus == .doneInPart)
    #expect(try node.names().contains("a-v1.img"))
    #expect(try node.site.rows(Self.tasks) == ["prune success 2", "prune failure 3"])
  }

  @Test("of every kind are done from what is on record")
  func kinds() throws {
    let node = try ready()
    try node.site.store("purge_days", "30")
    _ = try PurgeOperation(node.site.site, isQueued: true).purge()
    #expect(try WorkOperation(node.site.site).run(.silent).items.map(\.status) == [.success])
    let free = try ReclaimOperation(node.site.site).reclaim(path: node.path("cache"), bytes: ByteCount(1))
    #expect(free.exitStatus == .done && free.taskID == nil)
    _ = try ReclaimOperation(node.site.site, isQueued: true).reclaim(
      path: node.path("cache"), bytes: ByteCount(.max))
    // Nobody has so much room: nothing goes, and the job says so.
    #expect(try WorkOperation(node.site.site).run(.silent).items.map(\.status) == [.failure])
    #expect(try node.names().filter { $0.hasSuffix(".img") }.count == 3)
    #expect(try node.site.rows(Self.tasks) == ["purge success 1", "reclaim failure 1"])
  }
}
