import ArgumentParser
import Operations

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Every connection setting with its value and where it came from; secrets hidden.",
    discussion: "Example: expireimage config --json")

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "One JSON document.")
  var json = false

  func run() throws {
    try Output.perform {
      let operation = ConfigOperation(try settingsOptions.settings())
      try Output.print(json ? try operation.json() : operation.text(on: Output.screen))
      return .done
    }
  }
}
