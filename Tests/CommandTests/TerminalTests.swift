import Foundation
import TestSupport
import Testing

/// What a person sees who calls the program at a terminal; `script` lends one.
@Suite("At a terminal")
struct TerminalTests {
  /// Everything that a terminal of so many columns gets, line ends as the program wrote them.
  private func atTerminal(
    _ arguments: [String], _ environment: [String: String], columns: Int = 0
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    let words = try [Executable.path] + arguments
    let size = columns > 0 ? "stty columns \(columns) && " : ""
    process.arguments = [
      "--quiet", "--return", "--command", size + words.joined(separator: " "), "/dev/null",
    ]
    let inherited = ProcessInfo.processInfo.environment.filter {
      !$0.key.hasPrefix("EXPIREIMAGE_") && !["COLUMNS", "NO_COLOR", "TERM"].contains($0.key)
    }
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).replacing("\r\n", with: "\n")
  }

  private static let xterm = ["TERM": "xterm-256color"]

  /// A site with one decision of a long name, and the words of a plan for it.
  private func forgotten() throws -> (site: CommandSite, arguments: [String]) {
    let site = try CommandSite()
    try site.history()
    try site.forgotten("Forgotten image of a statistics course")
    return (site, ["plan", "--today", CommandSite.today])
  }

  @Test("a table fits the terminal, and nothing of it is lost", arguments: [80, 100, 140])
  func width(columns: Int) throws {
    let (site, arguments) = try forgotten()
    let seen = try atTerminal(["policy", "show"], site.environment, columns: columns)
    let lines = seen.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= columns }, "\(seen)")
    let piped = try site.call(["policy", "show"])
    #expect(piped.outputLines.contains { $0.count > 150 }, "a pipe gets whole lines")
    // The same words in another order of lines.
    func letters(_ text: String) -> [Character: Int] {
      text.reduce(into: [:]) { if !" -\n".contains($1) { $0[$1, default: 0] += 1 } }
    }
    #expect(letters(seen) == letters(piped.output))
    let plan = try atTerminal(arguments, site.environment, columns: columns)
    #expect(plan.contains("idle_older"), "\(plan)")
  }

  @Test("COLUMNS says how wide, and what is no width is the terminal's")
  func columnsVariable() throws {
    let site = try CommandSite()
    func longest(_ value: String) throws -> Int {
      let environment = site.environment.merging(["COLUMNS": value]) { $1 }
      let seen = try atTerminal(["policy", "show"], environment, columns: 120)
      return seen.split(separator: "\n").map(\.count).max() ?? 0
    }
    #expect(try longest("90") <= 90)
    for value in ["", "0", "-3", "wide"] { #expect(try 91...120 ~= longest(value), "\(value)") }
  }

  @Test("a plan stands out in colors at a terminal")
  func colors() throws {
    let (site, arguments) = try forgotten()
    let seen = try atTerminal(arguments, site.environment.merging(Self.xterm) { $1 }, columns: 200)
    #expect(seen.contains("\u{1B}[33mmark\u{1B}[0m"), "\(seen)")
    #expect(seen.contains("\u{1B}[1mDecision\u{1B}[0m"), "\(seen)")
    // The same text in the same columns.
    let uncolored = Self.xterm.merging(["NO_COLOR": "1"]) { $1 }
    let plain = try atTerminal(arguments, site.environment.merging(uncolored) { $1 }, columns: 200)
    #expect(seen.replacing(/\x1B\[\d+m/, with: "") == plain)
  }

  @Test(
    "no color where nobody wants or sees it",
    arguments: [
      ["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": ""], [:],
    ])
  func noColors(_ environment: [String: String]) throws {
    let (site, arguments) = try forgotten()
    let seen = try atTerminal(arguments, site.environment.merging(environment) { $1 })
    #expect(seen.contains("mark"), "\(seen)")
    #expect(!seen.contains(/\x1B\[[\d;]*m/), "\(seen)")
    // Nor does a terminal that can do nothing get anything else than text.
    if environment["NO_COLOR"] == nil { #expect(!seen.contains("\u{1B}"), "\(seen)") }
    let piped = try site.call(arguments, Self.xterm)
    #expect(!piped.output.contains("\u{1B}"))
  }

  @Test("what is wrong stands out in color at a terminal, and does not in a log")
  func errors() throws {
    let wrong = ["EXPIREIMAGE_DATABASE_PORT": "none"]
    let seen = try atTerminal(["config"], wrong.merging(Self.xterm) { $1 })
    #expect(
      seen.hasPrefix("\u{1B}[31mexpireimage:\u{1B}[0m environment EXPIREIMAGE_DATABASE_PORT"), "\(seen)")
    let piped = try CommandSite.call(["config"], wrong.merging(Self.xterm) { $1 })
    #expect(piped.errors.hasPrefix("expireimage: environment"))
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
      site.environment.merging(CommandSite.simulation) { $1 }.merging(Self.xterm) { $1 })
    #expect(seen.contains("writing changes …"))
    #expect(seen.contains("writing changes 4 of 4"), "\(seen)")
    // What is left on the screen: the last text after each clearing of the line.
    let screen = seen.split(separator: "\n").compactMap { $0.components(separatedBy: "\r\u{1B}[K").last }
    #expect(!screen.contains { $0.hasSuffix("…") || $0.hasSuffix("4 of 4") }, "\(screen)")
    #expect(screen.contains { $0.hasPrefix("Run 1 for 2026-03-02, mode notify: 4 marked") }, "\(screen)")
    #expect(screen.contains { $0.contains("idle_older") }, "a person gets the plan's counts")
  }
}
