import Caches
import Foundation
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("A dry run while an interrupted removal waits")
struct DryRunTests {
  private static let leaving = "trash/0123456789abcdef.root.leaving"
  private static let removing = "trash/fedcba9876543210.root.removing"

  /// What lies in a root of flat files when the removals were interrupted.
  struct State: Sendable, CustomTestStringConvertible {
    let name: String
    let files: [String]
    /// What a dry run of a prune to nothing must name, and what it must tell as failed.
    var pruned: [String] = []
    var failed: [String] = []
    var cleaned: [String] = []
    var testDescription: String { name }
  }

  static let states: [State] = [
    State(name: "an entry that goes back", files: ["\(leaving)/0.single/a-v1.qcow2"], pruned: ["a-v1"]),
    State(
      name: "an entry of two files that goes back, and one that is there",
      files: ["\(leaving)/0.whole/a-v1.qcow2", "\(leaving)/0.whole/a-v1.xml", "b-v1.qcow2"],
      pruned: ["b-v1", "a-v1"]),
    State(
      name: "a half entry in the slot and the other half in its place",
      files: ["\(leaving)/0.part/a-v1.qcow2", "a-v1.xml"], pruned: ["a-v1"]),
    State(
      name: "a name that is taken", files: ["\(leaving)/0.single/a-v1.qcow2", "a-v1.qcow2"], pruned: ["a-v1"],
      failed: ["a-v1.qcow2"]),
    State(
      name: "one of two names that is taken: none goes back",
      files: ["\(leaving)/0.whole/a-v1.qcow2", "\(leaving)/0.whole/a-v1.xml", "a-v1.xml"], pruned: ["a-v1"],
      failed: ["a-v1.qcow2", "a-v1.xml"]),
    State(
      name: "a name in two slots: the first goes back",
      files: [
        "\(leaving)/0.single/a-v1.qcow2", "trash/1123456789abcdef.root.leaving/0.single/a-v1.qcow2",
      ], pruned: ["a-v1"], failed: ["a-v1.qcow2"]),
    State(
      name: "a decided removal is no entry", files: ["\(removing)/0.single/a-v1.qcow2", "b-v1.qcow2"],
      pruned: ["b-v1"]),
    State(
      name: "items of areas",
      files: [
        "trash/0123456789abcdef.invalid.leaving/0.single/x", "invalid/y", "incomplete/z",
        "trash/1123456789abcdef.incomplete.leaving/0.single/w",
      ], cleaned: ["x", "y"]),
    State(
      name: "an area that is gone", files: ["trash/0123456789abcdef.invalid.leaving/0.single/x"],
      failed: ["0123456789abcdef.invalid.leaving"]),
    State(
      name: "a file where a group should be", files: ["\(leaving)/0.single", "b-v1.qcow2"],
      pruned: ["b-v1"], failed: ["0123456789abcdef.root.leaving/0.single"]),
    State(
      name: "an entry that was ready when its writer died",
      files: [
        "incomplete/a-v1/ready/a-v1.qcow2", "incomplete/a-v1/ready/a-v1.xml", "incomplete/a-v1/writer",
      ],
      pruned: ["a-v1"]),
    State(
      name: "a ready entry takes the place of one in a slot",
      files: [
        "incomplete/a-v1/ready/a-v1.qcow2", "incomplete/a-v1/writer", "\(leaving)/0.single/a-v1.qcow2",
      ], pruned: ["a-v1"], failed: ["a-v1.qcow2"]),
    State(
      name: "a ready entry whose name is taken is cleaned",
      files: ["incomplete/a-v1/ready/a-v1.qcow2", "incomplete/a-v1/writer", "a-v1.qcow2"],
      pruned: ["a-v1"], cleaned: ["a-v1"]),
    State(
      name: "what is nobody's stays in trash",
      files: ["trash/other/a-v1.qcow2", "\(leaving)/0.single/no.qcow2"]),
  ]

  private func node(_ state: State) throws -> NodeSite {
    let node = try NodeSite()
    try node.root("cache", .cache, .kvm)
    try node.revisions("a-v1", "b-v1")
    for file in state.files {
      try node.write(file)
      if file.hasSuffix("/writer") { try DeadWriter.write(to: node.path("cache") + "/" + file) }
    }
    return node
  }

  @Test("plans what the call then does", arguments: states)
  func plansHold(_ state: State) throws {
    for isClean in [false, true] {
      let node = try node(state)
      let before = try node.everything()
      let plan = isClean ? try node.clean(dryRun: true) : try node.prune(limit: 0, dryRun: true)
      #expect(try node.everything() == before, "changed something")
      let report = isClean ? try node.clean() : try node.prune(limit: 0)
      #expect(plan.facts == report.facts)
      #expect(plan.names == (isClean ? state.cleaned : state.pruned))
      #expect(plan.failed.compactMap(\.name) == state.failed, "\(plan.problems)")
    }
  }

  @Test("Hard links into what is unlinked before count no more")
  func goneLinks() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1")
    let waiting = try node.write("\(Self.removing)/0.single/b-v1.img")
    try FileManager.default.linkItem(atPath: waiting, toPath: node.path("cache") + "/a-v1.img")
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.names == ["a-v1"] && plan.total.freedBytes > 0)
    #expect(try node.prune(limit: 0).facts == plan.facts)
  }

  @Test("What a decided removal frees counts as free for a reclaim, which then takes nothing")
  func reclaim() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1")
    try node.write("a-v1.img", 64 << 20)
    try node.write("\(Self.removing)/0.single/b-v1.img", 64 << 20)
    let free = try RootDirectory.freeBytes(atPath: node.folder)
    func reclaim(dryRun: Bool) throws -> RemovalReport {
      try ReclaimOperation(node.site.site).reclaim(
        path: node.path("cache") + "/new", bytes: ByteCount(free + 32 << 20), isDryRun: dryRun)
    }
    let plan = try reclaim(dryRun: true)
    #expect(plan.names == [] && plan.exitStatus == .done)
    #expect(plan.more["outcome"] == .text("nothing_to_do"))
    let report = try reclaim(dryRun: false)
    #expect(report.facts == plan.facts && report.more["outcome"] == plan.more["outcome"])
    #expect(try node.names() == ["a-v1.img"])
  }

  @Test("A purge that is taken back leaves the only copy needed")
  func purgeTakenBack() throws {
    let node = try NodeSite()
    try node.root("store", .datastore, .plain)
    let revision = try node.revisions("a-v1")[0]
    try node.flag(revision)
    try node.site.recordPurge(of: revision)
    try node.connection.execute(
      "UPDATE expireimage_event SET facts = '{\"removal\":\"0123456789abcdef\"}' WHERE kind = 'purge'")
    try node.write("\(Self.leaving)/0.single/a-v1.img", in: "store")
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.stays == ["a-v1 only_copy"])
    #expect(try node.site.rows("SELECT kind FROM expireimage_event ORDER BY id") == ["flag", "purge"])
    #expect(try node.prune(limit: 0).facts == plan.facts)
    #expect(try node.site.rows("SELECT kind FROM expireimage_event ORDER BY id") == ["flag"])
  }

  @Test("A purge plans with what goes back")
  func purge() throws {
    let node = try NodeSite()
    try node.root()
    try node.site.store("purge_days", "30")
    for revision in try node.revisions("a-v1", "b-v1") { try node.flag(revision) }
    try node.write("\(Self.leaving)/0.single/a-v1.img")
    try node.write("b-v1.img")
    let plan = try node.purge(dryRun: true)
    #expect(plan.names == ["a-v1", "b-v1"])
    #expect(try node.purge().facts == plan.facts)
  }

  @Test("A disk in a slot needs its backing file by the place to which it goes back, and a decided one none")
  func backingFiles() throws {
    let node = try NodeSite()
    try node.root("cache", .cache, .kvm)
    try node.revisions("base-v1", "other-v1", "a-v1", "b-v1")
    for name in ["base-v1.qcow2", "other-v1.qcow2"] { try node.write(name) }
    for (slot, base) in [
      ("\(Self.leaving)/0.single/a-v1", "base"), ("\(Self.removing)/0.single/b-v1", "other"),
    ] {
      let file = try node.write("\(slot).qcow2")
      let backing = base == "base" ? "base-v1.qcow2" : node.path("cache") + "/other-v1.qcow2"
      try QcowHeader.data(backing: backing).write(to: URL(fileURLWithPath: file))
    }
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.stays == ["base-v1 backing_file"])
    #expect(plan.names == ["a-v1", "other-v1"] || plan.names == ["other-v1", "a-v1"], "\(plan.names)")
    #expect(try node.prune(limit: 0).facts == plan.facts)
  }

  @Test("While another process is at what waits the root is busy, as for the call")
  func busy() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1")
    try node.write("\(Self.leaving)/0.single/a-v1.img")
    let root = try #require(try NodeRoots.read(node.connection, node: NodeSite.node).own.first)
    let remover = try Remover(root.directory.get(), ledger: { _ in })
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.failed.map(\.reason) == ["busy"] && plan.names == [])
    #expect(try node.prune(limit: 0).facts == plan.facts)
    withExtendedLifetime(remover) {}
  }
}

/// What a writer that died left.
enum DeadWriter {
  static func write(to path: String) throws {
    try "node = \(ProcessIdentity.own.node)\npid = 1\nprocess_start = 1\nboot_id = x\n"
      .write(toFile: path, atomically: false, encoding: .utf8)
  }
}

/// The beginning of a disk that is made on top of another.
private enum QcowHeader {
  static func data(backing: String) -> Data {
    var bytes: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]
    bytes += [0, 0, 0, 0, 0, 0, 0, 32] + [0, 0, 0, UInt8(backing.utf8.count)]
    bytes += [UInt8](repeating: 0, count: 32 - bytes.count) + Array(backing.utf8)
    return Data(bytes)
  }
}

extension NodeSite {
  /// All paths in a root, with inode and time of change.
  func everything(_ root: String = "cache") throws -> [String] {
    try ([""] + FileManager.default.subpathsOfDirectory(atPath: path(root)).sorted()).map { name in
      var status = stat()
      lstat(path(root) + "/" + name, &status)
      return "\(name) \(status.st_ino) \(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec)"
    }
  }
}

extension RemovalReport {
  /// All that must be the same of a dry run and of the call.
  var facts: [String] {
    removed.map { "removed \($0.root) \($0.area?.rawValue ?? "") \($0.name) \($0.size) \($0.reason ?? "")" }
      + skipped.map { "skipped \($0.root) \($0.area?.rawValue ?? "") \($0.name) \($0.reason)" }
      + failed.map {
        "failed \($0.root) \($0.name ?? "") \($0.reason) \($0.message) \($0.isGone) \($0.waiting?.path ?? "")"
      } + ["\(total) \(roots) \(exitStatus) \(more["over_by_bytes"] ?? .null)"]
  }
}
