import ArgumentParser

struct MailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mail",
    abstract: "Look at the mails to owners and admins, try them again, preview and test them.",
    subcommands: [
      List.self, Show.self, Retry.self, Drop.self, Preview.self, Test.self, Bounce.self,
    ])
}
