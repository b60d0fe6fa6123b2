import Storage
import VCLDatabase

/// Uploads, for a worker and for those that begin them.
struct UploadRunner: TaskRunner {
  let type = TaskType.upload

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    guard let source = ImageFileRequest(document: record.input)?.source else {
      throw Failure("job \(record.id) has no source; run the newest version", .failed, isLasting: true)
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
    try tolerating(task) { try target.root.settle(task.connection) }
    // With files of its own left somebody else's are in their place.
    guard let result = UploadResult(document: record.result),
      try !IncompleteEntry.isUnfinished(target.name, in: directory), result.isInPlace(in: directory.path)
    else {
      throw Failure("its process died before everything was in place", .failed)
    }
    // The empty workspace may be left.
    try tolerating(task) {
      _ = try CleanupWork(target: target, call: work.call, keepsEntry: true, hasLock: true).run(task)
    }
    return TaskOutcome(
      answer: (), message: "\(result.message); its process died after that", result: try result.document)
  }

  /// What cannot be tidied up does not undo what is in its place.
  private func tolerating(_ task: TaskAtWork, _ body: () throws -> Void) throws {
    do { try body() } catch let lost as TaskLost {
      throw lost
    } catch {
      try? task.log(.warning, "\(Failure(error))")
    }
  }

  /// The record goes, and the cleanup of the name is done at once; its end queues the upload again, to begin anew later.
  func fail(
    _ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext
  ) throws {
    // The old connection may be why it failed.
    let call = try TaskCall(work.call.site)
    let work = WorkContext(call: call, stop: work.stop, progress: work.progress)
    let cleanup = try call.queue.failUpload(
      hold, message: failure.failure.description, result: UploadFailure(failure.kind).document,
      by: ProcessIdentity.own)
    do {
      guard let cleanupRecord = try call.queue.task(cleanup.taskID) else { return }
      try Worker(work).perform(
        cleanupRecord, cleanup, CleanupRunner(), isTakenOver: false)
    } catch {
      work.progress.event(
        "the cleanup after job \(record.id) is job \(cleanup.taskID), which failed: \(Failure(error))",
        level: .warning)
    }
  }
}
