import ArgumentParser
import Operations

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

  func run() throws {
    try Output.perform {
      let settings = try settingsOptions.settings()
      if !json { for note in settings.notes { Output.remark(note) } }
      let operation = ConfigOperation(settings)
      try Output.print(json ? try operation.json() : operation.text)
      return .done
    }
  }
}
