import Mail
import Retention
import VCLDatabase

/// Checks of what VCL's tables say about images, their use and the people who get mail.
enum SiteChecks {
  static func usage(_ preparation: Preparation) -> CheckResult {
    if let distrust = preparation.distrust { return CheckResult(.usageData, .error, "\(distrust)") }
    guard let newest = preparation.facts.newestUse else {
      return CheckResult(
        .usageData, .warning,
        "there is no reservation on record, and expireimage_usage_max_age_days is 0; check that this is the live VCL"
          + " database")
    }
    return CheckResult(.usageData, .ok, "the newest reservation is of \(newest)")
  }

  static func corruptImages(_ preparation: Preparation) -> CheckResult {
    let images = preparation.plan.corruptImages
    guard !images.isEmpty else { return CheckResult(.corruptImages, .ok, "none") }
    return CheckResult(
      .corruptImages, .warning,
      "\(DateWords.count(images.count, "image")) \(images.count == 1 ? "is" : "are") not as VCL makes them and"
        + " not touched; repair them in VCL",
      details: images.map { "image \($0.id) (\(HTMLEntities.decodedOnce($0.name))): \($0.fault)" })
  }

  /// Whether every owner's mails have a sender.
  static func sender(_ preparation: Preparation) -> CheckResult {
    let addresses = preparation.addresses
    let owners = preparation.people.owners.values.sorted { $0.id < $1.id }
    let without = Set(owners.filter { addresses.sender(ownerID: $0.id) == nil }.map(\.account.affiliation))
    let general = addresses.sender(ownerID: nil)
    if general == nil || !without.isEmpty {
      return CheckResult(
        .sender, .error,
        "there is no address to send mails from; set mail.from, or the help address of the affiliation in VCL",
        details: without.sorted().map { "owners of affiliation \($0)" }
          + (general == nil ? ["summaries"] : []))
    }
    // What stands there and cannot be used was meant to be used.
    var broken: [String: String] = [:]
    for owner in owners where !owner.helpAddress.isEmpty && MailAddress(owner.helpAddress) == nil {
      broken[owner.account.affiliation] = owner.helpAddress
    }
    guard broken.isEmpty else {
      return CheckResult(
        .sender, .warning,
        "a help address is no mail address, so that another one is used; correct it in VCL",
        details: broken.sorted { $0.key < $1.key }.map { "affiliation \($0): \($1)" })
    }
    return CheckResult(.sender, .ok, general.map { "\($0), unless an affiliation has its own" } ?? "")
  }

  static func admins(_ preparation: Preparation) -> CheckResult {
    let addresses = preparation.addresses
    guard !addresses.admins.isEmpty else {
      return CheckResult(
        .adminAddresses, .warning,
        "nobody gets the summaries, nor the mails of owners without an address, whose revisions are never flagged; give"
          + " a management node a sysadminEmailAddress, or set mail.admin")
    }
    let written = preparation.people.adminAddresses + preparation.people.sharedMailboxes
    let unusable = written.flatMap { MailAddress.list(from: $0).unusable }
    guard unusable.isEmpty else {
      return CheckResult(
        .adminAddresses, .warning,
        "a management node has an address that is none; correct its sysadminEmailAddress or sharedMailBox in VCL",
        details: unusable)
    }
    return CheckResult(.adminAddresses, .ok, addresses.admins.map(\.description).joined(separator: ", "))
  }
}
