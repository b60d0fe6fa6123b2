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

  @Option(parsing: .upToNextOption, help: "Formats of the binary log.")
  var logging: [Logging] = Logging.allCases

  @Option(
    help: "Milliseconds that the run waits after each change; 0 finds most, and takes most of the processor.")
  var runPause = 2

  @Flag(help: "Nothing else is at work: what the triggers cost alone.")
  var withoutRun = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() throws {
    for logging in logging {
      let site = try ReservationSite(arguments: logging.arguments)
      defer { site.server.stop() }
      // The first reservations find cold caches.
      _ = try site.round(clients: clients, reservations: 20, reinstalls: 0, withTriggers: true, runPause: nil)
      var results: [Bool: [ReservationRound]] = [:]
      for _ in 0..<rounds {
        for withTriggers in [false, true] {
          results[withTriggers, default: []].append(
            try site.round(
              clients: clients, reservations: reservations, reinstalls: reinstalls,
              withTriggers: withTriggers,
              runPause: withoutRun ? nil : runPause))
        }
      }
      for withTriggers in [false, true] {
        try report(logging, withTriggers, ReservationTotals(results[withTriggers] ?? []))
      }
    }
  }

  private struct Line: Encodable {
    let logging: Logging
    let triggers: Bool
    let totals: ReservationTotals
  }

  private func report(_ logging: Logging, _ withTriggers: Bool, _ totals: ReservationTotals) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      let line = Line(logging: logging, triggers: withTriggers, totals: totals)
      print(String(decoding: try encoder.encode(line), as: UTF8.self))
    } else {
      let name = logging.rawValue.padding(toLength: 9, withPad: " ", startingAt: 0)
      print("\(name)  \(withTriggers ? "triggers   " : "no triggers")  \(totals.text)")
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
  let meanMilliseconds: Double
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
    meanMilliseconds = Measured.median(rounds.map { $0.times.reduce(0, +) / Double(max(1, $0.times.count)) })
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
      + " a reservation \(milliseconds(meanMilliseconds)), a statement p99 \(milliseconds(statementP99Milliseconds)),"
      + " one on a revision p99 \(milliseconds(revisionStatementP99Milliseconds)),"
      + " longest \(milliseconds(longestMilliseconds)); meanwhile \(done)"
  }
}
