import Mail
import MariaDB
import Retention
import Settings
import VCLDatabase

/// Everything that a plan is made from, read from the database in one consistent state.
struct Preparation {
  let clock: Clock
  let policies: PolicySet
  let people: People
  let addresses: Addresses
  let usage: UsageRecords
  let facts: Facts
  let plan: Plan

  /// Reads and checks the policy.
  ///
  /// - Throws: ``PolicyError``.
  static func policies(
    _ connection: Connection, _ options: CallOptions, today: Day
  ) throws -> PolicySet {
    let stored = try ParameterStore.read(connection)
    let policies = try PolicySet(stored: stored, call: options.overrides)
    for affiliation in options.overrides.compactMap(\.affiliation) {
      _ = try ParameterStore.affiliation(affiliation, connection)
    }
    if let contradiction = policies.contradiction(today: today) { throw contradiction }
    return policies
  }

  /// Reads the usage records and the facts, and decides.
  ///
  /// - Throws: ``UsageNotTrusted`` before anything is decided.
  init(
    _ connection: Connection, settings: Settings, clock: Clock, policies: PolicySet, progress: Progress
  ) throws {
    try self.init(
      reading: connection, settings: settings, clock: clock, policies: policies, progress: progress)
    if let distrust { throw distrust }
  }

  /// Why a run would stop before it decides; nil: it would not.
  var distrust: UsageNotTrusted? {
    UsageNotTrusted(newestUse: facts.newestUse, today: clock.today, policy: policies.site)
  }

  /// As the other, also where the usage data is not trusted: then the plan is none to act on.
  init(
    reading connection: Connection, settings: Settings, clock: Clock, policies: PolicySet,
    progress: Progress
  ) throws {
    self.clock = clock
    self.policies = policies
    (people, usage, facts, addresses) = try connection.snapshot {
      progress.phase(.readUsage)
      let usage = try UsageRecords.read(connection, now: clock.now, ignored: policies.site.ignoredUsers)
      progress.phase(.readRevisions)
      let people = try People.read(connection)
      let addresses = Addresses(people: people, settings: settings.mail)
      let facts = try FactsReader(connection, now: clock.now, usage: usage).read(
        hasAdminAddress: !addresses.admins.isEmpty, ownersWithAddress: addresses.ownersWithAddress)
      return (people, usage, facts, addresses)
    }
    progress.phase(.decide)
    plan = Plan(facts: facts, policies: policies, today: clock.today)
  }

  /// Whether every owner whom the plan concerns can be written to from some address.
  var hasSenders: Bool {
    plan.decisions.allSatisfy { decision in
      (!decision.isChange && decision.newExpireDate == nil)
        || addresses.sender(ownerID: decision.owner?.id) != nil
    }
  }
}
