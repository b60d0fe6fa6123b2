import ArgumentParser
import Foundation
import Operations

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Play 60 nights on a made-up campus: a private database server, real mails in a folder.",
    discussion: """
      Needs no VCL, no network, no root and no configuration, and touches nothing else on this machine.

      Example: expireimage demo --keep-running
      """)

  @Option(
    help: ArgumentHelp(
      "Where the mails and their index go: a new or empty folder. Default: a fresh one under the temporary folder.",
      valueName: "dir"),
    completion: .directory)
  var directory: String?

  @Flag(
    help: "Leave the database server running, to run plan against it; the end says how, and how to stop it.")
  var keepRunning = false

  func run() throws {
    try Output.perform {
      try DemoOperation(
        directory: directory, keepsRunning: keepRunning, program: Self.program,
        write: { try? Output.print($0) }
      ).run()
    }
  }

  /// How the person at this terminal can call this program again: by its name when it was found in PATH, else by
  /// its path.
  private static var program: String {
    let called = CommandLine.arguments[0]
    guard called.contains("/") else { return called }
    let path = URL(filePath: called).standardizedFileURL.path
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? "./" + path.dropFirst(here.count) : path
  }
}
