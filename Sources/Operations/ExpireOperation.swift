import MariaDB
import Retention
import VCLDatabase

/// Gives one revision a date that a person wants, whatever the criteria say.
package struct ExpireOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions) {
    self.site = site
    self.options = options
  }

  /// - Parameter name: a revision's id, or its `imagename`.
  /// - Returns: what was done, and what stands against it, one line each.
  package func expire(_ name: String, on date: Day, _ progress: Progress) throws -> [String] {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    guard date > clock.today else {
      throw Failure("\(date) is not after today (\(clock.today)); give a later date", .failed)
    }
    let found = try PersonalDate.find(connection, name)
    let usage = try UsageRecords.read(connection, now: clock.now, ignored: policies.site.ignoredUsers)
    try PersonalDate.set(
      connection, found, date, lastUse: usage.lastUse(found.id, now: clock.now).moment,
      by: ProcessIdentity.account, clock)
    let policy = policies.policy(affiliation: found.owner?.account.affiliation)
    let fair = policy.allowedDays.date(policy.minimumNoticeDays, after: clock.today)
    var lines = ["\(found.title) expires on \(date)"]
    if policy.minimumNoticeDays > 0, fair > date {
      lines.append(
        "its owner must have had notice for \(policy.minimumNoticeDays) days, so it is not flagged before \(fair)"
      )
    }
    switch policies.site.mode {
    case .off, .report: lines.append("nothing acts on the date in mode \(policies.site.mode.rawValue)")
    case .notify: lines.append("in mode notify its owner is told, and nothing is flagged")
    case .flag: break
    }
    // The date stands whether or not the next run can be foretold, which needs usage data that can be trusted.
    let next = try? Preparation(
      connection, settings: site.settings, clock: clock, policies: policies, progress: progress
    ).plan.decisions.first { $0.revisionID == found.id }
    if let next, next.kind == .unmark {
      let reasons = next.reasons.map { "\($0.rawValue): \($0.sentence)" }
      lines.append("the next run clears the date again, because of \(reasons.joined(separator: " "))")
    }
    return lines
  }
}
