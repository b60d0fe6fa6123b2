import Foundation
import MariaDB
import Storage
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Cleanups that are given up")
struct GivenUpCleanupTests {
  /// Who gives the cleanup up.
  enum End: CaseIterable, Sendable {
    case workerAfterThreeDeaths, nightlyRun, nextTaskOfTheName
  }

  private static let dead = LeaseHolder(
    node: ProcessIdentity.own.node, pid: 1, processStart: 1, bootID: "an earlier boot")
  private static let tasks =
    "SELECT type, status, JSON_VALUE(input, '$.retries'), JSON_VALUE(input, '$.attempts'), not_before > created FROM expireimage_task WHERE type <> 'run' ORDER BY id"
  private static let holder =
    "SELECT type, status FROM expireimage_task WHERE id = (SELECT task_id FROM expireimage_lock WHERE scope = 'name:x')"

  /// An upload that was queued, and failed; the cleanup after it has lost its process, too.
  private func ready(retries: Int) throws -> (TestSite, TestRoot) {
    let site = try TestSite()
    _ = try IdleImage(site)
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    _ = try UploadOperation(site.site, name: "x", source: root.folder + "/source", retries: retries).enqueue()
    let queue = site.site.tasks(site.connection, days: 30)
    let record = try #require(try queue.open().first?.task)
    let upload = try #require(try queue.claim(record, by: Self.dead))
    _ = try queue.failUpload(upload, message: "its process died", by: Self.dead)
    return (site, root)
  }

  /// - Returns: whether another upload of the name was taken.
  private func end(_ end: End, _ site: TestSite, _ root: TestRoot) throws -> Bool {
    switch end {
    case .workerAfterThreeDeaths:
      try site.connection.execute(
        "UPDATE expireimage_task SET attempts = 3 WHERE type = 'cleanup' AND ended IS NULL")
      _ = try WorkOperation(site.site).run(.silent)
    case .nightlyRun: try site.run(today: "2026-03-02")
    case .nextTaskOfTheName:
      do {
        _ = try UploadOperation(site.site, name: "x", source: root.folder + "/source").enqueue()
        return true
      } catch is TaskConflict {}
    }
    return false
  }

  @Test("The upload before it waits again, with one retry less and the lock", arguments: End.allCases)
  func again(by end: End) throws {
    let (site, root) = try ready(retries: 2)
    #expect(try !self.end(end, site, root))
    #expect(
      try site.rows(Self.tasks) == ["upload failure 2 - -", "cleanup failure 2 - -", "upload pending 1 1 1"])
    #expect(try site.rows(Self.holder) == ["upload pending"])
    #expect(
      try site.rows(
        "SELECT COUNT(*) FROM expireimage_tasklog WHERE line LIKE 'Upload % is tried again as job %'")
        == ["1"])
    try site.connection.execute("UPDATE expireimage_task SET not_before = NULL")
    _ = try WorkOperation(site.site).run(.silent)
    #expect(try root.names() == ["x", "x/a"])
  }

  @Test("Without a retry left the upload says so, and the name is free", arguments: End.allCases)
  func last(by end: End) throws {
    let (site, root) = try ready(retries: 0)
    let isTaken = try self.end(end, site, root)
    #expect(isTaken == (end == .nextTaskOfTheName))
    #expect(
      try site.rows(Self.tasks)
        == ["upload failure 0 - -", "cleanup failure 0 - -"] + (isTaken ? ["upload pending 0 - -"] : []))
    #expect(try site.rows(Self.holder) == (isTaken ? ["upload pending"] : []))
    #expect(
      try site.rows("SELECT message FROM expireimage_task WHERE type = 'upload' LIMIT 1")
        == ["its process died; no retry is left"])
  }

  @Test("Where the queue takes no upload the cleanup does not end either", arguments: End.allCases)
  func both(by end: End) throws {
    let (site, root) = try ready(retries: 2)
    try site.connection.executeScript(
      "CREATE TRIGGER full BEFORE INSERT ON expireimage_task FOR EACH ROW IF NEW.type = 'upload' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full'; END IF;"
    )
    _ = try? self.end(end, site, root)
    #expect(try site.rows(Self.tasks) == ["upload failure 2 - -", "cleanup processing 2 - -"])
    #expect(try site.rows(Self.holder) == ["cleanup processing"])
  }

  @Test("A queued upload that died keeps its name when another one is called, and is tried again")
  func called() throws {
    for isCleanup in [true, false] {
      let (site, root) = try ready(retries: 1)
      if !isCleanup {
        // Its cleanup has not begun: the upload itself is what died.
        try site.connection.execute("DELETE FROM expireimage_task WHERE type = 'cleanup'")
        try site.connection.execute(
          "UPDATE expireimage_task SET status = 'processing', ended = NULL, deleted = NULL, expires = NULL")
        try site.connection.execute(
          "UPDATE expireimage_lock SET task_id = (SELECT MAX(id) FROM expireimage_task)")
      }
      #expect(throws: TaskConflict.self) {
        _ = try UploadOperation(site.site, name: "x", source: root.folder + "/source").run(.silent)
      }
      #expect(
        try site.rows(Self.tasks) == [
          "upload failure 1 - -", "cleanup success 1 - -", "upload pending 0 1 1",
        ])
    }
  }

  @Test("An upload that is forgotten as soon as it has failed is tried again all the same")
  func forgotten() throws {
    let (site, root) = try ready(retries: 1)
    try site.connection.execute("UPDATE expireimage_task SET expires = ended")
    try site.site.tasks(site.connection, days: 0).deleteExpired()
    _ = try WorkOperation(site.site).run(.silent)
    #expect(
      try site.rows(Self.tasks) == ["upload failure 1 - -", "cleanup success 1 - -", "upload pending 0 1 1"])
    try site.connection.execute("UPDATE expireimage_task SET expires = ended")
    try site.site.tasks(site.connection, days: 0).deleteExpired()
    #expect(try site.rows(Self.tasks) == ["upload pending 0 1 1"])
    _ = root
  }

  @Test("A cleanup that could not be written down as done is ended by the next try, which then uploads")
  func endIsLost() throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    // Somebody is at work on the name, until the second try.
    let own = ProcessIdentity.own
    var other: IncompleteEntry? = try IncompleteEntry(
      "x", in: try RootDirectory.open(path: root.path, expecting: nil),
      writer: WriterIdentity(
        node: own.node, pid: own.pid, processStart: own.processStart, bootID: own.bootID))
    try site.connection.executeScript(
      "CREATE TRIGGER endless BEFORE UPDATE ON expireimage_task FOR EACH ROW IF NEW.type = 'cleanup' AND NEW.ended IS NOT NULL THEN SIGNAL SQLSTATE '45000'; END IF;"
    )
    let operation = UploadOperation(
      site.site, name: "x", source: root.folder + "/source", retries: 1,
      pause: { _ in
        #expect(other != nil)
        other = nil
        try? site.connection.executeScript("DROP TRIGGER endless;")
        return 0
      })
    let report = try operation.run(.silent).json()
    #expect(report.contains("\"success\""))
    #expect(try root.names() == ["x", "x/a"])
    #expect(
      try site.rows(Self.tasks)
        == ["upload failure 1 - -", "cleanup success 1 - -", "upload success 0 - -"])
  }
}
