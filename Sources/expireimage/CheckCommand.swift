import ArgumentParser
import Operations

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look whether the schema and the triggers are as they should be; exit status 2 when not.",
    discussion: """
      Changes nothing. The nightly run looks at the same things and puts right what it can.

      Example: expireimage check --json
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try Output.perform {
      let report = try CheckOperation(try settingsOptions.site()).check()
      try Output.print(json ? try report.json() : report.text)
      return report.exitStatus
    }
  }
}
