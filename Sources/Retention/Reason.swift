/// Why a revision got its decision.
///
/// The raw value is the stable code: the same in plans, the audit trail, the wording of mails and the README.
package enum Reason: String, Sendable, Hashable, CaseIterable {
  // Criteria that are met.
  case idleProduction = "idle_production"
  case idleOlder = "idle_older"
  case idleNewer = "idle_newer"
  case neverReservedProduction = "never_reserved_production"
  case neverReservedOlder = "never_reserved_older"
  case neverReservedNewer = "never_reserved_newer"

  // Criteria that are not met.
  case recentlyUsed = "recently_used"
  case recentlyCreated = "recently_created"
  case usageHistoryShort = "usage_history_short"
  case criterionOff = "criterion_off"
  case production = "production"
  case imageInUse = "image_in_use"

  // Keeps and exclusions.
  case newestKept = "newest_kept"
  case kept = "kept"
  case dateReset = "date_reset"
  case undeleted = "undeleted"
  case excluded = "excluded"
  case ownerNotIncluded = "owner_not_included"

  // Holds on the revision.
  case holdReservation = "hold_reservation"
  case holdSemaphore = "hold_semaphore"
  case holdComputer = "hold_computer"

  // Holds on the image.
  case holdImageReservation = "hold_image_reservation"
  case holdBlockRequest = "hold_block_request"
  case holdBlockComputer = "hold_block_computer"
  case holdServerProfile = "hold_server_profile"
  case holdSubimage = "hold_subimage"
  case holdVMProfile = "hold_vm_profile"
  case holdNextImage = "hold_next_image"
  case holdOneClick = "hold_one_click"
  case holdConfigSubimage = "hold_config_subimage"

  // Revisions that cannot be judged.
  case holdImageDeleted = "hold_image_deleted"
  case holdNoProduction = "hold_no_production"
  case holdSeveralProductions = "hold_several_productions"
  case holdNoImage = "hold_noimage"
  case holdInstallType = "hold_install_type"
  case holdCreatedUnknown = "hold_created_unknown"
  case holdUseUndated = "hold_use_undated"

  // Dates.
  case marked
  case wholeImage = "whole_image"
  case adopted
  case personDate = "person_date"
  case reservedSinceMarked = "reserved_since_marked"
  case keepEnded = "keep_ended"
  case policyChanged = "policy_changed"
  case noticeMissing = "notice_missing"
  case dateMissed = "date_missed"
  case noRecipient = "no_recipient"
  case modeNotify = "mode_notify"
  case forbiddenDay = "forbidden_day"
  case limitExceeded = "limit_exceeded"
  case due
  case reservedAfterFlag = "reserved_after_flag"
  case restored
}

extension Reason {
  /// One sentence for an admin; the README's table of reasons is made of these.
  package var sentence: String {
    switch self {
    case .idleProduction: "The production revision was last reserved more than the idle days ago."
    case .idleOlder: "Older than production, and last reserved more than the idle days ago."
    case .idleNewer: "Newer than production, and last reserved more than the idle days ago."
    case .neverReservedProduction:
      "The production revision was never reserved and is older than the unused days."
    case .neverReservedOlder:
      "Older than production, never reserved, and created more than the unused days ago."
    case .neverReservedNewer:
      "Newer than production, never reserved, and created more than the unused days ago."
    case .recentlyUsed: "Reserved within the idle days of its class."
    case .recentlyCreated: "Never reserved, but created within the unused days of its class."
    case .usageHistoryShort:
      "The site's reservation records begin too late to prove that it was never reserved."
    case .criterionOff: "The days of its class are 0, which means never."
    case .production: "The production revision of a live image is never expired alone."
    case .imageInUse: "Another revision of the image stays, so the image does not expire as a whole."
    case .newestKept: "Among the newest non-production revisions of its image that are always kept."
    case .kept:
      "A person's keep, or the protection after a date reset, an undelete or a restore, is in force."
    case .dateReset: "Its expire date was reset by hand; kept for the grace period."
    case .undeleted: "Flagged by this program and undeleted by hand; kept for the grace period."
    case .excluded: "The image's name matches a pattern of excluded images."
    case .ownerNotIncluded: "The image's owner is not among the owners of the pilot."
    case .holdReservation: "A reservation holds it: running, future, or an image capture or reload."
    case .holdSemaphore: "A reservation of it is being made this very minute."
    case .holdComputer: "A computer that is not idle has it loaded."
    case .holdImageReservation: "A reservation holds the image."
    case .holdBlockRequest: "A block allocation of the image is requested or lies ahead."
    case .holdBlockComputer: "Computers are set aside for a future block allocation of the image."
    case .holdServerProfile: "A server profile uses the image."
    case .holdSubimage: "The image is part of a live cluster image."
    case .holdVMProfile: "A VM host profile uses the image."
    case .holdNextImage: "A computer loads the image next."
    case .holdOneClick: "An active one-click link uses the image."
    case .holdConfigSubimage: "A configuration of VCL uses the image as a subimage."
    case .holdImageDeleted:
      "The image is flagged as deleted while this revision is not: a first capture; never touched."
    case .holdNoProduction: "Corrupt image: no live production revision."
    case .holdSeveralProductions: "Corrupt image: more than one live production revision."
    case .holdNoImage: "VCL's own entry for an empty computer."
    case .holdInstallType: "Its operating system is installed without an image file (none or kickstart)."
    case .holdCreatedUnknown: "Its creation date is zero, so its age is not known."
    case .holdUseUndated: "It was reserved, but no record of it carries a date."
    case .marked: "Has an expire date, and the criteria are still met."
    case .wholeImage: "The image expires as a whole: all its revisions share the latest of their dates."
    case .adopted: "Its date was set or changed by somebody else; valid, so left as it is."
    case .personDate: "A person set this date; the criteria neither move nor clear it."
    case .reservedSinceMarked: "Reserved since its date was set, so that date no longer counts."
    case .keepEnded: "Kept since its date was set, and the keep has ended, so that date no longer counts."
    case .policyChanged: "Today's parameters give another date."
    case .noticeMissing: "Due, but its owner has not had an accepted notice for the minimum time; postponed."
    case .dateMissed: "Its date is more than seven days past; given a new one and announced again."
    case .noRecipient: "Due, but there is nobody to send a notice to; never flagged without one."
    case .modeNotify: "Due, but in mode notify nothing is flagged."
    case .forbiddenDay: "Due, but today is not a day on which revisions are flagged."
    case .limitExceeded:
      "Due, but the plan exceeds the limit of one run, so nothing is flagged; after three days it gets a later date."
    case .due: "Its expire date has come, and the notice was accepted in time."
    case .reservedAfterFlag: "Reserved after it was flagged; restored."
    case .restored: "Flagged by this program and restored by a person; kept for the grace period."
    }
  }

  /// Whether this reason is a fact about the use of the revision or its image that protects it now.
  package var isHold: Bool { rawValue.hasPrefix("hold_") }

  /// Whether this reason is a criterion that is met.
  package var isCriterionMet: Bool { rawValue.hasPrefix("idle_") || rawValue.hasPrefix("never_reserved_") }
}
