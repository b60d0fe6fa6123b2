import Assets
import MariaDB
import Retention

/// The one reading of the clock of a call: the database server's, because VCL's times are its local times.
package struct Clock: Sendable {
  package let now: Moment
  /// Minutes that the server's local time is ahead of UTC.
  package let utcOffsetMinutes: Int
  /// Whether the day was given instead of read.
  package let isSimulated: Bool
  private let readAt = ContinuousClock.now

  package var today: Day { now.day }

  /// The time by now: a call may be at work past midnight.
  package var present: Moment { now + Int((ContinuousClock.now - readAt).components.seconds) }

  package init(now: Moment, utcOffsetMinutes: Int, isSimulated: Bool) {
    self.now = now
    self.utcOffsetMinutes = utcOffsetMinutes
    self.isSimulated = isSimulated
  }

  /// Reads the server's clock.
  ///
  /// - Parameter today: decide as if it were the start of this day. The server's own day is no simulation.
  package static func read(_ connection: Connection, today: Day? = nil) throws -> Clock {
    guard
      let clock = try connection.first(
        Assets.Queries.clock, [],
        { row in
          row.moment(0).map { Clock(now: $0, utcOffsetMinutes: row.int(1), isSimulated: false) }
        }), let clock
    else { throw UnreadableClock() }
    guard let today, today != clock.today else { return clock }
    return Clock(now: Moment(day: today), utcOffsetMinutes: clock.utcOffsetMinutes, isSimulated: true)
  }
}

/// The server answered with a time that is none.
struct UnreadableClock: Error, CustomStringConvertible {
  var description: String { "the database server gave no valid time; check its clock" }
}
