import Foundation
import TestSupport
import Testing

/// What a person sees who calls the program at a terminal; `script` lends one.
@Suite("At a terminal")
struct TerminalTests {
  /// Everything that a terminal gets, line ends as the program wrote them.
  private func atTerminal(_ arguments: [String], _ environment: [String: String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    let words = try [Executable.path] + arguments
    process.arguments = ["--quiet", "--return", "--command", words.joined(separator: " "), "/dev/null"]
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EXPIREIMAGE_") }
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  @Test("a run that takes longer than a second says how far it is, clears that line, and then reports")
  func progress() throws {
    let site = try CommandSite()
    try site.history()
    for owner in ["ada", "bob", "eve", "joe"] {
      try site.forgotten("Image of \(owner)", owner: site.campus.user(owner))
    }
    let seen = try atTerminal(
      CommandSite.runArguments(mode: "notify", set: ["expireimage_pause_ms=500"]).filter { $0 != "--json" },
      site.environment.merging(CommandSite.simulation) { $1 })
    #expect(seen.contains("writing changes …"))
    #expect(seen.contains("writing changes 4 of 4"), "\(seen)")
    // What is left on the screen: the last text after each clearing of the line.
    let screen = seen.split(separator: "\n").compactMap { $0.components(separatedBy: "\r\u{1B}[K").last }
    #expect(!screen.contains { $0.hasSuffix("…") || $0.hasSuffix("4 of 4") }, "\(screen)")
    #expect(screen.contains { $0.hasPrefix("Run 1 for 2026-03-02, mode notify: 4 marked") }, "\(screen)")
    #expect(screen.contains { $0.contains("idle_older") }, "a person gets the plan's counts")
  }
}
