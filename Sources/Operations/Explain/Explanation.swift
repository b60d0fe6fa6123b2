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
  /// The notice on which its flag will rely: the first accepted that counts, for an image that expires as a whole the
  /// latest of its revisions' first; nil: not each has one.
  let notice: Notice?
  /// The live revisions of its image, and where it is flagged those that were deleted with it; itself among them.
  let siblings: [SiblingRevision]
  /// The revisions whose flags are taken back with its own, itself among them; empty: its flag cannot be taken back.
  let restorable: Set<Int>
  /// Why the next run stops before it decides; nil: it does not.
  let distrust: UsageNotTrusted?

  /// The rules in force for its image.
  var policy: Policy { policies.policy(affiliation: revision.owner?.account.affiliation) }
  var mode: Policy.Mode { policies.site.mode }
  var today: Day { clock.today }
  var isRestorable: Bool { !restorable.isEmpty }

  /// By which a person can call a revision of the image; nil: it is none of those that are known here.
  func fileName(of id: Int) -> String? { siblings.first { $0.id == id }?.fileName }

  /// For a person: `revision 7 (vmwarelinux-Statistics1-v1)`, with more in the parentheses where there is more to say.
  func title(of id: Int, _ more: String? = nil) -> String {
    "revision \(id) (\([fileName(of: id), more].compactMap(\.self).joined(separator: "; ")))"
  }

  /// Reads it, and decides as the next run would.
  static func read(
    _ connection: Connection, _ name: String, _ site: Site, _ options: CallOptions, _ progress: Progress
  ) throws -> Explanation {
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    let revision = try NamedRevision.find(connection, name)
    let preparation = try Preparation(
      reading: connection, settings: site.settings, clock: clock, policies: policies, progress: progress)
    let decision = preparation.plan.decisions.first { $0.revisionID == revision.id }
    let history = try RevisionHistory.read(
      connection, revisionID: revision.id, today: clock.today, ignored: policies.site.ignoredUsers)
    return Explanation(
      clock: clock, policies: policies, revision: revision,
      lastUse: preparation.usage.lastUse(revision.id, now: clock.now),
      history: history,
      judgement: Judgement(
        revisionID: revision.id, facts: preparation.facts, policies: policies, today: clock.today),
      decision: decision,
      notice: decision.flatMap { notice(of: $0, preparation, policies) },
      siblings: try SiblingRevision.read(
        connection, imageID: revision.imageID, deletedAt: history.flag?.dateDeleted),
      restorable: restorable(revision.id, preparation.facts.flagged),
      distrust: preparation.distrust)
  }

  private static func restorable(_ id: Int, _ flagged: [FlaggedRevision]) -> Set<Int> {
    guard let own = flagged.first(where: { $0.id == id }) else { return [] }
    return own.wholeImage ? Set(flagged.filter { $0.imageID == own.imageID }.map(\.id)) : [id]
  }

  private static func notice(
    of decision: Decision, _ preparation: Preparation, _ policies: PolicySet
  ) -> Notice? {
    guard let image = preparation.facts.images.first(where: { $0.id == decision.imageID }) else { return nil }
    let policy = policies.policy(affiliation: image.owner?.account.affiliation)
    let together =
      decision.wholeImage
      ? preparation.plan.decisions.filter { $0.imageID == decision.imageID } : [decision]
    let notices = together.map { member -> Notice? in
      guard let revision = image.revisions.first(where: { $0.id == member.revisionID }) else { return nil }
      let mark: Mark? =
        switch member.markChange {
        case .none: revision.mark
        case .update(let mark): mark
        case .begin, .end: nil
        }
      return mark.flatMap { revision.firstNotice(of: $0, ownerID: image.owner?.id, policy) }
    }
    guard !notices.contains(nil) else { return nil }
    return notices.compactMap(\.self).max { $0.acceptedOn! < $1.acceptedOn! }
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
