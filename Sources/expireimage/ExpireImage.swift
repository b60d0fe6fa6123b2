import ArgumentParser

/// The command `expireimage`.
@main
struct ExpireImage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expireimage",
    abstract:
      "Gives unused image revisions of Apache VCL an expire date, tells their owners, and flags what has expired.",
    discussion: """
      See what it would do:     expireimage plan
      Try it without VCL:       expireimage demo
      Prepare a VCL database:   expireimage migrate up
      """,
    subcommands: [
      RunCommand.self, PlanCommand.self, ExplainCommand.self, ExpireCommand.self, KeepCommand.self,
      UnkeepCommand.self, KeepsCommand.self, RestoreCommand.self, PolicyCommand.self, MailCommand.self,
      MigrateCommand.self, CheckCommand.self,
      ConfigCommand.self, DemoCommand.self,
    ])

  static func main() {
    Output.openStandardStreams()
    main(nil)
  }
}
