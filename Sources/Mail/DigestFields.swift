import Retention

/// What the templates of a digest show, filled for one digest, and the names by which they know it.
struct DigestFields: Sendable {
  let recipient: DigestMail.Recipient
  let greeting: String
  let owner: String
  let affiliation: String
  let service: String
  let words: [WordsParagraph]
  let site: String
  let help: String
  let minimumNotice: String
  let restorableUntil: String
  let hasKeepLinks: Bool
  let expiringCount: Int
  let isAllNew: Bool
  let isSomeOverdue: Bool
  let flaggedCount: Int
  let safeCount: Int
  let expiring: [DigestGroup]
  let safe: [DigestGroup]
  let flagged: [DigestGroup]

  init(_ digest: OwnerDigest, sections: DigestSections, context: DigestContext) {
    let isAllNew =
      sections.expiring.count > 1 && sections.expiring.allSatisfy { $0.change == .announced }
    let groups = DigestGroups(today: digest.today, context: context, saysNew: !isAllNew)
    let wording = groups.wording
    self.isAllNew = isAllNew
    isSomeOverdue = sections.expiring.contains { $0.expireDate.map(wording.isOverdue) ?? false }
    recipient = context.recipient
    switch context.recipient {
    case .owner(let name):
      owner = StoredText.line(name)
      greeting = owner.isEmpty ? "Hello" : "Hello \(owner)"
    case .admin(let name, _):
      owner = StoredText.line(name)
      greeting = "Hello"
    }
    affiliation = StoredText.line(context.affiliation)
    service = affiliation.isEmpty ? "VCL" : "VCL at \(affiliation)"
    words = WordsParagraph.of(context.ownerWords)
    site = StoredText.line(context.siteAddress)
    help = StoredText.line(context.helpAddress)
    minimumNotice =
      context.minimumNoticeDays > 0 ? DateWords.count(context.minimumNoticeDays, "day") : ""
    restorableUntil = context.restorableUntil.map(DateWords.long) ?? ""
    hasKeepLinks = !context.keepLink(revisionID: 0).isEmpty
    expiringCount = sections.expiring.count
    flaggedCount = sections.flagged.count
    safeCount = sections.safe.count
    expiring = groups.groups(sections.expiring)
    safe = groups.groups(sections.safe)
    flagged = groups.groups(sections.flagged)
  }

  private var stead: DigestMail.Stead? {
    if case .admin(_, let stead) = recipient { stead } else { nil }
  }
}

extension DigestFields {
  static let fields = TemplateFields<DigestFields>([
    .text("greeting", "`Hello`, with the owner's name where the owner reads it.") { $0.greeting },
    .flag("is_owner", "The owner reads it.") { $0.stead == nil },
    .flag("is_admin", "The site's admins read it in the owner's stead.") { $0.stead != nil },
    .flag("has_no_owner", "Because the images have no owner.") { $0.stead == .noOwner },
    .flag("has_no_address", "Because the owner has no usable mail address.") { $0.stead == .noAddress },
    .flag("was_refused", "Because the mail server refused the owner's mail.") { $0.stead == .refused },
    .text("owner", "The owner's name; for admins the login and affiliation.") { $0.owner },
    .text("affiliation", "The owner's affiliation.") { $0.affiliation },
    .text("service", "`VCL`, with `at` and the owner's affiliation.") { $0.service },
    .list("words", of: WordsParagraph.fields, "The paragraphs of the site's own words for owners.") {
      $0.words
    },
    .list("expiring", of: DigestGroup.fields, "What expires, the soonest first.") { $0.expiring },
    .flag("expiring_one", "One revision expires.") { $0.expiringCount == 1 },
    .text("expiring_count", "How many expire, such as `3 revisions`.") {
      DateWords.count($0.expiringCount, "revision")
    },
    .flag("expiring_all_new", "More than one expires, and all are announced for the first time.") {
      $0.isAllNew
    },
    .flag("expiring_some_overdue", "The date of one has passed already.") { $0.isSomeOverdue },
    .list("safe", of: DigestGroup.fields, "What was announced and no longer expires.") { $0.safe },
    .flag("safe_one", "One revision no longer expires.") { $0.safeCount == 1 },
    .flag("has_only_safe", "Nothing else is told.") { $0.expiringCount == 0 && $0.flaggedCount == 0 },
    .list("flagged", of: DigestGroup.fields, "What was deleted by this run.") { $0.flagged },
    .flag("flagged_one", "One revision was deleted.") { $0.flaggedCount == 1 },
    .text("restorable_until", "The day until which it can normally be brought back, where it is known.") {
      $0.restorableUntil
    },
    .text("site", "Where VCL's web is.") { $0.site },
    .flag("is_site_link", "It is a web address.") { WebAddress.isOne($0.site) },
    .text("help", "The mail address to ask at.") { $0.help },
    .text("minimum_notice", "The days between the first notice and a deletion, such as `14 days`.") {
      $0.minimumNotice
    },
    .flag("has_keep_links", "Revisions that expire have a `keep_link`.") { $0.hasKeepLinks },
  ])
}
