import Caches
import Campus
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Cleanups")
struct CleanupTests {
  private func cleanup(_ site: TestSite, _ name: String, root: String? = nil, dryRun: Bool = false) throws
    -> CleanupReport
  {
    let operation = CleanupOperation(site.site, name: name, rootName: root)
    return try dryRun ? operation.plan() : operation.run(.silent)
  }

  @Test(
    "Exactly the name goes, in whatever area it is, and none that begins like it",
    arguments: [
      (
        "vmware", ["new-image/disk", "incomplete/new-image/parts/x", "invalid/new-image/disk"],
        [
          "new-image-2/disk", "new-image.bak/disk", "new-imag/disk", "NEW-IMAGE/disk",
          "invalid/new-image-2/disk",
        ]
      ),
      (
        "kvm", ["new-image.qcow2", "new-image.xml", "invalid/new-image.qcow2", "incomplete/new-image/x"],
        ["new-image-2.qcow2", "new-image.bak.qcow2", "new-imager.qcow2", "new-image", "xnew-image.qcow2"]
      ),
      (
        "xcat", ["new-image.gz", "incomplete/new-image/x"],
        ["new-image-2.gz", "new-image-v2-sda1.gz", "new-imager.gz"]
      ),
      (
        "plain", ["new-image/disk", "new-image.iso", "invalid/new-image"],
        ["new-image-2/disk", "new-image.bak/disk", "new-image-2.iso", "new-image.x.iso"]
      ),
    ])
  func exactly(layout: String, own: [String], others: [String]) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: layout)
    for name in own + others { try root.write("root/\(name)", bytes: 100) }
    let before = try root.names()
    let plan = try cleanup(site, "new-image", dryRun: true)
    #expect(try root.names() == before)
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
    let report = try cleanup(site, "new-image")
    #expect(report.removed.map(\.words) == plan.removed.map(\.words))
    #expect(report.total.files == own.count && report.total.apparentBytes == own.count * 100)
    #expect(plan.total.files == own.count && plan.total.apparentBytes == own.count * 100)
    for name in others { #expect(try root.names().contains(name), "\(name)") }
    #expect(try root.names().filter { name in own.contains { name == $0 } } == [])
    #expect(
      try site.rows("SELECT type, status, image_name FROM expireimage_task") == ["cleanup success new-image"])
    #expect(
      try site.rows("SELECT SUM(files), SUM(apparent_bytes) FROM expireimage_removal")
        == ["\(own.count) \(own.count * 100)"])

    // Again: there is nothing, and that is no failure.
    let again = try cleanup(site, "new-image")
    #expect(again.removed.isEmpty && again.exitStatus == .done)
  }

  @Test("An index goes after what it describes")
  func indexLast() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: "kvm")
    for name in ["a.xml", "a.aaa", "a.zzz"] { try root.write("root/\(name)", bytes: 1) }
    let call = try TaskCall(site.site)
    let work = CleanupWork(
      target: try ImageTarget("a", rootName: nil, call), call: call, keepsEntry: false, hasLock: false)
    #expect(
      try work.plan().candidates.flatMap(\.fileNames).map(\.description) == ["a.aaa", "a.zzz", "a.xml"])
    _ = root
  }

  @Test("What somebody writes stays; what a dead or unknown writer left goes")
  func writers() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    let own = ProcessIdentity.own
    let directory = try RootDirectory.open(path: root.path, expecting: nil)
    var entry: IncompleteEntry? = try IncompleteEntry(
      "x", in: directory,
      writer: WriterIdentity(node: own.node, pid: own.pid, processStart: own.processStart, bootID: own.bootID)
    )
    let report = try cleanup(site, "x")
    #expect(report.kept.map(\.reason) == ["writer_alive"] && report.exitStatus == .doneInPart)
    #expect(try root.names().contains("incomplete/x"))
    #expect(entry != nil)
    entry = nil
    #expect(try cleanup(site, "x").removed.map(\.words) == ["incomplete/x"])
    #expect(try root.names() == [])
  }

  @Test(
    "Files that somebody needs stay, with the first reason, and so do all whose name VCL knows",
    arguments: [
      ("known_to_vcl", "UPDATE imagerevision SET deleted = 1, datedeleted = NOW() WHERE id = ?", nil),
      ("production", "UPDATE imagerevision SET production = 1 WHERE id = ?", nil),
      ("only_copy", "UPDATE imagerevision SET comments = 'x' WHERE id = ?", nil),
      (
        "reservation", "UPDATE imagerevision SET deleted = 1, datedeleted = NOW() WHERE id = ?",
        "INSERT INTO semaphore (computerid, imageid, imagerevisionid, managementnodeid, expires, procid) SELECT 1, imageid, id, 1, NOW() + INTERVAL 1 HOUR, 'x' FROM imagerevision WHERE id = ?"
      ),
      (
        "vcl_semaphore", "UPDATE imagerevision SET deleted = 1, datedeleted = NOW() WHERE id = ?",
        "INSERT INTO vcldsemaphore (identifier, reservationid, pid, expires) SELECT CONCAT('retrieve_', imagename), 0, 1, NOW() + INTERVAL 1 HOUR FROM imagerevision WHERE id = ?"
      ),
    ] as [(String, String, String?)])
  func needed(reason: String, change: String, more: String?) throws {
    let site = try TestSite()
    let image = try site.campus.image("Needed")
    _ = try site.campus.revision(of: image, 2, production: reason != "production")
    let name = "needed-v1"
    let revision = try site.campus.revision(of: image, 1, imagename: name)
    try site.connection.executeScript("SET foreign_key_checks = 0;")
    try site.connection.execute(change, [Value(revision)])
    if let more { try site.connection.execute(more, [Value(revision)]) }
    if ["known_to_vcl", "vcl_semaphore"].contains(reason) { try site.recordPurge(of: revision) }
    let root = try TestRoot(site.connection)
    try root.write("root/\(name)/disk", bytes: 10)
    try root.write("root/incomplete/\(name)/x", bytes: 10)
    let plan = try cleanup(site, name, dryRun: true)
    let report = try cleanup(site, name)
    for result in [plan, report] {
      #expect(result.kept.map(\.reason) == [reason])
      #expect(result.message.contains("`image purge`") == (reason == "known_to_vcl"))
      #expect(result.removed.map(\.words).contains("incomplete/\(name)"))
    }
    #expect(try root.names().contains("\(name)/disk"))
    #expect(try !root.names().contains("incomplete/\(name)"))
    #expect(
      try site.rows("SELECT status, revision_id FROM expireimage_task") == ["success \(revision)"])
  }

  @Test(
    "A datastore's files of a name that VCL knows go only where an enabled repository has a whole copy",
    arguments: [
      (copy: 100_000, isEnabled: true, stays: false), (copy: 90_000, isEnabled: true, stays: true),
      (copy: 0, isEnabled: true, stays: true), (copy: 100_000, isEnabled: false, stays: true),
    ])
  func copies(copy: Int, isEnabled: Bool, stays: Bool) throws {
    let site = try TestSite()
    let image = try site.campus.image("Copied")
    _ = try site.campus.revision(of: image, 2, production: true)
    _ = try site.campus.revision(of: image, 1, imagename: "copied-v1")
    let store = try TestRoot(site.connection, name: "store", role: .datastore)
    let repository = try TestRoot(site.connection)
    try store.write("root/copied-v1/disk", bytes: 100_000)
    // A capture that failed may leave the directory alone.
    try repository.write("root/copied-v1/disk", bytes: copy)
    if copy == 0 { try FileManager.default.removeItem(atPath: repository.path + "/copied-v1/disk") }
    if !isEnabled {
      var record = repository.record
      record.isEnabled = false
      try record.update(site.connection)
    }
    let report = try cleanup(site, "copied-v1", root: "store")
    #expect(report.kept.map(\.reason) == (stays ? ["only_copy"] : []))
    #expect(try store.names().contains("copied-v1/disk") == stays)
  }

  @Test("A disk whose header is damaged is named, with what to do")
  func damagedDisk() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: "kvm")
    try root.write("root/old-v1.qcow2", bytes: 10)
    var header: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]
    header += [0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0xff, 0xff, 0, 0, 0, 0]
    try Data(header).write(to: URL(filePath: root.path + "/machine.qcow2"))
    for report in [try cleanup(site, "old-v1", dryRun: true), try cleanup(site, "old-v1")] {
      #expect(report.kept.map(\.reason) == ["backing_files_unknown"])
      let words = "\(root.path)/machine.qcow2 cannot be read (its header is damaged)"
      #expect(report.message.contains(words), "\(report.message)")
      #expect(report.message.contains("move it away if it is damaged"), "\(report.message)")
      #expect(try report.json().contains("machine.qcow2"))
    }
    #expect(try root.names() == ["machine.qcow2", "old-v1.qcow2"])
  }

  @Test("A dry run tells what is there when an interrupted removal has been ended")
  func interrupted() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: "plain")
    let slot = "root/trash/0123456789abcdef"
    try root.write("\(slot).root.leaving/0.single/old-v1.img", bytes: 10)
    try root.write("\(slot).invalid.leaving/0.single/old-v1", bytes: 20)
    try root.write("root/invalid/other", bytes: 20)
    let plan = try cleanup(site, "old-v1", dryRun: true)
    #expect(plan.removed.map(\.words) == ["invalid/old-v1", "old-v1"] && plan.total.apparentBytes == 30)
    let report = try cleanup(site, "old-v1")
    #expect(report.removed.map(\.words) == plan.removed.map(\.words))
    #expect(report.total.apparentBytes == 30)
  }

  @Test("What somebody begins to need in the last moment comes back: the lock that is lost removes nothing")
  func lostLock() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("root/x/disk", bytes: 10)
    let call = try TaskCall(site.site)
    let target = try ImageTarget("x", rootName: nil, call)
    let hold = try call.queue.add(TestQueue.new(.cleanup, "x"), .name("x"), by: TestQueue.holder(1))
    // Given up by somebody else, who may be at work on the same files by now.
    try site.connection.execute("UPDATE expireimage_task SET fence = fence + 1")
    let work = CleanupWork(target: target, call: call, keepsEntry: false, hasLock: true)
    #expect(throws: TaskLost.self) {
      _ = try work.run(TaskAtWork(call.connection, hold, requestID: "r"))
    }
    #expect(try root.names() == ["x", "x/disk"])
    #expect(try site.rows("SELECT * FROM expireimage_removal") == [])
  }

  @Test("After an upload that failed, an entry that is in its place stays")
  func afterUpload() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("root/x/disk", bytes: 10)
    try root.write("root/incomplete/x/parts/x/disk", bytes: 10)
    let queue = TaskQueue(site.connection, days: 1) { _ in false }
    var new = TestQueue.new(.upload, "x", node: site.site.nodeName)
    (new.root, new.rootID) = (root.record.name, root.record.id)
    let upload = try queue.add(new, .name("x"), by: TestQueue.holder(1))
    _ = try queue.failUpload(upload, message: "failed", by: nil)
    let report = try WorkOperation(site.site).run(.silent)
    #expect(report.items.count == 1 && report.exitStatus == .done)
    #expect(try root.names() == ["x", "x/disk"])
  }

  @Test(
    "A root of another node, one that is not there and one that is not marked are refused before a job is made"
  )
  func roots() throws {
    let site = try TestSite()
    let other = try TestRoot(site.connection, name: "far", node: "elsewhere")
    let root = try TestRoot(site.connection)
    try FileManager.default.removeItem(atPath: root.path + "/.expireimage-root")
    for (name, words) in [("far", "elsewhere"), ("none", "no root 'none'"), ("repository", "marker")] {
      do {
        _ = try cleanup(site, "x", root: name)
        Issue.record("\(name) was taken")
      } catch { #expect("\(error)".contains(words), "\(error)") }
    }
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
    _ = other
  }
}
