import Assets
import Mail
import MariaDB
import Retention

/// The entries that owners have in their calendars, by owner id; 0 is for images without an owner.
package enum CalendarRecords {
  package static func read(_ connection: Connection, ownerID: Int) throws -> [CalendarEntry] {
    try connection.rows(Assets.Queries.calendarEntries, [Value(ownerID)]) { row in
      row.day(2).map { day in
        CalendarEntry(
          uid: row.string(0), sequence: row.int(1), day: day,
          revisionIDs: row.string(3).split(separator: " ").compactMap { Int($0) }, isCancelled: row.bool(4))
      }
    }.compactMap { $0 }
  }

  /// Stores what an owner's calendar holds from now on, inside the transaction that queues the mail with it.
  static func store(_ connection: Connection, ownerID: Int, _ entries: [CalendarEntry]) throws {
    try connection.execute(Assets.Queries.deleteCalendarEntries, [Value(ownerID)])
    try connection.executeBulk(
      Assets.Queries.insertCalendarEntry,
      rows: entries.map { entry in
        [
          Value(entry.uid), Value(ownerID), Value(entry.sequence), Value(entry.day),
          Value(entry.revisionIDs.map(String.init).joined(separator: " ")), Value(entry.isCancelled),
        ]
      })
  }
}
