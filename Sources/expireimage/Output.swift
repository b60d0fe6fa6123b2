import ArgumentParser
import Foundation
import Logging
import Operations

/// What the program writes, and how a call ends.
enum Output {
  /// Whether a person watches.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  static func print(_ text: String) { write(text + "\n") }

  static func write(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  static func warn(_ text: String) {
    FileHandle.standardError.write(Data("expireimage: warning: \(text)\n".utf8))
  }

  /// Does the work of a command; a failure is one line on standard error and its exit status.
  static func perform(_ body: () throws -> ExitStatus) throws {
    let status: ExitStatus
    do {
      status = try body()
    } catch {
      let failure = Failure(error)
      FileHandle.standardError.write(Data("expireimage: \(failure)\n".utf8))
      status = failure.exitStatus
    }
    if status != .done { throw ExitCode(status.rawValue) }
  }

  static func progress(isQuiet: Bool = false) -> Operations.Progress {
    Operations.Progress(
      logger: Logger(label: "expireimage") { _ in PlainLog() }, isTerminal: isTerminal,
      isQuiet: isQuiet)
  }
}

/// One line an event on standard error, with the time and the level: what cron mails and journald stores.
private struct PlainLog: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let time = Date().formatted(Date.ISO8601FormatStyle(timeZone: .current))
    // Text from the database must not be able to begin another line.
    let text = event.message.description.map {
      $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0
    }
    FileHandle.standardError.write(Data("\(time) \(event.level) \(String(text))\n".utf8))
  }
}
