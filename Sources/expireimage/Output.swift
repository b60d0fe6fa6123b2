import ArgumentParser
import Foundation
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

  /// Where the failures, warnings and remarks of a command go that keeps no log.
  private static let messages = EventLog(.terminal(errorScreen), level: .notice)

  /// What could not be done, while the rest was.
  static func complain(_ text: String) { messages.write(.error, text) }

  static func warn(_ text: String) { messages.write(.warning, text) }

  /// What explains something and asks for nothing.
  static func remark(_ text: String) { messages.write(.notice, "note: \(text)") }

  private static func reason(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    return cause.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(cause.code))) : "\(error)"
  }

  /// Does the work of a command; a failure is one line on standard error and its exit status.
  ///
  /// - Parameter progress: keeps the log of the command; nil: it has none.
  static func perform(_ progress: Operations.Progress? = nil, _ body: () throws -> ExitStatus) throws {
    let status: ExitStatus
    do {
      status = try body()
    } catch let failure as ToldFailure {
      status = failure.exitStatus
    } catch {
      let failure = Failure(error)
      if let progress {
        progress.failed(failure)
      } else {
        for line in [failure.description] + failure.more { complain(line) }
      }
      status = failure.exitStatus
    }
    if status != .done { throw ExitCode(status.rawValue) }
  }

  /// Of a command that keeps no log: only what a person should look at is a line.
  static func progress(isQuiet: Bool = false) -> Operations.Progress {
    Operations.Progress(messages, showsPhases: isTerminal && !isQuiet)
  }
}
