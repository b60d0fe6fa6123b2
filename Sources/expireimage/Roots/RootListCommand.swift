import ArgumentParser
import Operations

extension RootCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The roots of all nodes.", discussion: "Example: expireimage root list")

    @OptionGroup var settingsOptions: SettingsOptions

    @Flag(help: "One JSON document.")
    var json = false

    func run() throws {
      try Output.perform {
        let operation = RootListOperation(try settingsOptions.site())
        try Output.print(json ? try operation.json() : try operation.table(on: Output.screen))
        return .done
      }
    }
  }

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the roots of this node can be worked on; exit status 1 when one cannot.",
      discussion: "Example: expireimage root check")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "Only this root.")
    var name: String?

    @Flag(help: "One JSON document.")
    var json = false

    func run() throws {
      try Output.perform {
        let report = try RootCheckOperation(try settingsOptions.site()).check(root: name)
        try Output.print(json ? try report.json() : report.text(on: Output.screen))
        return report.exitStatus
      }
    }
  }
}
