import Foundation
import Logging

/// Tells a person at a terminal what a long call is doing, and a log what it has done.
///
/// At a terminal one line on standard error is rewritten, and only for what takes longer than a second. Events are lines
/// of the log everywhere.
package final class Progress {
  /// A part of a call that may take long.
  enum Phase: String {
    case waitForDelivery = "wait_for_delivery"
    case readUsage = "read_usage"
    case readRevisions = "read_revisions"
    case decide
    case writeChanges = "write_changes"
    case deliverMail = "deliver_mail"
    case readRoots = "read_roots"
    case removeFiles = "remove_files"

    /// Those of the nightly run.
    static let ofRun: [Phase] = [
      .waitForDelivery, .readUsage, .readRevisions, .decide, .writeChanges, .deliverMail,
    ]

    /// For a person who waits.
    var words: String {
      switch self {
      case .waitForDelivery: "waiting for another delivery of mail to end"
      case .readUsage: "reading usage records"
      case .readRevisions: "reading revisions"
      case .decide: "deciding"
      case .writeChanges: "writing changes"
      case .deliverMail: "delivering mail"
      case .readRoots: "reading roots"
      case .removeFiles: "removing files"
      }
    }
  }

  private let log: EventLog?
  private var logger: Logger
  private let showsPhases: Bool
  private var current: (phase: Phase, start: ContinuousClock.Instant)?
  private var lastShown = Date.distantPast
  private var isLineOpen = false
  /// How long each phase took that has ended.
  private var ended: [Phase: Duration] = [:]
  /// Events of level warning and above.
  private(set) var problems: [Logger.Level: Int] = [:]

  /// - Parameter showsPhases: whether a person at a terminal watches.
  package init(_ log: EventLog, showsPhases: Bool) {
    self.log = log
    self.showsPhases = showsPhases
    logger = log.logger()
  }

  private init() {
    log = nil
    showsPhases = false
    logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
  }

  /// Tells nobody anything.
  package static var silent: Progress { Progress() }

  deinit { clear() }

  /// The run that the events are of; it stands in each of their lines.
  var runID: Int? {
    didSet { logger[metadataKey: "run_id"] = runID.map { .stringConvertible($0) } }
  }

  /// Why lines of the log were lost; nil: none was.
  package var logFailure: String? { log?.failure }

  /// The next phase begins.
  func phase(_ phase: Phase) {
    endPhase()
    current = (phase, .now)
    // The name of a phase is shown whatever was shown a moment ago.
    lastShown = .distantPast
    logger.debug("\(phase.words)")
    if showsPhases { show("\(phase.words) …") }
  }

  private func endPhase() {
    guard let current else { return }
    ended[current.phase, default: .zero] += .now - current.start
    self.current = nil
  }

  /// How long each phase took; the present one ends.
  func durations() -> [Phase: Duration] {
    endPhase()
    return ended
  }

  /// How far the present phase is.
  func update(_ done: Int, of total: Int) {
    guard showsPhases, let current, .now - current.start > .seconds(1) else { return }
    show("\(current.phase.words) \(done) of \(total)")
  }

  /// How far a long work is that has no phases, such as a copy.
  func status(_ text: @autoclosure () -> String) {
    if showsPhases { show(text()) }
  }

  /// One event of the call.
  ///
  /// - Parameters:
  ///   - kind: what happened, in a word for programs; nil: the message says it.
  ///   - revision: the revision that it happened to.
  ///   - mail: the mail of the outbox that it is about.
  package func event(
    _ text: String, level: Logger.Level = .info, kind: String? = nil, revision: Int? = nil, mail: Int? = nil
  ) {
    clear()
    if level >= .warning { problems[level, default: 0] += 1 }
    var fields: Logger.Metadata = [:]
    if let kind { fields["event"] = .string(kind) }
    if let revision { fields["revision_id"] = .stringConvertible(revision) }
    if let mail { fields["mail_id"] = .stringConvertible(mail) }
    logger.log(level: level, "\(text)", metadata: fields)
  }

  /// The call ends with a failure: a line for each thing that is wrong.
  package func failed(_ failure: Failure) {
    // Of several management nodes all but one find the run at work, every night: nothing is wrong with that.
    let level: Logger.Level = failure.exitStatus == .leaseHeld ? .notice : .error
    for line in [failure.description] + failure.more { event(line, level: level) }
  }

  /// The line of progress goes, so that other output stands alone.
  package func clear() {
    guard isLineOpen else { return }
    write("\r\u{1B}[K")
    isLineOpen = false
  }

  private func show(_ text: String) {
    guard Date().timeIntervalSince(lastShown) > 0.1 else { return }
    lastShown = Date()
    isLineOpen = true
    write("\r\u{1B}[K\(text)")
  }

  private func write(_ text: String) {
    // Work never stops because nobody can be told of it.
    _ = SystemWrite.all(Array(text.utf8), to: STDERR_FILENO)
  }
}
