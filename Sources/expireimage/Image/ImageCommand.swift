import ArgumentParser

struct ImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "The files of image revisions in the roots of this node.",
    discussion: "Example: expireimage image cleanup vmwarelinux-base7-v2 --dry-run",
    subcommands: [ImagePurgeCommand.self, ImageUploadCommand.self, ImageCleanupCommand.self])
}
