import ArgumentParser
import Operations

struct JobsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs",
    abstract: "List what takes time and what became of it, or show one job.",
    usage: "expireimage jobs [<id>] [--log] [--follow] [--all] [--json]",
    discussion: """
      With --follow the exit status is 0 for a success and 1 for a failure.

      Example: expireimage jobs

      Example: expireimage jobs 57 --log
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "Its number; without one all jobs are listed, the newest first.")
  var id: Int?

  @Flag(help: "With its log.")
  var log = false

  @Flag(help: "Wait for its end, and show its log as it grows.")
  var follow = false

  @Flag(help: "Also those that were thrown away, or are kept no longer.")
  var all = false

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    if id == nil, log || follow {
      throw ValidationError("'--log' and '--follow' are for one job: give its number.")
    }
    if id != nil, all { throw ValidationError("'--all' is for the list of jobs.") }
  }

  func run() throws {
    try Output.perform {
      let operation = JobsOperation(try settingsOptions.site())
      guard let id else {
        try Output.print(json ? operation.json(all: all) : operation.table(all: all, on: Output.screen))
        return .done
      }
      var status = ExitStatus.done
      if follow {
        let isSuccess = try operation.follow(id, stop: .bySignals()) { if !json { try Output.print($0) } }
        status = isSuccess == true ? .done : .failed
      }
      if json {
        try Output.print(operation.json(id, withLog: log))
      } else if !follow {
        try Output.print(operation.text(id, withLog: log))
      }
      return status
    }
  }
}
