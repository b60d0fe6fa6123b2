import Campus
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The tasks of an image")
struct TaskVisibilityTests {
  /// Of ada's image, one without an owner, and a name that VCL does not know.
  private static let images = ["owned-v1", "free-v1", "unknown-v1"]

  private func site() throws -> (site: TestSite, ada: Int, bob: Int, queue: TaskQueue) {
    let site = try TestSite()
    let ada = try site.campus.user("ada")
    let bob = try site.campus.user("bob")
    for (name, owner) in [("owned-v1", ada), ("free-v1", nil)] {
      let image = try site.campus.image(name, owner: owner)
      _ = try site.campus.revision(of: image, 1, production: true, imagename: name)
    }
    return (site, ada, bob, TaskQueue(site.connection, days: 30) { _ in false })
  }

  private func list(_ site: TestSite, _ image: String, _ user: String?, all: Bool = false) throws
    -> [JSONValue]?
  {
    let json: String
    do { json = try ImageTasksOperation(site.site).json(image, as: user, all: all) } catch let failure
      as Failure
    {
      #expect(failure.description.hasPrefix("no such image '") && failure.exitStatus == .failed)
      return nil
    }
    guard case .object(let document) = JSONValue(document: json), case .list(let tasks)? = document["tasks"]
    else {
      return nil
    }
    return tasks
  }

  private func keys(_ task: JSONValue) -> Set<String> {
    if case .object(let members) = task { Set(members.keys) } else { [] }
  }

  private static let whole: Set = [
    "id", "image_id", "request_id", "user", "type", "status", "owner", "expires_at", "created_at",
    "updated_at",
    "deleted_at", "deleted", "input", "result", "message",
  ]
  private static let redacted: Set = ["type", "status", "since", "seconds_until_free"]

  /// What is on record of an image; who looks; what they get: `w` a whole task, `r` a redacted one, nil: no such image.
  struct Case: Sendable, CustomTestStringConvertible {
    let image: String
    /// By whom (nil: an account of the machine), and whether it is at work.
    let tasks: [(by: String?, isActive: Bool)]
    let viewer: String?
    let seen: String?

    init(_ image: String, _ tasks: [(String?, Bool)], _ viewer: String?, _ seen: String?) {
      (self.image, self.tasks, self.viewer, self.seen) = (image, tasks, viewer, seen)
    }

    var testDescription: String { "\(viewer ?? "admin") at \(image) with \(tasks.count)" }
  }

  @Test(
    "are seen by owners, by those who asked for them, and by all where nobody owns the image",
    arguments: [
      Case("owned-v1", [], nil, ""), Case("owned-v1", [], "ada", ""), Case("owned-v1", [], "bob", nil),
      Case("free-v1", [], "bob", ""), Case("unknown-v1", [], nil, nil), Case("unknown-v1", [], "bob", nil),
      Case("owned-v1", [(nil, false)], "ada", "w"), Case("owned-v1", [(nil, false)], "bob", nil),
      Case("owned-v1", [(nil, true)], "bob", "r"), Case("owned-v1", [(nil, true)], "ada", "w"),
      Case("owned-v1", [("bob", false)], "bob", "w"), Case("owned-v1", [("bob", true)], "bob", "w"),
      Case("owned-v1", [("bob", true)], "ada", "w"),
      Case("owned-v1", [("bob", false), (nil, true)], "bob", "rw"),
      Case("owned-v1", [(nil, false), ("ada", false), (nil, true)], "bob", "r"),
      Case("owned-v1", [(nil, false), ("ada", false), (nil, true)], nil, "www"),
      Case("free-v1", [(nil, false), ("ada", true)], "bob", "ww"),
      Case("unknown-v1", [(nil, false)], nil, "w"), Case("unknown-v1", [("ada", true)], "bob", "w"),
    ])
  func visibility(_ test: Case) throws {
    let (site, ada, bob, queue) = try site()
    for (user, isActive) in test.tasks {
      var new = TestQueue.new(.upload, test.image)
      new.userID = user.map { $0 == "ada" ? ada : bob }
      new.revisionID = try site.connection.first(
        "SELECT id FROM imagerevision WHERE imagename = ?", [Value(test.image)]
      ) { $0.int(0) }
      let hold = try queue.add(new, .name(test.image), by: TestQueue.holder(1))
      if !isActive { try queue.finish(hold, .success, message: "done") }
    }
    // Tasks of other images are never part of it.
    _ = try queue.add(TestQueue.new(.cleanup, "other-v1"), .name("other-v1"), by: TestQueue.holder(2))
    let seen = try list(site, test.image, test.viewer.map { "\($0)@Local" })
    #expect(
      seen.map { $0.map { keys($0) == Self.whole ? "w" : keys($0) == Self.redacted ? "r" : "?" }.joined() }
        == test.seen)
  }

  @Test("a number is the id of a revision and never a name; letters that differ in case are another name")
  func named() throws {
    let (site, _, _, queue) = try site()
    let id = try site.rows("SELECT id FROM imagerevision WHERE imagename = 'owned-v1'")[0]
    _ = try queue.add(TestQueue.new(.upload, "owned-v1"), .name("owned-v1"), by: TestQueue.holder(1))
    _ = try queue.add(TestQueue.new(.upload, "99999"), .name("99999"), by: TestQueue.holder(1))
    #expect(try list(site, id, nil)?.count == 1)
    #expect(try list(site, "99999", nil) == nil)
    #expect(try list(site, "99999999999999999999999", nil) == nil)
    for other in ["OWNED-v1", "owned-v1 ", "", "'", "owned-v10"] {
      #expect(try list(site, other, nil) == nil, "\(other)")
    }
  }

  @Test("are the newest first, without those that are deleted or expired unless all are asked for")
  func selection() throws {
    let (site, _, _, queue) = try site()
    func add(_ type: TaskType) throws -> TaskHold {
      try queue.add(TestQueue.new(type, "owned-v1"), .name("owned-v1"), by: TestQueue.holder(1))
    }
    let expired = try add(.prune)
    try queue.finish(expired, .success, message: "")
    try site.connection.execute("UPDATE expireimage_task SET expires = NOW()")
    let good = try add(.prune)
    try queue.finish(good, .success, message: "", result: "{\"files\":3}")
    let upload = try add(.upload)
    let cleanup = try queue.failUpload(upload, message: "failed", by: TestQueue.holder(1))
    func ids(_ all: Bool) throws -> [JSONValue?]? {
      try list(site, "owned-v1", nil, all: all)?.map {
        if case .object(let task) = $0 { task["id"] } else { nil }
      }
    }
    #expect(try ids(false) == [cleanup, good].map { .number($0.taskID) })
    #expect(try ids(true) == [cleanup, upload, good, expired].map { .number($0.taskID) })
    guard case .object(let task)? = try list(site, "owned-v1", nil)?[1] else { return }
    #expect(task["result"] == .object(["files": .number(3)]) && task["owner"] == .text("ada@Local"))
    #expect(task["deleted"] == .truth(false) && task["deleted_at"] == .null && task["expires_at"] != .null)
  }

  @Test("tell somebody else when the lock frees: after the idle minutes that are left")
  func seconds() throws {
    let (site, _, _, queue) = try site()
    let hold = try queue.add(TestQueue.new(.upload, "owned-v1"), .name("owned-v1"), by: TestQueue.holder(1))
    try site.connection.execute(
      "UPDATE expireimage_task SET updated = NOW() - INTERVAL 3000 SECOND WHERE id = ?", [Value(hold.taskID)])
    guard case .object(let task)? = try list(site, "owned-v1", "bob@Local")?.first,
      case .number(let seconds)? = task["seconds_until_free"]
    else {
      Issue.record("no redacted task")
      return
    }
    #expect((595...600).contains(seconds))
  }

  @Test("the owner of a task's own revision counts, and a revision that is gone has none")
  func ownRevision() throws {
    let (site, _, _, queue) = try site()
    let id = try #require(
      try site.connection.first("SELECT id FROM imagerevision WHERE imagename = 'owned-v1'") { $0.int(0) })
    // By a name that nobody owns.
    var new = TestQueue.new(.upload, "free-v1")
    new.revisionID = id
    let hold = try queue.add(new, .name("free-v1"), by: TestQueue.holder(1))
    func seen(_ user: String?) throws -> [Set<String>]? { try list(site, "free-v1", user)?.map(keys) }
    #expect(try seen("bob@Local") == [Self.redacted])
    #expect(try seen("ada@Local") == [Self.whole])
    try queue.finish(hold, .success, message: "")
    #expect(try seen("bob@Local") == [])
    guard case .object(let task)? = try list(site, "free-v1", "ada@Local")?.first else { return }
    #expect(task["owner"] == .text("ada@Local"))
    try site.connection.executeScript("SET foreign_key_checks = 0;")
    try site.connection.execute("DELETE FROM imagerevision WHERE imagename IN ('owned-v1', 'free-v1')")
    #expect(try seen("bob@Local") == nil && seen("ada@Local") == nil)
    #expect(try seen(nil) == [Self.whole])
  }
}
