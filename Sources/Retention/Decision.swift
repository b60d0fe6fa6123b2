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
  /// Whether this takes back a flag.
  package var isRestore = false
}

extension Decision {
  /// Whether a run writes something for it: also a keep may begin or end a mark, or protect the revision.
  package var isChange: Bool { kind != .keep || markChange != .none || keepUntil != nil }
}
