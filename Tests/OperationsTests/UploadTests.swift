import Caches
import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Uploads")
struct UploadTests {
  private func upload(
    _ site: TestSite, _ name: String, _ source: String, root: String? = nil, retries: Int = 0,
    as user: String? = nil, stop: StopRequest = .never, pause: @escaping (Int) -> Double = { _ in 0 }
  ) throws -> JSONValue {
    let operation = UploadOperation(
      site.site, name: name, source: source, rootName: root, retries: retries, as: user, stop: stop,
      pause: pause)
    return JSONValue(document: try operation.run(.silent).json())
  }

  private func failure(_ body: () throws -> Void) -> Failure? {
    do {
      try body()
      return nil
    } catch { return Failure(error) }
  }

  private static let openTasks = "SELECT COUNT(*) FROM expireimage_task WHERE ended IS NULL"
  private static let tasks = "SELECT type, status, deleted IS NOT NULL FROM expireimage_task ORDER BY id"

  @Test("A directory becomes the entry, whole, with the checksum of every file, and a job tells of it")
  func directory() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk.vmdk", bytes: 3_000_000)
    try root.write("source/below/notes", bytes: 0)
    let user = try site.campus.user("ada")
    let report = try upload(site, "image-v1", root.folder + "/source", as: "ada@Local")
    #expect(root.areEqual("source", "root/image-v1"))
    #expect(try root.names() == ["image-v1", "image-v1/below", "image-v1/below/notes", "image-v1/disk.vmdk"])
    let sum = try sha256(root.folder + "/source/disk.vmdk")
    guard case .object(let members) = report, case .list(let files)? = members["files"] else {
      Issue.record("\(report)")
      return
    }
    #expect(
      files.contains(
        .object(["path": .text("image-v1/disk.vmdk"), "bytes": .number(3_000_000), "sha256": .text(sum)])))
    #expect(members["managed"] == .truth(false) && members["status"] == .text("success"))
    #expect(
      try site.rows(
        "SELECT type, status, image_name, root, user_id, requested_by, bytes_done, bytes_total, message FROM expireimage_task"
      )
        == ["upload success image-v1 repository \(user) ada@Local 3000000 3000000 Copied 2.8 MiB in 2 files"])
    #expect(
      try site.rows("SELECT result LIKE ?, input FROM expireimage_task", [.text("%\(sum)%")])
        == ["1 {\"name\":\"image-v1\",\"retries\":0,\"source\":\"\(root.folder)/source\"}"])
    #expect(try site.rows("SELECT task_id FROM expireimage_lock") == ["-"])
  }

  private func sha256(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return String(text.prefix(64))
  }

  /// A layout, the files of the source (one with a slash is in a directory), what is named, and the names in the root;
  /// nil: refused.
  struct Case: CustomTestStringConvertible, Sendable {
    let layout: String
    let files: [String]
    let source: String
    let result: [String]?

    init(_ layout: String, _ files: [String], _ source: String, _ result: [String]?) {
      (self.layout, self.files, self.source, self.result) = (layout, files, source, result)
    }

    var testDescription: String { "\(layout): \(source) of \(files)" }
  }

  @Test(
    "The source becomes what the layout takes for that image and for no other, or is refused",
    arguments: [
      Case("vmware", ["d/a.vmdk"], "d", ["image-v1", "image-v1/a.vmdk"]),
      Case("vmware", ["a.vmdk"], "a.vmdk", nil),
      Case("vmware", [], "nothing", nil),
      Case("plain", ["d/a"], "d", ["image-v1", "image-v1/a"]),
      Case("plain", ["a.iso"], "a.iso", ["image-v1.iso"]),
      Case("plain", ["disk"], "disk", ["image-v1"]),
      Case("kvm", ["d/image-v1.qcow2", "d/image-v1.xml"], "d", ["image-v1.qcow2", "image-v1.xml"]),
      Case("kvm", ["some.disk.qcow2"], "some.disk.qcow2", ["image-v1.qcow2"]),
      Case("kvm", ["disk.qcow2"], "disk.qcow2", ["image-v1.qcow2"]),
      Case("kvm", ["image-v1.raw"], "image-v1.raw", ["image-v1.raw"]),
      Case("kvm", ["disk"], "disk", nil),
      Case("kvm", ["d/image-v1.qcow2", "d/image-v10.qcow2"], "d", nil),
      Case("kvm", ["d/image-v1.qcow2", "d/README"], "d", nil),
      Case("kvm", ["d/image-v1.qcow2", "d/sub/image-v1.raw"], "d", nil),
      Case("kvm", ["d/image-v1.xml"], "d", nil),
      Case("xcat", ["d/image-v1-sda1.gz", "d/image-v1.mbr"], "d", ["image-v1-sda1.gz", "image-v1.mbr"]),
      Case("xcat", ["d/image-v1-v2.gz"], "d", nil),
    ])
  func sources(_ test: Case) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: test.layout)
    for file in test.files { try root.write(file, bytes: 100) }
    let failure = failure { _ = try upload(site, "image-v1", "\(root.folder)/\(test.source)") }
    #expect((failure == nil) == (test.result != nil), "\(failure?.description ?? "taken")")
    #expect(try root.names() == test.result ?? [])
    // What is refused was never a job.
    #expect(try site.rows("SELECT status FROM expireimage_task") == (test.result == nil ? [] : ["success"]))
  }

  @Test(
    "A name that no entry can have is refused",
    arguments: [
      "", ".", "..", "a/b", "../up", ".hidden", "trash", "incomplete", String(repeating: "x", count: 256),
    ])
  func names(_ name: String) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk")
    #expect(failure { _ = try upload(site, name, root.folder + "/source") }?.exitStatus == .failed)
    #expect(try root.names() == [])
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
  }

  @Test("What is there already stays, and its name is not uploaded again")
  func exists() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: "kvm")
    try root.write("root/image-v1.raw")
    try root.write("image-v1.qcow2")
    let failure = failure { _ = try upload(site, "image-v1", root.folder + "/image-v1.qcow2", retries: 3) }
    #expect(failure?.description.contains("is there already") == true)
    #expect(try root.names() == ["image-v1.raw"])
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
  }

  @Test("An empty source is a wrong command line, not the present directory")
  func emptySource() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    #expect(failure { _ = try upload(site, "x", "", retries: 3) }?.exitStatus == .wrongCommandLine)
    #expect(
      failure { _ = try UploadOperation(site.site, name: "x", source: "").enqueue() }?.exitStatus
        == .wrongCommandLine)
    #expect(try root.names() == [] && site.rows("SELECT id FROM expireimage_task") == [])
  }

  @Test(
    "A source that is the root, holds it or is in one of its areas is refused before anything is written",
    arguments: [".", "root", "alias", "root/../root/", "root/incomplete/y", "alias/trash/y", "root/invalid"])
  func overlapping(_ source: String) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    for area in ["incomplete", "trash", "invalid"] { try root.write("root/\(area)/y/disk") }
    symlink("root", root.folder + "/alias")
    let before = try root.names()
    let failure = failure {
      _ = try upload(site, "x", root.folder + "/" + source, retries: 3) { _ in
        Issue.record("tried again")
        return 0
      }
    }
    let words = failure?.description ?? "taken"
    #expect(words.contains(root.folder + "/" + source) && words.contains("root \(root.path) "), "\(words)")
    #expect(try root.names() == before && site.rows("SELECT id FROM expireimage_task") == [])
  }

  @Test("An entry of the root, or what is beside it, may be the source of another")
  func besides() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("root/y/disk")
    try root.write("root2/disk")
    _ = try upload(site, "x", root.path + "/y")
    _ = try upload(site, "z", root.folder + "/root2")
    #expect(try root.names() == ["x", "x/disk", "y", "y/disk", "z", "z/disk"])
  }

  @Test("Without --root the only repository is meant; with none or several one has to be named")
  func choice() throws {
    let site = try TestSite()
    let cache = try TestRoot(site.connection, name: "cache", role: .cache, layout: "plain")
    try cache.write("source/disk")
    let source = cache.folder + "/source"
    #expect(failure { _ = try upload(site, "x", source) }?.description.contains("no repository") == true)
    _ = try upload(site, "x", source, root: "cache")
    let one = try TestRoot(site.connection, name: "one")
    _ = try upload(site, "y", source)
    #expect(try one.names() == ["y", "y/disk"])
    let two = try TestRoot(site.connection, name: "two")
    #expect(failure { _ = try upload(site, "z", source) }?.description.contains("one, two") == true)
    #expect(failure { _ = try upload(site, "z", source, root: "three") } != nil)
    #expect(try two.names() == [])
  }

  @Test("A source that vanishes fails the upload, which is cleaned up and tried again until it is back")
  func retries() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    // Only the second look finds it: neither file nor directory, so that the copy itself fails.
    try FileManager.default.createSymbolicLink(
      atPath: root.folder + "/moved", withDestinationPath: root.folder + "/source")
    let big = try root.write("source/b", bytes: 10)
    chmod(big, 0)
    var pauses: [Int] = []
    let isRoot = getuid() == 0
    if isRoot {
      // Nothing is unreadable for root: a socket cannot be copied.
      try FileManager.default.removeItem(atPath: big)
      #expect(mkfifo(big, 0o600) == 0)
    }
    #expect(
      failure {
        _ = try upload(site, "x", root.folder + "/source", retries: 2) {
          pauses.append($0); return 0
        }
      } != nil)
    #expect(try root.names() == [])
    #expect(pauses == (isRoot ? [] : [1, 2]))
    #expect(try site.rows(Self.openTasks) == ["0"])
    #expect(Set(try site.rows(Self.tasks)) == ["upload failure 1", "cleanup success 0"])
  }

  @Test("The copy that fails is tried again after each pause, and the last failure is told")
  func failsAndRecovers() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    // An unfinished entry whose writer lives, as of a program without the queue.
    let directory = try RootDirectory.open(path: root.path, expecting: nil)
    let own = ProcessIdentity.own
    var other: IncompleteEntry? = try IncompleteEntry(
      "x", in: directory,
      writer: WriterIdentity(node: own.node, pid: own.pid, processStart: own.processStart, bootID: own.bootID)
    )
    var pauses: [Int] = []
    let report = try upload(site, "x", root.folder + "/source", retries: 3) { attempt in
      pauses.append(attempt)
      #expect(other != nil || attempt > 2)
      if attempt == 2 { other = nil }
      return 0
    }
    guard case .object(let members) = report else { return }
    #expect(members["attempts"] == .number(3))
    #expect(pauses == [1, 2])
    #expect(try root.names() == ["x", "x/a"])
    #expect(
      try site.rows(Self.tasks) == [
        "upload failure 1", "cleanup success 0", "upload failure 1", "cleanup success 0", "upload success 0",
      ])
    #expect(
      try site.rows("SELECT COUNT(DISTINCT request_id) FROM expireimage_task WHERE type = 'upload'") == ["1"])
  }

  @Test("Whoever asks for the end gets it: nothing is left, nothing is tried again")
  func stopped() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 3_000_000)
    nonisolated(unsafe) var looks = 0
    let stop = StopRequest {
      looks += 1
      return looks > 2
    }
    let failure = failure { _ = try upload(site, "x", root.folder + "/source", retries: 5, stop: stop) }
    #expect(failure?.description.contains("stopped by a signal") == true)
    #expect(try root.names() == [])
    #expect(try site.rows(Self.tasks) == ["upload failure 1", "cleanup success 0"])
  }

  @Test(
    "While an upload or a cleanup of the name waits or works, an upload is refused with status 6 and names the job"
  )
  func refused() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a")
    let queue = TaskQueue(site.connection, days: 1) { _ in false }
    for (type, pid) in [(TaskType.upload, 1), (.cleanup, 1), (.upload, nil), (.cleanup, nil)] {
      let hold = try queue.add(TestQueue.new(type, "x"), .name("x"), by: pid.map { TestQueue.holder($0) })
      let failure = try #require(failure { _ = try upload(site, "x", root.folder + "/source", retries: 9) })
      #expect(failure.exitStatus == .leaseHeld)
      #expect(failure.description.contains("\(type.rawValue) job \(hold.taskID)"), "\(failure)")
      #expect(failure.description.contains("expireimage jobs \(hold.taskID) --log"))
      #expect(failure.description.contains("minutes"))
      try queue.finish(hold.taskID == 0 ? hold : claimed(queue, hold), .success, message: "")
    }
    _ = try upload(site, "x", root.folder + "/source")
  }

  private func claimed(_ queue: TaskQueue, _ hold: TaskHold) throws -> TaskHold {
    guard let task = try queue.task(hold.taskID), task.status == .pending else { return hold }
    return try #require(try queue.claim(task, by: TestQueue.holder(1)))
  }

  @Test("A task that was given up meanwhile puts nothing in place, and leaves what its successor does alone")
  func lost() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 3_000_000)
    nonisolated(unsafe) let stealer = try Connection(site.connection.options)
    let stop = StopRequest {
      // Before the first block is copied somebody else gives it up.
      _ = try? stealer.execute(
        "UPDATE expireimage_task SET status = 'failure', ended = NOW() WHERE ended IS NULL")
      return false
    }
    let failure = failure { _ = try upload(site, "x", root.folder + "/source", retries: 5, stop: stop) }
    #expect(failure?.exitStatus == .leaseHeld)
    #expect(try root.names().filter { !$0.hasPrefix("incomplete/") } == [])
    #expect(try site.rows(Self.tasks) == ["upload failure 0"])
    // The next one of the name finds what it left, and takes it away.
    _ = try upload(site, "x", root.folder + "/source")
    #expect(try root.names() == ["x", "x/a"])
  }

  @Test(
    "Somebody else's file of the same size in the last moment is no success, and ours does not appear later")
  func takenMeanwhile() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection, layout: "kvm")
    try root.write("x.qcow2", bytes: 10)
    let (path, other) = (root.path, Data(repeating: 1, count: 10))
    let stop = StopRequest {
      try? other.write(to: URL(filePath: path + "/x.qcow2"))
      return false
    }
    let failure = failure { _ = try upload(site, "x", root.folder + "/x.qcow2", retries: 3, stop: stop) }
    #expect(failure?.description.contains("is there already") == true)
    #expect(try Data(contentsOf: URL(filePath: path + "/x.qcow2")) == other)
    #expect(try root.names() == ["x.qcow2"])
    #expect(try site.rows(Self.tasks) == ["upload failure 1", "cleanup success 0"])
    try FileManager.default.removeItem(atPath: path + "/x.qcow2")
    _ = try CleanupOperation(site.site, name: "x").run(.silent)
    #expect(try root.names() == [])
  }

  @Test("While VCL has a lock on the name or the root an upload waits for another try, and names the lock")
  func vclLocks() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    try site.connection.executeScript("SET foreign_key_checks = 0;")
    for (name, lock) in [("x", "retrieve_x"), ("y", root.path)] {
      try site.connection.execute(
        "INSERT INTO vcldsemaphore (identifier, reservationid, pid, expires) VALUES (?, 0, 1, NOW() + INTERVAL 1 HOUR)",
        [Value(lock)])
      let failure = failure { _ = try upload(site, name, root.folder + "/source") }
      #expect(
        failure?.description.contains("VCL has a lock") == true && failure?.description.contains(lock) == true
      )
      _ = try upload(site, name, root.folder + "/source", retries: 1) { _ in
        _ = try? site.connection.execute("DELETE FROM vcldsemaphore")
        return 0
      }
    }
    #expect(try root.names() == ["x", "x/a", "y", "y/a"])
  }

  @Test("What could not be written down as done is written down by the next try, and not done again")
  func endIsLost() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    try site.connection.executeScript(TestQueue.endless)
    let report = try upload(site, "x", root.folder + "/source", retries: 1) { _ in
      try? site.connection.executeScript("DROP TRIGGER endless;")
      return 0
    }
    guard case .object(let members) = report else { return }
    #expect(members["status"] == .text("success") && members["bytes"] == .number(10))
    #expect(try site.rows(Self.tasks) == ["upload success 0"])
    #expect(try site.rows("SELECT task_id FROM expireimage_lock") == ["-"])
  }
}
