import ArgumentParser
import Operations
import Retention

struct KeepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keep",
    abstract: "Keep revisions until a day, whatever the criteria say.",
    usage: """
      expireimage keep <revision> ... [--days <n> | --until <date> | --forever]
                              [--reason <reason>] [--as <unityid@Affiliation>]
      """,
    discussion: """
      Without a term they are kept for as long as the site lets owners (expireimage_keep_max_days). A keep takes the \
      place of an earlier one. An expire date goes with the next run; after the keep everything begins anew.

      Example: expireimage keep 1234 --until 2027-06-30 --reason teaching
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "Ids or imagenames; all of them are kept, or none.")
  var revision: [String]

  @Option(help: ArgumentHelp("Keep for so many days.", valueName: "n"))
  var days: Int?

  @Option(help: ArgumentHelp("Keep until this day (YYYY-MM-DD).", valueName: "date"))
  var until: Day?

  @Flag(help: "Keep without an end.")
  var forever = false

  @Option(help: "Why, for those who wonder later.")
  var reason = ""

  @Option(
    help: ArgumentHelp(
      "Keep as this owner may: only their own images, and not for longer than the site lets them.",
      valueName: "unityid@Affiliation"))
  var `as`: String?

  func validate() throws {
    guard [days != nil, until != nil, forever].count(where: { $0 }) <= 1 else {
      throw ValidationError("'--days', '--until' and '--forever' exclude each other.")
    }
    if let days, !(1...36_500).contains(days) {
      throw ValidationError("'--days \(days)' is not between 1 and 36500.")
    }
  }

  private var term: KeepTerm {
    if forever { return .forever }
    return days.map { .days($0) } ?? until.map { .until($0) } ?? .longest
  }

  func run() throws {
    try Output.perform {
      let operation = KeepOperation(try settingsOptions.site())
      for line in try operation.keep(revision, term, reason: reason, as: self.as) { try Output.print(line) }
      return .done
    }
  }
}
