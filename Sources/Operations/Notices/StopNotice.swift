import Mail
import MariaDB
import Retention
import Settings
import VCLDatabase

/// Tells the admins that a run was stopped, because a log that nobody reads is no message.
struct StopNotice {
  let site: Site
  let connection: Connection
  let fence: Fence
  let clock: Clock
  let policies: PolicySet
  let runID: Int

  /// Queues the summary and delivers it; does nothing in modes that send no mail, and where none is wanted.
  func send(_ failure: Failure, _ progress: Progress) throws {
    let settings = site.settings
    guard [.notify, .flag].contains(policies.site.mode), settings.mail.summary != .never,
      // The run that took the lease tells its own story.
      failure.exitStatus != .leaseHeld
    else { return }
    let people = try People.read(connection)
    let templates = try SiteTemplates(settings.mail)
    let composer = DigestComposer(
      addresses: Addresses(people: people, settings: settings.mail), people: people, policies: policies,
      clock: clock, runID: runID, templates: templates.digest, messages: try SiteMessages.read(connection),
      keepServer: settings.mail.keepServer)
    guard !composer.addresses.admins.isEmpty else { return }
    var summary = AdminSummary(today: clock.today, mode: policies.site.mode.rawValue, runID: runID)
    summary.stopReason = failure.description.prefix(1).uppercased() + failure.description.dropFirst() + "."
    let outbox = Outbox(connection, fence: fence, clock: clock, runID: runID)
    try outbox.queue(summary: try SummaryNotice.compose(summary, composer, templates.summary))
    _ = try Delivery(
      queue: MailQueue(connection, outbox: outbox, deliverer: ProcessIdentity.own),
      fallback: FallbackNotice(connection: connection, composer: composer), clock: clock, settings: settings,
      progress: progress
    ).run(try Delivery.options(settings.mailServer))
  }
}
