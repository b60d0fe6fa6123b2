import Foundation
import TestSupport
import Testing

@Suite("Standard streams that take nothing")
struct OutputTests {
  /// Calls the program through a shell with these redirections.
  private func call(
    _ arguments: String, _ redirections: String, _ environment: [String: String]
  ) throws -> CommandSite.Call {
    let command = try RunningCommand(
      shell: "exec \"$PROGRAM\" \(arguments) \(redirections)",
      environment.merging(["PROGRAM": try Executable.path]) { $1 })
    return try command.result()
  }

  @Test(
    "a full disk is one line and exit status 1, not a crash",
    arguments: [
      "config", "plan --today 2026-03-02", "plan --format csv --all --today 2026-03-02", "policy show --json",
    ])
  func fullDisk(_ arguments: String) throws {
    let site = try CommandSite()
    try site.history()
    let call = try call(arguments, ">/dev/full", site.environment)
    #expect(call.status == 1)
    #expect(call.errorLines.count == 1, "\(call.errors)")
    #expect(call.errors.contains("standard output cannot be written (No space left on device)"))
  }

  @Test(
    "a run whose log or report nobody can read does its work all the same",
    arguments: [("2>/dev/full", 2), ("2>&-", 0), (">&- 2>&-", 0), ("<&- >&- 2>&-", 0), (">/dev/full", 1)])
  func run(_ redirections: String, _ status: Int32) throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let call = try call(
      "run --today 2026-03-02 --set expireimage_mode=notify", redirections,
      site.environment.merging(CommandSite.simulation) { $1 })
    #expect(call.status == status, "\(call.errors)")
    #expect(try site.date(pair.older) == "2026-04-01")
    // A lost log is a fault of the run; its report comes after it.
    #expect(try site.count("expireimage_run", where: "exit_status = \(status == 2 ? 2 : 0)") == 1)
    #expect(site.mailServer.messages.count == 1)
  }

  @Test("a reader that has seen enough ends a plan without a word")
  func closedPipe() throws {
    let site = try CommandSite()
    let command = try RunningCommand(
      shell: "\"$PROGRAM\" policy show | head -n 1",
      site.environment.merging(["PROGRAM": try Executable.path]) { $1 })
    let call = try command.result()
    #expect(call.status == 0)
    #expect(call.output.hasPrefix("Parameter "))
    #expect(call.errors == "")
  }
}
