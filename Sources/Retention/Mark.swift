/// The program's own record of an expire date: who set it, when, and from what.
package struct Mark: Sendable, Hashable {
  package enum Origin: String, Sendable, CaseIterable {
    /// The run, from the criteria.
    case criteria
    /// Somebody else set or changed the date; the run found it valid.
    case adopted
    /// A person, with `expireimage expire`: the criteria neither move nor clear it.
    case person
  }

  /// `imagerevision.expiredate` as it was last written or found.
  package var expireDate: Day
  /// The date that the parameters gave, before it was spread or postponed; only for `criteria`.
  package var computedDate: Day?
  /// The day from which the grace counts.
  package var markedOn: Day
  package var origin: Origin
  /// The last use that was known when the date was set; a later one clears it.
  package var lastUse: Moment?

  package init(expireDate: Day, computedDate: Day?, markedOn: Day, origin: Origin, lastUse: Moment?) {
    self.expireDate = expireDate
    self.computedDate = computedDate
    self.markedOn = markedOn
    self.origin = origin
    self.lastUse = lastUse
  }
}
