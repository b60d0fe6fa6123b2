import Retention

/// One revision as a digest's templates show it.
struct DigestItem: Sendable {
  let title: String
  let badge: String
  let when: String
  let why: String
  let keepLink: String

  static let fields = TemplateFields<DigestItem>([
    .text("title", "The revision, with the image's name where no heading gives it.") { $0.title },
    .text("badge", "What is new about its date, such as `new` or `was 1 December 2026`.") { $0.badge },
    .text("when", "When it expires, without a full stop; only inside of `expiring`.") { $0.when },
    .text("why", "Why, in plain words, without a full stop.") { $0.why },
    .text("keep_link", "The web address that keeps it; only inside of `expiring`.") { $0.keepLink },
  ])
}

/// Revisions of a digest under one heading, or under none.
struct DigestGroup: Sendable {
  let heading: String
  let wholeImage: String
  let items: [DigestItem]

  static let fields = TemplateFields<DigestGroup>([
    .text("heading", "The image's name, in a long list; a short list is one group without a heading.") {
      $0.heading
    },
    .text("whole_image", "A sentence, where the image goes as a whole.") { $0.wholeImage },
    .list("items", of: DigestItem.fields, "The revisions.") { $0.items },
  ])
}

/// Makes the groups of one section of a digest.
struct DigestGroups {
  let today: Day
  let context: DigestContext
  /// Whether each new revision says so itself.
  let saysNew: Bool

  /// A section with more revisions than this is grouped by image.
  static let longestUngrouped = 10

  func groups(_ entries: [OwnerDigest.Entry]) -> [DigestGroup] {
    guard !entries.isEmpty else { return [] }
    guard entries.count > Self.longestUngrouped else { return [group(entries, of: nil)] }
    var order: [String] = []
    var byImage: [String: [OwnerDigest.Entry]] = [:]
    for entry in entries {
      if byImage[entry.image] == nil { order.append(entry.image) }
      byImage[entry.image, default: []].append(entry)
    }
    return order.map { group(byImage[$0, default: []], of: $0) }
  }

  /// Without an image: a group of several, whose items name theirs.
  private func group(_ entries: [OwnerDigest.Entry], of image: String?) -> DigestGroup {
    DigestGroup(
      heading: image.map(ImageName.of) ?? "",
      wholeImage: WholeImageWording(entries: entries, isUnderName: image != nil).line,
      items: entries.map { item($0, namesImage: image == nil) })
  }

  private func item(_ entry: OwnerDigest.Entry, namesImage: Bool) -> DigestItem {
    let title = namesImage ? ImageName.ofRevision(entry) : "Revision \(entry.revision)"
    let badge =
      switch entry.change {
      case .announced: saysNew ? "new" : ""
      case .redated: entry.previousDate.map { "was \(DateWords.short($0))" } ?? "new date"
      case .reminder, .safe, .flagged: ""
      }
    let isExpiring = entry.change != .safe && entry.change != .flagged
    return DigestItem(
      title: title + (entry.isProduction ? " (production)" : ""), badge: badge,
      when: isExpiring ? entry.expireDate.map(wording.line) ?? "" : "",
      why: ReasonWording(entry: entry, today: today).line,
      keepLink: isExpiring ? context.keepLink(revisionID: entry.revisionID) : "")
  }

  var wording: ExpiryWording {
    ExpiryWording(
      today: today, minimumNoticeDays: context.minimumNoticeDays,
      isForOwner: !context.recipient.isAfterRefusal)
  }
}

extension DigestMail.Recipient {
  var isAfterRefusal: Bool { if case .admin(_, .refused) = self { true } else { false } }
}
