import ArgumentParser
import Operations
import Settings

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Every connection setting with its value and where it came from; secrets hidden.",
    discussion: """
      Reads vcld.conf, then MariaDB's option files, then expireimage.conf, then the environment; what comes later wins.
      Connects to nothing.

      Example: sudo -u expireimage expireimage config
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "One JSON document.")
  var json = false

  @Flag(help: "A configuration file to begin with, in place of the settings in force.")
  var example = false

  func validate() throws {
    if json, example { throw ValidationError("'--json' and '--example' exclude each other.") }
  }

  func run() throws {
    if example { return try Output.perform { try showExample() } }
    try Output.perform {
      let settings = try settingsOptions.settings()
      if !json { for note in settings.notes { Output.remark(note) } }
      let operation = ConfigOperation(settings)
      try Output.print(json ? try operation.json() : operation.text(on: Output.screen))
      return .done
    }
  }

  private func showExample() throws -> ExitStatus {
    try Output.write(ExampleFile.text)
    return .done
  }
}
