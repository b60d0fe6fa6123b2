import MariaDB
import TestSupport
import Testing
import VCLDatabase

/// Tasks of a test, whose processes are dead when the test says so.
final class TestQueue {
  let site: TestSite
  let connection: Connection
  /// Of the processes that are dead.
  var dead: Set<Int> = []

  init(_ site: TestSite, _ connection: Connection? = nil) {
    self.site = site
    self.connection = connection ?? site.connection
  }

  var queue: TaskQueue { TaskQueue(connection, days: 30) { [unowned self] in dead.contains($0.pid) } }

  /// Until it is dropped, no task ends.
  static let endless =
    "CREATE TRIGGER endless BEFORE UPDATE ON expireimage_task FOR EACH ROW IF NEW.ended IS NOT NULL THEN SIGNAL SQLSTATE '45000'; END IF;"

  static func holder(_ pid: Int, node: String = "host") -> LeaseHolder {
    LeaseHolder(node: node, pid: pid, processStart: 1, bootID: "boot")
  }

  static func new(_ type: TaskType, _ name: String? = nil, node: String = "n1") -> NewTask {
    NewTask(type: type, imageName: name, node: node, requestedBy: "root", requestID: "req-1")
  }

  @discardableResult
  func add(_ type: TaskType, _ name: String? = nil, by pid: Int?) throws -> TaskHold {
    try queue.add(Self.new(type, name), name.map { .name($0) }, by: pid.map { Self.holder($0) })
  }

  /// As if the task had given no sign of life for so long.
  func idle(_ id: Int, seconds: Int) throws {
    try site.connection.execute(
      "UPDATE expireimage_task SET updated = NOW() - INTERVAL ? SECOND WHERE id = ?",
      [Value(seconds), Value(id)])
  }

  func status(_ id: Int) throws -> TaskStatus? { try queue.task(id)?.status }

  func conflict(_ body: () throws -> Void) throws -> Int? {
    do {
      try body()
      return nil
    } catch let conflict as TaskConflict { return conflict.task.id }
  }

  func isLost(_ body: () throws -> Void) throws -> Bool {
    do {
      try body()
      return false
    } catch is TaskLost { return true }
  }
}

@Suite("The queue of tasks")
struct TaskQueueTests {
  @Test("A task is the lock on its image name, from its beginning to its end, and names match byte for byte")
  func locks() throws {
    let test = TestQueue(try TestSite())
    let first = try test.add(.upload, "image-v1", by: 1)
    #expect(try test.conflict { try test.add(.cleanup, "image-v1", by: 2) } == first.taskID)
    #expect(try test.conflict { try test.add(.upload, "image-v1", by: nil) } == first.taskID)
    for other in ["image-v10", "Image-v1", "image-v1 ", "imagé-v1", "image-v"] {
      #expect(try test.conflict { try test.add(.upload, other, by: 2) } == nil, "\(other)")
    }
    #expect(try test.queue.lockedNames().contains("image-v1"))
    try test.queue.finish(first, .success, message: "done", result: "{}")
    #expect(try !test.queue.lockedNames().contains("image-v1"))
    let second = try test.add(.cleanup, "image-v1", by: 2)
    #expect(second.fence == first.fence + 1)
    #expect(try test.isLost { try test.queue.finish(first, .failure, message: "late") })
    #expect(try test.isLost { try first.check(test.connection) })
    try second.check(test.connection)
  }

  @Test("A scope of a node and one of a name are different locks, and a task without a scope has none")
  func scopes() throws {
    let test = TestQueue(try TestSite())
    let new = TestQueue.new(.prune)
    let hold = try test.queue.add(new, .node("n1"), by: TestQueue.holder(1))
    #expect(
      try test.conflict { _ = try test.queue.add(new, .node("n1"), by: TestQueue.holder(2)) } == hold.taskID)
    #expect(try test.conflict { _ = try test.queue.add(new, .node("n2"), by: TestQueue.holder(2)) } == nil)
    #expect(try test.conflict { try test.add(.upload, "n1", by: 3) } == nil)
    #expect(try test.conflict { try test.add(.run, by: 3) } == nil)
    #expect(try test.conflict { try test.add(.run, by: 4) } == nil)
  }

  @Test(
    "A lock may be taken over after 60 idle minutes, a pending task's after 120, to the second",
    arguments: [
      (3598, false, false), (3600, false, true), (3601, false, true), (7198, true, false), (7200, true, true),
      (3600, true, false), (99_999, true, true),
    ])
  func times(idle: Int, isPending: Bool, isTaken: Bool) throws {
    let test = TestQueue(try TestSite())
    let first = try test.add(.prune, "x", by: isPending ? nil : 1)
    try test.idle(first.taskID, seconds: idle)
    #expect((try test.conflict { try test.add(.prune, "x", by: 2) } == nil) == isTaken)
    #expect(try test.status(first.taskID) == (isTaken ? .failure : isPending ? .pending : .processing))
  }

  @Test(
    "The lock of a process that is known to be dead is taken at once, and a sign of life protects one that is not"
  )
  func deadAtOnce() throws {
    let test = TestQueue(try TestSite())
    let first = try test.add(.prune, "x", by: 1)
    try test.idle(first.taskID, seconds: 3599)
    #expect(try first.renew(test.connection))
    #expect(try test.queue.task(first.taskID)?.idleSeconds ?? 99 < 5)
    #expect(try test.conflict { try test.add(.prune, "x", by: 2) } == first.taskID)
    test.dead = [1]
    let second = try test.add(.prune, "x", by: 2)
    #expect(try test.status(first.taskID) == .failure)
    #expect(try !first.renew(test.connection))
    #expect(try test.isLost { try first.report(test.connection, bytesDone: 1, bytesTotal: nil, message: "") })
    #expect(try test.isLost { try first.note(test.connection, result: "{}") })
    try second.report(test.connection, bytesDone: 5, bytesTotal: 9, message: "Copied 5 bytes")
    let record = try #require(try test.queue.task(second.taskID))
    #expect((record.bytesDone, record.bytesTotal, record.message) == (5, 9, "Copied 5 bytes"))
  }

  @Test("A task that gives a sign of life after somebody saw it idle is neither taken over nor ended")
  func revived() throws {
    let test = TestQueue(try TestSite())
    let scoped = try test.add(.prune, "x", by: 1)
    let free = try test.add(.prune, by: 1)
    for hold in [scoped, free] {
      try test.idle(hold.taskID, seconds: 4000)
      let seen = try #require(try test.queue.task(hold.taskID))
      #expect(seen.isStale { _ in false })
      #expect(try hold.renew(test.connection))
      #expect(try test.queue.claim(seen, by: TestQueue.holder(2)) == nil)
      try hold.check(test.connection)
    }
  }

  @Test("An upload that fails leaves no record, and its lock to the cleanup of exactly its name")
  func failedUpload() throws {
    let test = TestQueue(try TestSite())
    let upload = try test.add(.upload, "new-image", by: 1)
    let cleanup = try test.queue.failUpload(upload, message: "the disk is full", by: nil)
    let record = try #require(try test.queue.task(cleanup.taskID))
    #expect(record.type == .cleanup && record.status == .pending && record.imageName == "new-image")
    #expect(record.parentID == upload.taskID)
    #expect(cleanup.fence == upload.fence + 1)
    let failed = try #require(try test.queue.task(upload.taskID))
    #expect(failed.status == .failure && failed.deleted != nil && failed.message == "the disk is full")
    #expect(try test.queue.list(.all).map(\.task.id) == [cleanup.taskID])
    #expect(
      try test.queue.list(.all, includingDeleted: true).map(\.task.id) == [cleanup.taskID, upload.taskID])
    #expect(try test.conflict { try test.add(.upload, "new-image", by: 2) } == cleanup.taskID)
    #expect(try test.isLost { _ = try test.queue.failUpload(upload, message: "again", by: nil) })
    #expect(try test.site.rows("SELECT COUNT(*) FROM expireimage_task") == ["2"])

    let claimed = try #require(try test.queue.claim(record, by: TestQueue.holder(3)))
    try test.queue.finish(claimed, .failure, message: "could not")
    #expect(try test.conflict { try test.add(.upload, "new-image", by: 2) } == nil)
  }

  @Test("An uploader's death queues the cleanup; whoever ends it cannot get around that")
  func deadUpload() throws {
    let test = TestQueue(try TestSite())
    let upload = try test.add(.upload, "x", by: 1)
    test.dead = [1]
    let conflict = try test.conflict { try test.add(.upload, "x", by: 2) }
    let cleanup = try #require(try test.queue.open().first?.task)
    #expect(conflict == cleanup.id && cleanup.type == .cleanup && cleanup.parentID == upload.taskID)
    #expect(try test.queue.endStale().isEmpty)
    // Nobody did it for two hours: the name is free.
    try test.idle(cleanup.id, seconds: 7200)
    #expect(try test.queue.endStale().map(\.id) == [cleanup.id])
    #expect(try test.queue.lockedNames().isEmpty)
  }

  @Test("Ending the dead leaves the living, and those that the caller takes over")
  func endStale() throws {
    let test = TestQueue(try TestSite())
    let holds = try (1...4).map { (pid: Int) in try test.add(.prune, "image-\(pid)", by: pid) }
    test.dead = [1, 3]
    try test.idle(holds[3].taskID, seconds: 3600)
    #expect(
      try test.queue.endStale { $0.id != holds[2].taskID }.map(\.id) == [holds[0].taskID, holds[3].taskID])
    #expect(try holds.map { try test.status($0.taskID) } == [.failure, .processing, .processing, .failure])
    #expect(try test.queue.lockedNames() == ["image-2", "image-3"])
  }

  @Test("Runs before one that has the lease are ended, and nothing else")
  func endRuns() throws {
    let test = TestQueue(try TestSite())
    let killed = try test.add(.run, by: 1)
    let upload = try test.add(.upload, "x", by: 2)
    let present = try test.add(.run, by: 3)
    let later = try test.add(.run, by: 4)
    try test.queue.endRuns(before: present)
    #expect(
      try [killed, upload, present, later].map { try test.status($0.taskID) }
        == [.failure, .processing, .processing, .processing])
  }

  @Test("An ended task is shown until it expires, and then goes with its log and what it removed")
  func expiry() throws {
    let test = TestQueue(try TestSite())
    let ended = try test.add(.prune, "x", by: 1)
    try test.site.connection.execute(
      "INSERT INTO expireimage_removal VALUES (1, 'r', ?, NOW(), 1, 2, 3, 4, 5)", [Value(ended.taskID)])
    #expect(try RemovedTotal.of(test.connection, task: ended.taskID).files == 2)
    try test.queue.finish(ended, .success, message: "done")
    let open = try test.add(.prune, "x", by: 1)
    #expect(
      try test.site.rows(
        "SELECT DATEDIFF(expires, ended) FROM expireimage_task WHERE id = ?", [Value(ended.taskID)])
        == ["30"])
    try test.queue.deleteExpired()
    #expect(try test.queue.list(.all).map(\.task.id) == [open.taskID, ended.taskID])
    try test.site.connection.execute("UPDATE expireimage_task SET expires = NOW()")
    #expect(try test.queue.list(.all).isEmpty)
    try test.queue.deleteExpired()
    #expect(try test.site.rows("SELECT id FROM expireimage_task") == ["\(open.taskID)"])
    #expect(try test.site.rows("SELECT DISTINCT task_id FROM expireimage_tasklog") == ["\(open.taskID)"])
    #expect(try test.site.rows("SELECT COUNT(*) FROM expireimage_removal") == ["0"])
  }

  @Test("A task that begins later waits for its time, and tells what happened in its log")
  func notBefore() throws {
    let test = TestQueue(try TestSite())
    var new = TestQueue.new(.upload, "x")
    new.waitSeconds = 100
    let hold = try test.queue.add(new, .name("x"), by: nil)
    #expect(try test.queue.open(node: "n1").map(\.mayBegin) == [false])
    #expect(try test.queue.open(node: "n2").isEmpty)
    try test.site.connection.execute("UPDATE expireimage_task SET not_before = NOW()")
    #expect(try test.queue.open(node: "n1").map(\.mayBegin) == [true])
    let record = try #require(try test.queue.task(hold.taskID))
    let claimed = try #require(try test.queue.claim(record, by: TestQueue.holder(7)))
    #expect(try test.queue.claim(record, by: TestQueue.holder(8)) == nil)
    try claimed.log(test.connection, .warning, "odd\nline")
    try test.queue.finish(claimed, .failure, message: "gave up")
    let lines = try TaskLine.read(test.connection, task: hold.taskID)
    #expect(lines.map(\.level) == [.info, .info, .warning, .error])
    #expect(lines.last?.text == "gave up")
    #expect(try TaskLine.read(test.connection, task: hold.taskID, after: lines[2].id).count == 1)
    #expect(try test.queue.task(hold.taskID)?.attempts == 1)
  }
}
