import VCLDatabase

/// What a task is done with.
struct WorkContext {
  let call: TaskCall
  /// Ends the present task cleanly.
  let stop: StopRequest
  let progress: Progress
}

/// Does the tasks of one type, from nothing but what is on record of each: its row, and the input that it was added with.
///
/// A further type is one file with its runner, named in ``TaskRunners/all``. What adds such a task leaves it pending with
/// ``TaskQueue/add(_:_:by:)``.
protocol TaskRunner: Sendable {
  var type: TaskType { get }

  /// Does a task that waited.
  ///
  /// - Throws: ``TaskLost``; whatever goes wrong, which ends the task as a failure.
  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void>

  /// Goes on with a task whose process is dead; without one of its own it is done again.
  func resume(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void>

  /// Ends a task that failed.
  func fail(_ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext) throws
}

extension TaskRunner {
  func resume(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    try run(record, task, work)
  }

  func fail(_ record: TaskRecord, _ hold: TaskHold, _ failure: TaskFailure, _ work: WorkContext) throws {
    // The old connection may be why it failed.
    try TaskCall(work.call.site).queue.finish(hold, .failure, message: failure.failure.description)
  }
}

/// The runners that there are; their order does not matter.
enum TaskRunners {
  static let all: [any TaskRunner] = [UploadRunner(), CleanupRunner()] + RemovalRunner.all

  /// Nil: no worker does that.
  static func of(_ type: TaskType) -> (any TaskRunner)? { all.first { $0.type == type } }
}
