import ArgumentParser
import Operations

extension MailCommand {
  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Send one mail to an address, and say what the mail server answered.",
      discussion: "Example: expireimage mail test you@example.edu")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Who gets it.")
    var address: String

    func run() throws {
      try Output.perform {
        for line in try MailTestOperation(try settingsOptions.site()).send(to: address) {
          try Output.print(line)
        }
        return .done
      }
    }
  }
}
