import Caches
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Cleaning")
struct CleanTests {
  private func age(_ path: String, seconds: Int) throws {
    var times = [timespec(), timespec()]
    times[0].tv_sec = Int(Date().timeIntervalSince1970) - seconds
    times[1] = times[0]
    guard utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) == 0 else { throw POSIXError(.EIO) }
  }

  @Test(
    "takes what is invalid, and what is incomplete for longer than the stall time; queue and entries stay")
  func plain() throws {
    let node = try NodeSite()
    try node.root("repository", .repository)
    try node.revisions("good-v1", "bad-v1", "old-v1", "new-v1")
    for name in [
      "good-v1", "invalid/bad-v1", "queue/bad-v1", "incomplete/old-v1", "incomplete/new-v1", "incomplete/x",
    ] {
      try node.write(name, in: "repository")
    }
    let root = node.path("repository")
    try age(root + "/incomplete/old-v1", seconds: 86_400 + 60)
    try age(root + "/incomplete/new-v1", seconds: 86_400 - 3600)
    try age(root + "/queue/bad-v1", seconds: 86_400 * 9)
    let plan = try node.clean(dryRun: true)
    let report = try node.clean()
    #expect(plan.names == report.names && plan.total == report.total)
    #expect(
      report.removed.map { "\($0.area!.rawValue)/\($0.name) \($0.reason!)" } == [
        "invalid/bad-v1 invalid", "incomplete/old-v1 stalled",
      ])
    #expect(report.stays == ["new-v1 recent", "x recent"])
    #expect(report.total.apparentBytes == 10_000)
    #expect(
      try node.names("repository").filter { !$0.hasSuffix("e") && !$0.hasSuffix("d") } == [
        "good-v1", "incomplete/new-v1", "incomplete/x", "queue/bad-v1",
      ])
    #expect(try node.tasks == ["clean success"])
    #expect(try node.clean().names == [])
  }

  @Test("leaves what a job or VCL is known to write, however old it is", arguments: [true, false])
  func alive(_ isJob: Bool) throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("slow-v1")
    try node.write("incomplete/slow-v1")
    try age(node.path("cache") + "/incomplete/slow-v1", seconds: 86_400 * 30)
    if isJob {
      let queue = node.site.site.tasks(node.connection, days: 1)
      let new = NewTask(type: .upload, imageName: "slow-v1", node: "mn2", requestedBy: "test", requestID: "r")
      _ = try queue.add(new, .name("slow-v1"), by: nil)
    } else {
      try node.vclLock("retrieve_slow-v1")
    }
    #expect(try node.clean().stays == ["slow-v1 writer_alive"])
    #expect(try node.names().contains("incomplete/slow-v1"))
  }

  @Test("One item that cannot be removed does not stop the others")
  func undeletable() throws {
    let node = try NodeSite()
    try node.root()
    for name in ["invalid/a", "invalid/b", "invalid/c"] { try node.write(name) }
    try PrivateImmutable.with(node.path("cache") + "/invalid/b") {
      let report = try node.clean()
      #expect(report.names == ["a", "c"] && report.failed.map(\.name) == ["b"])
      #expect(report.total.apparentBytes == 10_000 && report.exitStatus == .doneInPart)
    }
  }
}

@Suite("Reclaiming space")
struct ReclaimTests {
  private func reclaim(
    _ node: NodeSite, _ bytes: Int64, bestEffort: Bool = false, dryRun: Bool = false, root: String = "cache"
  ) throws -> RemovalReport {
    try ReclaimOperation(node.site.site).reclaim(
      path: node.path(root) + "/new-v1/disk", bytes: ByteCount(bytes), isBestEffort: bestEffort,
      isDryRun: dryRun)
  }

  private func free(_ node: NodeSite) throws -> Int64 { try RootDirectory.freeBytes(atPath: node.folder) }

  private static let megabyte = 1 << 20

  @Test("With as much free as is asked for nothing is done, without a task")
  func nothingToDo() throws {
    let node = try NodeSite()
    try node.root()
    let report = try reclaim(node, 1)
    #expect(report.exitStatus == .done && report.taskID == nil)
    #expect(try report.json().contains("\"outcome\" : \"nothing_to_do\""))
    #expect(try node.tasks == [])
  }

  @Test("A path with line ends and control characters is told on one line")
  func oneLine() throws {
    let node = try NodeSite()
    try node.root()
    let report = try ReclaimOperation(node.site.site).reclaim(
      path: node.path("cache") + "/a\n\u{1B}b", bytes: ByteCount(try free(node) + (1 << 40)), isDryRun: true)
    #expect(report.problems.last?.contains(#"/a\x0a\x1bb: "#) == true, "\(report.problems)")
  }

  @Test(
    "Where it would not be enough, nothing goes, and the numbers are told; the best effort removes it anyway")
  func insufficient() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1", "b-v1")
    try node.write("a-v1", Self.megabyte)
    try node.write("b-v1", Self.megabyte)
    let wanted = try free(node) + (1 << 40)
    let before = try node.names()
    for dryRun in [true, false] {
      let report = try reclaim(node, wanted, dryRun: dryRun)
      #expect(report.exitStatus == .failed && report.names == [])
      #expect(report.problems.last?.hasPrefix("insufficient_space") == true)
      #expect(try report.json().contains("\"outcome\" : \"insufficient_space\""))
      #expect(try report.json().contains("\"reclaimable_bytes\" : \(2 * Self.megabyte)"))
    }
    #expect(try node.names() == before)
    #expect(try node.tasks == ["reclaim failure"])
    let report = try reclaim(node, wanted, bestEffort: true)
    #expect(report.names == ["a-v1", "b-v1"] && report.exitStatus == .failed)
    #expect(report.problems.last?.contains(" + 0 bytes)") == true, "\(report.problems)")
    #expect(try node.names() == [])
  }

  @Test("A root that was left out is not among those that were worked on")
  func leftOut() throws {
    let node = try NodeSite()
    try node.root()
    let isApart = try RootDirectory.freeBytes(atPath: "/dev/shm") != free(node)
    for dryRun in [true, false] where isApart {
      let report = try ReclaimOperation(node.site.site).reclaim(
        path: "/dev/shm/new", bytes: ByteCount(1 << 50), isDryRun: dryRun)
      #expect(report.roots == [])
      #expect(
        report.more["skipped_roots"]
          == .list([.object(["root": .text("cache"), "reason": .text("other_file_system")])]))
    }
  }

  @Test("A sparse file is no space, nor is one with a further name; a link that leads nowhere stops nothing")
  func noSpace() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("sparse-v1", "linked-v1", "dangling-v1")
    let sparse = try node.write("sparse-v1", 0)
    #expect(truncate(sparse, 1 << 40) == 0)
    try FileManager.default.linkItem(
      atPath: node.write("linked-v1", Self.megabyte), toPath: node.folder + "/link")
    try FileManager.default.createSymbolicLink(
      atPath: node.path("cache") + "/dangling-v1", withDestinationPath: "/nowhere")
    let report = try reclaim(node, try free(node) + (1 << 36), dryRun: false)
    #expect(report.names == [] && report.refusal != nil)
    #expect(try report.json().contains("\"reclaimable_bytes\" : 0"))
    let best = try reclaim(node, try free(node) + (1 << 36), bestEffort: true)
    #expect(best.stays.sorted() == ["linked-v1 extra_hard_links", "sparse-v1 frees_nothing"])
    #expect(try node.names().count == 3)
  }

  /// On a file system of its own nobody else moves the free space.
  @Test(
    "The path's own root gives first, then by priority, and no more than is needed",
    .enabled(if: getuid() == 0))
  func order() throws {
    let node = try NodeSite()
    try SmallFileSystem.with(node.folder, megabytes: 64) {
      for (name, priority) in [("low", 1), ("high", 9), ("own", 1)] {
        try node.root(name) { $0.priority = priority }
        for image in ["a-v1", "b-v1"] { try node.write("\(name)\(image)", in: name, 4 * Self.megabyte) }
      }
      try node.root("off") { $0.isEnabled = false }
      try node.root("repository", .repository)
      try node.revisions(["low", "high", "own"].flatMap { ["\($0)a-v1", "\($0)b-v1"] })
      let free = try free(node)
      let wanted = free + Int64(11 * Self.megabyte)
      let plan = try reclaim(node, wanted, dryRun: true, root: "own")
      #expect(plan.names == ["owna-v1", "ownb-v1", "higha-v1"])
      let report = try reclaim(node, wanted, root: "own")
      #expect(report.names == plan.names && report.exitStatus == .done)
      #expect(try self.free(node) >= wanted)
      #expect(try report.json().contains("\"outcome\" : \"sufficient\""))
      let json = try report.json()
      #expect(json.contains("\"reason\" : \"disabled\"") && json.contains("\"reason\" : \"repository\""))
      #expect(try node.names("low").count == 2)
    }
  }
}

/// A file system in memory, mounted for as long as a body lasts.
enum SmallFileSystem {
  static func with(_ path: String, megabytes: Int, _ body: () throws -> Void) throws {
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      throw POSIXError(POSIXErrorCode(rawValue: errno)!)
    }
    defer { umount2(path, Int32(MNT_DETACH)) }
    try body()
  }
}
