import Assets
import Campus
import Foundation
import MariaDB
import Operations
import Retention
import Synchronization
import TestSupport
import Testing
import VCLDatabase

/// A table of ours is locked by another connection, so that the flagging transaction stops where it first needs it;
/// the reservation goes on meanwhile, as far as the transaction lets it.
@Suite("A reservation in the middle of a flag")
struct RaceTests {
  /// Where the flagging transaction is stopped.
  enum Point: String, CaseIterable, Sendable {
    case beforeTheFirstLock = "expireimage_lease"
    case betweenLockAndUpdate = "expireimage_keep"
    case betweenUpdateAndCommit = "expireimage_event"
    case afterTheCommit = ""
  }

  struct Example: Sendable, CustomStringConvertible {
    let point: Point
    /// So many statements of the reservation are done before the flag begins.
    let statementsBefore: Int
    let hasTriggers: Bool
    /// Whether the reservation's semaphore is still valid, so that it shows before anything else does.
    let hasSemaphore: Bool

    var description: String {
      "\(point), \(statementsBefore) statements before, \(hasTriggers ? "with" : "without") triggers,"
        + " \(hasSemaphore ? "valid" : "expired") semaphore"
    }
  }

  /// The frontend's statements for one reservation, each a transaction of its own.
  final class Statements: @unchecked Sendable {
    static let count = 7
    private let connection: Connection
    private let revision: Int
    private let image: Int
    private let semaphoreExpires: String
    private var log = 0
    private var request = 0
    private var done = 0
    private static let (start, end) = ("2026-04-01 08:00:00", "2026-04-01 12:00:00")
    let threadID: Int

    init(_ site: TestSite, _ idle: IdleImage, semaphoreExpires: String) throws {
      connection = try Connection(TestServer.shared.options(database: site.name))
      threadID = try connection.first("SELECT CONNECTION_ID()") { $0.int(0) } ?? 0
      revision = idle.old
      image = idle.image
      self.semaphoreExpires = semaphoreExpires
    }

    func go(to end: Int) throws {
      while done < end {
        try next()
        done += 1
      }
    }

    private func next() throws {
      let (log, request) = (Value(log), Value(request))
      switch done {
      case 0:
        try insert(
          Assets.Campus.insertSemaphore,
          [Value(1), Value(image), Value(revision), Value(1), Value(semaphoreExpires), "race"])
      case 1:
        self.log = try insert(
          Assets.Campus.insertLog,
          [
            .null, Value(1), "now", Value(Self.start), .null, Value(Self.end), Value(Self.end), "none", .null,
            Value(image),
          ])
      case 2:
        self.request = try insert(
          Assets.Campus.insertRequest,
          [
            Value(VCLState.new.rawValue), Value(1), Value(VCLState.new.rawValue), log, Value(0),
            Value(Self.start), Value(Self.end), Value(Self.start),
          ])
      case 3: try connection.execute(Assets.Campus.setLogRequest, [request, log])
      case 4:
        try insert(Assets.Campus.insertSublog, [log, Value(image), Value(revision), Value(1), Value(1)])
      case 5: try connection.execute(Assets.Campus.insertReservationFromSemaphore, [request, "race"])
      default:
        try insert(
          Assets.Campus.insertChangelog,
          [log, Value(Self.start), Value(Self.end), Value(Self.start), .null])
      }
    }

    @discardableResult
    private func insert(_ sql: String, _ values: [Value]) throws -> Int {
      try connection.execute(sql, values)
      return Int(connection.lastInsertID)
    }
  }

  @Test(
    "Either the revision stays, or the reservation came after the flag and takes it back",
    arguments: [true, false], [true, false])
  func race(hasTriggers: Bool, hasSemaphore: Bool) throws {
    let site = try TestSite()
    if !hasTriggers { _ = try MigrateOperation(site.site).up(withTriggers: false) }
    for point in Point.allCases {
      for count in [0, 1, 4, 5, 6, Statements.count] {
        let example = Example(
          point: point, statementsBefore: count, hasTriggers: hasTriggers, hasSemaphore: hasSemaphore)
        try one(example, site)
      }
    }
  }

  private func one(_ example: Example, _ site: TestSite) throws {
    let idle = try IdleImage(site, "Image \(example.point) \(example.statementsBefore)")
    let overrides = [
      "min_notice_days": "0", "grace_days": "20", "max_flag_percent": "none", "usage_max_age_days": "0",
    ]
    try site.night("2026-03-12", overrides)
    try #require(site.date(idle.old) == "2026-04-01")

    let reservation = try Statements(
      site, idle, semaphoreExpires: example.hasSemaphore ? "2026-04-01 13:00:00" : "2026-03-31 13:00:00")
    // The night decides before the reservation begins.
    let night = try DecidedNight(site, "2026-04-01", overrides)
    let items = night.items(.flag).filter { $0.decision.revisionID == idle.old }
    try #require(items.count == 1)
    try reservation.go(to: example.statementsBefore)

    let blocker = try Connection(TestServer.shared.options(database: site.name))
    if example.point != .afterTheCommit {
      try blocker.execute("LOCK TABLES \(example.point.rawValue) WRITE")
    }
    let flag = Background { try night.changes.flag(items) {} }
    if example.point == .afterTheCommit {
      _ = try flag.result()
    } else {
      try site.wait("the flag to stop at \(example.point)") {
        try flag.isDone
          || site.rows(
            """
            SELECT 1 FROM information_schema.PROCESSLIST
            WHERE ID = ? AND STATE LIKE 'Waiting for table metadata lock%'
            """, [Value(night.threadID)]) == ["1"]
      }
    }
    let rest = Background { try reservation.go(to: Statements.count) }
    try site.wait("the reservation to end or to wait") {
      try rest.isDone
        || site.rows(
          "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = ? AND COMMAND = 'Execute' AND TIME_MS > 100",
          [Value(reservation.threadID)]) == ["1"]
    }
    // Nobody may have moved while it was stopped; a lock wait ends with its commit.
    try blocker.execute("UNLOCK TABLES")
    let result = try flag.result()
    try rest.result()
    try Lease.release(site.connection, night.fence)

    let state = try site.flag(idle.old)
    switch result {
    case .done:
      #expect(state == "1 2026-04-01 00:00:00", "\(example)")
      #expect(try site.date(idle.old) == (example.hasTriggers ? "-" : "2026-04-01"), "\(example)")
    case .changed, .locked:
      #expect(state == "0 -", "\(example)")
    }
    if example.statementsBefore > 4 { #expect(result == .changed, "\(example)") }
    if example.point == .afterTheCommit, example.statementsBefore == 0 { #expect(result == .done) }
    try site.night("2026-04-02", overrides)
    #expect(try site.flag(idle.old) == "0 -", "\(example)")
    #expect(try site.date(idle.old) == "-", "\(example)")
    try site.connection.execute("DELETE FROM semaphore")
  }
}

/// What another thread does.
final class Background<T: Sendable>: Sendable {
  private let outcome = Mutex<Result<T, any Error>?>(nil)
  private let ended = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () throws -> T) {
    Thread.detachNewThread { [self] in
      let result = Result { try body() }
      outcome.withLock { $0 = result }
      ended.signal()
    }
  }

  var isDone: Bool { outcome.withLock { $0 != nil } }

  @discardableResult
  func result() throws -> T {
    ended.wait()
    // Whoever asks again gets it, too.
    ended.signal()
    return try outcome.withLock { $0 }!.get()
  }
}

extension TestSite {
  /// Looks until a condition holds.
  func wait(_ what: String, until condition: () throws -> Bool) throws {
    for _ in 0..<1000 {
      if try condition() { return }
      usleep(10_000)
    }
    Issue.record("waited in vain for \(what)")
  }
}
