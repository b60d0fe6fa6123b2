import ArgumentParser
import Foundation

/// Reserves as the frontend does while a run marks, moves and flags the same revisions, with and without triggers.
struct Reservations: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Times reservations by many clients, with and without our triggers, while a run changes the same rows.",
    discussion: """
      Failed: a statement of VCL that ended with an error. Lost: a person's reservation of a revision, or reinstall with \
      one, that was flagged all the same. A date is left to the next run when the trigger has not cleared it. A \
      statement on a revision waits while the run has that row; the same with --without-run tells how long it takes \
      without.

      "A reservation" is the time from its first statement to its last. Clients that never think keep all processors \
      busy, so that a reservation mostly waits for those of the others: then what a trigger costs the server counts \
      once for every client that waits. The load's time by reservation is the time of the whole round by the number of \
      its reservations. What the triggers add is the median over pairs of rounds.
      """)

  enum Logging: String, CaseIterable, ExpressibleByArgument, Encodable {
    case off = "OFF"
    case row = "ROW"
    case mixed = "MIXED"
    case statement = "STATEMENT"

    var arguments: [String] {
      self == .off ? [] : ["--log-bin=binary", "--server-id=1", "--binlog-format=\(rawValue)"]
    }
  }

  @Option(help: "Clients that reserve at the same time.")
  var clients = 8

  @Option(help: "Reservations of each client in each round.")
  var reservations = 300

  @Option(help: "Of a hundred reservations of one revision by a person, so many are moved to another.")
  var reinstalls = 20

  @Option(help: "Rounds; each without and with triggers.")
  var rounds = 5

  @Option(
    help: "Milliseconds, on average, before each reservation in which a client leaves the database alone.")
  var thinkTime = 0.0

  @Flag(help: "The clients do not note their statements in VCL's querylog (QUERYLOGGING is 0).")
  var withoutQueryLog = false

  @Option(parsing: .upToNextOption, help: "Formats of the binary log.")
  var logging: [Logging] = Logging.allCases

  @Option(
    help: "Milliseconds that the run waits after each change; 0 finds most, and takes most of the processor.")
  var runPause = 2

  @Flag(help: "Nothing else is at work: what the triggers cost alone.")
  var withoutRun = false

  @Flag(
    help:
      "The server's data lies on the disk and each commit waits for it, as the server does unless it is told otherwise."
  )
  var durable = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func validate() throws {
    guard clients > 0, reservations > 0, rounds > 0, (0...60_000).contains(thinkTime) else {
      throw ValidationError(
        "--clients, --reservations and --rounds are at least 1, --think-time is between 0 and 60000")
    }
  }

  func run() throws {
    for logging in logging {
      let site = try ReservationSite(arguments: logging.arguments, isDurable: durable)
      defer { site.server.stop() }
      // The first reservations find cold caches.
      _ = try site.round(
        clients: clients, reservations: 20, ReservationClient.Behaviour(), withTriggers: true, runPause: nil)
      let behaviour = ReservationClient.Behaviour(
        reinstalls: reinstalls, thinkTime: thinkTime, logsQueries: !withoutQueryLog)
      var results: [Bool: [ReservationRound]] = [:]
      for number in 0..<rounds {
        // Now the one first and now the other, because the tables grow.
        for withTriggers in number % 2 == 0 ? [false, true] : [true, false] {
          results[withTriggers, default: []].append(
            try site.round(
              clients: clients, reservations: reservations, behaviour, withTriggers: withTriggers,
              runPause: withoutRun ? nil : runPause))
        }
      }
      let (without, with) = (results[false] ?? [], results[true] ?? [])
      try report(logging, ReservationTotals(without), nil)
      try report(logging, ReservationTotals(with), TriggerCost(without: without, with: with))
    }
  }

  private struct Line: Encodable {
    let logging: Logging
    let triggers: Bool
    let totals: ReservationTotals
    let added: TriggerCost?
  }

  /// - Parameter added: nil for the rounds without triggers.
  private func report(_ logging: Logging, _ totals: ReservationTotals, _ added: TriggerCost?) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let line = Line(logging: logging, triggers: added != nil, totals: totals, added: added)
      print(String(decoding: try encoder.encode(line), as: UTF8.self))
    } else {
      let name = logging.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
      print("\(name)  \(added == nil ? "no triggers" : "triggers   ")  \(totals.text)")
      if let added { print("\(name)  they add     \(added.text)") }
    }
  }
}

/// What came of the rounds of one kind.
struct ReservationTotals: Encodable {
  let reservations: Int
  let failed: Int
  let errors: [String: Int]
  let lost: Int
  let datesLeft: Int
  /// What the run did meanwhile, by kind.
  let changes: [String: Int]
  /// Of a reservation, from its first statement to its last.
  let meanMilliseconds: Double
  /// Of the whole load, by reservation.
  let wallMilliseconds: Double
  let reinstalls: Int
  let statementP99Milliseconds: Double
  /// Of those that wait while the run has the row of a revision; what `--without-run` gives for them is no waiting.
  let revisionStatementP99Milliseconds: Double
  let longestMilliseconds: Double

  init(_ rounds: [ReservationRound]) {
    reservations = rounds.reduce(0) { $0 + $1.times.count }
    errors = rounds.reduce(into: [:]) { $0.merge($1.errors, uniquingKeysWith: +) }
    failed = errors.values.reduce(0, +)
    lost = rounds.reduce(0) { $0 + $1.lost }
    datesLeft = rounds.reduce(0) { $0 + $1.datesLeft }
    changes = rounds.reduce(into: [:]) { $0.merge($1.changes, uniquingKeysWith: +) }
    meanMilliseconds = Measured.median(rounds.map(\.meanMilliseconds))
    wallMilliseconds = Measured.median(rounds.map(\.wallMillisecondsByReservation))
    reinstalls = rounds.reduce(0) { $0 + $1.reinstalls }
    let statements = rounds.flatMap(\.statements)
    statementP99Milliseconds = Self.p99(statements)
    revisionStatementP99Milliseconds = Self.p99(rounds.flatMap(\.revisionStatements))
    longestMilliseconds = statements.max() ?? 0
  }

  private static func p99(_ times: [Double]) -> Double {
    times.isEmpty ? 0 : times.sorted()[times.count * 99 / 100]
  }

  var text: String {
    func milliseconds(_ value: Double) -> String { String(format: "%.2f ms", value) }
    let done = changes.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    let why = errors.sorted { $0.key < $1.key }.map { " \($0.key) x\($0.value)" }.joined()
    return "\(reservations) reservations, \(reinstalls) reinstalls, \(failed) failed\(why), \(lost) lost,"
      + " \(datesLeft) dates left to the next run;"
      + " a reservation \(milliseconds(meanMilliseconds)),"
      + " the load's time by reservation \(milliseconds(wallMilliseconds)), a statement p99 \(milliseconds(statementP99Milliseconds)),"
      + " one on a revision p99 \(milliseconds(revisionStatementP99Milliseconds)),"
      + " longest \(milliseconds(longestMilliseconds)); meanwhile \(done)"
  }
}
