import Foundation
import Mail
import MariaDB
import Retention
import SMTP
import Settings
import VCLDatabase

/// The nightly run: decides, writes, mails, and reports.
package struct RunOperation {
  let site: Site
  let options: CallOptions
  let isDryRun: Bool
  private let nodeTime: () -> Date

  /// - Parameters:
  ///   - isDryRun: go the same way and write nothing.
  ///   - nodeTime: this machine's clock, which must agree with the database server's.
  package init(
    _ site: Site, _ options: CallOptions, isDryRun: Bool, nodeTime: @escaping () -> Date = { Date() }
  ) {
    self.nodeTime = nodeTime
    self.site = site
    self.options = options
    self.isDryRun = isDryRun
  }

  /// - Throws: whatever stops a run; a run that has begun has noted its end by then.
  package func run(_ progress: Progress) throws -> RunReport {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    for warning in policies.warnings() { progress.event(warning, level: .warning) }
    guard policies.site.mode != .off else { return .off(today: clock.today) }
    if !clock.isSimulated, let last = try RunRecord.lastDay(connection), clock.today < last {
      throw Failure(
        "the database server's clock says \(clock.today), but the last run was for \(last); nothing was done,"
          + " correct the clock",
        .usageNotTrusted)
    }
    if !clock.isSimulated, let distrust = ClockDifference(clock, node: nodeTime()).distrust { throw distrust }
    if isDryRun {
      let preparation = try Preparation(
        connection, settings: site.settings, clock: clock, policies: policies, progress: progress)
      _ = try smtpOptions(preparation)
      _ = try SiteTemplates(site.settings.mail)
      return .dryRun(preparation.plan)
    }
    return try site.holdingLease(connection) { try hold(connection, $0, clock, policies, progress) }
  }

  /// The run proper, by the holder of the lease.
  private func hold(
    _ connection: Connection, _ fence: Fence, _ clock: Clock, _ policies: PolicySet, _ progress: Progress
  ) throws -> RunReport {
    let runID = try RunRecord.begin(
      connection, clock: clock, mode: policies.site.mode, holder: ProcessIdentity.own,
      policy: try PolicyDocument(policies).json)
    progress.runID = runID
    progress.event(
      "run \(runID) for \(clock.today) in mode \(policies.site.mode.rawValue)", level: .notice,
      kind: "run_began")
    let task = RunTask(site, runID: runID, clock, policies, progress)
    do {
      var report = try perform(connection, fence, clock, policies, runID, progress)
      report.note(logFailure: progress.logFailure)
      task.end(
        report.exitStatus == .done ? .success : .failure, report.headline, result: try report.summaryJSON)
      try finish(connection, clock, runID, report.exitStatus, try report.summaryJSON)
      progress.event(
        "run \(runID) ended with exit status \(report.exitStatus.rawValue): \(report.headline)",
        level: report.exitStatus == .done ? .notice : .warning, kind: "run_ended")
      // This line may be the first that finds no room.
      if report.note(logFailure: progress.logFailure) {
        try finish(connection, clock, runID, report.exitStatus, try report.summaryJSON)
      }
      return report
    } catch {
      let failure = Failure(error)
      do {
        try StopNotice(
          site: site, connection: connection, fence: fence, clock: clock, policies: policies, runID: runID
        ).send(failure, progress)
      } catch { progress.event("the admins could not be told by mail: \(Failure(error))", level: .warning) }
      try? finish(connection, clock, runID, failure.exitStatus, "{}")
      task.end(.failure, failure.description, result: nil)
      throw failure
    }
  }

  private func finish(
    _ connection: Connection, _ clock: Clock, _ runID: Int, _ status: ExitStatus, _ summary: String
  ) throws {
    let end = try clock.isSimulated ? clock.now : Clock.read(connection).now
    try RunRecord.finish(
      connection, id: runID, at: end, exitStatus: Int(status.rawValue), summary: summary)
  }

  private func perform(
    _ connection: Connection, _ fence: Fence, _ clock: Clock, _ policies: PolicySet, _ runID: Int,
    _ progress: Progress
  ) throws -> RunReport {
    if [.notify, .flag].contains(policies.site.mode) { try waitForDeliverers(connection, progress) }
    let preparation = try Preparation(
      connection, settings: site.settings, clock: clock, policies: policies, progress: progress)
    let smtp = try smtpOptions(preparation)
    let templates = try SiteTemplates(site.settings.mail)
    let composer = DigestComposer(
      addresses: preparation.addresses, people: preparation.people, policies: policies, clock: clock,
      runID: runID, templates: templates.digest, messages: try SiteMessages.read(connection),
      keepServer: site.settings.mail.keepServer)
    for problem in composer.messages.problems { progress.event(problem, level: .warning) }
    try preparation.usage.store(connection, guardedBy: fence)
    let faults = try maintainTriggers(connection, fence, policies)
    for fault in faults { progress.event(fault, level: .warning) }
    guard let smtp else { return .reported(preparation.plan, runID: runID, faults: faults) }

    progress.phase(.writeChanges)
    let changes = Changes(
      connection, fence: fence, clock: clock, runID: runID, bounds: preparation.usage.bounds)
    let outbox = Outbox(connection, fence: fence, clock: clock, runID: runID)
    _ = try changes.forgetMarksOfDeadRevisions()
    if policies.site.auditDays > 0 {
      try changes.deleteHistory(before: clock.today - policies.site.auditDays)
    }
    let applied = try PlanApplication(
      connection: connection, preparation: preparation, changes: changes, outbox: outbox, composer: composer,
      mayFlag: mayFlag(connection, policies), progress: progress
    ).run()

    progress.phase(.deliverMail)
    let delivery = Delivery(
      queue: MailQueue(connection, outbox: outbox, deliverer: ProcessIdentity.own),
      fallback: FallbackNotice(connection: connection, composer: composer), clock: clock,
      settings: site.settings, progress: progress)
    let delivered = try delivery.run(smtp)
    let mails = try outbox.sent()
    let isToldAll = tellAdmins(
      SummaryNotice(
        composer: composer, templates: templates.summary, plan: preparation.plan, applied: applied,
        mails: mails, failedMeanwhile: try outbox.failedMeanwhile(),
        warnings: policies.warnings() + composer.messages.problems + faults),
      outbox, progress
      // A server that is down is not tried twice.
    ) { try delivered.stopReason == nil && delivery.run(smtp).isComplete }
    return .applied(
      preparation.plan, runID: runID, applied, mails: mails, isDelivered: delivered.isComplete && isToldAll,
      faults: faults)
  }

  /// Brings the tables that the triggers read up to date.
  ///
  /// - Returns: what was found to be wrong with the triggers and their tables before, one sentence each.
  private func maintainTriggers(
    _ connection: Connection, _ fence: Fence, _ policies: PolicySet
  ) throws -> [String] {
    let check = TriggerCheck(connection)
    let checks = try check.triggers() + check.tables(ignored: nil)
    try ExpiringRevisions(connection).heal(fence)
    try IgnoredAccounts.refresh(connection, policies.site.ignoredUsers, fence)
    return checks.filter { !$0.isOK }.map(\.message)
  }

  /// Sends the summary of a run whose work is done: nothing that goes wrong here may look as if the work had failed.
  ///
  /// - Returns: whether it was delivered, or none was due.
  private func tellAdmins(
    _ notice: SummaryNotice, _ outbox: Outbox, _ progress: Progress, deliver: () throws -> Bool
  ) -> Bool {
    do {
      guard let summary = try notice.composed(site.settings.mail.summary) else { return true }
      try outbox.queue(summary: summary)
      return try deliver()
    } catch {
      progress.event("the summary for the admins: \(Failure(error))", level: .warning)
      return false
    }
  }

  /// Waits until other deliverers have finished what they hold, before anything is decided by what was told: a run
  /// replaces undelivered mails, and one on its way would go out twice. While it has the lease they claim no more.
  private func waitForDeliverers(_ connection: Connection, _ progress: Progress) throws {
    let end = ContinuousClock.now + .seconds(MailQueue.claimSeconds)
    var isTold = false
    while try MailQueue.voidDeadClaims(connection, isDead: ProcessIdentity.isDead), .now < end {
      if !isTold { progress.phase(.waitForDelivery) }
      isTold = true
      usleep(200_000)
    }
  }

  /// What mail is sent with, when the mode sends any; ready before anything is written, so that wrong settings stop
  /// the run.
  private func smtpOptions(_ preparation: Preparation) throws -> SMTPOptions? {
    guard [.notify, .flag].contains(preparation.policies.site.mode) else { return nil }
    guard preparation.hasSenders else { throw Letterhead.noSender }
    return try Delivery.options(site.settings.mailServer)
  }

  /// Whether the parameters are still those of the plan: an admin who changes them stops the flags of a run at work.
  private func mayFlag(_ connection: Connection, _ policies: PolicySet) -> () throws -> Bool {
    {
      let present = try PolicySet(stored: ParameterStore.read(connection), call: options.overrides)
      return present.settings == policies.settings
    }
  }
}
