/// What one owner is told after one run: every revision of theirs that has an expire date, and what changed.
package struct OwnerDigest: Sendable, Equatable {
  /// What happened to a revision, in the order in which a digest lists them.
  package enum Change: String, Sendable, CaseIterable {
    /// Has a date for the first time, or one that was never announced to this owner.
    case announced
    /// Announced before; a step of the notice days has come, or another entry of this digest is due.
    case reminder
    /// Announced before, and has another date now.
    case redated
    /// Announced before, and no longer expires.
    case safe
    /// Flagged as deleted by this run.
    case flagged
  }

  /// One revision of a digest.
  package struct Entry: Sendable, Equatable {
    package var revisionID: Int
    /// The image's pretty name, as stored (it may hold HTML entities: VCL's web escapes on input).
    package var image: String
    /// The revision number that users see.
    package var revision: Int
    package var isProduction: Bool
    package var createdOn: Day?
    /// Nil: never reserved.
    package var lastUse: Day?
    /// The date now; nil when it no longer expires. For a flagged revision the day of the flag.
    package var expireDate: Day?
    /// The date the owner was told before; only for `redated` and `safe`.
    package var previousDate: Day?
    package var change: Change
    package var reasons: [Reason]

    package init(
      revisionID: Int, image: String, revision: Int, isProduction: Bool, createdOn: Day?, lastUse: Day?,
      expireDate: Day?, previousDate: Day?, change: Change, reasons: [Reason]
    ) {
      self.revisionID = revisionID
      self.image = image
      self.revision = revision
      self.isProduction = isProduction
      self.createdOn = createdOn
      self.lastUse = lastUse
      self.expireDate = expireDate
      self.previousDate = previousDate
      self.change = change
      self.reasons = reasons
    }
  }

  /// The day of the run.
  package var today: Day
  package var entries: [Entry]

  package init(today: Day, entries: [Entry]) {
    self.today = today
    self.entries = entries
  }
}
