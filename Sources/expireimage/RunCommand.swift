import ArgumentParser
import Foundation
import Operations

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "The nightly run: decide, set and clear dates, mail the owners, flag what has expired.",
    discussion: """
      How much it does is the parameter expireimage_mode: off, report, notify or flag.

      Example: expireimage run --dry-run --set expireimage_mode=flag
      """)

  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var decisionOptions: DecisionOptions

  @Flag(help: "Decide as a run would, and write and send nothing.")
  var dryRun = false

  @Flag(help: "One JSON document on standard output and nothing else there.")
  var json = false

  func validate() throws {
    let isSimulation = ProcessInfo.processInfo.environment["EXPIREIMAGE_SIMULATE"] == "1"
    if decisionOptions.today != nil, !isSimulation {
      throw ValidationError(
        "'--today' with run decides, and stores, for another day than the real one; it needs EXPIREIMAGE_SIMULATE=1 in the environment."
          + " Use plan to look ahead.")
    }
  }

  func run() throws {
    try Output.perform {
      let progress = Output.progress()
      let report = try RunOperation(
        try settingsOptions.site(), decisionOptions.call, isDryRun: dryRun
      ).run(progress)
      progress.clear()
      try Output.print(json ? try report.json() : report.text(withSummary: Output.isRead))
      return report.exitStatus
    }
  }
}
