import Assets
import MariaDB
import Retention

/// One holding of a task by one process. Whoever has a smaller number than the task's row may change nothing more.
package struct TaskHold: Sendable, Hashable {
  package let taskID: Int
  package let fence: Int

  /// Locks the task until the transaction ends, so that nobody takes it over meanwhile.
  ///
  /// - Throws: ``TaskLost`` when somebody has.
  package func check(_ connection: Connection) throws {
    guard try connection.execute(Assets.Queries.checkTask, [Value(taskID), Value(fence)]) == 1 else {
      throw TaskLost(id: taskID)
    }
  }

  /// Gives a sign of life.
  ///
  /// - Returns: false when the task is lost.
  package func renew(_ connection: Connection) throws -> Bool {
    try connection.execute(Assets.Queries.renewTask, [Value(taskID), Value(fence)]) == 1
  }

  /// Tells how far the task is.
  ///
  /// - Throws: ``TaskLost``.
  package func report(
    _ connection: Connection, bytesDone: Int, bytesTotal: Int?, message: String
  ) throws {
    let changed = try connection.execute(
      Assets.Queries.reportTask,
      [Value(bytesDone), Value(bytesTotal), Value(message, scalars: 1000), Value(taskID), Value(fence)])
    guard changed == 1 else { throw TaskLost(id: taskID) }
  }

  /// Writes down what the task has come to, before it ends: who takes it over may find its work done.
  ///
  /// - Parameter result: JSON.
  /// - Throws: ``TaskLost``.
  package func note(_ connection: Connection, result: String) throws {
    let changed = try connection.execute(
      Assets.Queries.noteTaskResult, [Value(result), Value(taskID), Value(fence)])
    guard changed == 1 else { throw TaskLost(id: taskID) }
  }

  /// Writes a line into the log of the task, lost or not.
  package func log(_ connection: Connection, _ level: TaskLine.Level, _ line: String) throws {
    try TaskLine.write(connection, task: taskID, level, line)
  }
}

/// A line of the log of a task.
package struct TaskLine: Sendable {
  package enum Level: String, Sendable {
    case info, warning, error
  }

  package let id: Int
  package let logged: Moment?
  package let level: Level
  package let text: String

  /// - Parameter id: the last line that is known; 0: none.
  /// - Returns: the lines after it.
  package static func read(_ connection: Connection, task: Int, after id: Int = 0) throws -> [TaskLine] {
    try connection.rows(Assets.Queries.taskLines, [Value(task), Value(id)]) { row in
      TaskLine(
        id: row.int(0), logged: row.moment(1), level: Level(rawValue: row.string(2)) ?? .info,
        text: row.string(3))
    }
  }

  static func write(_ connection: Connection, task: Int, _ level: Level, _ text: String) throws {
    try connection.execute(
      Assets.Queries.insertTaskLine, [Value(task), Value(level.rawValue), Value(text, scalars: 16_000)])
  }
}
