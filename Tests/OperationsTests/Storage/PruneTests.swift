import Caches
import Campus
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Pruning a cache")
struct PruneTests {
  private func cache(_ names: [String], limit: Int64? = nil) throws -> NodeSite {
    let node = try NodeSite()
    try node.root(limit: limit)
    try node.revisions(names)
    for name in names { try node.write("\(name).img") }
    return node
  }

  @Test("takes the oldest until the rest is at the limit, and tells exactly what left the disk")
  func overLimit() throws {
    let node = try cache(["a-v1", "b-v1", "c-v1", "d-v1"], limit: 10_000)
    try node.write("foreign.img")
    let before = try node.bytes()
    let report = try node.prune()
    #expect(report.names == ["a-v1", "b-v1"])
    #expect(report.total.files == 2 && report.total.apparentBytes == 10_000)
    let after = try node.bytes()
    #expect(before - after == 10_000)
    #expect(try node.names() == ["c-v1.img", "d-v1.img", "foreign.img"])
    #expect(report.exitStatus == .done)
    #expect(try node.tasks == ["prune success"])
    let id = try #require(report.taskID)
    #expect(try RemovedTotal.of(node.connection, task: id).apparentBytes == 10_000)
    #expect(try RemovedTotal.of(node.connection, task: id).entries == 2)
    #expect(try RemovedTotal.of(node.connection, task: id).freedBytes == Int(report.total.freedBytes))
    let result = try node.site.rows("SELECT result FROM expireimage_task")[0]
    #expect(result == (try report.json(isPretty: false)))
    #expect(try node.site.rows("SELECT task_id FROM expireimage_lock WHERE scope LIKE 'node:%'") == ["-"])
  }

  @Test("at the limit takes nothing, a byte below it one entry, and with limit 0 all")
  func bounds() throws {
    let node = try cache(["a-v1", "b-v1"])
    #expect(try node.prune().names == [])
    #expect(try node.prune(limit: 10_000).names == [])
    #expect(try node.prune(limit: 9_999, dryRun: true).names == ["a-v1"])
    #expect(try node.prune(limit: 0).names == ["a-v1", "b-v1"])
  }

  @Test("A dry run writes nothing anywhere, and its plan is what then happens; a second prune does nothing")
  func dryRun() throws {
    let node = try cache(["a-v1", "b-v1", "c-v1"], limit: 6_000)
    let rows = try node.site.checksums()
    let names = try node.names()
    let plan = try node.prune(dryRun: true)
    #expect(try node.site.checksums() == rows)
    #expect(try node.names() == names)
    #expect(plan.taskID == nil && plan.isDryRun)
    let done = try node.prune()
    #expect(done.names == plan.names && done.total == plan.total && done.stays == plan.stays)
    #expect(done.names == ["a-v1", "b-v1"])
    #expect(try node.prune().names == [])
  }

  /// Who needs an entry.
  enum Need: String, CaseIterable, Sendable {
    case extraHardLinks, reservation, future, semaphore, loaded, production, retrieve, kvmCopy, vmwareCopy,
      directory,
      taskLock
  }

  @Test("leaves what somebody needs, and says who", arguments: Need.allCases)
  func inUse(_ need: Need) throws {
    let node = try NodeSite()
    try node.root()
    let image = try node.campus.image("Needed")
    let revision = try node.campus.revision(of: image, 1, imagename: "needed-v1")
    try node.revisions("other-v1")
    let file = try node.write("needed-v1.qcow2")
    try node.write("other-v1.qcow2")
    let code: String
    switch need {
    case .extraHardLinks:
      try FileManager.default.linkItem(atPath: file, toPath: node.folder + "/link")
      code = "extra_hard_links"
    case .reservation:
      try node.campus.request(of: revision, state: .inuse)
      code = "reservation"
    case .future:
      try node.campus.request(of: revision, state: .new, from: "2036-01-01")
      code = "reservation"
    case .semaphore:
      try node.campus.semaphore(of: revision, expires: "2037-01-01")
      code = "reservation"
    case .loaded:
      try node.campus.computer(with: revision, state: .available)
      code = "loaded"
    case .production:
      try node.campus.setProduction(revision, true)
      code = "production"
    case .retrieve:
      try node.vclLock("retrieve_needed-v1")
      code = "vcl_semaphore"
    case .kvmCopy:
      try node.vclLock("host1:/elsewhere/needed-v1.qcow2")
      code = "vcl_semaphore"
    case .vmwareCopy:
      try node.vclLock("host1-/elsewhere/needed-v1/disk.vmdk")
      code = "vcl_semaphore"
    case .directory:
      try node.vclLock(node.path("cache"))
      let report = try node.prune(limit: 0)
      #expect(report.stays == ["needed-v1 vcl_semaphore", "other-v1 vcl_semaphore"])
      return
    case .taskLock:
      let queue = node.site.site.tasks(node.connection, days: 1)
      _ = try queue.add(
        NewTask(
          type: .upload, imageName: "needed-v1", node: "elsewhere", requestedBy: "test", requestID: "r"),
        .name("needed-v1"), by: nil)
      code = "task_lock"
    }
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.names == ["other-v1"] && plan.stays == ["needed-v1 \(code)"])
    let report = try node.prune(limit: 0)
    #expect(report.names == ["other-v1"] && report.stays == ["needed-v1 \(code)"])
    #expect(try node.names() == ["needed-v1.qcow2"])
    #expect(try report.json().contains("\"over_by_bytes\" : 5000"))
  }

  /// The header of a disk in format qcow2 that is made on top of a file.
  static func disk(on backing: String) -> Data {
    var data = Data([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3])
    data += withUnsafeBytes(of: UInt64(512).bigEndian) { Data($0) }
    data += withUnsafeBytes(of: UInt32(backing.utf8.count).bigEndian) { Data($0) }
    data += Data(repeating: 0, count: 512 - data.count)
    return data + Data(backing.utf8)
  }

  @Test(
    "leaves the backing file of a disk on this node, in the root of KVM itself and in a directory that is named"
  )
  func backing() throws {
    let node = try NodeSite()
    let disks = node.folder + "/disks"
    try FileManager.default.createDirectory(atPath: disks, withIntermediateDirectories: true)
    try node.root("kvm", .cache, .kvm) { $0.disks = [disks] }
    try node.revisions("a-v1", "a-v10", "b-v1")
    for name in ["a-v1", "a-v10", "b-v1"] { try node.write("\(name).qcow2", in: "kvm") }
    try Self.disk(on: "a-v1.qcow2").write(to: URL(fileURLWithPath: node.path("kvm") + "/vm1.qcow2"))
    try Self.disk(on: node.path("kvm") + "/b-v1.qcow2").write(to: URL(fileURLWithPath: disks + "/vm2.disk"))
    let report = try node.prune(limit: 0)
    #expect(report.names == ["a-v10"])
    #expect(report.stays == ["a-v1 backing_file", "b-v1 backing_file"])
  }

  @Test("removes nothing where a directory with disks is not there, and names it")
  func disksMissing() throws {
    let node = try NodeSite()
    let disks = node.folder + "/disks"
    try FileManager.default.createDirectory(atPath: disks, withIntermediateDirectories: true)
    try node.root { $0.disks = [disks] }
    try node.revisions("a-v1")
    try node.write("a-v1.img")
    try FileManager.default.removeItem(atPath: disks)
    let failure = failing { _ = try node.prune(limit: 0) }
    #expect(failure?.description.contains(disks) == true, "\(failure as Any)")
    #expect(try node.names() == ["a-v1.img"])
    #expect(try node.tasks == ["prune failure"])
    #expect(try CacheListOperation(node.site.site).list().warnings.count == 1)
  }

  @Test("of a datastore takes a live revision only where a repository of the node has it too")
  func onlyCopy() throws {
    let node = try NodeSite()
    try node.root("store", .datastore, .vmware)
    try node.root("repository", .repository, .vmware)
    try node.revisions("a-v1", "b-v1")
    try node.write("a-v1/disk.vmdk", in: "store")
    try node.write("b-v1/disk.vmdk", in: "store")
    try node.write("b-v1/disk.vmdk", in: "repository")
    let report = try node.prune(limit: 0)
    #expect(report.names == ["b-v1"] && report.stays == ["a-v1 only_copy"])
    #expect(try node.names("repository") == ["b-v1", "b-v1/disk.vmdk"])
    let refused = failing { _ = try node.prune("repository", limit: 0) }
    #expect(refused?.description.contains("has the only copies") == true)
  }

  @Test("of a datastore takes no flagged revision either, unless a repository has it too or it was purged")
  func flaggedOnlyCopy() throws {
    let node = try NodeSite()
    try node.root("store", .datastore, .vmware)
    try node.root("repository", .repository, .vmware)
    for id in try node.revisions("a-v1", "b-v1", "c-v1") { try node.flag(id) }
    for name in ["a-v1", "b-v1", "c-v1"] { try node.write("\(name)/disk.vmdk", in: "store") }
    try node.write("b-v1/disk.vmdk", in: "repository")
    let purged = try node.site.rows("SELECT id FROM imagerevision WHERE imagename = 'c-v1'")
    try node.site.recordPurge(of: try #require(Int(purged[0])))
    let report = try node.prune(limit: 0)
    #expect(report.names == ["b-v1", "c-v1"] && report.stays == ["a-v1 only_copy"])
  }

  @Test("A copy that is far smaller, cut off, has no files, or lies where VCL has a lock, is none")
  func badCopies() throws {
    let node = try NodeSite()
    try node.root("store", .datastore, .vmware)
    try node.root("repository", .repository, .vmware)
    let names = ["cut-v1", "empty-v1", "formatted-v1", "short-v1", "whole-v1"]
    try node.revisions(names)
    for name in names { try node.write("\(name)/disk.vmdk", in: "store", 200_000) }
    try node.write("cut-v1/disk.vmdk", in: "repository", 190_000)
    try FileManager.default.createDirectory(
      atPath: node.path("repository") + "/empty-v1", withIntermediateDirectories: true)
    // Another format of the same disk, in pieces.
    for piece in 1...2 { try node.write("formatted-v1/disk-\(piece).vmdk", in: "repository", 60_000) }
    for piece in 1...2 { try node.write("short-v1/disk-\(piece).vmdk", in: "repository", 20_000) }
    try node.write("whole-v1/disk.vmdk", in: "repository", 200_000)
    let stays = ["cut-v1", "empty-v1", "short-v1"].map { "\($0) only_copy" }
    let plan = try node.prune(limit: 0, dryRun: true)
    #expect(plan.names == ["formatted-v1", "whole-v1"] && plan.stays.sorted() == stays)
    try node.vclLock(node.path("repository"))
    #expect(try node.prune(limit: 0).stays.sorted() == names.map { "\($0) only_copy" })
  }

  @Test("An empty directory of disks stops all, as does a missing one, but not one of a disabled root")
  func disksEmpty() throws {
    let node = try NodeSite()
    let disks = node.folder + "/disks"
    try FileManager.default.createDirectory(atPath: disks, withIntermediateDirectories: true)
    try node.root("other") { $0.disks = [disks] }
    try node.root()
    try node.revisions("a-v1")
    try node.write("a-v1.img")
    let failure = failing { _ = try node.prune(limit: 0) }
    #expect(failure?.description.contains("root other, is empty; is its file system mounted?") == true)
    _ = try RootSetOperation(node.site.site).set("other", terms { $0.isEnabled = false })
    #expect(try node.prune(limit: 0).names == ["a-v1"])
  }

  @Test(
    "A file without a row neither goes nor keeps the call from its end, nor does a link that leads nowhere")
  func unknown() throws {
    let node = try cache(["a-v1"])
    for number in 0..<500 { try node.write("unknown\(number)-v1.img", 1) }
    for (name, target) in [("dangling", "/nowhere"), ("loop", "loop"), ("a-v1.link", "a-v1.img")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(node.path("cache"))/\(name)", withDestinationPath: target)
    }
    let report = try node.prune(limit: 0)
    #expect(report.names == ["a-v1"])
    #expect(try node.names().count == 503)
    #expect(try report.json().contains("\"unmanaged\" : 503"))
  }

  @Test("What cannot be removed is told, stops nothing, and something newer goes in its place")
  func undeletable() throws {
    let node = try cache(["a-v1"], limit: 10_000)
    try node.revisions("b-v1", "c-v1")
    try PrivateImmutable.with(node.path("cache") + "/a-v1.img") {
      try node.write("b-v1.img")
      try node.write("c-v1.img")
      let report = try node.prune()
      #expect(report.names == ["b-v1"])
      #expect(report.failed.map(\.name) == ["a-v1"])
      #expect(report.total.apparentBytes == 5000)
      #expect(report.exitStatus == .doneInPart)
      #expect(try node.names() == ["a-v1.img", "c-v1.img"])
      #expect(try node.tasks == ["prune failure"])
      #expect(try node.prune().names == [])
    }
  }

  @Test("A root that cannot be opened is told, and the others are pruned all the same")
  func unusableRoot() throws {
    let node = try cache(["a-v1"])
    try node.root("gone")
    try node.root("unmarked")
    try FileManager.default.removeItem(atPath: node.path("gone"))
    try FileManager.default.removeItem(atPath: node.path("unmarked") + "/" + RootMarker.fileName)
    let report = try node.prune(limit: 0)
    #expect(report.names == ["a-v1"])
    #expect(report.failed.map { "\($0.root) \($0.reason)" } == ["gone missing", "unmarked unmarked"])
    #expect(try report.json().contains("\"over_by_bytes\" : null"))
    #expect(report.exitStatus == .doneInPart)
  }

  @Test("While another task has the node's roots, a prune is refused with its job, and a dry run is not")
  func conflict() throws {
    let node = try cache(["a-v1"])
    let queue = node.site.site.tasks(node.connection, days: 1)
    let new = NewTask(type: .clean, node: NodeSite.node, requestedBy: "test", requestID: "r")
    let hold = try queue.add(new, .node(NodeSite.node), by: ProcessIdentity.own)
    let failure = failing { _ = try node.prune(limit: 0) }
    #expect(failure?.exitStatus == .leaseHeld)
    #expect(failure?.description.contains("clean job \(hold.taskID)") == true, "\(failure as Any)")
    #expect(try node.prune(limit: 0, dryRun: true).names == ["a-v1"])
    #expect(try node.names() == ["a-v1.img"])
  }

  @Test("What an interrupted removal left is ended first, and disabled roots are left alone")
  func interrupted() throws {
    let node = try cache(["a-v1"])
    let slot = node.path("cache") + "/trash/0123456789abcdef.root.leaving/single"
    try FileManager.default.createDirectory(atPath: slot, withIntermediateDirectories: true)
    try FileManager.default.moveItem(
      atPath: node.path("cache") + "/a-v1.img", toPath: slot + "/a-v1.img")
    _ = try RootSetOperation(node.site.site).set("cache", terms { $0.isEnabled = false })
    #expect(try node.prune(limit: 0).names == [])
    #expect(try node.names().contains("a-v1.img") == false)
    #expect(failing { _ = try node.prune("cache", limit: 0) }?.description.contains("--enable") == true)
    _ = try RootSetOperation(node.site.site).set("cache", terms { $0.isEnabled = true })
    #expect(try node.prune(limit: 0).names == ["a-v1"])
    #expect(try node.names() == [])
  }

  private func terms(_ change: (inout RootTerms) -> Void) -> RootTerms {
    var terms = RootTerms()
    change(&terms)
    return terms
  }

  @Test(
    "In random caches nothing in use is touched, the dry run tells what happens, and twice is once",
    arguments: 0..<12)
  func random(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let node = try NodeSite()
    try node.root()
    let names = (0..<30).map { "image\($0)-v\(Int.random(in: 1...20, using: &generator))" }
    let ids = try node.revisions(names)
    for (name, id) in zip(names, ids) {
      for part in 0..<Int.random(in: 1...3, using: &generator) {
        try node.write("\(name).part\(part)", Int.random(in: 0...9000, using: &generator))
      }
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: try node.campus.request(of: id)
      case 1: try node.campus.computer(with: id)
      case 2: try node.vclLock("repository:\(name)")
      default: break
      }
    }
    let needed = try CacheListOperation(node.site.site).list().roots[0].entries.filter { $0.inUse != nil }
    let limit = Int64.random(in: 0...120_000, using: &generator)
    let before = try node.bytes()
    let plan = try node.prune(limit: limit, dryRun: true)
    let done = try node.prune(limit: limit)
    #expect(done.names == plan.names && done.total == plan.total && done.stays == plan.stays)
    let gone = before - (try node.bytes())
    #expect(gone == Int(done.total.apparentBytes))
    let left = try node.names()
    for entry in needed {
      #expect(left.count { $0.hasPrefix(entry.name + ".") } == entry.size.files, "\(entry.name)")
    }
    let again = try node.prune(limit: limit)
    #expect(again.names == [])
    #expect(try node.names() == left)
  }
}

/// A file that nobody can rename or remove, root neither.
enum PrivateImmutable {
  static func with(_ path: String, _ body: () throws -> Void) throws {
    try change("+i", path)
    defer { try? change("-i", path) }
    try body()
  }

  private static func change(_ flag: String, _ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/chattr")
    process.arguments = [flag, path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw POSIXError(.EPERM) }
  }
}
