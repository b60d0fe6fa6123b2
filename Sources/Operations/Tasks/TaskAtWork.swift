import Foundation
import MariaDB
import VCLDatabase

/// A task that this process is at work on.
final class TaskAtWork {
  let connection: Connection
  let hold: TaskHold
  /// One for all tasks of a call.
  let requestID: String
  private var lastReport = ContinuousClock.now

  var id: Int { hold.taskID }

  init(_ connection: Connection, _ hold: TaskHold, requestID: String) {
    self.connection = connection
    self.hold = hold
    self.requestID = requestID
  }

  /// Tells whoever asks how far the task is, at most once a second.
  ///
  /// - Parameter isLast: tells it however short ago something was told.
  /// - Throws: ``TaskLost``: then nothing more may be changed.
  func report(
    bytesDone: Int64, bytesTotal: Int64?, isLast: Bool = false, _ message: @autoclosure () -> String
  ) throws {
    guard isLast || ContinuousClock.now - lastReport >= .seconds(1) else { return }
    try hold.report(
      connection, bytesDone: Int(bytesDone), bytesTotal: bytesTotal.map(Int.init), message: message())
    lastReport = .now
  }

  func log(_ level: TaskLine.Level = .info, _ line: String) throws {
    try hold.log(connection, level, line)
  }
}

/// What a task came to.
struct TaskOutcome<Answer> {
  let answer: Answer
  /// One line for people.
  let message: String
  /// JSON.
  let result: String
  /// Failure: some of it could not be done, or none.
  var status: TaskStatus = .success
}

extension Site {
  /// The name of this management node, to which its roots and their tasks belong.
  var nodeName: String { settings.nodeName ?? ProcessInfo.processInfo.hostName }

  /// The tasks of all nodes.
  ///
  /// - Parameter days: for which an ended task stays on record (`expireimage_task_days`).
  func tasks(_ connection: Connection, days: Int) -> TaskQueue {
    TaskQueue(connection, days: days, isDead: ProcessIdentity.isDead, sequel: NextUpload.after)
  }

  /// One for all tasks of a call.
  static func newRequestID() -> String { "req-\(UUID().uuidString.lowercased())" }

  /// Adds a task, begins it, and does it in this process.
  ///
  /// - Throws: ``TaskConflict``; what the body throws, which is on record then, too.
  func perform<Answer>(
    _ new: NewTask, _ scope: LockScope?, _ queue: TaskQueue, _ connection: Connection,
    _ body: (TaskAtWork) throws -> TaskOutcome<Answer>
  ) throws -> Answer {
    let hold = try queue.add(new, scope, by: ProcessIdentity.own)
    return try work(TaskAtWork(connection, hold, requestID: new.requestID), queue, body)
  }

  /// Does a task that this process has begun, and ends it.
  ///
  /// - Parameter fail: ends it when the body has thrown; nil: as a failure.
  /// - Throws: what the body throws, which is on record then, too.
  func work<Answer>(
    _ task: TaskAtWork, _ queue: TaskQueue, fail: ((TaskFailure) throws -> Void)? = nil,
    _ body: (TaskAtWork) throws -> TaskOutcome<Answer>
  ) throws -> Answer {
    let hold = task.hold
    let heartbeat = Heartbeat(connect: connect) { try hold.renew($0) }
    defer { heartbeat.end() }
    let outcome: TaskOutcome<Answer>
    do { outcome = try body(task) } catch let lost as TaskLost {
      throw lost
    } catch {
      let failure = TaskFailure(error)
      do {
        if let fail {
          try fail(failure)
        } else {
          try finish(hold, .failed(failure), queue)
        }
      } catch is TaskLost {} catch { UnendedTasks.add(self, hold, .failed(failure)) }
      throw error
    }
    let ending = UnendedTasks.Ending.done(
      outcome.status, message: outcome.message, result: outcome.result)
    do { try finish(hold, ending, queue) } catch let lost as TaskLost {
      throw lost
    } catch {
      UnendedTasks.add(self, hold, ending)
      throw error
    }
    return outcome.answer
  }

  /// Ends a task, over another connection where the first is gone: what was done must not look as if it had failed.
  private func finish(_ hold: TaskHold, _ ending: UnendedTasks.Ending, _ queue: TaskQueue) throws {
    do { try queue.finish(hold, ending) } catch let error as MariaDBError {
      let other = tasks(try connectReady(), days: queue.days)
      do { try other.finish(hold, ending) } catch is TaskLost {
        // The first may have got through.
        guard try other.task(hold.taskID)?.status == ending.status else { throw error }
      }
    }
  }
}
