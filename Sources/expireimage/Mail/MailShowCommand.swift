import ArgumentParser
import Operations

extension MailCommand {
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One mail: what it says of which revisions, and what became of it.",
      discussion: "Example: expireimage mail show 17")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "A number from `expireimage mail list`.")
    var mail: Int

    @Flag(help: "One JSON document.")
    var json = false

    @Flag(help: "The mail itself, as it is sent, and nothing else.")
    var message = false

    func validate() throws {
      if json, message { throw ValidationError("'--json' and '--message' exclude each other.") }
    }

    func run() throws {
      try Output.perform {
        let operation = MailShowOperation(try settingsOptions.site())
        if message {
          try Output.write(String(decoding: try operation.message(mail), as: UTF8.self))
        } else {
          try Output.print(json ? try operation.json(mail) : try operation.text(mail, on: Output.screen))
        }
        return .done
      }
    }
  }
}
