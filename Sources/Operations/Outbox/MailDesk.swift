import Mail
import MariaDB
import Retention
import Settings
import VCLDatabase

/// What calls about mail need outside of a run.
struct MailDesk {
  let site: Site
  let connection: Connection
  let clock: Clock
  let policies: PolicySet
  let composer: DigestComposer
  let outbox: Outbox
  let queue: MailQueue

  init(_ site: Site, _ options: CallOptions = CallOptions()) throws {
    self.site = site
    connection = try site.connectReady()
    clock = try Clock.read(connection, today: options.today)
    policies = try Preparation.policies(connection, options, today: clock.today)
    let people = try People.read(connection)
    composer = DigestComposer(
      addresses: Addresses(people: people, settings: site.settings.mail), people: people, policies: policies,
      clock: clock, runID: 0, templates: try SiteTemplates(site.settings.mail).digest,
      messages: try SiteMessages.read(connection), keepServer: site.settings.mail.keepServer)
    outbox = Outbox(connection, fence: nil, clock: clock, runID: nil)
    queue = MailQueue(connection, outbox: outbox, deliverer: ProcessIdentity.own)
  }

  /// Delivers every mail whose time has come.
  func deliver(_ progress: Progress) throws -> Delivery.Outcome {
    let options = try Delivery.options(site.settings.mailServer)
    _ = try MailQueue.voidDeadClaims(connection, isDead: ProcessIdentity.isDead)
    return try Delivery(
      queue: queue, fallback: FallbackNotice(connection: connection, composer: composer), clock: clock,
      settings: site.settings, progress: progress
    ).run(options)
  }

  static func find(_ connection: Connection, _ id: Int) throws -> MailRecord {
    guard let mail = try MailRecords.find(connection, id) else {
      throw Failure("there is no mail \(id); `expireimage mail list` shows those there are", .failed)
    }
    return mail
  }

  static func account(_ text: String) throws -> Account {
    guard let account = Account(text) else {
      throw Failure("'\(text)' is no owner; give unityid@Affiliation, such as jdoe@NCSU", .wrongCommandLine)
    }
    return account
  }
}
