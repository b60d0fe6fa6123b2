import ArgumentParser
import Caches
import Operations

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "root",
    abstract: "The directories with image files that are under management.",
    discussion: "Example: expireimage root list",
    subcommands: [Add.self, Set.self, List.self, Check.self, Remove.self])
}

/// What a root can be given when it is added and later.
struct RootTermOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Most bytes that its images may have, such as 500G or 1.5TiB.", valueName: "size"))
  var limit: ByteCount?

  @Option(
    help: ArgumentHelp(
      "Images not used for so long go first when space is needed: 30d, 12h, 90m or seconds.",
      valueName: "duration"))
  var ttl: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "What is incomplete and was not written for longer is given up; 1d unless told otherwise.",
      valueName: "duration"))
  var stall: TimeSpan?

  @Option(help: ArgumentHelp("From 1; the root with the highest gives space first.", valueName: "n"))
  var priority: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Directories of this node with virtual disks whose backing files must stay.", valueName: "path"))
  var disks: [String] = []

  func validate() throws {
    if let priority, priority < 1 { throw ValidationError("'--priority \(priority)' is below 1.") }
  }

  var terms: RootTerms {
    var terms = RootTerms()
    terms.limit = limit.map { .value($0) }
    terms.timeToLive = ttl.map { .value($0) }
    terms.stall = stall
    terms.priority = priority
    if !disks.isEmpty { terms.disks = disks }
    return terms
  }
}

extension ByteCount: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension RootRole: ExpressibleByArgument {}

extension Layout: ExpressibleByArgument {
  public init?(argument: String) { self.init(rawValue: argument) }

  public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}
