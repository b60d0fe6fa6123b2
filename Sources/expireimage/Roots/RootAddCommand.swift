import ArgumentParser
import Caches
import Operations

extension RootCommand {
  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Bring a directory of this node under management.",
      usage: """
        expireimage root add <name> <path> --role <role> --layout <layout> [--limit <size>]
                             [--ttl <duration>] [--stall <duration>] [--priority <n>]
                             [--disks <path> ...] [--disabled] [--adopt]
        """,
      discussion: """
        It gets a marker file; where there is none, nothing is ever removed. It must not lie in another root, nor hold \
        one. A repository has the only copies of its images and takes no limit: only purge removes anything there.

        Example: expireimage root add kvm /srv/kvm --role cache --layout kvm
        """)

    @OptionGroup var settingsOptions: SettingsOptions

    @Argument(help: "What it is called here.")
    var name: String

    @Argument(help: "The directory; absolute.")
    var path: String

    @Option(
      help: ArgumentHelp(
        "repository (the site's copies), datastore (of a host) or cache (can be fetched again).",
        valueName: "role"))
    var role: RootRole

    @Option(
      help: ArgumentHelp(
        "How files are named: \(Layout.allCases.map(\.rawValue).joined(separator: ", ")).",
        valueName: "layout"))
    var layout: Layout

    @OptionGroup var terms: RootTermOptions

    @Flag(help: "Add it, and leave it alone until it is enabled.")
    var disabled = false

    @Flag(help: "Take over a marker that nobody on record has, such as after the database was restored.")
    var adopt = false

    func run() throws {
      try Output.perform {
        var terms = terms.terms
        if disabled { terms.isEnabled = false }
        let request = RootAddOperation.Request(
          name: name, path: path, role: role, layout: layout, terms: terms, adopts: adopt)
        try Output.print(try RootAddOperation(try settingsOptions.site()).add(request))
        return .done
      }
    }
  }
}
