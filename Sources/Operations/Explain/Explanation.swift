import Mail
import MariaDB
import Retention
import VCLDatabase

/// Everything that is known of one revision on one day.
struct Explanation {
  let clock: Clock
  let policies: PolicySet
  let revision: NamedRevision
  let lastUse: LastUse
  let history: RevisionHistory
  /// Nil: it is not live, or its image cannot be judged.
  let judgement: Judgement?
  /// What the next run does with it; nil: it does not judge it.
  let decision: Decision?
  /// Whether this program's flag of it can be taken back.
  let isRestorable: Bool
  /// Why the next run stops before it decides; nil: it does not.
  let distrust: UsageNotTrusted?

  /// The rules in force for its image.
  var policy: Policy { policies.policy(affiliation: revision.owner?.account.affiliation) }
  var mode: Policy.Mode { policies.site.mode }
  var today: Day { clock.today }

  /// Reads it, and decides as the next run would.
  static func read(
    _ connection: Connection, _ name: String, _ site: Site, _ options: CallOptions, _ progress: Progress
  ) throws -> Explanation {
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    let revision = try NamedRevision.find(connection, name)
    let preparation = try Preparation(
      reading: connection, settings: site.settings, clock: clock, policies: policies, progress: progress)
    return Explanation(
      clock: clock, policies: policies, revision: revision,
      lastUse: preparation.usage.lastUse(revision.id, now: clock.now),
      history: try RevisionHistory.read(
        connection, revisionID: revision.id, today: clock.today, ignored: policies.site.ignoredUsers),
      judgement: Judgement(
        revisionID: revision.id, facts: preparation.facts, policies: policies, today: clock.today),
      decision: preparation.plan.decisions.first { $0.revisionID == revision.id },
      isRestorable: preparation.facts.flagged.contains { $0.id == revision.id },
      distrust: preparation.distrust)
  }
}

extension RevisionClass {
  var words: String {
    switch self {
    case .production: "production"
    case .older: "older than production"
    case .newer: "newer than production"
    }
  }
}

extension AgeTest {
  /// The parameter that sets the limit.
  var parameter: String {
    let kind = if case .lastUse = basis { "idle" } else { "unused" }
    return "expireimage_\(kind)_days_\(revisionClass.rawValue)"
  }
}
