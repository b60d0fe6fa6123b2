import MariaDB
import Retention
import TestSupport
import VCLDatabase

/// A night that has decided, and has written nothing yet; on a connection of its own.
struct DecidedNight: @unchecked Sendable {
  let changes: Changes
  let plan: Plan
  let fence: Fence
  /// Of its connection.
  let threadID: Int

  /// Everything that is due is taken as announced.
  init(_ site: TestSite, _ today: String, _ overrides: [String: String] = [:]) throws {
    let connection = try Connection(TestServer.shared.options(database: site.name))
    threadID = try connection.first("SELECT CONNECTION_ID()") { $0.int(0) } ?? 0
    let clock = Clock(now: Moment(day: Day(today)!), utcOffsetMinutes: 0, isSimulated: true)
    let settings = overrides.merging(["mode": "flag", "usage_max_age_days": "0"]) { $1 }
    let policies = try PolicySet(
      stored: ParameterStore.read(connection), call: TestSite.options(nil, settings).overrides)
    let usage = try UsageRecords.read(connection, now: clock.now, ignored: [])
    let facts = try FactsReader(connection, now: clock.now, usage: usage)
      .read(hasAdminAddress: true, ownersWithAddress: [])
    plan = Plan(facts: facts, policies: policies, today: clock.today)
    let holder = LeaseHolder(node: "test", pid: 1, processStart: 1, bootID: "test")
    fence = try Lease.take(connection, by: holder, isDead: { _ in false })
    let run = try RunRecord.begin(connection, clock: clock, mode: .flag, holder: holder, policy: "{}")
    changes = Changes(connection, fence: fence, clock: clock, runID: run, bounds: usage.bounds)
  }

  func items(_ kind: Decision.Kind) -> [Changes.Item] {
    plan.decisions.filter { $0.kind == kind }.map { ($0, "{}") }
  }
}
