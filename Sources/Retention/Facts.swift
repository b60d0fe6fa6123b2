/// Who owns an image, as far as decisions and notices need it.
package struct Owner: Sendable, Hashable {
  package let id: Int
  package let account: Account

  package init(id: Int, account: Account) {
    self.id = id
    self.account = account
  }
}

/// Everything a run knows about one live revision.
package struct Revision: Sendable {
  package let id: Int
  /// The number that users see, counted per image.
  package let number: Int
  package var isProduction: Bool
  /// Nil for a zero date.
  package var createdOn: Day?
  /// `imagerevision.expiredate`.
  package var expireDate: Day?
  package var lastUse: LastUse = .never
  package var holds: [Hold] = []
  /// The last day of the longest keep in force; see ``isKept(on:)``. `.some(nil)` is a keep without an end.
  package var keepUntil: Day??
  /// The day on which the newest of the keeps that are over ended.
  package var keepEndedOn: Day?
  package var mark: Mark?
  /// The notices of the present mark.
  package var notices: [Notice] = []
  /// Whether somebody who took the date of the present mark away has recorded that, with a keep for as long as it is to
  /// protect; no other follows.
  package var isResetRecorded = false
  /// Flagged by this program, and live again without its doing.
  package var wasUndeleted = false

  package init(id: Int, number: Int, isProduction: Bool, createdOn: Day?) {
    self.id = id
    self.number = number
    self.isProduction = isProduction
    self.createdOn = createdOn
  }

  /// Whether a keep protects it. A keep ends on its date: on that day it protects no more.
  package func isKept(on today: Day) -> Bool {
    switch keepUntil {
    case nil: false
    case .some(nil): true
    case .some(.some(let end)): today < end
    }
  }

  /// The notice of a mark that counts for the present owner and was accepted first; nil: none was.
  package func firstNotice(of mark: Mark, ownerID: Int?, _ policy: Policy) -> Notice? {
    notices.filter { notice in
      notice.status == .accepted && notice.date <= mark.expireDate && notice.ownerID == ownerID
        && (notice.recipient != .fallback || policy.fallbackCounts) && notice.acceptedOn != nil
    }.min { $0.acceptedOn! < $1.acceptedOn! }
  }

  /// The day that "least recently used" counts from: the last use, else the creation.
  var idleSince: Day? { lastUse.day ?? createdOn }
}

/// An image with all its live revisions.
package struct Image: Sendable {
  package let id: Int
  /// `image.name`, the one that exclusions match.
  package let name: String
  /// The name that users see, as stored.
  package let prettyName: String
  /// Nil: `image.ownerid` is NULL.
  package var owner: Owner?
  package var isDeleted = false
  /// `OS.installtype`.
  package var installType = ""
  /// What protects the production revision and the image as a whole.
  package var holds: [Hold] = []
  package var revisions: [Revision] = []

  package init(id: Int, name: String, prettyName: String, owner: Owner?) {
    self.id = id
    self.name = name
    self.prettyName = prettyName
    self.owner = owner
  }
}

/// A revision that this program flagged and that is still flagged as it left it.
package struct FlaggedRevision: Sendable {
  package let id: Int
  package let imageID: Int
  package let image: String
  package let number: Int
  package let revisionClass: RevisionClass
  package let owner: Owner?
  package let expireDate: Day?
  package let flaggedAt: Moment
  /// Whether the image went with it.
  package let wholeImage: Bool
  package var lastUse: LastUse = .never
  package var isHeld = false

  package init(
    id: Int, imageID: Int, image: String, number: Int, revisionClass: RevisionClass, owner: Owner?,
    expireDate: Day?, flaggedAt: Moment, wholeImage: Bool
  ) {
    self.id = id
    self.imageID = imageID
    self.image = image
    self.number = number
    self.revisionClass = revisionClass
    self.owner = owner
    self.expireDate = expireDate
    self.flaggedAt = flaggedAt
    self.wholeImage = wholeImage
  }
}

/// Everything a run knows before it decides.
package struct Facts: Sendable {
  package var images: [Image]
  package var flagged: [FlaggedRevision]
  /// The day of the newest use of any revision; nil when there is none at all.
  package var newestUse: Day?
  /// The day of the site's first usage record: before it, "never reserved" is not proven.
  package var usageRecordedSince: Day?
  /// Whether a notice in an owner's stead can reach anybody.
  package var hasAdminAddress: Bool
  /// The owners (by id) with at least one usable address.
  package var ownersWithAddress: Set<Int>

  package init(
    images: [Image], flagged: [FlaggedRevision] = [], newestUse: Day?, usageRecordedSince: Day?,
    hasAdminAddress: Bool, ownersWithAddress: Set<Int>
  ) {
    self.images = images
    self.flagged = flagged
    self.newestUse = newestUse
    self.usageRecordedSince = usageRecordedSince
    self.hasAdminAddress = hasAdminAddress
    self.ownersWithAddress = ownersWithAddress
  }
}
