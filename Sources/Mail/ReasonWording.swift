import Retention

/// The reasons of a decision in the words of the mail to an image owner.
///
/// A wording is a clause that fits between "Why:" and a full stop, with the numbers of the revision in it.
struct ReasonWording {
  let entry: OwnerDigest.Entry
  let today: Day

  /// All reasons that say something to an owner, as one line without a full stop; empty when there is none.
  var line: String {
    var clauses: [String] = []
    for clause in entry.reasons.compactMap(clause) where !clauses.contains(clause) { clauses.append(clause) }
    return clauses.joined(separator: "; ")
  }

  /// The clause of one reason; nil when it tells an owner nothing that the mail does not say anyway.
  func clause(_ reason: Reason) -> String? {
    switch reason {
    case .idleProduction, .idleOlder, .idleNewer: lastReserved ?? "not reserved for a long time"
    case .neverReservedProduction, .neverReservedOlder, .neverReservedNewer: neverReserved
    case .recentlyUsed, .reservedSinceMarked: reservedAgain
    case .recentlyCreated: "it is still too new to expire"
    case .usageHistoryShort: "VCL's records do not go back far enough to tell that it was never reserved"
    case .criterionOff: "under today's rules revisions like this one do not expire"
    case .production: "it is the production revision of its image now"
    case .imageInUse: "another revision of the image is in use"
    case .newestKept: "it is among the newest revisions of its image, which are always kept"
    case .kept: "it is being kept by request"
    case .dateReset: "its date was removed by hand"
    case .undeleted: "it was undeleted by hand"
    case .excluded: "its image is on your site's list of images that never expire"
    case .ownerNotIncluded: "your images are not part of the clean-up at present"

    case .holdReservation: "it is reserved now or for a coming day"
    case .holdSemaphore: "it is being reserved at this moment"
    case .holdComputer: "a computer has it loaded and in use"
    case .holdImageReservation: "the image is reserved now or for a coming day"
    case .holdBlockRequest, .holdBlockComputer: "a block allocation of the image lies ahead"
    case .holdServerProfile: "a server profile uses the image"
    case .holdSubimage, .holdConfigSubimage: "the image is part of a cluster"
    case .holdVMProfile: "a VM host profile uses the image"
    case .holdNextImage: "a computer is about to load the image"
    case .holdOneClick: "a one-click link uses the image"
    case .holdImageDeleted, .holdNoProduction, .holdSeveralProductions, .holdCreatedUnknown, .holdUseUndated:
      "VCL's records of it have to be looked at first"
    case .holdNoImage, .holdInstallType: "images of this kind do not expire"

    // Said once, above the revisions of the image.
    case .wholeImage: nil
    case .marked, .due, .noRecipient: nil
    case .adopted: "the date was set by somebody at your site"
    case .personDate: "the date was set by your VCL staff"
    case .keepEnded: "the time for which it was kept by request is over"
    case .policyChanged: "your site's rules have changed"
    case .noticeMissing: "the date was moved so that you are told in good time"
    case .dateMissed: "its earlier date passed without anything being deleted"
    case .modeNotify: "its date has come, but nothing is deleted at present"
    case .forbiddenDay: "its date has come; it goes on the next day on which deletions take place"
    case .limitExceeded: "its date has come, but the deletion waits for your VCL staff"
    case .reservedAfterFlag: "it was reserved after its deletion, so it is back"
    case .restored: "it was brought back by your VCL staff"
    }
  }

  private var lastReserved: String? {
    entry.lastUse.map { "last reserved on \(dated($0))" }
  }

  private var neverReserved: String {
    entry.createdOn.map { "never reserved since it was made on \(dated($0))" } ?? "never reserved"
  }

  private var reservedAgain: String {
    entry.lastUse.map { "it was reserved again, on \(DateWords.short($0))" } ?? "it was reserved again"
  }

  private func dated(_ day: Day) -> String {
    "\(DateWords.short(day)) (\(DateWords.distance(to: day, from: today)))"
  }
}
