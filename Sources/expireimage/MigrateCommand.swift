import ArgumentParser
import Operations

struct MigrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "migrate",
    abstract: "Bring this program's objects into a VCL database, or take them out again.",
    discussion: """
      Needs an account that may alter tables, triggers and routines; the nightly run does not.

      Example: EXPIREIMAGE_DATABASE_USER=root expireimage migrate up
      """,
    subcommands: [Up.self, Down.self, Status.self, Check.self])

  struct Up: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bring the schema up to date; does nothing where it is.",
      discussion: "Example: EXPIREIMAGE_DATABASE_USER=root expireimage migrate up")

    @OptionGroup var settingsOptions: SettingsOptions

    @Flag(
      name: .customLong("no-triggers"),
      help: "Do without triggers, for servers that forbid them; the nightly run clears the dates instead.")
    var withoutTriggers = false

    func run() throws {
      try MigrateCommand.show(settingsOptions) { try $0.up(withTriggers: !withoutTriggers) }
    }
  }

  struct Down: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Take everything of this program out of the database, the audit trail and all dates included.",
      discussion: "Example: EXPIREIMAGE_DATABASE_USER=root expireimage migrate down")

    @OptionGroup var settingsOptions: SettingsOptions

    func run() throws {
      try Output.perform {
        let (lines, problems) = try MigrateOperation(try settingsOptions.site()).down()
        for line in lines { try Output.print(line) }
        for problem in problems { Output.complain(problem) }
        return problems.isEmpty ? .done : .doneInPart
      }
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The migrations, and which of them the database has.",
      discussion: "Example: expireimage migrate status")

    @OptionGroup var settingsOptions: SettingsOptions

    func run() throws { try MigrateCommand.show(settingsOptions) { try $0.status() } }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the schema is complete; exit status 7 when not.",
      discussion: "Example: expireimage migrate check")

    @OptionGroup var settingsOptions: SettingsOptions

    func run() throws { try MigrateCommand.show(settingsOptions) { try $0.check() } }
  }

  fileprivate static func show(
    _ options: SettingsOptions, _ lines: (MigrateOperation) throws -> [String]
  ) throws {
    try Output.perform {
      for line in try lines(MigrateOperation(try options.site())) { try Output.print(line) }
      return .done
    }
  }
}
