import Assets
import MariaDB

/// A reservation of the past, as `CampusBuilder.uses` writes many at once.
package struct PastUse: Sendable, Equatable {
  /// The revisions reserved, more than one for a cluster; the first is that of the image asked for.
  package var revisions: [Int]
  package var user: Int
  package var start: String
  package var finalEnd: String
  /// One of VCL's words: deleted, released, failed, failedtest, noack, nologin, timeout, EOR, none.
  package var ending: String
  /// False for reservations older than VCL's `sublog` table, of which only the `log` row exists.
  package var hasSublog: Bool
  /// Its rows of VCL's `changelog` table.
  package var changes: [Change]

  /// A change of a reservation.
  package struct Change: Sendable, Equatable {
    package var timestamp: String
    /// An event such as `event:reinstall|revisionid:7`.
    package var other: String?

    package init(_ timestamp: String, other: String? = nil) {
      self.timestamp = timestamp
      self.other = other
    }
  }

  package init(
    _ revisions: [Int], by user: Int, from start: String, to finalEnd: String, ending: String = "released",
    hasSublog: Bool = true, changes: [Change] = []
  ) {
    self.revisions = revisions
    self.user = user
    self.start = start
    self.finalEnd = finalEnd
    self.ending = ending
    self.hasSublog = hasSublog
    self.changes = changes
  }
}

/// Reservations of the past: `log`, `sublog` and `changelog`.
extension CampusBuilder {
  /// Adds one past reservation and returns its log id; without an end it ends when it starts.
  @discardableResult
  package func use(
    _ revision: Int, by user: Int = CampusBuilder.admin, from start: String, to finalEnd: String? = nil,
    ending: String = "released", computer: Int = 1
  ) throws -> Int {
    try clusterUse([revision], by: user, from: start, to: finalEnd, ending: ending, computer: computer)
  }

  /// Adds one past reservation of several revisions (one log row, a sublog row for each) and returns its log id.
  @discardableResult
  package func clusterUse(
    _ revisions: [Int], by user: Int = CampusBuilder.admin, from start: String, to finalEnd: String? = nil,
    ending: String = "released", computer: Int = 1
  ) throws -> Int {
    let past = PastUse(revisions, by: user, from: start, to: finalEnd ?? start, ending: ending)
    let log = try insert(Assets.Campus.insertLog, logRow(past, id: nil, computer: computer))
    for row in try sublogRows(past, log: log, computer: computer) {
      try connection.execute(Assets.Campus.insertSublog, row)
    }
    return log
  }

  /// Adds any number of past reservations in a few statements and returns the first of their consecutive log ids.
  @discardableResult
  package func uses(_ uses: [PastUse]) throws -> Int {
    let first = try connection.first(Assets.Campus.nextLogId) { $0.int(0) } ?? 1
    var logs: [[Value]] = []
    var sublogs: [[Value]] = []
    var changes: [(timestamp: String, row: [Value])] = []
    for (index, use) in uses.enumerated() {
      logs.append(try logRow(use, id: first + index, computer: 1))
      sublogs += try sublogRows(use, log: first + index, computer: 1)
      changes += use.changes.map { change in
        (
          change.timestamp,
          [Value(first + index), .null, .null, Value(change.timestamp), Value(change.other)]
        )
      }
    }
    // VCL writes a change when it happens, so ids grow with the timestamp.
    changes.sort { $0.timestamp < $1.timestamp }
    try connection.executeBulk(Assets.Campus.insertLog, rows: logs)
    try connection.executeBulk(Assets.Campus.insertSublog, rows: sublogs)
    try connection.executeBulk(Assets.Campus.insertChangelog, rows: changes.map(\.row))
    return first
  }

  /// Adds a reservation for later that its user deleted before it began: `finalend` stays where it was asked for.
  @discardableResult
  package func cancelledUse(
    _ revision: Int, by user: Int = CampusBuilder.admin, from start: String, to end: String, cancelled: String
  ) throws -> Int {
    let log = try use(revision, by: user, from: start, to: end, ending: "deleted")
    try change(of: log, at: cancelled)
    return log
  }

  /// Adds a change to a logged reservation; `other` holds events such as `event:reinstall|revisionid:7`.
  @discardableResult
  package func change(
    of log: Int, at timestamp: String, start: String? = nil, end: String? = nil, other: String? = nil
  ) throws -> Int {
    try insert(
      Assets.Campus.insertChangelog,
      [Value(log), Value(start), Value(end), Value(timestamp), Value(other)])
  }

  /// Notes that a reservation was reinstalled with another revision; nothing else records that revision's use.
  @discardableResult
  package func reinstall(of log: Int, with revision: Int, at timestamp: String) throws -> Int {
    try change(of: log, at: timestamp, other: "event:reinstall|revisionid:\(revision)")
  }

  private func logRow(_ use: PastUse, id: Int?, computer: Int) throws -> [Value] {
    [
      Value(id), Value(use.user), Value("now"), Value(use.start), .null, Value(use.finalEnd),
      Value(use.finalEnd), Value(use.ending), Value(computer), Value(try image(ofRevision: use.revisions[0])),
    ]
  }

  private func sublogRows(_ use: PastUse, log: Int, computer: Int) throws -> [[Value]] {
    guard use.hasSublog else { return [] }
    return try use.revisions.map { revision in
      [Value(log), Value(try image(ofRevision: revision)), Value(revision), Value(computer), Value(1)]
    }
  }
}
