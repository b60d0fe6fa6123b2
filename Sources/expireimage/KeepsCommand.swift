import ArgumentParser
import Operations

struct KeepsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keeps", abstract: "What is kept, until when, by whom and why.",
    discussion: "Example: expireimage keeps --all")

  @OptionGroup var settingsOptions: SettingsOptions

  @Flag(help: "Also keeps that are over.")
  var all = false

  @Flag(help: "One JSON document.")
  var json = false

  func run() throws {
    try Output.perform {
      let operation = KeepListOperation(try settingsOptions.site())
      try Output.print(json ? try operation.json(all: all) : try operation.table(all: all, on: Output.screen))
      return .done
    }
  }
}
