import Foundation
import Testing

@testable import Operations

@Suite("A removal that somebody wants to end")
struct StoppedRemovalTests {
  /// Asks for the end at the nth look.
  private func stop(at number: Int) -> StopRequest {
    nonisolated(unsafe) var looks = 0
    return StopRequest {
      looks += 1
      return looks >= number
    }
  }

  private func expectEnded(_ node: NodeSite, _ failure: Failure?, _ note: Comment) throws {
    #expect(failure?.exitStatus == .failed, note)
    #expect(failure?.description.hasPrefix("stopped by a signal") == true, "\(failure as Any)")
    #expect(try node.tasks.last?.hasSuffix("failure") == true, note)
    #expect(
      try node.site.rows("SELECT message FROM expireimage_task ORDER BY id DESC LIMIT 1")
        == [failure?.description ?? ""], note)
    #expect(try node.site.rows("SELECT * FROM expireimage_lock WHERE task_id IS NOT NULL") == [], note)
  }

  @Test("before the decision leaves everything in its place, and the next call does it", arguments: 1...4)
  func prune(_ number: Int) throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1", "b-v1")
    for name in ["a-v1", "b-v1"] { try node.write("\(name).img") }
    let failure = failing {
      _ = try PruneOperation(node.site.site, stop: stop(at: number)).prune(limit: ByteCount(0))
    }
    try expectEnded(node, failure, "look \(number)")
    #expect(failure?.description.contains("until then: 0 revisions") == true)
    #expect(try node.names() == ["a-v1.img", "b-v1.img"])
    #expect(try node.prune(limit: 0).names.count == 2)
  }

  @Test("between two roots keeps what was done in the first", arguments: ["clean", "reclaim"])
  func roots(_ kind: String) throws {
    let node = try NodeSite()
    for root in ["first", "second"] {
      try node.root(root, kind == "clean" ? .repository : .cache)
      try node.write(kind == "clean" ? "invalid/x" : "\(root)-v1.img", in: root)
    }
    try node.revisions("first-v1", "second-v1")
    // Two looks at each root, of a reclaim three, one more at the first with its batch.
    let failure = failing {
      if kind == "clean" {
        _ = try CleanOperation(node.site.site, stop: stop(at: 5)).clean()
      } else {
        _ = try ReclaimOperation(node.site.site, stop: stop(at: 7)).reclaim(
          path: node.path("first"), bytes: ByteCount(1 << 60), isBestEffort: true)
      }
    }
    try expectEnded(node, failure, "\(kind)")
    #expect(failure?.description.contains("until then: 1 ") == true, "\(failure as Any)")
    let left = try ["first", "second"].map { root in
      try node.names(root).contains { $0 == "invalid/x" || $0 == "\(root)-v1.img" }
    }
    #expect(left == [false, true])
  }

  @Test("between two batches of a purge keeps the first, and nothing is on record of the second")
  func purge() throws {
    let node = try NodeSite()
    try node.site.store("purge_days", "30")
    try node.root("repository", .repository)
    let names = (10..<30).map { "im\($0)-v1" }
    for id in try node.revisions(names) { try node.flag(id) }
    for name in names { try node.write("\(name).img", in: "repository", 100) }
    let failure = failing { _ = try PurgeOperation(node.site.site, stop: stop(at: 5)).purge() }
    #expect(failure?.description.contains("until then: 16 revisions") == true, "\(failure as Any)")
    #expect(try node.tasks == ["purge failure"])
    #expect(try node.names("repository").count == 4)
    #expect(try node.site.rows("SELECT id FROM expireimage_event WHERE kind = 'purge'").count == 16)
    #expect(try node.purge().names.count == 4)
  }
}
