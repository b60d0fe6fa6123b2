import ArgumentParser
import Foundation
import Operations

struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Print what makes this machine call the program every night; nothing is installed.",
    discussion: "Example: expireimage schedule cron --time 04:15",
    subcommands: [Systemd.self, Cron.self])

  struct Systemd: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Units for systemd: services in a sandbox, and their timers.",
      usage: """
        expireimage schedule systemd [--time <time>] [--unit <name>] [--user <account>] [--program <path>]
                                     [--config <file>] [--metrics <file>]
        """,
      discussion: """
        Several nodes may have them: one works, the others end at once.

        Example: expireimage schedule systemd

        Example: expireimage schedule systemd --time 04:15 --unit expireimage.timer
        """)

    @OptionGroup var options: Options

    @Option(
      help: ArgumentHelp(
        "Only this unit: \(SystemdUnit.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name")
    )
    var unit: SystemdUnit?

    func run() throws {
      try Output.perform {
        let schedule = try options.schedule()
        for warning in [schedule.timeWarning, schedule.sandboxWarning].compactMap({ $0 }) {
          Output.warn(warning)
        }
        let units = unit.map { [$0] } ?? SystemdUnit.allCases
        try Output.print(units.map { $0.text(schedule) }.joined(separator: "\n\n"))
        return .done
      }
    }

    func validate() throws { _ = try options.schedule() }
  }

  struct Cron: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "A file for /etc/cron.d.",
      usage: """
        expireimage schedule cron [--time <time>] [--user <account>] [--program <path>]
                                  [--config <file>] [--metrics <file>]
        """,
      discussion: "Example: expireimage schedule cron --time 04:15 --user expireimage")

    @OptionGroup var options: Options

    func run() throws {
      try Output.perform {
        let schedule = try options.schedule()
        if let warning = schedule.timeWarning { Output.warn(warning) }
        try Output.print(schedule.crontab)
        return .done
      }
    }

    func validate() throws { _ = try options.schedule() }
  }

  struct Options: ParsableArguments {
    @Option(help: ArgumentHelp("When the nightly run begins (HH:MM).", valueName: "time"))
    var time = Schedule.Time.usual

    @Option(help: ArgumentHelp("The account of this machine that it runs as.", valueName: "account"))
    var user = "expireimage"

    @Option(
      help: ArgumentHelp("The program's path; default: where this one is.", valueName: "path"),
      completion: .file())
    var program: String?

    @Option(
      name: .customLong("config"),
      help: ArgumentHelp("The configuration file that it reads, where not the usual one.", valueName: "file"),
      completion: .file())
    var configurationFile: String?

    @Option(
      help: ArgumentHelp(
        "Where the nightly run leaves its metrics; its folder can then be written.", valueName: "file"),
      completion: .file())
    var metrics: String?

    /// - Throws: `ValidationError`.
    func schedule() throws -> Schedule {
      do {
        return try Schedule(
          time: time, user: user, program: program ?? Self.ownPath, configurationFile: configurationFile,
          metricsFile: metrics)
      } catch {
        throw ValidationError("\(error).")
      }
    }

    private static var ownPath: String {
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? "/usr/local/bin/expireimage"
    }
  }
}

extension SystemdUnit: ExpressibleByArgument {}

extension Schedule.Time: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(argument)
  }

  public var defaultValueDescription: String { Self.usual.text }
}
