import ArgumentParser
import Operations

extension MailCommand {
  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give up undelivered mails; what they list counts as not told.")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Numbers from `expireimage mail list`.")
    var mails: [Int]

    func run() throws {
      try Output.perform {
        for line in try MailDropOperation(try settingsOptions.site()).drop(mails) { try Output.print(line) }
        return .done
      }
    }
  }
}
