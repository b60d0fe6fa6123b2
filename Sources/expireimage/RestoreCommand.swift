import ArgumentParser
import Operations

struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Take flags of this program back.",
    discussion: """
      A revision of an image that was flagged as a whole brings the whole image back. What comes back is kept for the \
      grace period, and its owner is told by the next run. Flags of somebody else are left alone.

      Example: expireimage restore 1234

      Example: expireimage restore --run 57
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "Ids or imagenames.")
  var revision: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Everything that the run with this number flagged.", valueName: "n"))
  var runID: Int?

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    guard revision.isEmpty != (runID == nil) else {
      throw ValidationError("Name revisions, or a run with '--run'.")
    }
  }

  func run() throws {
    try Output.perform {
      let operation = RestoreOperation(try settingsOptions.site())
      let report = try runID.map { try operation.restore(run: $0) } ?? operation.restore(revision)
      for problem in report.problems { Output.complain(problem) }
      if json {
        try Output.print(report.json())
      } else {
        for line in report.lines { try Output.print(line) }
      }
      return report.exitStatus
    }
  }
}
