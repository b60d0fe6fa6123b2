import ArgumentParser
import Operations

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "One revision: its facts, what the next run does with it, why, and what would change that.",
    discussion: "Example: expireimage explain 1234 --today 2027-03-01")

  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var decisionOptions: DecisionOptions

  @Argument(help: "The revision's id, or its imagename.")
  var revision: String

  @Flag(help: "One JSON document.")
  var json = false

  func run() throws {
    try Output.perform {
      let progress = Output.progress(isQuiet: !Output.isTerminal)
      let operation = ExplainOperation(try settingsOptions.site(), decisionOptions.call)
      let text =
        json
        ? try operation.json(revision, progress)
        : try operation.text(revision, progress, on: Output.screen)
      progress.clear()
      try Output.print(text)
      return .done
    }
  }
}
