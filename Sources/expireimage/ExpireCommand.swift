import ArgumentParser
import Operations
import Retention

struct ExpireCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Give one revision an expire date, whatever the criteria say.",
    discussion: """
      The date is recorded as yours: the criteria neither move nor clear it, but a reservation, a keep or anything \
      else that needs the revision does. The owner is told, and has the minimum notice.

      Example: expireimage expire 1234 --on 2027-06-30
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "The revision's id, or its imagename.")
  var revision: String

  @Option(help: ArgumentHelp("The expire date (YYYY-MM-DD).", valueName: "date"))
  var on: Day

  func run() throws {
    try Output.perform {
      let operation = ExpireOperation(try settingsOptions.site(), CallOptions())
      for line in try operation.expire(revision, on: on, Output.progress(isQuiet: true)) {
        try Output.print(line)
      }
      return .done
    }
  }
}
