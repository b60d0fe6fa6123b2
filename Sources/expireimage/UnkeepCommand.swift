import ArgumentParser
import Operations

struct UnkeepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unkeep",
    abstract: "End all keeps of revisions; the next run judges them like any other.",
    discussion: "Example: expireimage unkeep 1234")

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "Ids or imagenames; the keeps of all of them are ended, or none.")
  var revision: [String]

  func run() throws {
    try Output.perform {
      for line in try KeepOperation(try settingsOptions.site()).unkeep(revision) { try Output.print(line) }
      return .done
    }
  }
}
