import ArgumentParser
import Operations

struct ImageCleanupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cleanup",
    abstract: "Remove what belongs to exactly one name, unless somebody needs it.",
    usage: """
      expireimage image cleanup <name> [--root <root>] [--as <unityid@Affiliation>]
                                [--dry-run | --queue] [--json]
      """,
    discussion: """
      What is unfinished (incomplete/) or was found to be invalid (invalid/) goes, and the entry itself where nothing \
      needs it. Of another name that begins like this one nothing is touched. It can be called again.

      Example: expireimage image cleanup vmwarelinux-base7-v2 --dry-run
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "The revision's imagename, exactly.")
  var name: String

  @OptionGroup var options: ImageFileOptions

  @Flag(help: "Say what would go, and change nothing.")
  var dryRun = false

  func validate() throws {
    if dryRun, options.queue { throw ValidationError("'--dry-run' and '--queue' exclude each other.") }
  }

  func run() throws {
    try Output.perform {
      let operation = CleanupOperation(
        try settingsOptions.site(), name: name, rootName: options.root, as: options.as)
      if options.queue {
        let id = try operation.enqueue()
        try Output.print(
          options.json ? QueuedJob.json(id) : QueuedJob.line(id))
        return .done
      }
      let report = try dryRun ? operation.plan() : operation.run(Output.progress())
      if options.json {
        try Output.print(report.json())
      } else {
        for line in report.lines { try Output.print(line) }
      }
      return report.exitStatus
    }
  }
}
