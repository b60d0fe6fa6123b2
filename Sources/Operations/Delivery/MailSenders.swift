import Foundation
import Mail
import SMTP
import Synchronization

/// The connections to the mail server, each in a thread of its own, because libcurl's handing over of a mail blocks.
///
/// They take mails from one list and put what came of them on another; who owns this object writes the first and reads
/// the second.
final class MailSenders: Sendable {
  /// A mail on its way out.
  struct Job: Sendable {
    let mailID: Int
    let message: [UInt8]
    let envelope: Envelope
  }

  /// What came of a job; no outcome: it was not tried.
  struct Result: Sendable {
    let job: Job
    let outcome: DeliveryOutcome?
  }

  private struct State {
    var jobs: [Job] = []
    var results: [Result] = []
    var alive = 0
    var isClosed = false
    /// Nothing is begun any more from then on: the claims of the mails may be void.
    var mayBeginUntil = ContinuousClock.now

    var mayBegin: Bool { !isClosed && .now < mayBeginUntil }
  }

  /// How long results are gathered at most, in steps.
  private static let gathering = (steps: 2, microseconds: UInt32(2500))

  private let options: SMTPOptions
  private let pace: Pace
  private let state = Mutex(State())
  /// Counts jobs, and one for each thread at the end.
  private let jobSignal = DispatchSemaphore(value: 0)
  private let resultSignal = DispatchSemaphore(value: 0)
  private let threads = DispatchGroup()

  init(_ options: SMTPOptions, pace: Pace) {
    self.options = options
    self.pace = pace
  }

  /// Opens more connections, each with its first mail.
  func start(_ count: Int) {
    for _ in 0..<count {
      state.withLock { $0.alive += 1 }
      threads.enter()
      Thread.detachNewThread { [self] in
        work()
        threads.leave()
      }
    }
  }

  /// How many connections can take mails.
  var alive: Int { state.withLock(\.alive) }

  func add(_ jobs: [Job]) {
    state.withLock { $0.jobs += jobs }
    for _ in jobs { jobSignal.signal() }
  }

  /// Lets mails be begun for so long.
  func allow(for duration: Duration) {
    state.withLock { $0.mayBeginUntil = .now + duration }
  }

  /// Takes back the jobs that nobody has begun; from now on none is begun.
  func withdraw() -> [Job] {
    state.withLock { state in
      defer { state.jobs = [] }
      state.isClosed = true
      return state.jobs
    }
  }

  /// Waits for results, at most so many seconds, and a moment for more to come: a transaction for each would be what
  /// the delivery waits for.
  ///
  /// - Parameter wanted: how many results there can be; 1: the first is not made wait.
  func results(timeout seconds: Double, wanted: Int) -> [Result] {
    if resultSignal.wait(timeout: .now() + seconds) == .success {
      var steps = 0
      // A connection without a job is worse than a small transaction.
      while steps < Self.gathering.steps, state.withLock({ $0.results.count < wanted && !$0.jobs.isEmpty }) {
        usleep(Self.gathering.microseconds)
        steps += 1
      }
      // What is taken below was signalled, too.
      while resultSignal.wait(timeout: .now()) == .success {}
    }
    return state.withLock { state in
      defer { state.results = [] }
      return state.results
    }
  }

  /// Ends every connection, each after the mail that it has begun.
  ///
  /// - Returns: results that nobody has read.
  @discardableResult
  func close() -> [Result] {
    let alive = state.withLock { state in
      state.isClosed = true
      state.jobs = []
      return state.alive
    }
    for _ in 0..<alive { jobSignal.signal() }
    threads.wait()
    return results(timeout: 0, wanted: 0)
  }

  private func work() {
    let session: SMTPSession
    do {
      session = try SMTPSession(options)
    } catch {
      // The same options have made a session before: only memory can be short.
      state.withLock { $0.alive -= 1 }
      return
    }
    while let job = next() {
      pace.wait { state.withLock(\.mayBegin) }
      guard state.withLock(\.mayBegin) else {
        finish(Result(job: job, outcome: nil))
        continue
      }
      let outcome = session.send(job.message, envelope: job.envelope)
      finish(Result(job: job, outcome: outcome))
      if outcome.serverUnreachable { return }
    }
  }

  /// The next job; nil at the end.
  private func next() -> Job? {
    while true {
      jobSignal.wait()
      let (job, isClosed) = state.withLock { state in
        (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
      }
      if let job { return job }
      // A job that was withdrawn leaves its signal behind.
      if isClosed { return nil }
    }
  }

  private func finish(_ result: Result) {
    state.withLock { state in
      state.results.append(result)
      if result.outcome?.serverUnreachable == true { state.alive -= 1 }
    }
    resultSignal.signal()
  }
}
