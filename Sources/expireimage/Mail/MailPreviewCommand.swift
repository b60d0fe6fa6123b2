import ArgumentParser
import Operations

extension MailCommand {
  struct Preview: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The mail that an owner would get; writes and sends nothing.",
      usage:
        "expireimage mail preview <unityid@Affiliation> [--today <date>] [--format <format>] [--set <key=value> ...]",
      discussion: "Example: expireimage mail preview jdoe@NCSU --today 2027-03-01")

    @OptionGroup var settingsOptions: SettingsOptions
    @OptionGroup var decisionOptions: DecisionOptions

    @Argument(help: ArgumentHelp("The owner.", valueName: "unityid@Affiliation"))
    var owner: String

    @Option(help: "Its text, its HTML, or the whole mail: text, html or eml.")
    var format = MailPreviewOperation.Format.text

    func run() throws {
      try Output.perform {
        let operation = MailPreviewOperation(try settingsOptions.site(), decisionOptions.call)
        let progress = Output.progress(isQuiet: true)
        let (mail, note) = try operation.preview(owner, format, progress)
        if let note { Output.warn(note) }
        try Output.write(mail)
        return .done
      }
    }
  }
}

extension MailPreviewOperation.Format: ExpressibleByArgument {}
