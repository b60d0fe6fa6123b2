/// What the criteria say of one live revision, with the numbers behind it: the material of an explanation.
package struct Judgement: Sendable {
  /// A revision of the image that keeps it from expiring as a whole.
  package struct Blocker: Sendable, Equatable {
    package let revisionID: Int
    package let number: Int
    package let reasons: [Reason]
  }

  package let age: AgeTest
  /// How many non-production revisions of the image are newer.
  package let newerRevisions: Int
  /// `expireimage_keep_newest`.
  package let keepNewest: Int
  package let isNewestKept: Bool
  /// Nil: images do not expire as a whole under this policy.
  package let blockers: [Blocker]?

  /// Nil when the revision is not live, or its image is one that cannot be judged.
  package init?(revisionID: Int, facts: Facts, policies: PolicySet, today: Day) {
    guard
      let image = facts.images.first(where: { $0.revisions.contains { $0.id == revisionID } }),
      let revision = image.revisions.first(where: { $0.id == revisionID })
    else { return nil }
    let policy = policies.policy(affiliation: image.owner?.account.affiliation)
    let criteria = Criteria(
      image: image, policy: policy, today: today, usageRecordedSince: facts.usageRecordedSince)
    guard criteria.imageObstacle == nil else { return nil }
    age = criteria.age(revision)
    newerRevisions = criteria.newerRevisions(revision)
    keepNewest = policy.keepNewest
    isNewestKept = criteria.isNewestKept(revision)
    blockers =
      policy.judgesProduction
      ? image.revisions.compactMap { member in
        let verdict = criteria.judge(member)
        return verdict.isEligible
          ? nil : Blocker(revisionID: member.id, number: member.number, reasons: verdict.reasons)
      } : nil
  }
}
