import ArgumentParser
import Operations

struct PlanCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
  }

  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "What the nightly run would do, with its reasons; nothing is written.",
    discussion: """
      Lists the revisions that have a date or get one; --all lists every revision.

      Example: expireimage plan --today 2027-03-01 --set expireimage_grace_days=60
      """)

  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var decisionOptions: DecisionOptions

  @Option(help: "How to write it: table, json or csv.")
  var format: Format = .table

  @Flag(help: "Every revision, also those without a date.")
  var all = false

  func run() throws {
    try Output.perform {
      // A plan is looked at: only a terminal is told how far it is.
      let progress = Output.progress(isQuiet: !Output.isTerminal)
      let report = try PlanOperation(try settingsOptions.site(), decisionOptions.call).plan(progress)
      progress.clear()
      for warning in report.warnings { Output.warn(warning) }
      switch format {
      case .table: try Output.print(report.table(all: all, on: Output.screen))
      case .json: try Output.print(report.json(all: all))
      case .csv: try Output.write(report.csv(all: all))
      }
      return report.exitStatus
    }
  }
}
