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
}
