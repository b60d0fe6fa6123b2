import Assets
import MariaDB
import Retention

/// The row of one run.
package enum RunRecord {
  /// The newest day that a run decided for; nil before the first run.
  package static func lastDay(_ connection: Connection) throws -> Day? {
    try connection.first(Assets.Queries.lastRunDay, [], { $0.day(0) }) ?? nil
  }

  /// - Parameter policy: a JSON document of every parameter in force.
  /// - Returns: the run's id.
  package static func begin(
    _ connection: Connection, clock: Clock, mode: Policy.Mode, holder: LeaseHolder, policy: String
  ) throws -> Int {
    try connection.execute(
      Assets.Queries.insertRun,
      [
        Value(clock.today), Value(clock.isSimulated), Value(mode.rawValue), Value(clock.now),
        Value(holder.node),
        Value(holder.pid), Value(policy),
      ])
    return Int(connection.lastInsertID)
  }

  package static func finish(
    _ connection: Connection, id: Int, at moment: Moment, exitStatus: Int, summary: String
  ) throws {
    try connection.execute(
      Assets.Queries.finishRun, [Value(moment), Value(exitStatus), Value(summary), Value(id)])
  }

  /// When runs ended last with exit status 0, and with 0, 2 or 3: in seconds since 1970; nil before the first.
  package static func lastEnds(_ connection: Connection) throws -> (success: Double?, completed: Double?) {
    try connection.first(Assets.Queries.lastEnds, []) { ($0.optionalDouble(0), $0.optionalDouble(1)) } ?? (
      nil, nil
    )
  }

  /// The newest run; nil before the first.
  package static func newest(_ connection: Connection) throws -> Newest? {
    try connection.first(Assets.Queries.newestRun, []) { row in
      Newest(
        id: row.int(0), day: row.day(1), mode: row.string(2), started: row.moment(3), finished: row.moment(4),
        exitStatus: row.optionalInt(5), secondsAgo: row.int(6))
    }
  }

  /// A run as its row tells it.
  package struct Newest: Sendable {
    package let id: Int
    package let day: Day?
    package let mode: String
    package let started: Moment?
    /// Nil: it is at work, or was killed.
    package let finished: Moment?
    package let exitStatus: Int?
    /// Since it started.
    package let secondsAgo: Int
  }
}
