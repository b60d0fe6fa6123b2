import Caches
import Foundation
import MariaDB
import Settings
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The worker")
struct WorkTests {
  /// A process that has ended: nobody has its number with that start.
  private static let dead = LeaseHolder(
    node: ProcessIdentity.own.node, pid: 1, processStart: 1, bootID: "an earlier boot")

  private func enqueue(_ site: TestSite, _ name: String, _ root: TestRoot, retries: Int = 0) throws {
    _ = try UploadOperation(
      site.site, name: name, source: root.folder + "/source", rootName: root.record.name, retries: retries
    ).enqueue()
  }

  private func ready() throws -> (TestSite, TestRoot) {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk", bytes: 10)
    return (site, root)
  }

  private static let tasks = "SELECT type, status, image_name FROM expireimage_task ORDER BY id"

  @Test("Tasks that wait are done, the oldest first, and the worker says what became of each")
  func order() throws {
    let (site, root) = try ready()
    for name in ["b", "a", "c"] { try enqueue(site, name, root) }
    #expect(try root.names() == [])
    _ = try CleanupOperation(site.site, name: "z").enqueue()
    let report = try WorkOperation(site.site).run(.silent)
    #expect(report.items.map(\.imageName) == ["b", "a", "c", "z"])
    #expect(report.line == "4 jobs done" && report.exitStatus == .done)
    #expect(try root.names() == ["a", "a/disk", "b", "b/disk", "c", "c/disk"])
    #expect(try WorkOperation(site.site).run(.silent).items.isEmpty)
  }

  @Test("A queued upload that fails is cleaned up and waits to be tried again, as often as asked")
  func retries() throws {
    let (site, root) = try ready()
    try enqueue(site, "x", root, retries: 2)
    try FileManager.default.removeItem(atPath: root.folder + "/source")
    for left in [1, 0] {
      let report = try WorkOperation(site.site).run(.silent)
      #expect(
        report.items.count == 1 && report.exitStatus == .doneInPart && report.line == "0 jobs done, 1 failed")
      #expect(
        try site.rows(
          "SELECT type, status, not_before > created, JSON_VALUE(input, '$.retries'), JSON_VALUE(input, '$.attempts') FROM expireimage_task WHERE ended IS NULL"
        )
          == ["upload pending 1 \(left) \(2 - left)"])
      try site.connection.execute("UPDATE expireimage_task SET not_before = NOW() - INTERVAL 1 SECOND")
    }
    try root.write("source/disk", bytes: 10)
    #expect(try WorkOperation(site.site).run(.silent).exitStatus == .done)
    #expect(try root.names() == ["x", "x/disk"])
  }

  /// An upload of `x` that had copied its one file when its process died.
  private func addDeadUpload(_ site: TestSite, _ root: TestRoot, retries: Int = 0) throws {
    var new = TestQueue.new(.upload, "x", node: site.site.nodeName)
    (new.root, new.rootID) = (root.record.name, root.record.id)
    new.input = try ImageFileRequest(name: "x", source: root.folder + "/source", retries: retries).document
    let hold = try site.site.tasks(site.connection, days: 30).add(new, .name("x"), by: Self.dead)
    try hold.note(
      site.connection, result: #"{"bytes":10,"files":[{"bytes":10,"path":"x/disk","sha256":"0"}]}"#)
  }

  @Test("The upload of a dead process ends: complete where everything is in place, else cleaned up")
  func deadUpload() throws {
    for isComplete in [true, false] {
      let (site, root) = try ready()
      try addDeadUpload(site, root)
      try root.write(isComplete ? "root/x/disk" : "root/incomplete/x/parts/x/disk", bytes: 10)
      let report = try WorkOperation(site.site).run(.silent)
      #expect(report.items.map(\.status) == [isComplete ? .success : .failure])
      #expect(try root.names() == (isComplete ? ["x", "x/disk"] : []))
      #expect(
        try site.rows(Self.tasks)
          == (isComplete ? ["upload success x"] : ["upload failure x", "cleanup success x"]))
      #expect(try site.rows("SELECT task_id FROM expireimage_lock") == ["-"])
    }
  }

  @Test(
    "The upload of a dead process has not failed where only tidying up after it does",
    arguments: [true, false])
  func deadUploadTidied(hasTrash: Bool) throws {
    let (site, root) = try ready()
    try addDeadUpload(site, root)
    for name in ["root/x/disk", "root/incomplete/x/writer"] { try root.write(name, bytes: 10) }
    if !hasTrash {
      unlink(root.path + "/trash/lock")
      symlink("full", root.path + "/trash/lock")
    }
    try site.connection.executeScript(
      "CREATE TRIGGER full BEFORE INSERT ON expireimage_removal FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full';"
    )
    #expect(try WorkOperation(site.site).run(.silent).items.map(\.status) == [.success])
    #expect(try site.rows(Self.tasks) == ["upload success x"])
    #expect(
      try site.rows("SELECT COUNT(*) FROM expireimage_tasklog WHERE level = 'warning'")
        == [hasTrash ? "1" : "2"])
  }

  @Test(
    "Where files of a dead upload are left, those in their place are somebody else's, and the upload failed")
  func deadUploadOfAnother() throws {
    let (site, root) = try ready()
    // Of the command line, whose caller is gone: nobody waits for another try.
    try addDeadUpload(site, root, retries: 5)
    for name in ["root/x/disk", "root/incomplete/x/parts/x/disk"] { try root.write(name, bytes: 10) }
    #expect(try WorkOperation(site.site).run(.silent).items.map(\.status) == [.failure])
    #expect(try root.names() == ["x", "x/disk"])
    #expect(try site.rows(Self.tasks) == ["upload failure x", "cleanup success x"])
  }

  @Test("What cannot go right another time is not tried again; what a signal stopped is, at once")
  func hopelessAndStopped() throws {
    let (site, root) = try ready()
    try enqueue(site, "x", root)
    nonisolated(unsafe) var looks = 0
    let stop = StopRequest {
      looks += 1
      // The worker itself looks twice before it begins.
      return looks > 2
    }
    _ = try WorkOperation(site.site, stop: stop).run(.silent)
    #expect(
      try site.rows(
        "SELECT type, status, not_before, JSON_VALUE(input, '$.retries') FROM expireimage_task WHERE ended IS NULL"
      ) == ["upload pending - 0"])
    #expect(
      try site.rows("SELECT result FROM expireimage_task WHERE type = 'upload' AND ended IS NOT NULL")
        == [#"{"failure":"stopped"}"#])
    #expect(mkfifo(root.folder + "/source/fifo", 0o600) == 0)
    try enqueue(site, "y", root, retries: 5)
    _ = try WorkOperation(site.site).run(.silent)
    #expect(
      Set(try site.rows("SELECT type, status, image_name FROM expireimage_task"))
        == ["upload failure x", "cleanup success x", "upload failure y", "cleanup success y"])
  }

  @Test("A task that went to somebody else is none of the worker's, failed or not")
  func lost() throws {
    let (site, root) = try ready()
    try enqueue(site, "x", root)
    nonisolated(unsafe) let other = try Connection(site.connection.options)
    let stop = StopRequest {
      _ = try? other.execute("UPDATE expireimage_task SET fence = fence + 1 WHERE status = 'processing'")
      return false
    }
    let report = try WorkOperation(site.site, stop: stop).run(.silent)
    #expect(report.items.isEmpty && report.exitStatus == .done)
    #expect(try site.rows(Self.tasks) == ["upload processing x"])
  }

  @Test("What could not be ended, failed or done, is ended by the same process when the database takes it")
  func endIsLost() throws {
    for fails in [true, false] {
      let (site, root) = try ready()
      try enqueue(site, "x", root, retries: 1)
      if fails { try FileManager.default.removeItem(atPath: root.folder + "/source") }
      try site.connection.executeScript(TestQueue.endless)
      #expect(try WorkOperation(site.site).run(.silent).items.map(\.status) == [.processing])
      #expect(try site.rows(Self.tasks) == ["upload processing x"])
      try site.connection.executeScript("DROP TRIGGER endless;")
      #expect(try WorkOperation(site.site).run(.silent).items.map(\.status) == [fails ? .failure : .success])
      #expect(
        try site.rows(Self.tasks)
          == (fails
            ? ["upload failure x", "cleanup success x", "upload pending x"] : ["upload success x"]))
      #expect(
        UnendedTasks.end(
          WorkContext(call: try TaskCall(site.site), stop: .never, progress: .silent)
        ).isEmpty)
    }
  }

  @Test("The cleanup of a dead process is done again, three times at most")
  func deadCleanup() throws {
    for attempts in [1, 2, 3] {
      let (site, root) = try ready()
      try root.write("root/invalid/x/disk", bytes: 10)
      let queue = site.site.tasks(site.connection, days: 30)
      var new = TestQueue.new(.cleanup, "x", node: site.site.nodeName)
      (new.root, new.rootID) = (root.record.name, root.record.id)
      _ = try queue.add(new, .name("x"), by: Self.dead)
      try site.connection.execute("UPDATE expireimage_task SET attempts = ?", [Value(attempts)])
      _ = try WorkOperation(site.site).run(.silent)
      #expect(try site.rows(Self.tasks) == ["cleanup \(attempts < 3 ? "success" : "failure") x"])
      #expect(try root.names() == (attempts < 3 ? [] : ["invalid/x", "invalid/x/disk"]))
    }
  }

  @Test("Tasks of other nodes, of living processes and of types that no worker does stay as they are")
  func others() throws {
    let (site, root) = try ready()
    let queue = site.site.tasks(site.connection, days: 30)
    _ = try queue.add(TestQueue.new(.cleanup, "far", node: "elsewhere"), .name("far"), by: nil)
    _ = try queue.add(
      TestQueue.new(.cleanup, "alive", node: site.site.nodeName), .name("alive"), by: ProcessIdentity.own)
    _ = try queue.add(TestQueue.new(.run, node: site.site.nodeName), nil, by: Self.dead)
    #expect(try WorkOperation(site.site).run(.silent).items.isEmpty)
    #expect(
      try site.rows(Self.tasks) == ["cleanup pending far", "cleanup processing alive", "run processing -"])
    _ = root
  }

  @Test("Two nodes share the queue, and each does what is its own")
  func twoNodes() throws {
    let first = try TestSite(environment: ["EXPIREIMAGE_NODE_NAME": "node-a"])
    let a = try TestRoot(first.connection, node: "node-a")
    let b = try TestRoot(first.connection, node: "node-b")
    let second = Site(
      try Settings.load(
        configFile: nil, environment: first.environment.merging(["EXPIREIMAGE_NODE_NAME": "node-b"]) { $1 },
        usualFiles: .none))
    for root in [a, b] { try root.write("source/disk", bytes: 10) }
    _ = try UploadOperation(first.site, name: "of-a", source: a.folder + "/source").enqueue()
    _ = try UploadOperation(second, name: "of-b", source: b.folder + "/source").enqueue()
    // A name is one on the whole site.
    #expect(throws: TaskConflict.self) {
      _ = try UploadOperation(second, name: "of-a", source: b.folder + "/source").enqueue()
    }
    #expect(try WorkOperation(second).run(.silent).items.map(\.imageName) == ["of-b"])
    #expect(try a.names() == [] && b.names() == ["of-b", "of-b/disk"])
    #expect(try WorkOperation(first.site).run(.silent).items.map(\.imageName) == ["of-a"])
    #expect(try a.names() == ["of-a", "of-a/disk"])
    #expect(
      try first.rows("SELECT node, image_name FROM expireimage_task ORDER BY id") == [
        "node-a of-a", "node-b of-b",
      ])
  }

  @Test("What a new upload finds dead on its node it ends and cleans up, and goes on")
  func takeOver() throws {
    for type in [TaskType.upload, .cleanup] {
      let (site, root) = try ready()
      try root.write("root/incomplete/x/parts/x/disk", bytes: 10)
      let queue = site.site.tasks(site.connection, days: 30)
      var new = TestQueue.new(type, "x", node: site.site.nodeName)
      (new.root, new.rootID) = (root.record.name, root.record.id)
      new.input = try ImageFileRequest(name: "x", source: "/nowhere", retries: 5).document
      _ = try queue.add(new, .name("x"), by: Self.dead)
      _ = try UploadOperation(site.site, name: "x", source: root.folder + "/source").run(.silent)
      #expect(try root.names() == ["x", "x/disk"])
      #expect(
        try site.rows(Self.tasks)
          == (type == .upload ? ["upload failure x"] : []) + ["cleanup success x", "upload success x"])
    }
  }

  @Test("What died on another node is refused until its time, and then that node's to clean up")
  func otherNode() throws {
    let (site, root) = try ready()
    let queue = site.site.tasks(site.connection, days: 30)
    let hold = try queue.add(
      TestQueue.new(.upload, "x", node: "elsewhere"), .name("x"), by: TestQueue.holder(1, node: "elsewhere"))
    let upload = UploadOperation(site.site, name: "x", source: root.folder + "/source")
    #expect(throws: TaskConflict.self) { _ = try upload.run(.silent) }
    try site.connection.execute(
      "UPDATE expireimage_task SET updated = NOW() - INTERVAL 60 MINUTE WHERE id = ?", [Value(hold.taskID)])
    #expect(throws: TaskConflict.self) { _ = try upload.run(.silent) }
    #expect(
      try site.rows("SELECT type, status, node FROM expireimage_task ORDER BY id")
        == ["upload failure elsewhere", "cleanup pending elsewhere"])
  }
}

@Suite("The nightly run among the tasks")
struct RunTaskTests {
  @Test(
    "is a job with what it came to; it ends those of killed runs, the dead ones, and throws away what expired"
  )
  func housekeeping() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    _ = idle
    let queue = TaskQueue(site.connection, days: 1) { _ in false }
    let killed = try queue.add(TestQueue.new(.run), nil, by: TestQueue.holder(1))
    let stale = try queue.add(TestQueue.new(.upload, "x"), .name("x"), by: TestQueue.holder(1))
    let expired = try queue.add(TestQueue.new(.prune), nil, by: TestQueue.holder(1))
    try queue.finish(expired, .success, message: "")
    try site.connection.execute(
      "UPDATE expireimage_task SET updated = NOW() - INTERVAL 1 HOUR, expires = IF(ended IS NULL, NULL, NOW())"
    )
    try site.store("task_days", "7")
    try site.run(today: "2026-03-02")
    #expect(
      try site.rows("SELECT id, type, status FROM expireimage_task ORDER BY id") == [
        "\(killed.taskID) run failure", "\(stale.taskID) upload failure",
        "\(expired.taskID + 1) run success", "\(expired.taskID + 2) cleanup pending",
      ])
    #expect(
      try site.rows(
        "SELECT DATEDIFF(expires, ended), bytes_total, scope, JSON_VALUE(input, '$.run_id') FROM expireimage_task WHERE type = 'run' AND status = 'success'"
      )
        == ["7 - - \(try site.rows("SELECT MAX(id) FROM expireimage_run")[0])"])
    #expect(
      try site.rows("SELECT message FROM expireimage_task WHERE status = 'success'")[0].isEmpty == false)
  }

  @Test("A dry run and mode off write none; a run that is stopped is a failure with its reason")
  func none() throws {
    let site = try TestSite()
    _ = try IdleImage(site)
    try site.run(today: "2026-03-02", dryRun: true)
    try site.run(today: "2026-03-02", set: ["mode": "off"])
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
    #expect(throws: (any Error).self) {
      try site.run(today: "2028-03-02", set: ["usage_max_age_days": "1"])
    }
    let rows = try site.rows("SELECT status, message FROM expireimage_task")
    #expect(rows.count == 1 && rows[0].hasPrefix("failure ") && rows[0].contains("usage"), "\(rows)")
  }

  @Test("A run that did its work in part is a failure")
  func inPart() throws {
    let site = try TestSite()
    _ = try IdleImage(site)
    let trigger = try site.rows(
      "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() LIMIT 1")[0]
    try site.connection.executeScript("DROP TRIGGER \(trigger);")
    try site.run(today: "2026-03-02")
    #expect(try site.rows("SELECT exit_status FROM expireimage_run") == ["2"])
    #expect(try site.rows("SELECT type, status FROM expireimage_task") == ["run failure"])
  }

  @Test("A task table that takes nothing is a warning, and the run does its work")
  func broken() throws {
    let site = try TestSite()
    let idle = try IdleImage(site)
    try site.connection.execute("ALTER TABLE expireimage_task MODIFY message VARCHAR(3) NOT NULL")
    try site.run(today: "2026-03-02", set: ["mode": "notify"])
    #expect(try site.rows("SELECT id FROM expireimage_task") == [])
    #expect(try site.rows("SELECT expiredate FROM imagerevision WHERE id = ?", [Value(idle.old)]) != ["-"])
  }
}
