import Assets
import MariaDB
import Retention

/// What VCL's records say about the use of revisions by people, and what to remember of it.
///
/// Records of reservations that have ended do not change any more, so their result is stored and only
/// what came or moved since is read again; what was seen once stays, even when a site prunes its log.
package struct UsageRecords: Sendable {
  /// The newest use per revision, not capped: a future reservation counts with its own start.
  private(set) package var newest: [Int: Moment?]
  /// The newest use per revision among ended reservations, as far as it must be stored.
  private(set) package var toStore: [Int: Moment?]
  /// Whether everything was read, so that what was stored before is replaced.
  package let isComplete: Bool
  package let bounds: Bounds
  /// Reservations that ended before it are settled.
  package let settledBefore: Moment
  /// The first use on record, ever.
  package let recordedSince: Moment?
  package let ignoredUsers: String

  /// How far the records go.
  package struct Bounds: Sendable {
    package let sublogID: Int
    package let changelogID: Int
    package let oldestUse: Moment?
    /// The database server's own time, whatever day is decided for.
    package let readAt: Moment

    package init(sublogID: Int, changelogID: Int, oldestUse: Moment?, readAt: Moment) {
      self.sublogID = sublogID
      self.changelogID = changelogID
      self.oldestUse = oldestUse
      self.readAt = readAt
    }
  }

  /// The last use of a revision, never later than now.
  package func lastUse(_ revisionID: Int, now: Moment) -> LastUse {
    switch newest[revisionID] {
    case nil: .never
    case .some(nil): .undated
    case .some(.some(let moment)): .at(min(moment, now))
    }
  }

  /// The day of the newest use of any revision; one that lies ahead does not prove that the records are kept today.
  package func newestDay(now: Moment) -> Day? {
    newest.values.compactMap { $0 }.filter { $0 <= max(now, bounds.readAt) }.max().map { min($0, now).day }
  }
}

extension UsageRecords {
  /// Rows of concurrent reservations may appear out of the order of their ids.
  private static let idMargin = 1000

  /// VCL may write the end of a reservation late; after so many days its record is taken as final.
  private static let settledAfterDays = 7

  /// Reads the records.
  ///
  /// - Parameters:
  ///   - now: decides which reservations have ended for good.
  ///   - ignored: accounts whose reservations are no use.
  package static func read(
    _ connection: Connection, now: Moment, ignored: Set<Account>
  ) throws -> UsageRecords {
    guard
      let bounds = try connection.first(
        Assets.Queries.usageBounds, [],
        { row in
          Bounds(
            sublogID: row.int(0), changelogID: row.int(1), oldestUse: row.moment(2),
            readAt: row.moment(3) ?? now)
        })
    else { throw UnreadableClock() }
    let ignoredUsers = ignored.map(\.description).sorted().joined(separator: ",")
    let state = try StoredState.read(connection)
    let settledBefore = Moment(day: now.day - settledAfterDays, second: now.second)
    let settled = Array(repeating: Value(settledBefore), count: 3)

    var stored: [Int: Moment?] = [:]
    if state != nil {
      try connection.query(Assets.Queries.storedUsage) { stored[$0.int(0)] = .some($0.moment(1)) }
    }
    let isContinued = state?.isContinued(by: bounds, now: now, ignoredUsers: ignoredUsers) ?? false
    var records = UsageRecords(
      newest: [:], toStore: [:], isComplete: !isContinued, bounds: bounds, settledBefore: settledBefore,
      recordedSince: [state?.recordedSince, bounds.oldestUse].compactMap { $0 }.min(),
      ignoredUsers: ignoredUsers)

    if let state, isContinued {
      records.newest = stored
      try records.add(
        connection, Assets.Queries.usageOfOpenLogs,
        settled + [Value(state.settledBefore), Value(ignoredUsers)], stored)
      try records.add(
        connection, Assets.Queries.usageOfNewSublogs,
        settled + [Value(max(0, state.sublogID - idMargin)), Value(ignoredUsers)], stored)
      try records.addReinstalls(connection, after: max(0, state.changelogID - idMargin), stored)
    } else {
      // With another list of ignored accounts only uses older than every surviving record stay as they were
      // stored: the rest is on record and counted anew.
      let isSameList = state?.ignoredUsers == ignoredUsers
      let surviving = stored.filter { _, use in
        guard !isSameList, let use, let oldest = bounds.oldestUse else { return true }
        return use < oldest
      }
      records.newest = surviving
      records.toStore = surviving
      try records.addSettled(
        connection, Assets.Queries.usageOfEndedLogs, [Value(settledBefore), Value(ignoredUsers)], surviving)
      try records.add(
        connection, Assets.Queries.usageOfOpenLogs, settled + [Value(settledBefore), Value(ignoredUsers)],
        surviving)
      try records.addReinstalls(connection, after: 0, surviving)
    }
    return records
  }

  private mutating func add(
    _ connection: Connection, _ sql: String, _ parameters: [Value], _ stored: [Int: Moment?]
  ) throws {
    try connection.query(sql, parameters) { row in
      let revision = row.int(0)
      raise(&newest, revision, row.moment(2))
      if row.int(3) > 0 { settle(revision, row.moment(1), stored) }
    }
  }

  private mutating func addReinstalls(
    _ connection: Connection, after changelogID: Int, _ stored: [Int: Moment?]
  ) throws {
    try addSettled(
      connection, Assets.Queries.usageOfReinstalls, [Value(changelogID), Value(ignoredUsers)], stored)
  }

  /// Adds uses that cannot change any more.
  private mutating func addSettled(
    _ connection: Connection, _ sql: String, _ parameters: [Value], _ stored: [Int: Moment?]
  ) throws {
    try connection.query(sql, parameters) { row in
      let use = row.moment(1)
      raise(&newest, row.int(0), use)
      settle(row.int(0), use, stored)
    }
  }

  private mutating func settle(_ revision: Int, _ moment: Moment?, _ stored: [Int: Moment?]) {
    if let known = stored[revision], moment.map({ use in known.map { $0 >= use } ?? false }) ?? true {
      return
    }
    raise(&toStore, revision, moment)
  }

  /// A use without a date counts as one, but never hides one with a date.
  private func raise(_ uses: inout [Int: Moment?], _ revision: Int, _ moment: Moment?) {
    guard let known = uses[revision] else {
      uses[revision] = .some(moment)
      return
    }
    if let moment, known.map({ $0 < moment }) ?? true { uses[revision] = .some(moment) }
  }

  /// Remembers what was read, for the next run; in one transaction.
  package func store(_ connection: Connection, guardedBy fence: Fence) throws {
    try connection.transaction {
      try fence.check(connection)
      if isComplete { try connection.execute(Assets.Queries.deleteUsage) }
      try connection.executeBulk(
        Assets.Queries.storeUsage, rows: toStore.sorted { $0.key < $1.key }.map { [Value($0), Value($1)] })
      try connection.execute(
        Assets.Queries.storeUsageState,
        [
          Value(bounds.sublogID), Value(bounds.changelogID), Value(settledBefore), Value(recordedSince),
          Value(ignoredUsers),
        ])
    }
  }
}

/// How far the stored usage has come.
private struct StoredState {
  let sublogID: Int
  let changelogID: Int
  let settledBefore: Moment
  let recordedSince: Moment?
  let ignoredUsers: String

  static func read(_ connection: Connection) throws -> StoredState? {
    try connection.first(Assets.Queries.usageState) { row in
      StoredState(
        sublogID: row.int(0), changelogID: row.int(1),
        settledBefore: row.moment(2) ?? Moment(day: Day(number: 0)), recordedSince: row.moment(3),
        ignoredUsers: row.string(4))
    }
  }

  /// Whether reading what is new completes the stored result: the ids only grew, and time went on.
  func isContinued(by bounds: UsageRecords.Bounds, now: Moment, ignoredUsers: String) -> Bool {
    self.ignoredUsers == ignoredUsers && bounds.sublogID >= sublogID && bounds.changelogID >= changelogID
      && settledBefore <= now
  }
}
