import VCLDatabase

/// Cleanups of image names.
struct CleanupRunner: TaskRunner {
  let type = TaskType.cleanup

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    let outcome = try report(record, task, work)
    return TaskOutcome(answer: (), message: outcome.message, result: outcome.result)
  }

  /// - Throws: also ``Failure`` when something could not be removed.
  func report(
    _ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext
  ) throws -> TaskOutcome<CleanupReport> {
    let target = try ImageTarget(record, work.call)
    var report = try CleanupWork(
      target: target, call: work.call, keepsEntry: record.parentID != nil, hasLock: true
    ).run(task)
    report.taskID = record.id
    guard report.failed.isEmpty else {
      throw Failure(
        lines: report.failed.map {
          "\($0.words) could not be removed: \($0.reason); correct that and clean up again"
        },
        .failed)
    }
    return TaskOutcome(
      answer: report, message: report.message, result: try JSONOutput.text(report.document, isPretty: false))
  }
}
