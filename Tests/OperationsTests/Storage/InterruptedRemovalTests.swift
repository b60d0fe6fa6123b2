import Caches
import Foundation
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Removals that were interrupted")
struct InterruptedRemovalTests {
  private static let slot = "trash/0123456789abcdef.root.leaving/single"

  private func node(waiting names: [String]) throws -> NodeSite {
    let node = try NodeSite()
    try node.root()
    try node.revisions(names)
    for name in names { try node.write("\(Self.slot)/\(name).img") }
    return node
  }

  private func rootsCheck(_ node: NodeSite) throws -> CheckResult {
    try RootsCheck.result(node.connection, node.site.site)
  }

  @Test("Checks warn of one that waits; a worker ends it at its start, and says so")
  func work() throws {
    let node = try node(waiting: ["a-v1", "b-v1"])
    #expect(try rootsCheck(node).status == .warning)
    #expect(try rootsCheck(node).message.contains("`expireimage work` ends it"))
    let check = try RootCheckOperation(node.site.site).check()
    #expect(check.exitStatus == .done)
    #expect(check.text().contains("an interrupted removal waits in trash/: `expireimage work` ends it"))
    let report = try WorkOperation(node.site.site).run(.silent)
    #expect(
      report.line == "0 jobs done; root cache: ended an interrupted removal, 2 put back, 0 removed")
    #expect(try report.json().contains("\"put_back\" : 2") || report.json().contains("\"put_back\": 2"))
    #expect(try node.names() == ["a-v1.img", "b-v1.img"])
    #expect(try rootsCheck(node).status == .ok)
    #expect(try WorkOperation(node.site.site).run(.silent).line == "0 jobs done")
  }

  @Test("What another process is at is left to it; a root that is disabled is left alone")
  func busyAndDisabled() throws {
    let node = try node(waiting: ["a-v1"])
    do {
      let root = try #require(try NodeRoots.read(node.connection, node: NodeSite.node).own.first)
      let remover = try Remover(root.directory.get(), ledger: { _ in })
      #expect(try rootsCheck(node).status == .ok)
      #expect(try RootCheckOperation(node.site.site).check().text().contains("interrupted") == false)
      #expect(try WorkOperation(node.site.site).run(.silent).line == "0 jobs done")
      withExtendedLifetime(remover) {}
    }
    try node.connection.execute("UPDATE expireimage_root SET enabled = 0")
    #expect(try WorkOperation(node.site.site).run(.silent).line == "0 jobs done")
    #expect(try node.names().contains("\(Self.slot)/a-v1.img"))
  }

  @Test("A root that cannot be worked on stops no other")
  func unusable() throws {
    let node = try node(waiting: ["a-v1"])
    try node.root("another")
    try FileManager.default.removeItem(atPath: node.path("another"))
    let interrupted = try InterruptedRemovals(node.connection, node: NodeSite.node)
    let told = interrupted.tell(.silent, except: [])
    #expect(told.count == 1 && told.first?.hasPrefix("root another: ") == true, "\(told)")
    #expect(try node.names() == ["a-v1.img"])
  }

  @Test("What cannot go back says where it waits and what to do, each for itself, ten of them at most")
  func nameTaken() throws {
    let names = (10...21).map { "im\($0)-v1" }
    let node = try node(waiting: names)
    for name in names { try node.write("\(name).img") }
    let problems = try node.clean().problems
    #expect(problems.count == 11 && problems.last == "and 2 more that wait in trash/", "\(problems)")
    for (name, line) in zip(names.prefix(10), problems) {
      #expect(line.hasPrefix("cache: \(name).img: rename \(name).img to \(name).img: File exists"))
      #expect(line.contains("waits in \(Self.slot)/\(name).img: move away what is in its place"))
      #expect(!line.contains("removes the rest"))
    }
    for name in names { unlink(node.path("cache") + "/\(name).img") }
    #expect(try node.clean().problems == [])
    #expect(try node.names() == names.map { "\($0).img" })
  }

  @Test("Of an image with several files each says what holds it")
  func wholeImage() throws {
    let node = try NodeSite()
    try node.root("cache", .cache, .kvm)
    let whole = "trash/0123456789abcdef.root.leaving/0.whole"
    for end in ["qcow2", "xml"] { try node.write("\(whole)/a-v1.\(end)") }
    try node.write("a-v1.xml")
    let problems = try node.clean().problems
    #expect(problems.count == 2)
    #expect(problems.first?.contains("put back a-v1.qcow2 together with the others") == true, "\(problems)")
    #expect(problems.last?.contains("rename a-v1.xml to a-v1.xml: File exists") == true, "\(problems)")
  }

  @Test("What the last check keeps and whose name is taken meanwhile says where it waits")
  func takenInLastCheck() throws {
    let node = try NodeSite()
    try node.root()
    try node.revisions("a-v1")
    try node.write("a-v1.img")
    let call = try RemovalCall(node.site.site, .prune, .atOnce, isDryRun: false, .silent)
    let all = try NodeRoots.read(call.connection, node: NodeSite.node)
    let report = try call.perform(input: [:]) { task in
      var report = RemovalReport(kind: .prune, isDryRun: false)
      var roots = all.own
      let task = try #require(task)
      let contents = try call.read(all, &roots, task, &report).contents(of: roots[0])
      let work = RootRemoval(call: call, task: task, root: roots[0], plannedBytes: 0)
      _ = try work.remove(
        contents.entries.map { (RemovalCandidate($0), contents.removed($0.entry, call.clock)) },
        batchSize: 10, &report
      ) { _ in
        try node.write("a-v1.img")
        return ["a-v1": "reservation"]
      }
      return report
    }
    let waiting = try #require(try node.names().first { $0.hasSuffix("/single/a-v1.img") })
    #expect(report.problems.count == 1)
    #expect(report.problems.first?.contains("waits in \(waiting): move away") == true, "\(report.problems)")
  }

  @Test(
    "A call that fails in a root says in which directory, and what to do",
    arguments: [
      (ENOSPC, "make a little room there by hand"), (EDQUOT, "make a little room there by hand"),
      (EACCES, "let this account write there"), (EPERM, "`lsattr -d` shows it"),
      (EROFS, "mount its file system so that it can be written"), (EBUSY, "unmount what is mounted there"),
      (EIO, "the system's log"), (ENOENT, nil),
    ] as [(Int32, String?)])
  func remedies(_ code: Int32, _ remedy: String?) throws {
    let node = try NodeSite()
    try node.root()
    let root = try #require(try NodeRoots.read(node.connection, node: NodeSite.node).own.first)
    let error = FileError("make directory 0123456789abcdef.root.leaving", code)
    let start = "\(error), in \(node.path("cache"))"
    for line in [root.advice(error), root.advice(.failed(path: node.path("cache"), error))] {
      #expect(remedy == nil ? line == start : line.hasPrefix(start + "; "), "\(line)")
      if let remedy { #expect(line.contains(remedy), "\(line)") }
    }
  }

  @Test("A removal that fails says so in its report, and in the one of a cleanup")
  func remedyInReports() throws {
    let node = try NodeSite()
    try node.root()
    try node.write("invalid/f02")
    try PrivateImmutable.with(node.path("cache") + "/invalid/f02") {
      let told = "Operation not permitted, in \(node.path("cache")); let this account write there"
      #expect(try node.clean().problems.first?.contains(told) == true)
      let cleanup = CleanupOperation(node.site.site, name: "f02", rootName: "cache")
      let report = try cleanup.run(.silent)
      #expect(report.lines.contains { $0.contains(told) }, "\(report.lines)")
    }
  }

  @Test("A root whose marker is gone is to be taken out before it is added again, and that works")
  func markerGone() throws {
    let node = try NodeSite()
    try node.root()
    unlink(node.path("cache") + "/" + RootMarker.fileName)
    let advice = "`expireimage root remove cache` and then add the root again"
    #expect(try RootCheckOperation(node.site.site).check().text().contains(advice))
    #expect(try node.clean().problems.first?.contains(advice) == true)
    _ = try RootSetOperation(node.site.site).remove("cache")
    try node.root()
    #expect(try RootCheckOperation(node.site.site).check().exitStatus == .done)
  }
}
