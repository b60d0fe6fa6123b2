import Storage
import VCLDatabase

/// Uploads, for a worker and for those that begin them.
struct UploadRunner: TaskRunner {
  let type = TaskType.upload
  /// Whether one that was queued is queued again when it fails; not where another upload of the name comes next.
  var requeues = true

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    guard let source = ImageFileRequest(document: record.input)?.source else {
      throw Failure("job \(record.id) has no source; run the newest version", .failed)
    }
    let outcome = try UploadWork(
      target: try ImageTarget(record, work.call), source: source, call: work.call, stop: work.stop,
      progress: work.progress
    ).run(task)
    return TaskOutcome(answer: (), message: outcome.message, result: outcome.result)
  }

  /// A dead process may have put everything in place; what else it left is cleaned up.
  func resume(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    let target = try ImageTarget(record, work.call)
    let directory = try target.root.directory.get()
    try target.root.settle(task.connection)
    // With files of its own left somebody else's are in their place.
    guard let result = UploadResult(document: record.result),
      try !IncompleteEntry.isUnfinished(target.name, in: directory), result.isInPlace(in: directory.path)
    else {
      throw Failure("its process died before everything was in place", .failed)
    }
    // The empty workspace may be left.
    _ = try CleanupWork(target: target, call: work.call, keepsEntry: true, hasLock: true).run(task)
    return TaskOutcome(
      answer: (), message: "\(result.message); its process died after that", result: try result.document)
  }

  /// The record goes, the cleanup of the name is done at once, and the upload begins anew later.
  func fail(
    _ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext
  ) throws {
    // The old connection may be why it failed.
    let call = try TaskCall(work.call.site)
    let work = WorkContext(call: call, stop: work.stop, progress: work.progress)
    let cleanup = try call.queue.failUpload(
      hold, message: failure.failure.description, by: ProcessIdentity.own)
    do {
      guard let cleanupRecord = try call.queue.task(cleanup.taskID) else { return }
      try Worker(work).perform(cleanupRecord, cleanup, CleanupRunner(), isTakenOver: false)
    } catch {
      work.progress.event(
        "the cleanup after job \(record.id) is job \(cleanup.taskID), which failed: \(Failure(error))",
        level: .warning)
    }
    do { try requeue(record, failure, call) } catch {
      work.progress.event(
        "the upload of job \(record.id) is not tried again: \(Failure(error)); queue it again",
        level: .warning)
    }
  }

  /// One that a signal stopped loses no retry and waits for nothing: its worker ended, not the upload.
  private func requeue(_ record: TaskRecord, _ failure: TaskFailure, _ call: TaskCall) throws {
    guard requeues, var request = ImageFileRequest(document: record.input), request.queued == true else {
      return
    }
    var waitSeconds: Int?
    if !failure.isStopped {
      guard failure.isWorthAnother, let retries = request.retries, retries > 0 else { return }
      let attempts = (request.attempts ?? 0) + 1
      request.retries = retries - 1
      request.attempts = attempts
      waitSeconds = BackOff.upload.seconds(afterAttempts: attempts)
    }
    let next = NewTask(
      type: .upload, imageName: record.imageName, revisionID: record.revisionID, rootID: record.rootID,
      root: record.root, node: record.node, requestedBy: record.requestedBy, userID: record.userID,
      requestID: record.requestID, parentID: record.id,
      waitSeconds: waitSeconds, message: "Tries again after job \(record.id)",
      input: try request.document)
    _ = try call.queue.add(next, .name(request.name), by: nil)
  }
}
