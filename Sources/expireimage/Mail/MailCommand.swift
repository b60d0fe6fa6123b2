import ArgumentParser

struct MailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "Look at the mails to owners and admins, try them again, preview and test them.",
    discussion: "Example: expireimage mail list --status failed",
    subcommands: [
      List.self, Show.self, Retry.self, Drop.self, Preview.self, Test.self, Bounce.self,
    ])
}
