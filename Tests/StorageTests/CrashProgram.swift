import Caches
import Foundation

/// The program that does something to a root and kills itself on the way.
enum CrashProgram {
  struct NotFound: Error {}

  private static var path: String {
    get throws {
      let starts = CommandLine.arguments.filter { $0.contains(".xctest") } + ["/proc/self/exe"]
      for start in starts {
        var folder = URL(filePath: start).resolvingSymlinksInPath()
        for _ in 0..<4 {
          folder.deleteLastPathComponent()
          let candidate = folder.appending(path: "StorageCrashProgram").path
          var status = stat()
          if stat(candidate, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return candidate }
        }
      }
      throw NotFound()
    }
  }

  /// - Parameter changes: it ends itself after so many; 0 is never.
  /// - Returns: whether it came to its own end.
  static func run(_ act: String, _ root: String, ledger: String, changes: Int) throws -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: try path)
    process.arguments = [act, root, ledger, String(changes)]
    try process.run()
    process.waitUntilExit()
    if process.terminationReason == .uncaughtSignal {
      guard process.terminationStatus == SIGKILL else { throw POSIXError(.EINTR) }
      return false
    }
    guard process.terminationStatus == 0 else { throw POSIXError(.EINVAL) }
    return true
  }

  /// All that the ledger tells: of each removal, what was told last.
  static func total(of ledger: String) throws -> EntrySize {
    guard let text = try? String(contentsOfFile: ledger, encoding: .utf8) else { return EntrySize() }
    var removals: [Substring: EntrySize] = [:]
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst().compactMap { Int64($0) }
      removals[fields[0]] = EntrySize(
        files: Int(numbers[0]), apparentBytes: numbers[1], allocatedBytes: numbers[2], freedBytes: numbers[3])
    }
    return removals.values.total()
  }
}
