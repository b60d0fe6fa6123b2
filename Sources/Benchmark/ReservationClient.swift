import Assets
import Campus
import Foundation
import MariaDB

/// One process of the frontend: every statement is a transaction of its own, is sent as text, and is not executed again
/// when it meets a deadlock, so that none goes unseen.
final class ReservationClient: @unchecked Sendable {
  private let connection: Connection
  private let revisions: [Int]
  private let imageOfRevision: [Int: Int]
  private let ledger: ReservationLedger
  private let system: Int
  private let behaviour: Behaviour
  private var texts: [String: [Substring]] = [:]
  private var random: SplitMix64
  private var statements: [Double] = []
  /// Those of statements that write a row which refers to a revision.
  private var revisionStatements: [Double] = []
  private let name: String
  private static let (start, end) = ("2026-02-01 09:00:00", "2037-01-01 00:00:00")

  /// What a client does beside reserving.
  struct Behaviour {
    /// Of a hundred reservations of one revision by a person, so many are moved to another.
    var reinstalls = 0
    /// The mean of the milliseconds before each reservation in which the client leaves the database alone.
    var thinkTime = 0.0
    /// Whether it notes each statement in `querylog`, as VCL's frontend does unless QUERYLOGGING is 0.
    var logsQueries = true
  }

  /// - Parameter revisions: the popular one, two that are reserved together, and a quiet one.
  init(
    _ connection: Connection, _ revisions: [Int], _ ledger: ReservationLedger, _ behaviour: Behaviour,
    seed: UInt64
  ) throws {
    self.behaviour = behaviour
    self.connection = connection
    self.revisions = revisions
    self.ledger = ledger
    random = SplitMix64(seed: seed)
    name = "client \(seed)"
    system = try connection.first(Assets.Benchmark.vclreload) { $0.int(0) } ?? 0
    var images: [Int: Int] = [:]
    for revision in revisions {
      images[revision] = try connection.first(Assets.Campus.imageOfRevision, [Value(revision)]) { $0.int(0) }
    }
    imageOfRevision = images
    // As VCL's own sessions, not as this program's.
    try connection.executeScript(Assets.Benchmark.frontendSession)
    // Made once, and expired, so that they hold nothing: VCL's statements on semaphores meet each other in deadlocks
    // of their own, which are not what is looked for.
    for wanted in revisions.map({ [$0] }) + [[revisions[1], revisions[2]], [revisions[2], revisions[1]]] {
      for revision in wanted {
        try connection.execute(
          Assets.Campus.insertSemaphore,
          [
            Value(1), Value(images[revision]), Value(revision), Value(1), "2026-01-01 00:00:00",
            Value(process(wanted)),
          ])
      }
    }
  }

  /// What the semaphores of a reservation of these revisions are known by.
  private func process(_ wanted: [Int]) -> String { "\(name) \(wanted)" }

  /// Makes so many reservations of all kinds, and ends each.
  func reserve(_ count: Int) {
    for _ in 0..<count {
      think()
      let (popular, a, b, quiet) = (revisions[0], revisions[1], revisions[2], revisions[3])
      switch random.next() % 100 {
      case 0..<50:
        let isMoved = random.next() % 100 < behaviour.reinstalls
        // To the popular one and away from it, so that reinstalls meet reservations in both orders.
        if isMoved, random.next() % 2 == 0 {
          reserve([a], byPerson: true, thenReinstall: popular)
        } else {
          reserve(
            [popular], byPerson: true,
            thenReinstall: isMoved ? [a, b, quiet].randomElement(using: &random) : nil)
        }
      case 50..<60: reserve([a, b], byPerson: true)
      case 60..<70: reserve([b, a], byPerson: true)
      case 70..<73: reserve([quiet], byPerson: true)
      default:
        reserve([popular, a, b, quiet].randomElement(using: &random).map { [$0] } ?? [], byPerson: false)
      }
    }
    ledger.add(statements: statements, onRevisions: revisionStatements)
  }

  /// So that the clients do not go in step, some think longer and some shorter.
  private func think() {
    guard behaviour.thinkTime > 0 else { return }
    usleep(UInt32.random(in: 0...UInt32(behaviour.thinkTime * 2000), using: &random))
  }

  private func reserve(_ wanted: [Int], byPerson: Bool, thenReinstall other: Int? = nil) {
    let begin = ContinuousClock.now
    var request: Int?
    do {
      let made = try make(wanted, byPerson: byPerson)
      request = made.request
      ledger.note(wanted, byPerson: byPerson, from: begin, begin.duration(to: .now).milliseconds)
      if let other, let log = made.log { try reinstall(made.request, log, with: other) }
    } catch { ledger.add(error) }
    do {
      if let request { try execute(Assets.Campus.deleteRequest, [Value(request)]) }
    } catch { ledger.add(error) }
  }

  /// What VCL records of a reinstall that moves a reservation to a revision.
  static func reinstallation(of revision: Int) -> String { "event:reinstall|revisionid:\(revision)" }

  /// Moves a reservation of one revision to another.
  private func reinstall(_ request: Int, _ log: Int, with revision: Int) throws {
    let begin = ContinuousClock.now
    let reservation = try connection.first(Assets.Campus.reservationOfRequest, [Value(request)]) { $0.int(0) }
    try execute(
      Assets.Campus.setReservationRevision, [Value(revision), Value(reservation)], onRevision: true)
    try execute(
      Assets.Campus.insertChangelog,
      [
        Value(log), .null, .null, Value(Self.start), Value(Self.reinstallation(of: revision)),
      ])
    ledger.note(reinstallOf: revision, from: begin)
  }

  private func make(_ wanted: [Int], byPerson: Bool) throws -> (request: Int, log: Int?) {
    var log: Int?
    if byPerson {
      log = try execute(
        Assets.Campus.insertLog,
        [
          .null, Value(CampusBuilder.admin), "now", Value(Self.start), .null, Value(Self.end),
          Value(Self.end), "none", .null, Value(imageOfRevision[wanted[0]]),
        ])
    }
    let request = try execute(
      Assets.Campus.insertRequest,
      [
        Value(VCLState.new.rawValue), Value(byPerson ? CampusBuilder.admin : system),
        Value(VCLState.new.rawValue), Value(log), Value(0), Value(Self.start), Value(Self.end),
        Value(Self.start),
      ])
    if let log {
      try execute(Assets.Campus.setLogRequest, [Value(request), Value(log)])
      for revision in wanted {
        try execute(
          Assets.Campus.insertSublog,
          [Value(log), Value(imageOfRevision[revision]), Value(revision), Value(1), Value(1)],
          onRevision: true)
      }
    }
    try execute(
      Assets.Campus.insertReservationFromSemaphore, [Value(request), Value(process(wanted))],
      onRevision: true)
    if let log {
      try execute(
        Assets.Campus.insertChangelog,
        [Value(log), Value(Self.start), Value(Self.end), Value(Self.start), .null])
    }
    return (request, log)
  }

  @discardableResult
  private func execute(_ sql: String, _ values: [Value], onRevision: Bool = false) throws -> Int {
    let text = text(of: sql, values)
    if behaviour.logsQueries {
      let begin = ContinuousClock.now
      defer { statements.append(begin.duration(to: .now).milliseconds) }
      try connection.execute(
        Assets.Benchmark.insertQuerylog, [Value(CampusBuilder.admin), "newReservation", Value(text)])
    }
    let begin = ContinuousClock.now
    defer {
      let time = begin.duration(to: .now).milliseconds
      if onRevision { revisionStatements.append(time) } else { statements.append(time) }
    }
    try connection.executeText(text)
    return Int(connection.lastInsertID)
  }

  /// A statement with its parameters in it.
  private func text(of sql: String, _ values: [Value]) -> String {
    var parts = texts[sql] ?? []
    if parts.isEmpty {
      let statement = sql.split(separator: "\n").filter { !$0.hasPrefix("--") }.joined(separator: "\n")
      parts = statement.split(separator: "?", omittingEmptySubsequences: false)
      texts[sql] = parts
    }
    return zip(parts, values.map(Self.literal) + [""]).map { $0 + $1 }.joined()
  }

  /// A parameter as SQL has it; text has no quotation mark here.
  private static func literal(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .int(let number): "\(number)"
    case .unsigned(let number): "\(number)"
    case .double(let number): "\(number)"
    case .text(let text): "'\(text)'"
    case .bytes: preconditionFailure("the frontend's statements have no bytes")
    }
  }
}
