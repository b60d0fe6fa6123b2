/// What a run does with one revision, and why.
package struct Decision: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case keep
    /// Sets an expire date where there was none.
    case mark
    /// Moves an expire date.
    case redate
    /// Clears an expire date, or follows a reservation that has cleared it; of a revision reserved after its flag, takes
    /// the flag back too.
    case unmark
    /// Sets `deleted` and `datedeleted`.
    case flag
  }

  /// What becomes of the program's own record of the date.
  package enum MarkChange: Sendable, Equatable {
    case none
    /// A new mark: notices of an earlier one no longer count.
    case begin(Mark)
    /// The same mark with another date.
    case update(Mark)
    case end
  }

  package let revisionID: Int
  package let imageID: Int
  /// The image's pretty name, as stored.
  package let image: String
  package let revision: Int
  package let owner: Owner?
  package let revisionClass: RevisionClass
  package let createdOn: Day?
  package let lastUse: LastUse
  package let holds: [Hold]
  /// The date before the run.
  package let expireDate: Day?

  package var kind: Kind
  package var reasons: [Reason]
  /// The date after the run; a flagged revision keeps its date.
  package var newExpireDate: Day?
  package var markChange: MarkChange = .none
  /// A keep that the run sets, until that day: after a date was reset or a revision undeleted by hand.
  package var keepUntil: Day?
  /// Whether the revision goes, or came back, together with its whole image.
  package var wholeImage = false
  /// The notice on which a flag relies; nil: it needs none.
  package var notice: Notice?
  /// Whether this takes back a flag.
  package var isRestore = false
}

extension Decision {
  /// Takes our flag back; what came back is kept for the grace period.
  package init(
    restoring revision: FlaggedRevision, because reason: Reason, _ policies: PolicySet, _ today: Day
  ) {
    self.init(
      revisionID: revision.id, imageID: revision.imageID, image: revision.image, revision: revision.number,
      owner: revision.owner, revisionClass: revision.revisionClass, createdOn: nil,
      lastUse: revision.lastUse, holds: [], expireDate: revision.expireDate, kind: .unmark,
      reasons: [reason], newExpireDate: nil)
    wholeImage = revision.wholeImage
    isRestore = true
    let policy = policies.policy(affiliation: revision.owner?.account.affiliation)
    keepUntil = max(policy.allowedDays.date(policy.graceDays, after: today), today + 1)
  }

  /// Whether a run writes something for it: also a keep may begin or end a mark, or protect the revision.
  package var isChange: Bool { kind != .keep || markChange != .none || keepUntil != nil }
}
