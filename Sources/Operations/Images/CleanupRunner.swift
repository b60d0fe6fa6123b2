import VCLDatabase

/// Cleanups of image names. The end of one after a queued upload queues that upload again.
struct CleanupRunner: TaskRunner {
  let type = TaskType.cleanup

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    let outcome = try report(record, task, work)
    return TaskOutcome(
      answer: (), message: outcome.message, result: outcome.result, status: outcome.status)
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
