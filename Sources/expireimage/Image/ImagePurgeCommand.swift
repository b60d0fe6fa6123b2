import ArgumentParser
import Operations

struct ImagePurgeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "purge",
    abstract: "Remove the files of revisions that were flagged expireimage_purge_days ago, or earlier.",
    usage: "expireimage image purge [--dry-run | --queue] [--json]",
    discussion: """
      Only flags of this program count, from every enabled root of this node; another node purges its own. What is \
      needed, restored or reserved again stays. What is purged cannot be restored.

      Example: expireimage image purge --dry-run
      """)

  @OptionGroup var settingsOptions: SettingsOptions
  @OptionGroup var removal: RemovalOptions

  func run() throws {
    try removal.perform(settingsOptions) {
      try PurgeOperation($0, isQueued: removal.queue, stop: removal.stop).purge(isDryRun: removal.dryRun, $1)
    }
  }
}
