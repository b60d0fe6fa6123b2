import Foundation
import Logging

/// Tells a person at a terminal what a long call is doing, and a log what it has done.
///
/// At a terminal one line on standard error is rewritten, and only for what takes longer than a second; elsewhere
/// (cron, a pipe) each phase is one plain log line.
package final class Progress {
  private let logger: Logger
  private let isTerminal: Bool
  private let isQuiet: Bool
  private var current: (name: String, start: Date)?
  private var lastShown = Date.distantPast
  private var isLineOpen = false

  package init(logger: Logger, isTerminal: Bool, isQuiet: Bool = false) {
    self.logger = logger
    self.isTerminal = isTerminal
    self.isQuiet = isQuiet
  }

  /// Tells nobody anything.
  package static var silent: Progress {
    Progress(
      logger: Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }, isTerminal: false, isQuiet: true)
  }

  deinit { clear() }

  /// The next phase begins.
  func phase(_ name: String) {
    current = (name, Date())
    // The name of a phase is shown whatever was shown a moment ago.
    lastShown = .distantPast
    guard !isQuiet else { return }
    if isTerminal { show("\(name) …") } else { logger.info("\(name)") }
  }

  /// How far the present phase is.
  func update(_ done: Int, of total: Int) {
    guard isTerminal, !isQuiet, let current, Date().timeIntervalSince(current.start) > 1 else { return }
    show("\(current.name) \(done) of \(total)")
  }

  /// One event of the run.
  func event(_ text: String, level: Logger.Level = .info) {
    clear()
    if !isQuiet || level >= .warning { logger.log(level: level, "\(text)") }
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
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
