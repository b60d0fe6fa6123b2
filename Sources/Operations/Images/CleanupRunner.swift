import VCLDatabase

/// Cleanups of image names.
struct CleanupRunner: TaskRunner {
  let type = TaskType.cleanup
  /// Whether the end of one after a queued upload queues that upload again; not where another upload of the name comes
  /// next.
  var requeues = true

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    let next = try requeues ? NextUpload.after(record, work.call.queue) : nil
    let outcome = try report(record, task, work)
    return TaskOutcome(
      answer: (), message: outcome.message, result: outcome.result, status: outcome.status, next: next)
  }

  func fail(
    _ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext
  ) throws {
    // The old connection may be why it failed.
    let queue = try TaskCall(work.call.site).queue
    try queue.finish(
      hold, .failure, message: failure.failure.description,
      next: requeues ? NextUpload.after(record, queue) : nil)
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
