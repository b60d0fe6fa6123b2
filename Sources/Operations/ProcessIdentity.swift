import Foundation
import VCLDatabase

/// Tells this process apart from every other, and whether another one on this node still lives.
enum ProcessIdentity {
  static let own = LeaseHolder(
    node: node, pid: Int(getpid()), processStart: processStart(Int(getpid())) ?? 0, bootID: bootID)

  /// The account that runs the program, for the audit trail.
  static let account = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) } ?? "uid \(getuid())"

  /// Whether a holder is known to be dead: it ran on this node, and its process or the node's boot is gone.
  static func isDead(_ holder: LeaseHolder) -> Bool { isDead(holder, start: processStart) }

  /// - Parameter start: when a process started, in clock ticks after boot; nil where that is not to be seen.
  static func isDead(_ holder: LeaseHolder, start: (Int) -> Int?) -> Bool {
    guard holder.node == node else { return false }
    guard holder.bootID == bootID else { return true }
    if let start = start(holder.pid) { return start != holder.processStart }
    return !exists(holder.pid)
  }

  /// Whether there is such a process: `/proc` mounted with `hidepid` hides those of other accounts.
  private static func exists(_ pid: Int) -> Bool {
    // 0 and below stand for groups of processes.
    guard let number = pid_t(exactly: pid), number > 0 else { return false }
    return kill(number, 0) == 0 || errno == EPERM
  }

  /// Host and process namespace: a pid says nothing about a process in another container of the same host.
  private static let node: String = {
    let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    return "\(ProcessInfo.processInfo.hostName) \(namespace ?? "")".trimmingCharacters(in: .whitespaces)
  }()

  private static let bootID =
    (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
    .trimmingCharacters(in: .whitespacesAndNewlines) ?? ""

  /// Clock ticks after boot; nil when there is no such process, or none that this account sees.
  private static func processStart(_ pid: Int) -> Int? {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let name = stat.lastIndex(of: ")")
    else { return nil }
    // The 22nd field; the second, the name in parentheses, may hold anything.
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    return fields.count > 19 ? Int(fields[19]) : nil
  }
}
