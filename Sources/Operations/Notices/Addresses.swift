import Mail
import Retention
import Settings
import VCLDatabase

/// Who gets mail about an owner's images, and from whom.
struct Addresses {
  /// Usable addresses of each owner that has one, by owner id.
  let owners: [Int: [MailAddress]]
  /// The management nodes' sysadmins, else the configured admin.
  let admins: [MailAddress]
  /// Get every mail blind.
  let sharedMailboxes: [MailAddress]
  private let people: People
  private let settings: MailSettings

  init(people: People, settings: MailSettings) {
    func usable(_ texts: [String]) -> [MailAddress] {
      var seen: Set<MailAddress> = []
      return texts.flatMap { MailAddress.list(from: $0).usable }.filter { seen.insert($0).inserted }
    }
    self.people = people
    self.settings = settings
    // VCL's own accounts are nobody, whatever address they carry.
    owners = people.owners.compactMapValues { person in
      let addresses = person.account.isSystem ? [] : usable([person.email])
      return addresses.isEmpty ? nil : addresses
    }
    let sysadmins = usable(people.adminAddresses)
    admins = sysadmins.isEmpty ? usable([settings.admin ?? ""]) : sysadmins
    sharedMailboxes = usable(people.sharedMailboxes)
  }

  var ownersWithAddress: Set<Int> { Set(owners.keys) }

  /// The affiliation's help address, then Global's, then the configured sender; nil when there is none.
  func sender(ownerID: Int?) -> MailAddress? {
    let own = ownerID.flatMap { people.owners[$0]?.helpAddress } ?? ""
    return [own, people.globalHelpAddress, settings.from ?? ""].lazy.compactMap { MailAddress($0) }.first
  }

  /// The affiliation's site address, then Global's, then the configured one.
  func siteAddress(ownerID: Int?) -> String? {
    let own = ownerID.flatMap { people.owners[$0]?.siteAddress } ?? ""
    return [own, people.globalSiteAddress, settings.siteAddress ?? ""].first { !$0.isEmpty }
  }
}
