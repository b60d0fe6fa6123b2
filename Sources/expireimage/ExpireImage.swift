import ArgumentParser

/// The command `expireimage`.
@main
struct ExpireImage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expireimage",
    abstract:
      "Gives unused image revisions of Apache VCL an expire date, tells their owners, and flags what has expired.",
    discussion: """
      Try it without VCL.

      Example: expireimage demo

      See what it would do, once the database is prepared with migrate up.

      Example: expireimage plan
      """,
    version: version,
    subcommands: [
      RunCommand.self, PlanCommand.self, ExplainCommand.self, ExpireCommand.self, KeepCommand.self,
      UnkeepCommand.self, KeepsCommand.self, RestoreCommand.self, PolicyCommand.self, MailCommand.self,
      RootCommand.self, CacheCommand.self, ImageCommand.self, JobsCommand.self, TasksCommand.self,
      WorkCommand.self, MigrateCommand.self, CheckCommand.self,
      ConfigCommand.self, ScheduleCommand.self, DemoCommand.self,
    ])

  /// By semantic versioning: the command line, the exit statuses, JSON and the tables of the database are the promise.
  static let version = "0.9.0"

  static func main() {
    Output.openStandardStreams()
    Arguments.requireText()
    main(nil)
  }
}
