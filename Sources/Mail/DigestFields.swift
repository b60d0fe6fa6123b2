import Retention

/// The fields that the templates of a digest may use, filled for one digest.
///
/// Sections hold groups and groups hold items. A short section is one group without a heading, whose items name their
/// image; a long one has a group for each image.
struct DigestFields {
  let digest: OwnerDigest
  let recipient: DigestMail.Recipient
  let siteAddress: String?
  let helpAddress: String?
  let affiliation: String
  let minimumNoticeDays: Int

  /// A section with more revisions than this is grouped by image.
  static let longestUngrouped = 10

  /// The names a template may use, by the list in which they are known; the empty name is the top.
  static let names: [String: Set<String>] = [
    "": [
      "greeting", "is_owner", "is_admin", "owner", "has_no_owner", "has_no_address", "was_refused",
      "has_expiring", "expiring",
      "expiring_one", "expiring_count", "expiring_all_new", "expiring_some_overdue", "has_only_safe",
      "has_safe", "safe", "safe_one", "has_flagged",
      "flagged",
      "flagged_one",
      "has_site", "site", "is_site_link", "has_help", "help", "has_affiliation", "affiliation",
      "has_minimum_notice", "minimum_notice",
    ],
    "expiring": groupNames, "safe": groupNames, "flagged": groupNames,
    "items": [
      "title", "has_date", "date", "distance", "is_overdue", "gets_new_date", "has_badge", "badge", "has_why",
      "why",
    ],
  ]
  private static let groupNames: Set<String> = [
    "has_name", "name", "has_whole_image", "whole_image", "items",
  ]

  /// A date more than this many days past is not acted on any more: the revision gets a new one, which is announced
  /// again (the reason `date_missed`). Until then the deletion may still happen at the old date.
  private static let missedAfterDays = 7

  var root: [String: Any] {
    let expiring = digest.expiring
    let safe = digest.entries(of: .safe)
    let flagged = digest.entries(of: .flagged)
    let site = Self.line(siteAddress)
    let help = Self.line(helpAddress)
    let place = Self.line(affiliation)
    var fields: [String: Any] = [
      "has_expiring": !expiring.isEmpty, "expiring": groups(expiring), "expiring_one": expiring.count == 1,
      "expiring_count": DateWords.count(expiring.count, "revision"),
      "expiring_all_new": isAllNew,
      "expiring_some_overdue": expiring.contains(where: isOverdue),
      "has_only_safe": digest.entries.allSatisfy { $0.change == .safe },
      "has_safe": !safe.isEmpty, "safe": groups(safe), "safe_one": safe.count == 1,
      "has_flagged": !flagged.isEmpty, "flagged": groups(flagged), "flagged_one": flagged.count == 1,
      "has_site": !site.isEmpty, "site": site,
      // Anything else in a link is nothing a mail client should follow.
      "is_site_link": site.hasPrefix("https://") || site.hasPrefix("http://"),
      "has_help": !help.isEmpty, "help": help,
      "has_affiliation": !place.isEmpty, "affiliation": place,
      "has_minimum_notice": minimumNoticeDays > 0,
      "minimum_notice": DateWords.count(minimumNoticeDays, "day"),
    ]
    switch recipient {
    case .owner(let name):
      let name = Self.line(name)
      fields["greeting"] = name.isEmpty ? "Hello" : "Hello \(name)"
      fields["owner"] = name
      fields["is_owner"] = true
      fields["is_admin"] = false
    case .admin(let owner, let stead):
      fields["greeting"] = "Hello"
      fields["owner"] = Self.line(owner)
      fields["is_owner"] = false
      fields["is_admin"] = true
      fields["has_no_owner"] = stead == .noOwner
      fields["has_no_address"] = stead == .noAddress
      fields["was_refused"] = stead == .refused
    }
    return fields
  }

  /// Whether one sentence can say of all that expire that they are new.
  private var isAllNew: Bool {
    let expiring = digest.expiring
    return expiring.count > 1 && expiring.allSatisfy { $0.change == .announced }
  }

  /// A text as VCL stores it, as one line to be read.
  static func line(_ text: String?) -> String { PlainLine.of(HTMLEntities.decodedOnce(text ?? "")) }

  private func groups(_ entries: [OwnerDigest.Entry]) -> [[String: Any]] {
    let saysNew = !isAllNew
    guard entries.count > Self.longestUngrouped else {
      return [group(entries, of: nil, saysNew: saysNew)]
    }
    var order: [String] = []
    var byImage: [String: [OwnerDigest.Entry]] = [:]
    for entry in entries {
      if byImage[entry.image] == nil { order.append(entry.image) }
      byImage[entry.image, default: []].append(entry)
    }
    return order.map { group(byImage[$0, default: []], of: $0, saysNew: saysNew) }
  }

  /// Without an image: a group of several, whose items name theirs.
  private func group(_ entries: [OwnerDigest.Entry], of image: String?, saysNew: Bool) -> [String: Any] {
    let whole = WholeImageWording(entries: entries, isUnderName: image != nil).line
    return [
      "has_name": image != nil, "name": image.map(Self.name) ?? "",
      "has_whole_image": !whole.isEmpty, "whole_image": whole,
      "items": entries.map { item($0, namesImage: image == nil, saysNew: saysNew) },
    ]
  }

  private func isOverdue(_ entry: OwnerDigest.Entry) -> Bool {
    entry.change != .safe && entry.change != .flagged && entry.expireDate.map { $0 < digest.today } ?? false
  }

  /// Whether nothing can be deleted at that date any more: without a minimum notice a date never moves.
  private func getsNewDate(_ entry: OwnerDigest.Entry) -> Bool {
    guard isOverdue(entry), minimumNoticeDays > 0, let date = entry.expireDate else { return false }
    return digest.today - date > Self.missedAfterDays
  }

  /// The name of an image to be read; never empty.
  static func name(_ image: String) -> String {
    let name = line(image)
    return name.isEmpty ? "(image without a name)" : name
  }

  private func item(_ entry: OwnerDigest.Entry, namesImage: Bool, saysNew: Bool) -> [String: Any] {
    let title =
      namesImage ? "\(Self.name(entry.image)), revision \(entry.revision)" : "Revision \(entry.revision)"
    let date = entry.change == .safe ? entry.previousDate : entry.expireDate
    let why = ReasonWording(entry: entry, today: digest.today).line
    let badge =
      switch entry.change {
      case .announced: saysNew ? "new" : ""
      case .redated: entry.previousDate.map { "was \(DateWords.short($0))" } ?? "new date"
      case .reminder, .safe, .flagged: ""
      }
    return [
      "title": title + (entry.isProduction ? " (production)" : ""),
      "has_date": date != nil,
      "date": date.map(isOverdue(entry) ? DateWords.short : DateWords.long) ?? "",
      "is_overdue": isOverdue(entry), "gets_new_date": getsNewDate(entry),
      "distance": date.map { DateWords.distance(to: $0, from: digest.today) } ?? "",
      "has_badge": !badge.isEmpty, "badge": badge, "has_why": !why.isEmpty, "why": why,
    ]
  }
}
