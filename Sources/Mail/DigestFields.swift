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
  let expiringNote: String
  let safeNote: String
  let flaggedNote: String
  let flaggedCount: Int
  let expiring: [DigestGroup]
  let safe: [DigestGroup]
  let flagged: [DigestGroup]

  init(_ digest: OwnerDigest, sections: DigestSections, context: DigestContext) {
    let isAllNew =
      sections.expiring.count > 1 && sections.expiring.allSatisfy { $0.change == .announced }
    let groups = DigestGroups(today: digest.today, context: context, saysNew: !isAllNew)
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
      context.minimumNoticeDays > 0 && !context.recipient.isAfterRefusal
      ? DateWords.count(context.minimumNoticeDays, "day") : ""
    restorableUntil = context.restorableUntil.map(DateWords.long) ?? ""
    hasKeepLinks = !context.keepLink(revisionID: 0).isEmpty
    let notes = DigestNotes(
      sections: sections, context: context, hasKeepLinks: hasKeepLinks, isAllNew: isAllNew,
      isSomeOverdue: sections.expiring.contains { $0.expireDate.map { $0 < digest.today } ?? false })
    expiringNote = sections.expiring.isEmpty ? "" : notes.expiring
    safeNote = sections.safe.isEmpty ? "" : notes.safe
    flaggedNote = sections.flagged.isEmpty ? "" : notes.flagged
    flaggedCount = sections.flagged.count
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
    .text("expiring_note", "What that means.") { $0.expiringNote },
    .list("safe", of: DigestGroup.fields, "What was announced and no longer expires.") { $0.safe },
    .text("safe_note", "What that means.") { $0.safeNote },
    .flag("has_only_safe", "Nothing else is told.") {
      $0.expiring.isEmpty && $0.flagged.isEmpty
    },
    .list("flagged", of: DigestGroup.fields, "What was deleted by this run.") { $0.flagged },
    .text("flagged_note", "What that means, and until when it can be brought back.") { $0.flaggedNote },
    .flag("flagged_one", "One revision was deleted.") { $0.flaggedCount == 1 },
    .text("restorable_until", "The day until which it can normally be brought back, where it is known.") {
      $0.restorableUntil
    },
    .text("site", "Where VCL's web is.") { $0.site },
    .flag("is_site_link", "It is a web address.") { WebAddress.isOne($0.site) },
    .text("help", "The mail address to ask at.") { $0.help },
    .text(
      "minimum_notice",
      "The days between the first notice and a deletion, such as `14 days`, where they are promised."
    ) {
      $0.minimumNotice
    },
    .flag("has_keep_links", "Revisions that expire have a `keep_link`.") { $0.hasKeepLinks },
  ])
}
