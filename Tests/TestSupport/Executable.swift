import Foundation
import Synchronization

/// The built program `expireimage`, run as a person or cron would run it.
package enum Executable {
  /// Why it could not be run to its end, in one line.
  package struct RunError: Error, CustomStringConvertible {
    package let description: String
  }

  /// Where the build that made these tests has put it.
  package static var path: String {
    get throws {
      // The program stands beside the test bundle; where the tests themselves run from differs between test runners.
      let argument = CommandLine.arguments.first ?? ""
      let bundles = CommandLine.arguments.filter { $0.contains(".xctest") }
      for start in bundles + ["/proc/self/exe", argument] {
        var folder = URL(filePath: start).resolvingSymlinksInPath().deletingLastPathComponent()
        for _ in 0..<4 {
          let candidate = folder.appending(path: "expireimage").path
          var isDirectory: ObjCBool = false
          if FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory),
            !isDirectory.boolValue,
            FileManager.default.isExecutableFile(atPath: candidate)
          {
            return candidate
          }
          folder.deleteLastPathComponent()
        }
      }
      throw RunError(
        description: "no program expireimage beside the tests (\(argument)): run swift build first")
    }
  }

  /// Keeps this machine's own settings out.
  private static let withoutOwnFiles = [
    "EXPIREIMAGE_VCLD_CONF": "", "EXPIREIMAGE_OPTION_FILE": "", "CREDENTIALS_DIRECTORY": "",
  ]

  /// Runs it and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: the words after the program's name.
  ///   - environment: set beside the caller's variables, of which those that connect are left out.
  ///   - input: its standard input.
  ///   - seconds: after so long it is ended.
  /// - Returns: the exit status, and what it wrote.
  /// - Throws: ``RunError`` when it cannot be started, takes too long, or is ended by a signal.
  package static func run(
    _ arguments: [String], environment: [String: String] = [:], input: [UInt8] = [], seconds: Int = 120
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: try path)
    process.arguments = arguments
    let inherited = ProcessInfo.processInfo.environment.filter { name, _ in
      !["EXPIREIMAGE_", "MYSQL_", "MARIADB_"].contains { name.hasPrefix($0) }
    }
    process.environment = inherited.merging(Self.withoutOwnFiles) { $1 }.merging(environment) { $1 }
    let inputPipe = input.isEmpty ? nil : Pipe()
    process.standardInput = inputPipe ?? FileHandle.nullDevice
    defer { try? inputPipe?.fileHandleForReading.close() }
    let output = Drain()
    let errors = Drain()
    process.standardOutput = output.pipe
    process.standardError = errors.pipe
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if let inputPipe {
      Thread.detachNewThread {
        try? inputPipe.fileHandleForWriting.write(contentsOf: input)
        try? inputPipe.fileHandleForWriting.close()
      }
    }
    output.start()
    errors.start()

    let call = "expireimage " + arguments.joined(separator: " ")
    guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else {
      process.terminate()
      if ended.wait(timeout: .now() + .seconds(5)) != .success { kill(process.processIdentifier, SIGKILL) }
      throw RunError(description: "\(call): not done after \(seconds) s; so far: \(errors.text(waiting: 1))")
    }
    let texts = (output.text(waiting: 5), errors.text(waiting: 5))
    guard process.terminationReason == .exit else {
      throw RunError(description: "\(call): ended by signal \(process.terminationStatus); wrote: \(texts.1)")
    }
    return (process.terminationStatus, texts.0, texts.1)
  }
}

/// Reads a pipe on a thread of its own, so that a full pipe never stops the program.
private final class Drain: Sendable {
  let pipe = Pipe()
  private let data = Mutex(Data())
  private let isClosed = DispatchSemaphore(value: 0)

  func start() {
    // Ours would keep the pipe open for ever.
    try? pipe.fileHandleForWriting.close()
    Thread.detachNewThread { [self] in
      while let chunk = try? pipe.fileHandleForReading.read(upToCount: 65_536), !chunk.isEmpty {
        data.withLock { $0 += chunk }
      }
      // Foundation keeps the pipe of a process that has ended; of thousands of open files it cannot start another.
      try? pipe.fileHandleForReading.close()
      isClosed.signal()
    }
  }

  /// What came until the other end closed, but no later than after so many seconds: a process that the program left
  /// behind may hold the pipe open.
  func text(waiting seconds: Int) -> String {
    _ = isClosed.wait(timeout: .now() + .seconds(seconds))
    return data.withLock { String(decoding: $0, as: UTF8.self) }
  }
}
