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
  /// - Returns: one line that says what was done.
  package func expire(_ name: String, on date: Day) throws -> String {
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
    let policy = policies.policy(affiliation: found.affiliation)
    let fair = policy.allowedDays.date(policy.minimumNoticeDays, after: clock.today)
    var text = "revision \(found.id) (\(found.image), revision \(found.number)) expires on \(date)"
    if policy.minimumNoticeDays > 0, fair > date {
      text +=
        "; its owner must have had notice for \(policy.minimumNoticeDays) days, so it is not flagged before \(fair)"
    }
    return text
  }
}
