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
        "keep", "unkeep", "keeps", "restore", "explain", "mail", "mail bounce", "image",
        "image upload", "image cleanup", "jobs", "tasks", "work", "schedule",
        "schedule systemd",
        "schedule cron",
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

  /// What a command does with an example when there is no database to work with; any other status means that the words
  /// are not right.
  private func expectedStatus(_ words: [String]) -> Int32 {
    switch words.first {
    case "config", "schedule": 0
    // An empty report is about no mail.
    case "mail" where words[1] == "bounce": 0
    // It found an error: there is no database.
    case "check", "demo": 1
    default: 7
    }
  }

  @Test("the help of every command has an example of that command that works as it stands")
  func examples() throws {
    for command in try commands() {
      let help = try CommandSite.call(command + ["--help"])
      let examples = help.outputLines.filter { $0.contains("Example: ") }
      #expect(!examples.isEmpty, "\(command) has no example")
      for example in examples {
        // Up to a redirection, without what is in front of the command.
        let all = example.split(separator: " ").map(String.init).prefix { $0 != "<" }
        let called = ["expireimage"] + command
        let start = try #require(all.indices.first { all[$0...].starts(with: called) }, "\(example)")
        var words = Array(all[start...].dropFirst())
        if words.first == "demo" { words += ["--directory", "/dev/null/mails"] }
        let call = try CommandSite.call(words, ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
        #expect(call.status == expectedStatus(words), "\(example): \(call.errors)")
      }
    }
  }

  @Test("the version is one line of numbers")
  func version() throws {
    let call = try CommandSite.call(["--version"])
    #expect(call.status == 0)
    #expect(call.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(call.output)")
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
      (["jobs", "--follow"], "one job"), (["jobs", "x"], "x"), (["work", "--interval", "5"], "--follow"),
      (["image", "upload", "x"], "<source>"), (["image", "cleanup", "x", "--dry-run", "--queue"], "--queue"),
      (["image", "upload", "x", "y", "--retries", "-1"], "--retries"), (["tasks"], "<image>"),
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
