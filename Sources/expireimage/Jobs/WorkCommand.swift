import ArgumentParser
import Operations

struct WorkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: "Do the jobs of this node that wait, and go on with those whose process died.",
    usage: "expireimage work [--follow] [--interval <s>] [--quiet] [--json]",
    discussion: """
      The oldest first, until none is left. SIGTERM lets the present one end cleanly.

      Example: expireimage work --quiet
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "Stay, and look for new jobs every few seconds, until SIGTERM.")
  var follow = false

  @Option(help: ArgumentHelp("Seconds between two looks; default 10.", valueName: "s"))
  var interval: Int?

  @Flag(help: "Say nothing of what went well.")
  var quiet = false

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    if interval != nil, !follow { throw ValidationError("'--interval' is for '--follow'.") }
    if follow, json { throw ValidationError("'--json' is one document at the end; '--follow' has none.") }
    if let interval, !(1...3600).contains(interval) {
      throw ValidationError("'--interval \(interval)' is not between 1 and 3600.")
    }
  }

  func run() throws {
    try Output.perform {
      let operation = WorkOperation(try settingsOptions.site(), stop: .bySignals())
      let progress = Output.progress(isQuiet: quiet)
      func show(_ item: WorkReport.Item) throws {
        progress.clear()
        if item.hasFailed {
          Output.complain(item.line)
        } else if !quiet, !json {
          try Output.print(item.line)
        }
      }
      if follow {
        try operation.follow(interval: Double(interval ?? 10), progress, ended: show)
        return .done
      }
      let report = try operation.run(progress, ended: show)
      if json {
        try Output.print(report.json())
      } else if !quiet || report.exitStatus != .done {
        try Output.print(report.line)
      }
      return report.exitStatus
    }
  }
}
