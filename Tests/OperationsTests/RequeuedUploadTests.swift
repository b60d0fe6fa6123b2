import Foundation
import MariaDB
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("Uploads that are queued again")
struct RequeuedUploadTests {
  /// How the cleanup came to be whose process died, and what its end leaves in the queue.
  struct Left: CustomTestStringConvertible, Sendable {
    var message = "its process died"
    var failure: TaskFailure.Kind?
    var isQueued = true
    var retries = 20
    var isPending = false
    let next: [String]

    var testDescription: String { "\(self)" }
  }

  @Test(
    "Whoever does the cleanup after a queued upload queues it again, with one retry less unless a signal stopped it",
    arguments: [
      Left(next: ["19 1 1"]),
      Left(retries: 0, next: []),
      Left(isQueued: false, next: []),
      Left(failure: .stopped, next: ["20 - -"]),
      Left(failure: .stopped, retries: 0, next: ["0 - -"]),
      Left(failure: .stopped, isQueued: false, next: []),
      Left(failure: .passing, next: ["19 1 1"]),
      // What tells is not the words.
      Left(message: "\(Stopped())", next: ["19 1 1"]),
      Left(failure: .lasting, next: []),
      Left(isPending: true, next: ["19 1 1"]),
    ])
  func requeuedByAnother(_ left: Left) throws {
    let site = try TestSite()
    let root = try TestRoot(site.connection)
    try root.write("source/a", bytes: 10)
    let source = root.folder + "/source"
    _ = try UploadOperation(site.site, name: "x", source: source, retries: left.retries).enqueue()
    if !left.isQueued {
      _ = try site.connection.execute(
        "UPDATE expireimage_task SET input = JSON_REMOVE(input, '$.queued')")
    }
    let dead = LeaseHolder(
      node: ProcessIdentity.own.node, pid: 1, processStart: 1, bootID: "an earlier boot")
    let queue = site.site.tasks(site.connection, days: 30)
    let record = try #require(try queue.open().first?.task)
    let upload = try #require(try queue.claim(record, by: dead))
    _ = try queue.failUpload(
      upload, message: left.message, result: try left.failure.map { try UploadFailure($0).document },
      by: left.isPending ? nil : dead)
    let waiting =
      "SELECT JSON_VALUE(input, '$.retries'), JSON_VALUE(input, '$.attempts'), not_before > created FROM expireimage_task WHERE status = 'pending' AND type = 'upload'"
    // The queue takes no upload: then the cleanup has not ended either.
    if !left.next.isEmpty {
      try site.connection.executeScript(
        "CREATE TRIGGER full BEFORE INSERT ON expireimage_task FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'full';"
      )
      _ = try WorkOperation(site.site).run(.silent)
      #expect(try site.rows("SELECT COUNT(*) FROM expireimage_task WHERE ended IS NULL") == ["1"])
      try site.connection.executeScript("DROP TRIGGER full;")
      UnendedTasks.end(WorkContext(call: try TaskCall(site.site), stop: .never, progress: .silent))
    } else {
      let report = try WorkOperation(site.site).run(.silent)
      #expect(report.items.map(\.status) == [.success])
    }
    #expect(try site.rows(waiting) == left.next)
    #expect(
      try site.rows(
        "SELECT status, JSON_VALUE(result, '$.dry_run') FROM expireimage_task WHERE type = 'cleanup'")
        == ["success 0"])
    #expect(
      try site.rows("SELECT task_id IS NOT NULL FROM expireimage_lock") == [left.next.isEmpty ? "0" : "1"])
    _ = try site.connection.execute("UPDATE expireimage_task SET not_before = NULL")
    _ = try WorkOperation(site.site).run(.silent)
    #expect(try root.names() == (left.next.isEmpty ? [] : ["x", "x/a"]))
  }
}
