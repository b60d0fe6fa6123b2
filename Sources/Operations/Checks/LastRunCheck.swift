import MariaDB
import Retention
import VCLDatabase

/// Whether the nightly run runs every night, and how the last one ended.
enum LastRunCheck {
  /// A night and the delay that schedulers add.
  private static let lateSeconds = 36 * 3600
  /// From here on dates are missed: one that is more than seven days past is not acted on.
  private static let missedSeconds = 7 * 86_400

  /// - Parameter mode: nil where the parameters cannot be read.
  static func result(_ connection: Connection, mode: Policy.Mode?) throws -> CheckResult {
    guard let run = try RunRecord.newest(connection) else {
      if mode == .off { return CheckResult(.lastRun, .ok, "there was no run yet; mode is off") }
      return CheckResult(
        .lastRun, .warning, "there was no run yet; schedule `expireimage run` for every night")
    }
    let name = "run \(run.id) in mode \(run.mode) began at \(run.started.map { "\($0)" } ?? "?")"
    guard run.finished != nil, let status = run.exitStatus else {
      if try Lease.isHeld(connection, isDead: ProcessIdentity.isDead) {
        return CheckResult(.lastRun, .ok, "\(name) and is at work")
      }
      return CheckResult(
        .lastRun, .error, "\(name) and was killed; find out by what, the next run completes its work")
    }
    let ended = "\(name) and ended with exit status \(status)"
    if run.secondsAgo > lateSeconds, mode == .off {
      return CheckResult(.lastRun, .ok, "\(ended); mode is off, in which runs leave no record")
    }
    if run.secondsAgo > lateSeconds {
      let days = run.secondsAgo / 86_400
      return CheckResult(
        .lastRun, run.secondsAgo > missedSeconds ? .error : .warning,
        "\(ended), \(days == 1 ? "more than a day" : "\(days) days") ago; look whether `expireimage run` is scheduled on a"
          + " management node, and in its log")
    }
    guard let remedy = remedy(status) else { return CheckResult(.lastRun, .ok, ended) }
    return CheckResult(.lastRun, status == 2 || status == 3 ? .warning : .error, "\(ended): \(remedy)")
  }

  /// Nil: nothing is to be done.
  private static func remedy(_ status: Int) -> String? {
    switch ExitStatus(rawValue: Int32(status)) {
    case .done: nil
    case .doneInPart: "some of it was not done and is tried again; its log and the admins' summary say what"
    case .limitExceeded:
      "more was due than one run may flag; see `expireimage plan`, then raise expireimage_max_flag_count or"
        + " expireimage_max_flag_percent if that is right"
    case .usageNotTrusted: "it did not trust the usage data or the clock; its log says why"
    case .configurationInvalid: "settings, parameters or templates were invalid; its log says which"
    default: "its log says why"
    }
  }
}
