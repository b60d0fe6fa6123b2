import Assets
import MariaDB
import Retention

/// One row of the audit trail.
package struct EventRecord: Sendable {
  package let kind: String
  package let happened: Moment?
  package let actor: String
  package let runID: Int?
  /// Codes, also of another version of the program.
  package let reasons: [String]
  package let oldDate: Day?
  package let newDate: Day?
  package let dateDeleted: Moment?
  package let wholeImage: Bool
  /// What was known of the revision, as JSON.
  package let facts: String
}

/// What one mail said of a revision, and what became of the mail.
package struct NoticeRecord: Sendable {
  package let mailID: Int
  /// `announced`, `reminder`, `redated`, `safe` or `flagged`.
  package let change: String
  package let expireDate: Day?
  package let previousDate: Day?
  package let queuedAt: Moment?
  /// `owner`, `admin` or `fallback`.
  package let recipient: String
  package let addresses: [String]
  package let status: String
  package let acceptedOn: Day?
  /// The mail server's last words.
  package let reply: String?
}

/// A reservation as VCL's log has it.
package struct ReservationRecord: Sendable {
  package let logID: Int
  package let start: Moment?
  package let end: Moment?
  package let ending: String
  package let user: Account?
}

/// What happened to one revision.
package struct RevisionHistory: Sendable {
  package let events: [EventRecord]
  package let notices: [NoticeRecord]
  package let keeps: [KeepRecord]
  /// The newest reservation by a person that is on record still.
  package let newestReservation: ReservationRecord?
  package let flag: FlagState?

  /// - Parameter ignored: accounts whose reservations are no use.
  package static func read(
    _ connection: Connection, revisionID: Int, today: Day, ignored: Set<Account>
  ) throws -> RevisionHistory {
    let id = Value(revisionID)
    let events = try connection.rows(Assets.Queries.eventsOfRevision, [id]) { row in
      EventRecord(
        kind: row.string(0), happened: row.moment(1), actor: row.string(2), runID: row.optionalInt(3),
        reasons: row.string(4).split(separator: " ").map(String.init), oldDate: row.day(5),
        newDate: row.day(6), dateDeleted: row.moment(7), wholeImage: row.bool(8),
        facts: row.string(9))
    }
    let notices = try connection.rows(Assets.Queries.noticesOfRevision, [id]) { row in
      NoticeRecord(
        mailID: row.int(0), change: row.string(1), expireDate: row.day(2), previousDate: row.day(3),
        queuedAt: row.moment(4), recipient: row.string(5), addresses: addressList(row.string(6)),
        status: row.string(7), acceptedOn: row.day(8), reply: row.optionalString(9))
    }
    let ignored = ignored.map(\.description).sorted().joined(separator: ",")
    let reservation = try connection.first(Assets.Queries.newestReservation, [id, Value(ignored)]) { row in
      ReservationRecord(
        logID: row.int(0), start: row.moment(1), end: row.moment(2), ending: row.string(3),
        user: row.optionalString(4).map {
          Account(userName: $0, affiliation: row.optionalString(5) ?? "")
        })
    }
    return RevisionHistory(
      events: events, notices: notices,
      keeps: try Keeps.list(connection, today: today, revisionID: revisionID, includingEnded: true),
      newestReservation: reservation, flag: try FlagState.read(connection, revisionID))
  }
}
