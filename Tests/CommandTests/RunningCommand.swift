import Foundation
import TestSupport

/// A call of the program that is at work while the test goes on.
///
/// What it writes goes to files, so that it never waits for a reader.
final class RunningCommand {
  private let process = Process()
  private let folder: URL
  private let ended = DispatchSemaphore(value: 0)

  convenience init(_ arguments: [String], _ environment: [String: String]) throws {
    try self.init(Executable.path, arguments, environment)
  }

  /// Calls the program, or several, through a shell.
  ///
  /// - Parameter inOwnMounts: whether what it mounts is there for it alone; takes root.
  convenience init(shell script: String, _ environment: [String: String], inOwnMounts: Bool = false) throws {
    if inOwnMounts {
      try self.init(
        "/usr/bin/unshare", ["--mount", "--propagation", "private", "/bin/sh", "-c", script], environment)
    } else {
      try self.init("/bin/sh", ["-c", script], environment)
    }
  }

  private init(_ program: String, _ arguments: [String], _ environment: [String: String]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "expireimage-call-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EXPIREIMAGE_") }
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try file("output")
    process.standardError = try file("errors")
    process.terminationHandler = { [ended] _ in ended.signal() }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  private func file(_ name: String) throws -> FileHandle {
    let url = folder.appending(path: name)
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Its command line as every account of the machine can read it.
  func commandLine() throws -> String {
    try String(contentsOfFile: "/proc/\(process.processIdentifier)/cmdline", encoding: .utf8)
  }

  var isRunning: Bool { process.isRunning }

  /// Ends it as a power cut would, and waits until it is gone.
  func killAtOnce() throws {
    kill(process.processIdentifier, SIGKILL)
    guard ended.wait(timeout: .now() + 10) == .success, process.terminationReason == .uncaughtSignal else {
      throw JSON.Mismatch("it ended by itself before it was killed: \(try text("errors"))")
    }
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Waits for its end.
  func result() throws -> CommandSite.Call {
    guard ended.wait(timeout: .now() + 60) == .success else {
      throw JSON.Mismatch("not done after a minute: \(try text("errors"))")
    }
    return CommandSite.Call(
      status: process.terminationStatus, output: try text("output"), errors: try text("errors"))
  }

  /// Waits until something is so, while it is at work.
  func wait(until what: String, _ condition: () throws -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try !condition() {
      guard isRunning, .now < deadline else {
        throw JSON.Mismatch("\(what) did not come about: \(try text("errors"))")
      }
      usleep(20_000)
    }
  }
}
