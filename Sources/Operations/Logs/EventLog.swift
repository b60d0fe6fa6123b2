import Foundation
import Logging
import Synchronization

/// Standard error as a log: one line for each event. Work never stops because nobody can be told of it.
package final class EventLog: Sendable {
  private let form: LogLine.Form
  private let isForJournal: Bool
  let level: Logger.Level
  private let descriptor: Int32
  private let failureReason = Mutex<String?>(nil)

  /// - Parameters:
  ///   - level: what is less than this is left out.
  ///   - descriptor: where the lines go; standard error, but for tests.
  package init(_ form: LogLine.Form, level: Logger.Level, descriptor: Int32 = STDERR_FILENO) {
    self.form = form
    self.level = level
    self.descriptor = descriptor
    isForJournal = Self.isJournal(descriptor, ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
  }

  /// Whether what is written there goes to the journal: `JOURNAL_STREAM` names its device and inode, and is inherited by
  /// programs whose standard error has been sent elsewhere (systemd.exec(5)).
  static func isJournal(_ descriptor: Int32, _ stream: String?) -> Bool {
    var status = stat()
    guard let stream, fstat(descriptor, &status) == 0 else { return false }
    return stream == "\(status.st_dev):\(status.st_ino)"
  }

  /// Why a line was lost, in the system's words; nil: none was.
  package var failure: String? { failureReason.withLock { $0 } }

  package func write(_ line: LogLine) {
    guard line.level >= level else { return }
    let text = line.text(form, isForJournal: isForJournal) + "\n"
    if let reason = SystemWrite.all(Array(text.utf8), to: descriptor) {
      failureReason.withLock { $0 = $0 ?? reason }
    }
  }

  package func write(_ level: Logger.Level, _ message: String) {
    write(LogLine(level: level, message: message))
  }

  func logger() -> Logger { Logger(label: "expireimage") { _ in Handler(log: self, logLevel: level) } }

  private struct Handler: LogHandler {
    let log: EventLog
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = metadata.merging(event.metadata ?? [:]) { $1 }
      log.write(LogLine(level: event.level, message: event.message.description, fields: fields))
    }
  }
}
