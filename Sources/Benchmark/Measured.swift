import Foundation

/// A command that is timed as a whole process, with the operating system's own accounting of its memory.
struct Measured {
  struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  /// The program that is measured, beside this one.
  static let program = Bundle.main.executableURL!.deletingLastPathComponent()
    .appending(path: "expireimage").path

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  /// The executable and its arguments.
  let command: [String]

  init(_ command: [String]) {
    self.command = command
  }

  /// Runs it with its output thrown away.
  func once() throws -> (seconds: Double, peakKibibytes: Int) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)

    var arguments = command.map { strdup($0) } + [nil]
    defer { arguments.forEach { free($0) } }
    var pid = pid_t()
    let start = ContinuousClock.now
    guard posix_spawnp(&pid, command[0], &actions, nil, &arguments, environ) == 0 else {
      throw Failed(description: "cannot start \(command[0])")
    }
    var status: Int32 = 0
    var usage = rusage()
    wait4(pid, &status, 0, &usage)
    let duration = start.duration(to: .now).components
    guard status == 0 else {
      throw Failed(description: "\(command.joined(separator: " ")) ended with \(status)")
    }
    return (
      Double(duration.attoseconds) / 1e18 + Double(duration.seconds),
      Int(usage.ru_maxrss)
    )
  }
}
