import Foundation
import MariaDB
import Retention
import VCLDatabase

/// The nightly run as a task that everybody sees, and what it does for the other tasks: those without a sign of life are
/// ended, those that expired are thrown away.
///
/// Nothing that goes wrong here stops a run or changes what it comes to: it works over a connection of its own, and is a
/// warning in the log.
final class RunTask {
  private struct Begun {
    let connection: Connection
    let queue: TaskQueue
    let hold: TaskHold
    let heartbeat: Heartbeat
  }

  private let progress: Progress
  private var begun: Begun?

  /// Begins it; whoever calls has the lease.
  ///
  /// A simulated run is one, too: what tasks are about is the real time, which alone they know.
  init(_ site: Site, runID: Int, _ clock: Clock, _ policies: PolicySet, _ progress: Progress) {
    self.progress = progress
    do {
      let connection = try site.connect()
      let queue = site.tasks(connection, days: policies.site.taskDays)
      let new = NewTask(
        type: .run, node: site.nodeName, requestedBy: ProcessIdentity.account,
        requestID: Site.newRequestID(),
        message: "Run \(runID) for \(clock.today) in mode \(policies.site.mode.rawValue)",
        input: try JSONOutput.text(
          JSONValue.object([
            "run_id": .number(runID), "today": .text("\(clock.today)"),
            "mode": .text(policies.site.mode.rawValue), "simulated": .truth(clock.isSimulated),
          ]), isPretty: false))
      let hold = try queue.add(new, nil, by: ProcessIdentity.own)
      begun = Begun(
        connection: connection, queue: queue, hold: hold,
        heartbeat: Heartbeat(connect: site.connect) { try hold.renew($0) })
      try queue.endRuns(before: hold)
      for task in try queue.endStale() {
        progress.event(
          "job \(task.id) (\(task.type.rawValue)) gave no sign of life and was ended", level: .notice)
      }
      try queue.deleteExpired()
    } catch {
      progress.event("the run as a job: \(Failure(error)); the run itself goes on", level: .warning)
    }
  }

  func end(_ status: TaskStatus, _ message: String, result: String?) {
    guard let begun else { return }
    self.begun = nil
    begun.heartbeat.end()
    do {
      try begun.queue.finish(begun.hold, status, message: message, result: result)
    } catch {
      progress.event("the end of the run's job \(begun.hold.taskID): \(Failure(error))", level: .debug)
    }
  }

  deinit { begun?.heartbeat.end() }
}
