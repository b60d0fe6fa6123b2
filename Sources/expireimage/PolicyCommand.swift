import ArgumentParser
import Operations

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Show, check and change the parameters in VCL's variable table.",
    discussion: "Example: expireimage policy set expireimage_mode off",
    subcommands: [Show.self, Check.self, Set.self, Unset.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Every parameter with its value, default, source and meaning.",
      discussion: "Example: expireimage policy show")

    @OptionGroup var settingsOptions: SettingsOptions

    @Flag(help: "One JSON document.")
    var json = false

    func run() throws {
      try Output.perform {
        let operation = PolicyOperation(try settingsOptions.site())
        try Output.print(json ? try operation.showJSON() : try operation.show(on: Output.screen))
        return .done
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the parameters can be used; exit status 5 when not.",
      discussion: "Example: expireimage policy check")

    @OptionGroup var settingsOptions: SettingsOptions

    func run() throws {
      try Output.perform {
        for line in try PolicyOperation(try settingsOptions.site()).check() { try Output.print(line) }
        return .done
      }
    }
  }

  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Set a parameter for the site, or for the images of one affiliation.",
      discussion: "Example: expireimage policy set expireimage_idle_days_older 120 --affiliation EE")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "A name from `expireimage policy show`.")
    var key: String

    @Argument(help: "Its value.")
    var value: String

    @Option(help: "Only for images whose owner has this affiliation.")
    var affiliation: String?

    func run() throws {
      try Output.perform {
        try Output.print(
          try PolicyOperation(try settingsOptions.site()).set(key, value, affiliation: affiliation))
        return .done
      }
    }
  }

  struct Unset: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Remove a parameter's value, so that the site's value or the default holds.",
      discussion: "Example: expireimage policy unset expireimage_only_owners")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "A name from `expireimage policy show`.")
    var key: String

    @Option(help: "Only the value of this affiliation.")
    var affiliation: String?

    func run() throws {
      try Output.perform {
        try Output.print(try PolicyOperation(try settingsOptions.site()).unset(key, affiliation: affiliation))
        return .done
      }
    }
  }
}
