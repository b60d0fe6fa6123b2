import ArgumentParser
import Operations

extension MailCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The mails of the outbox with what became of them, the newest first.",
      usage:
        "expireimage mail list [--status <status>] [--owner <owner>] [--revision <id>] [--limit <count>] [--json]",
      discussion: """
        Did the owner know?

        Example: expireimage mail list --revision 1234
        """)

    @OptionGroup var settingsOptions: SettingsOptions

    @Option(
      help: ArgumentHelp(
        "Only mails that are \(MailStatus.allCases.map(\.rawValue).joined(separator: ", ")).",
        valueName: "status"))
    var status: MailStatus?

    @Option(
      help: ArgumentHelp("Only mails about the images of this owner.", valueName: "unityid@Affiliation"))
    var owner: String?

    @Option(help: ArgumentHelp("Only mails that list the revision with this id.", valueName: "id"))
    var revision: Int?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @Flag(help: "One JSON document.")
    var json = false

    func validate() throws {
      guard limit > 0 else { throw ValidationError("'--limit \(limit)' is not above 0.") }
    }

    func run() throws {
      try Output.perform {
        let operation = MailListOperation(try settingsOptions.site())
        let filter = MailListOperation.Filter(
          status: status, owner: owner, revisionID: revision, limit: limit)
        try Output.print(json ? try operation.json(filter) : try operation.table(filter, on: Output.screen))
        return .done
      }
    }
  }
}

extension MailStatus: ExpressibleByArgument {}
