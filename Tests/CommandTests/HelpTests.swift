import Testing

@Suite("Help and wrong command lines")
struct HelpTests {
  /// Every command, as the help itself lists them.
  private func commands(below command: [String] = []) throws -> [[String]] {
    let help = try CommandSite.call(command + ["--help"])
    guard help.status == 0 else { throw JSON.Mismatch("\(command) has no help: \(help.errors)") }
    let list = help.outputLines.drop { $0 != "SUBCOMMANDS:" }.dropFirst().prefix { $0.hasPrefix("  ") }
    // A line that goes on has more blanks in front.
    let names = list.filter { !$0.hasPrefix("   ") }.map { String($0.split(separator: " ")[0]) }
    return [command] + (try names.flatMap { try commands(below: command + [$0]) })
  }

  @Test("every command has help that says what it does, on standard output")
  func everyCommand() throws {
    let all = try commands()
    let names = Set(all.map { $0.joined(separator: " ") })
    #expect(
      names.isSuperset(of: [
        "run", "plan", "expire", "policy", "policy show", "policy check", "policy set", "policy unset",
        "migrate", "migrate up", "migrate down", "migrate status", "migrate check", "config", "demo",
        "keep", "unkeep", "keeps", "restore", "explain",
      ]))
    for command in all {
      let help = try CommandSite.call(command + ["--help"])
      #expect(help.errors == "")
      #expect(help.output.hasPrefix("OVERVIEW: "))
      let usage = (["USAGE: expireimage"] + command).joined(separator: " ")
      #expect(help.output.contains(usage), "\(command)")
      #expect(help.outputLines.allSatisfy { $0.count <= 120 })
    }
  }

  @Test(
    "the help of a command that takes something to think about has an example that works as it stands",
    arguments: [
      ["run"], ["plan"], ["expire"], ["policy", "set"], ["migrate"], ["keep"], ["unkeep"], ["restore"],
      ["explain"],
    ])
  func examples(_ command: [String]) throws {
    let help = try CommandSite.call(command + ["--help"])
    let line = try #require(help.outputLines.first { $0.contains("Example: ") })
    let words = line.split(separator: " ").drop { $0 != "expireimage" }.dropFirst().map(String.init)
    #expect(words.starts(with: command))
    // Without a database it comes as far as the command line is right.
    let call = try CommandSite.call(words, ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
    #expect(call.status == 7, "\(line): \(call.errors)")
  }

  @Test("without a command the help comes")
  func noCommand() throws {
    let call = try CommandSite.call([])
    #expect(call.status == 0)
    #expect(call.output.contains("SUBCOMMANDS:"))
  }

  @Test(
    "an unknown command and a missing argument have exit status 64 and a hint",
    arguments: [
      (["nightly"], "nightly"), (["plans"], "plans"), (["migrate", "sideways"], "sideways"),
      (["policy", "set"], "<key>"), (["policy", "set", "expireimage_mode"], "<value>"),
      (["policy", "unset"], "<key>"), (["expire", "7"], "--on"), (["expire"], "<revision>"),
      (["config", "--yaml"], "--yaml"), (["plan", "--config"], "--config"),
    ])
  func wrong(_ arguments: [String], _ part: String) throws {
    let call = try CommandSite.call(arguments)
    #expect(call.status == 64)
    #expect(call.output == "")
    #expect(call.errors.contains(part), "\(call.errors)")
    #expect(call.errors.contains("--help"), "\(call.errors)")
  }
}
