import Storage
import VCLDatabase

/// Cleanups of image names.
struct CleanupRunner: TaskRunner {
  let type = TaskType.cleanup
  /// Whether the end of one after a queued upload queues that upload again; not where another upload of the name comes
  /// next.
  var requeues = true

  /// One that an upload follows does not end here: its end and the upload's place in the queue are one, see ``fail``.
  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    // Read first: what is noted below is no longer what the upload's process noted.
    let isFollowed = try requeues && NextUpload.after(record, work.call.queue) != nil
    let outcome = try report(record, task, work)
    guard isFollowed else {
      return TaskOutcome(
        answer: (), message: outcome.message, result: outcome.result, status: outcome.status)
    }
    try task.hold.note(task.connection, result: outcome.result)
    throw Failure(outcome.message, outcome.status == .success ? .done : .failed)
  }

  func fail(
    _ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext
  ) throws {
    // The old connection may be why it failed.
    let call = try TaskCall(work.call.site)
    let isDone = failure.failure.exitStatus == .done
    let message = failure.failure.description
    guard requeues, let present = try call.queue.task(record.id),
      let next = try NextUpload.after(present, call.queue)
    else {
      return try call.queue.finish(hold, isDone ? .success : .failure, message: message)
    }
    try next.queue(
      after: hold, isDone ? .success : .failure, message: message, result: present.result, call)
  }

  func report(
    _ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext
  ) throws -> TaskOutcome<CleanupReport> {
    let target = try ImageTarget(record, work.call)
    var report = try CleanupWork(
      target: target, call: work.call, keepsEntry: record.parentID != nil, hasLock: true
    ).run(task)
    report.taskID = record.id
    return TaskOutcome(
      answer: report, message: report.message,
      result: try JSONOutput.text(report.document, isPretty: false),
      status: report.failed.isEmpty ? .success : .failure)
  }
}
