import Storage
import VCLDatabase

/// What ended a task.
struct TaskFailure: Sendable {
  let failure: Failure
  /// Whether what went wrong may go right another time.
  let isWorthAnother: Bool
  /// Whether somebody ended the process that was at work, by a signal.
  let isStopped: Bool

  init(_ error: any Error) {
    failure = Failure(error)
    isStopped = error is Stopped
    isWorthAnother =
      switch error {
      case is TaskConflict, is TaskLost, is Stopped: false
      case let problem as WritingProblem:
        switch problem {
        case .impossibleName, .exists, .unsupportedSource: false
        case .beingWritten, .sourceChanged, .lost: true
        }
      default: true
      }
  }
}
