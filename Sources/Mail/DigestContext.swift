import Retention

/// What a digest's mail says besides the digest: who reads it, where VCL is, whom to ask.
package struct DigestContext: Sendable, Equatable {
  package var recipient: DigestMail.Recipient
  /// Where VCL's web is, a URL as a rule; nil when it is not known.
  package var siteAddress: String?
  /// Whom to ask; nil when it is not known.
  package var helpAddress: String?
  /// The owner's, such as `NCSU`; may be empty.
  package var affiliation: String
  /// Days between the first accepted notice and a deletion; 0 promises nothing.
  package var minimumNoticeDays: Int
  /// The last day on which what was flagged can normally be brought back; nil when no such day is known.
  package var restorableUntil: Day?
  /// Base URL of the page on which owners keep revisions; nil when there is none.
  package var serverAddress: String?
  /// The site's words for the owner; admins in an owner's stead get the standard introduction.
  package var words: SiteWords?

  package init(
    recipient: DigestMail.Recipient, siteAddress: String? = nil, helpAddress: String? = nil,
    affiliation: String = "", minimumNoticeDays: Int, restorableUntil: Day? = nil,
    serverAddress: String? = nil, words: SiteWords? = nil
  ) {
    self.recipient = recipient
    self.siteAddress = siteAddress
    self.helpAddress = helpAddress
    self.affiliation = affiliation
    self.minimumNoticeDays = minimumNoticeDays
    self.restorableUntil = restorableUntil
    self.serverAddress = serverAddress
    self.words = words
  }
}

extension DigestContext {
  /// The words that this reader gets.
  var ownerWords: SiteWords? {
    if case .owner = recipient { words } else { nil }
  }

  /// Where a revision is kept with one click; empty when there is no such page, or when the reader's copy counts for
  /// nothing as long as the owner has none.
  func keepLink(revisionID: Int) -> String {
    if case .admin(_, .refused) = recipient { return "" }
    guard let serverAddress, WebAddress.isOne(serverAddress) else { return "" }
    let base = serverAddress.hasSuffix("/") ? serverAddress.dropLast() : serverAddress[...]
    return "\(base)/keep/\(revisionID)"
  }
}
