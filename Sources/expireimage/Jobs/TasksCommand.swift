import ArgumentParser
import Operations

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tasks",
    abstract: "List the tasks of one image, as a user may see them.",
    usage: "expireimage tasks <image> [--user <unityid@Affiliation>] [--all] [--json]",
    discussion: "Example: expireimage tasks 1234 --user jdoe@NCSU --json")

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "The id of a revision, or an imagename.")
  var image: String

  @Option(
    help: ArgumentHelp(
      "What this user may see; without one all, as an admin.", valueName: "unityid@Affiliation"))
  var user: String?

  @Flag(help: "Also those that were thrown away, or are kept no longer.")
  var all = false

  @Flag(help: "One JSON document.")
  var json = false

  func run() throws {
    try Output.perform {
      let operation = ImageTasksOperation(try settingsOptions.site())
      try Output.print(
        json
          ? operation.json(image, as: user, all: all)
          : operation.table(image, as: user, all: all, on: Output.screen))
      return .done
    }
  }
}
