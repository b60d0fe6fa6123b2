import Caches
import Campus
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The last check, when entries have left their root")
struct LastCheckTests {
  private func cache(_ names: [String]) throws -> NodeSite {
    let node = try NodeSite()
    try node.root()
    try node.revisions(names)
    for name in names { try node.write("\(name).img") }
    return node
  }

  /// Removes all of the one root.
  ///
  /// - Parameters:
  ///   - meanwhile: between the plan and the removal.
  ///   - recheck: nil: the last check of a prune.
  /// - Returns: the report, also of a call that failed; the names that stay; why it failed.
  private func prune(
    _ node: NodeSite, batchSize: Int = 10, meanwhile: () throws -> Void = {}, recheck: Remover.Recheck? = nil
  ) throws -> (report: RemovalReport, staying: Set<String>, failure: Failure?) {
    let call = try RemovalCall(node.site.site, .prune, .atOnce, isDryRun: false, .silent)
    let all = try NodeRoots.read(call.connection, node: NodeSite.node)
    var report = RemovalReport(kind: .prune, isDryRun: false)
    var staying: Set<String> = []
    let failure = failing {
      _ = try call.perform(input: [:]) { task in
        var roots = all.own
        let task = try #require(task)
        let reading = try call.read(all, &roots, task, &report)
        let contents = try reading.contents(of: roots[0])
        let work = RootRemoval(call: call, task: task, root: roots[0], plannedBytes: 0)
        try meanwhile()
        _ = try call.attempt(roots[0], &report) { report in
          staying = try work.remove(
            contents.entries.map { (RemovalCandidate($0), contents.removed($0.entry, call.clock)) },
            batchSize: batchSize, &report
          ) { batch in try recheck?(batch) ?? work.recheck(batch, reading) }
        }
        return report
      }
    }
    return (report, staying, failure)
  }

  @Test("Between plan and removal a reservation comes: the entry comes back whole")
  func reservedMeanwhile() throws {
    let node = try cache(["a-v1", "b-v1"])
    let revision = try #require(
      try node.site.rows("SELECT id FROM imagerevision WHERE imagename = 'a-v1'").first.flatMap { Int($0) })
    let (report, staying, failure) = try prune(node, meanwhile: { try node.campus.request(of: revision) })
    #expect(failure == nil && staying == ["a-v1"])
    #expect(report.names == ["b-v1"] && report.stays == ["a-v1 reservation"])
    #expect(try node.names() == ["a-v1.img"])
  }

  @Test(
    "Between plan and removal a disk is made on top of an entry: it comes back, all of them when nobody can tell of which",
    arguments: [(header: "base", stays: ["a-v1 backing_file"], isGone: true), ("damaged", [], false)])
  func disksMeanwhile(header: String, stays: [String], isGone: Bool) throws {
    let node = try NodeSite()
    try node.root("cache", .cache, .kvm)
    try node.revisions(["a-v1", "b-v1"])
    for name in ["a-v1", "b-v1"] { try node.write("\(name).qcow2") }
    let backing = header == "base" ? node.path("cache") + "/a-v1.qcow2" : ""
    var disk: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]
    disk += withUnsafeBytes(of: UInt64(24).bigEndian, Array.init)
    disk += withUnsafeBytes(of: UInt32(backing.isEmpty ? 9000 : backing.utf8.count).bigEndian, Array.init)
    disk += [0, 0, 0, 0] + Array(backing.utf8)
    // A machine that somebody makes by hand, of which VCL knows nothing.
    let (report, _, failure) = try prune(
      node, meanwhile: { try Data(disk).write(to: URL(filePath: node.path("cache") + "/machine")) })
    #expect((failure == nil) == isGone, "\(failure as Any)")
    #expect(failure?.description.contains("/machine cannot be read (its header is damaged)") ?? true)
    #expect(report.names == (isGone ? ["b-v1"] : []))
    #expect(report.stays.filter { !$0.hasSuffix("interrupted") } == stays)
    #expect(try node.names().contains("b-v1.qcow2") != isGone && node.names().contains("a-v1.qcow2"))
  }

  @Test("A task that was given up meanwhile removes nothing more, and all is back in its place")
  func lost() throws {
    let node = try cache(["a-v1"])
    let (_, _, failure) = try prune(
      node, meanwhile: { try node.connection.execute("UPDATE expireimage_task SET fence = fence + 1") })
    #expect(failure?.exitStatus == .leaseHeld, "\(failure as Any)")
    #expect(try node.names() == ["a-v1.img"])
  }

  @Test("An error in the second batch leaves in the report what became of both", arguments: [true, false])
  func failingBatch(_ isOfTheRoot: Bool) throws {
    struct DatabaseGone: Error {}
    let node = try cache(["a-v1", "b-v1", "c-v1", "d-v1"])
    var checks = 0
    let (report, _, failure) = try prune(
      node, batchSize: 2,
      recheck: { _ in
        checks += 1
        if checks == 1 {
          unlink(node.path("cache") + "/d-v1.img")
          return ["a-v1": "reservation"]
        }
        if isOfTheRoot { throw FileError("read", EIO) }
        throw DatabaseGone()
      })
    #expect(report.names == ["b-v1"] && report.total.files == 1)
    #expect(report.stays == ["a-v1 reservation", "c-v1 interrupted", "d-v1 vanished"])
    #expect(report.failed.map(\.reason) == (isOfTheRoot ? ["failed"] : []))
    #expect(failure?.description.hasSuffix("; 3 in their place") == (isOfTheRoot ? nil : true))
    let log = try node.site.rows("SELECT line FROM expireimage_tasklog ORDER BY id").joined(separator: "\n")
    #expect(log.contains("c-v1 stays: interrupted") != isOfTheRoot, "\(log)")
    #expect(try node.names() == ["a-v1.img", "c-v1.img"])
  }

  @Test("An entry that was restored after the plan is compared with its copy by its size")
  func cutCopyOfRestored() throws {
    let node = try NodeSite()
    try node.root("repository", .repository, .vmware)
    try node.root("store", .datastore, .vmware)
    let ids = try node.revisions("cut-v1", "whole-v1")
    for name in ["cut-v1", "whole-v1"] { try node.write("\(name)/disk.vmdk", in: "store", 200_000) }
    try node.write("cut-v1/disk.vmdk", in: "repository", 50_000)
    try node.write("whole-v1/disk.vmdk", in: "repository", 200_000)
    for id in ids {
      try node.flag(id)
      try node.site.recordPurge(of: id)
    }
    let other = try Connection(TestServer.shared.options(database: node.site.name))
    try other.execute(
      """
      CREATE TRIGGER undeleted_meanwhile BEFORE UPDATE ON expireimage_task FOR EACH ROW
      IF NEW.checks > OLD.checks THEN UPDATE imagerevision SET deleted = 0, datedeleted = NULL
      WHERE imagename IN ('cut-v1', 'whole-v1'); END IF
      """)
    let report = try node.prune("store", limit: 0)
    #expect(report.names == ["whole-v1"] && report.stays == ["cut-v1 only_copy"])
  }
}
