import Foundation

/// A program that runs beside the tests and ends with them, however they end.
///
/// A shell is its parent and waits on a pipe whose only other end is here. When that closes, even by SIGKILL, the shell
/// ends the program by its process id and removes the folder that belongs to it.
package final class ChildProcess: Sendable {
  private let shell = Process()
  private let keepsRunning = Pipe()
  private let output = Pipe()

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: found as the shell finds it.
  ///   - arguments: the words after its name.
  ///   - folder: removed after its end.
  package init(_ program: String, _ arguments: [String], folder: String) throws {
    // SIGKILL, because the threads that tests run on block the other signals and what they start inherits that; so
    // there is no `wait` either.
    let script = """
      folder=$1
      shift
      trap '' INT
      "$@" </dev/null &
      child=$!
      exec >/dev/null
      read -r _
      kill -KILL "$child"
      rm -rf -- "$folder"
      """
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", script, "sh", folder, program] + arguments
    shell.standardInput = keepsRunning
    shell.standardOutput = output
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    try? output.fileHandleForWriting.close()
    try? keepsRunning.fileHandleForReading.close()
  }

  deinit {
    try? keepsRunning.fileHandleForWriting.close()
    shell.waitUntilExit()
  }

  /// The next line that the program writes, without its end; nil when it has ended.
  package func readLine() -> String? {
    var line = Data()
    while let byte = try? output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
      if byte[0] == 0x0A { return String(decoding: line, as: UTF8.self) }
      line += byte
    }
    return nil
  }
}
