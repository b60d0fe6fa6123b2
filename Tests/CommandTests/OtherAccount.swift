import Foundation
import TestSupport

/// Calls of the program by an account that is not root's, as the nightly run's is not.
enum OtherAccount {
  /// The account that owns nothing.
  static let id = 65_534

  static var canBeUsed: Bool {
    getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
  }

  /// Whether a file system of processes can be mounted for one call.
  static let canHideProcesses =
    canBeUsed && (try? RunningCommand(shell: hiding, [:], inOwnMounts: true).result().status) == 0

  private static let hiding = "mount -t proc -o hidepid=2 proc /proc"

  /// - Parameter hidingProcesses: whether it sees the processes of other accounts in `/proc`.
  static func call(
    _ arguments: [String], _ environment: [String: String], hidingProcesses: Bool = false
  ) throws -> CommandSite.Call {
    // It gets as far as the server's socket.
    guard chmod(TestServer.shared.directory, 0o711) == 0 else { throw POSIXError(.EPERM) }
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let call = "setpriv --reuid=\(id) --regid=\(id) --clear-groups \"$PROGRAM\" \(words)"
    return try RunningCommand(
      shell: hidingProcesses
        ? "\(hiding) && exec \(call)" : "exec \(call)",
      environment.merging(["PROGRAM": try Executable.path]) { $1 }, inOwnMounts: hidingProcesses
    ).result()
  }
}
