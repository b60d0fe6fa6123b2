/// One revision's line in one mail about its present mark.
package struct Notice: Sendable, Hashable {
  /// Who the mail went to.
  package enum Recipient: String, Sendable, CaseIterable {
    case owner
    /// The site's admins, because the owner has no usable address: counts as the owner's.
    case admin
    /// The site's admins, because delivery to the owner failed: counts only where the policy says so.
    case fallback
  }

  package enum Status: String, Sendable, CaseIterable {
    /// Not delivered yet; the next run replaces it.
    case open
    case accepted
    case failed
  }

  /// The expire date that the mail named.
  package var date: Day
  package var ownerID: Int?
  package var recipient: Recipient
  package var status: Status
  package var queuedOn: Day
  /// The day on which a server accepted it for at least one address of the recipient.
  package var acceptedOn: Day?

  package init(
    date: Day, ownerID: Int?, recipient: Recipient, status: Status, queuedOn: Day, acceptedOn: Day?
  ) {
    self.date = date
    self.ownerID = ownerID
    self.recipient = recipient
    self.status = status
    self.queuedOn = queuedOn
    self.acceptedOn = acceptedOn
  }
}
