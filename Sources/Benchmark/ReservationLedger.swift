import MariaDB
import Synchronization

/// What came of one round.
struct ReservationRound: Sendable {
  /// Of every reservation that was made, in milliseconds.
  var times: [Double] = []
  /// From the first client's start to the last one's end.
  var wallMilliseconds = 0.0
  /// How many of them were moved to another revision.
  var reinstalls = 0
  /// Of every statement of the clients, in milliseconds.
  var statements: [Double] = []
  /// Of those that wait while the run has the row of a revision, in milliseconds.
  var revisionStatements: [Double] = []
  /// Failed statements of the clients by error number; what stopped the run, by its words.
  var errors: [String: Int] = [:]
  /// Revisions that were flagged although a person had reserved them before.
  var lost = 0
  /// Dates that a reservation has not cleared, so that the next run has to.
  var datesLeft = 0
  var changes: [String: Int] = [:]
}

/// What clients and run know of each other: only what had been committed.
final class ReservationLedger: Sendable {
  private struct State {
    var round = ReservationRound()
    /// When the newest complete reservation or reinstall by a person began, by revision.
    var newestStart: [Int: ContinuousClock.Instant] = [:]

    mutating func note(_ revision: Int, from start: ContinuousClock.Instant) {
      newestStart[revision] = max(newestStart[revision] ?? start, start)
    }
  }

  private let state = Mutex(State())

  var round: ReservationRound { state.withLock(\.round) }

  func note(_ revisions: [Int], byPerson: Bool, from start: ContinuousClock.Instant, _ milliseconds: Double) {
    state.withLock { state in
      state.round.times.append(milliseconds)
      guard byPerson else { return }
      for revision in revisions { state.note(revision, from: start) }
    }
  }

  func note(reinstallOf revision: Int, from start: ContinuousClock.Instant) {
    state.withLock { state in
      state.round.reinstalls += 1
      state.note(revision, from: start)
    }
  }

  func newestStart(_ revision: Int) -> ContinuousClock.Instant? {
    state.withLock { $0.newestStart[revision] }
  }

  func add(statements: [Double], onRevisions: [Double]) {
    state.withLock { state in
      state.round.statements += statements + onRevisions
      state.round.revisionStatements += onRevisions
    }
  }
  func add(change: String) { state.withLock { $0.round.changes[change, default: 0] += 1 } }
  func addLost() { state.withLock { $0.round.lost += 1 } }
  func addDateLeft() { state.withLock { $0.round.datesLeft += 1 } }

  func add(_ error: any Error) {
    let name =
      (error as? MariaDBError).map { $0.code == 0 ? $0.message : "\($0.code) (\($0.operation))" }
      ?? "\(error)"
    state.withLock { $0.round.errors[name, default: 0] += 1 }
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }
}
