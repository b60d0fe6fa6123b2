import ArgumentParser
import Foundation
import Logging
import Operations

/// What the program writes, and how a call ends.
enum Output {
  /// Whether a person watches the progress, at a terminal that can rewrite a line.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 && isTerminalCapable }

  /// Whether a person reads the result; cron mails what is written, so there it is kept short.
  static var isRead: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Puts the null device in the place of standard streams that the caller has closed: the connection to the database
  /// would get their numbers, and with them what is meant for a person.
  static func openStandardStreams() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// - Throws: ``Failure`` when standard output takes nothing, for example because a disk is full.
  static func print(_ text: String) throws { try write(text + "\n") }

  /// - Throws: as ``print(_:)``.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw Failure(
        "standard output cannot be written (\(reason(error))), so the result is not shown; the work itself is done",
        .failed)
    }
  }

  /// What could not be done, while the rest was.
  static func complain(_ text: String) { note("\(prefix(.red)) \(text)") }

  static func warn(_ text: String) { note("\(prefix(.yellow)) warning: \(text)") }

  /// Begins every line for a person on standard error.
  private static func prefix(_ style: Style) -> String { errorScreen.styled("expireimage:", style) }

  /// What explains something and asks for nothing.
  static func remark(_ text: String) { note("expireimage: note: \(text)") }

  /// One line on standard error; work never stops because nobody can be told of it.
  fileprivate static func note(_ line: String) {
    try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
  }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return cause.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(cause.code))) : "\(error)"
  }

  /// Does the work of a command; a failure is one line on standard error and its exit status.
  static func perform(_ body: () throws -> ExitStatus) throws {
    let status: ExitStatus
    do {
      status = try body()
    } catch {
      let failure = Failure(error)
      for line in [failure.description] + failure.more { complain(line) }
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
    Output.note("\(time) \(event.level) \(String(text))")
  }
}
