import Storage
import VCLDatabase

/// What ended a task.
struct TaskFailure: Sendable {
  /// Whether another try helps.
  enum Kind: String, Codable, Sendable {
    /// What went wrong may go right another time.
    case passing
    /// It goes wrong each time, or somebody else is at it.
    case lasting
    /// Somebody ended the process that was at work, by a signal.
    case stopped
  }

  let failure: Failure
  let kind: Kind

  init(_ error: any Error) {
    failure = Failure(error)
    kind =
      switch error {
      case is Stopped: .stopped
      case is TaskConflict, is TaskLost: .lasting
      case let failure as Failure: failure.isLasting ? .lasting : .passing
      case let problem as WritingProblem:
        switch problem {
        case .impossibleName, .exists, .unsupportedSource: .lasting
        case .beingWritten, .sourceChanged, .lost: .passing
        }
      default: .passing
      }
  }
}
