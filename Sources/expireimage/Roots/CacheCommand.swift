import ArgumentParser
import Operations

struct CacheCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cache",
    abstract: "Image files in the roots of this node: what is there, who needs it, and what may go.",
    discussion: "Example: expireimage cache list",
    subcommands: [List.self, Prune.self, Clean.self, Reclaim.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The images in the roots, with size, last use, and what needs them.",
      discussion: "Example: expireimage cache list --json")

    @OptionGroup var settingsOptions: SettingsOptions

    @Option(help: ArgumentHelp("Only this root.", valueName: "name"))
    var root: String?

    @Flag(help: "Also the names that no image has.")
    var unmanaged = false

    @Flag(help: "One JSON document.")
    var json = false

    func run() throws {
      try Output.perform {
        let progress = Output.progress(isQuiet: !Output.isTerminal)
        let list = try CacheListOperation(try settingsOptions.site()).list(root: root, progress)
        progress.clear()
        for warning in list.warnings { Output.warn(warning) }
        for problem in list.problems { Output.complain(problem) }
        try Output.print(
          json
            ? try list.json(unmanaged: unmanaged) : list.text(unmanaged: unmanaged, on: Output.screen))
        return list.exitStatus
      }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bring caches and datastores down to their limits, the least recently used images first.",
      usage: """
        expireimage cache prune [--root <name>] [--limit <size>]
                                [--dry-run | --queue] [--json]
        """,
      discussion: """
        What is in use stays, whatever the limit. Without --root: every enabled cache and datastore of this node.

        Example: expireimage cache prune --dry-run
        """)

    @OptionGroup var settingsOptions: SettingsOptions
    @OptionGroup var removal: RemovalOptions

    @Option(help: ArgumentHelp("Only this root.", valueName: "name"))
    var root: String?

    @Option(help: ArgumentHelp("For this call, in the place of each root's own.", valueName: "size"))
    var limit: ByteCount?

    func run() throws {
      try removal.perform(settingsOptions) {
        try PruneOperation($0, isQueued: removal.queue, stop: removal.stop).prune(
          root: root, limit: limit, isDryRun: removal.dryRun, $1)
      }
    }
  }

  struct Clean: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take away what failed a test, and what is incomplete and nobody writes any more.",
      usage: "expireimage cache clean [--root <name>] [--dry-run | --queue] [--json]",
      discussion: """
        Without --root: every enabled root of this node.

        Example: expireimage cache clean --dry-run
        """)

    @OptionGroup var settingsOptions: SettingsOptions
    @OptionGroup var removal: RemovalOptions

    @Option(help: ArgumentHelp("Only this root.", valueName: "name"))
    var root: String?

    func run() throws {
      try removal.perform(settingsOptions) {
        try CleanOperation($0, isQueued: removal.queue, stop: removal.stop).clean(
          root: root, isDryRun: removal.dryRun, $1)
      }
    }
  }

  struct Reclaim: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make room for a path, from all caches and datastores of its file system.",
      usage: """
        expireimage cache reclaim --path <path> --bytes <size> [--best-effort]
                                  [--dry-run | --queue] [--json]
        """,
      discussion: """
        Where all that may go is not enough, nothing goes, and the exit status is 1; --best-effort removes it anyway.

        Example: expireimage cache reclaim --path /srv/vmware --bytes 200G --dry-run
        """)

    @OptionGroup var settingsOptions: SettingsOptions
    @OptionGroup var removal: RemovalOptions

    @Option(help: ArgumentHelp("Where the room is needed; absolute.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("How much shall be free there, such as 200G.", valueName: "size"))
    var bytes: ByteCount

    @Flag(help: "Remove what may go, also when it is not enough.")
    var bestEffort = false

    func run() throws {
      try removal.perform(settingsOptions) {
        try ReclaimOperation($0, isQueued: removal.queue, stop: removal.stop).reclaim(
          path: path, bytes: bytes, isBestEffort: bestEffort, isDryRun: removal.dryRun, $1)
      }
    }
  }
}

/// What every command has that removes files.
struct RemovalOptions: ParsableArguments {
  @Flag(help: "Say what would go; nothing is changed.")
  var dryRun = false

  @Flag(help: "Leave it to a worker of this node.")
  var queue = false

  @Flag(help: "One JSON document.")
  var json = false

  func validate() throws {
    if dryRun, queue { throw ValidationError("'--dry-run' and '--queue' exclude each other.") }
  }

  /// A dry run has nothing to put back, and ends at once.
  var stop: StopRequest { dryRun || queue ? .never : .bySignals() }

  /// Does a removal, and tells what came of it.
  func perform(
    _ settings: SettingsOptions, _ body: (Site, Operations.Progress) throws -> RemovalReport
  ) throws {
    try Output.perform {
      let progress = Output.progress(isQuiet: !Output.isTerminal)
      let report = try body(try settings.site(), progress)
      progress.clear()
      for problem in report.problems { Output.complain(problem) }
      if report.isQueued, !json, let id = report.taskID {
        try Output.print(QueuedJob.line(id))
        return .done
      }
      try Output.print(json ? try report.json() : report.text(on: Output.screen))
      return report.exitStatus
    }
  }
}
