import ArgumentParser
import Operations

extension RootCommand {
  struct Set: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Change the terms of a root of this node.",
      usage: """
        expireimage root set <name> [--limit <size> | --no-limit] [--ttl <duration> | --no-ttl]
                             [--stall <duration>] [--priority <n>] [--enable | --disable]
                             [--disks <path> ... | --no-disks]
        """,
      discussion: "Example: expireimage root set hosts --limit 500G --ttl 90d")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "The root.")
    var name: String

    @OptionGroup var options: RootTermOptions

    @Flag(help: "It may have as much as there is room.")
    var noLimit = false

    @Flag(help: "None of its images go first.")
    var noTtl = false

    @Flag(help: "No directory has virtual disks that matter.")
    var noDisks = false

    @Flag(help: "Work on it from now on.")
    var enable = false

    @Flag(help: "Leave it alone.")
    var disable = false

    private var terms: RootTerms {
      var terms = options.terms
      if noLimit { terms.limit = .some(.none) }
      if noTtl { terms.timeToLive = .some(.none) }
      if noDisks { terms.disks = [] }
      if enable || disable { terms.isEnabled = enable }
      return terms
    }

    func validate() throws {
      let contradictions = [
        (noLimit && options.limit != nil, "'--limit' and '--no-limit'"),
        (noTtl && options.ttl != nil, "'--ttl' and '--no-ttl'"),
        (noDisks && !options.disks.isEmpty, "'--disks' and '--no-disks'"),
        (enable && disable, "'--enable' and '--disable'"),
      ]
      for (isGiven, words) in contradictions where isGiven {
        throw ValidationError("\(words) exclude each other.")
      }
      guard !terms.isEmpty else { throw ValidationError("Say what to change, such as '--limit 500G'.") }
    }

    func run() throws {
      try Output.perform {
        try Output.print(try RootSetOperation(try settingsOptions.site()).set(name, terms))
        return .done
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a root of this node out of management; its files stay.",
      discussion: "Example: expireimage root remove hosts")

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "The root.")
    var name: String

    func run() throws {
      try Output.perform {
        let (line, remark) = try RootSetOperation(try settingsOptions.site()).remove(name)
        try Output.print(line)
        if let remark { Output.warn(remark) }
        return .done
      }
    }
  }
}
