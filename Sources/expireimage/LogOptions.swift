import ArgumentParser
import Logging
import Operations

/// How a command that schedulers call tells what it does, on standard error.
struct LogOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  enum Level: String, ExpressibleByArgument, CaseIterable {
    case debug, info, notice, warning, error

    var threshold: Logger.Level {
      switch self {
      case .debug: .debug
      case .info: .info
      case .notice: .notice
      case .warning: .warning
      case .error: .error
      }
    }
  }

  @Option(
    help: ArgumentHelp(
      "The least that is logged: debug, info, notice, warning or error.", valueName: "level"))
  var logLevel: Level?

  @Option(
    help: ArgumentHelp("How events are logged: text, or json (an object a line).", valueName: "format"))
  var logFormat: Format = .text

  @Flag(help: "Nothing but warnings and errors, and no report when all is well: for cron.")
  var quiet = false

  func validate() throws {
    if quiet, logLevel != nil { throw ValidationError("'--quiet' and '--log-level' contradict each other.") }
  }

  /// - Parameter level: what is logged where the command line does not say.
  func progress(_ level: Level) -> Operations.Progress {
    let form: LogLine.Form =
      logFormat == .json ? .json : Output.isTerminal ? .terminal(Output.errorScreen) : .plain
    let threshold = quiet ? .warning : logLevel ?? level
    return Operations.Progress(
      EventLog(form, level: threshold.threshold),
      showsPhases: Output.isTerminal && !quiet && logFormat == .text)
  }
}
