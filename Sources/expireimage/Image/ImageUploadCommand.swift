import ArgumentParser
import Operations

struct ImageUploadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upload",
    abstract: "Copy the files of a revision into a root, all of them or none.",
    usage: """
      expireimage image upload <name> <source> [--root <root>] [--retries <n>] [--as <unityid@Affiliation>]
                              [--queue] [--json]
      """,
    discussion: """
      In layouts vmware and plain the source is a directory, in kvm and xcat a directory of files <name>.<type>, or one \
      file. What an upload leaves that fails is cleaned up at once, then it is tried again.

      Example: expireimage image upload base7-v2 /srv/incoming/base7-v2 --retries 3
      """)

  @OptionGroup var settingsOptions: SettingsOptions

  @Argument(help: "The revision's imagename.")
  var name: String

  @Argument(help: "A directory or a file.", completion: .file())
  var source: String

  @OptionGroup var options: ImageFileOptions

  @Option(
    help: ArgumentHelp("Try a failed upload again so often, each time after a longer pause.", valueName: "n"))
  var retries = 0

  func validate() throws {
    guard (0...100).contains(retries) else {
      throw ValidationError("'--retries \(retries)' is not between 0 and 100.")
    }
  }

  func run() throws {
    try Output.perform {
      let operation = UploadOperation(
        try settingsOptions.site(), name: name, source: source, rootName: options.root, retries: retries,
        as: options.as, stop: .bySignals())
      let report = try options.queue ? operation.enqueue() : operation.run(Output.progress())
      try Output.print(options.json ? report.json() : report.line)
      return .done
    }
  }
}

/// What commands on the files of one image name have in common.
struct ImageFileOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The root; default: the only repository of this node.", valueName: "root"))
  var root: String?

  @Option(
    help: ArgumentHelp(
      "On behalf of this user of VCL, who then sees the job.", valueName: "unityid@Affiliation"))
  var `as`: String?

  @Flag(help: "Leave it to expireimage work.")
  var queue = false

  @Flag(help: "One JSON document.")
  var json = false
}
