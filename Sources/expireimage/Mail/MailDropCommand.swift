import ArgumentParser
import Operations

extension MailCommand {
  struct Drop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give up undelivered mails; the dates in them count as not told.",
      discussion: """
        The next run announces those dates anew. What the mails say of revisions that were deleted or no longer expire \
        is not told again.

        Example: expireimage mail drop 17
        """)

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
