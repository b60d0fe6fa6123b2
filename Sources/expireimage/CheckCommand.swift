import ArgumentParser
import Operations

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look whether all is well: database, mail server, parameters, mails, last run.",
    discussion: """
      A line for each check: ok, warning or error with what to do. Changes nothing and sends nothing. Exit status 0: all is \
      well, 1: an error, 2: warnings only.

      Example: expireimage check --json
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try Output.perform {
      // What is unusual in the settings is one of the results.
      let report = CheckOperation { try settingsOptions.settings { _ in } }.check()
      try Output.print(json ? try report.json() : report.text(on: Output.screen))
      return report.exitStatus
    }
  }
}
