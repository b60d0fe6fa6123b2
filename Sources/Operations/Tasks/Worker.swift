import VCLDatabase

/// Claims tasks of this node and does them.
struct Worker {
  /// So many processes may begin a task; each but the last has died at it.
  static let mostAttempts = 3

  let work: WorkContext

  init(_ work: WorkContext) {
    self.work = work
  }

  private var queue: TaskQueue { work.call.queue }

  /// Begins, or takes over, the oldest task of this node that it may, and does it.
  ///
  /// - Parameter mayTake: which of them.
  /// - Returns: the task as it ended; nil: there is nothing to do.
  func next(_ mayTake: (TaskRecord) -> Bool = { _ in true }) throws -> TaskRecord? {
    for (record, mayBegin) in try queue.open(node: work.call.site.nodeName) where mayTake(record) {
      guard let runner = TaskRunners.of(record.type) else { continue }
      if record.status == .pending {
        guard mayBegin else { continue }
      } else {
        guard record.isStale(ProcessIdentity.isDead) else { continue }
        // Whatever killed so many would kill this one. An upload is not done again, but ended.
        if record.attempts >= Self.mostAttempts, record.type != .upload {
          try queue.endStale { $0.id == record.id }
          return try queue.task(record.id)
        }
      }
      guard let hold = try queue.claim(record, by: ProcessIdentity.own) else { continue }
      do { try perform(record, hold, runner, isTakenOver: record.status == .processing) } catch is TaskLost {
        // It is somebody else's, who tells what becomes of it.
        continue
      } catch {}
      return try TaskCall(work.call.site).queue.task(record.id)
    }
    return nil
  }

  /// Does a task that this process has begun.
  ///
  /// - Throws: what went wrong, which is on record then.
  func perform(
    _ record: TaskRecord, _ hold: TaskHold, _ runner: some TaskRunner, isTakenOver: Bool
  ) throws {
    let task = TaskAtWork(work.call.connection, hold, requestID: record.requestID)
    try work.call.site.work(
      task, queue, fail: { try runner.fail(record, hold, $0, work) }
    ) { task in
      isTakenOver ? try runner.resume(record, task, work) : try runner.run(record, task, work)
    }
  }
}
