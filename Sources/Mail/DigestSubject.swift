import Retention

/// The subject of a digest's mail: what was deleted, what expires, and the nearest date.
///
/// A deletion is never left out. Revisions that no longer expire are told only when nothing else is. When one revision
/// is all that there is to tell of, the subject names it.
struct DigestSubject {
  let today: Day
  let sections: DigestSections
  let recipient: DigestMail.Recipient

  /// A longer name is cut, so that the date behind it is seen in a list of mails; in characters.
  private static let longestName = 40

  var line: String {
    let flagged = sections.flagged
    let expiring = sections.expiring
    guard !flagged.isEmpty || !expiring.isEmpty else {
      let safe = sections.safe
      return "\(subject(safe)) no longer \(safe.count == 1 ? "expires" : "expire")"
    }
    guard !flagged.isEmpty else { return "\(subject(expiring)) \(expiry(expiring))" }
    let deletion = flagged.count == 1 ? "was deleted" : "were deleted"
    guard !expiring.isEmpty else { return "\(subject(flagged)) \(deletion)" }
    return "\(counted(flagged.count)) \(deletion), \(expiring.count) more \(expiry(expiring))"
  }

  /// The sentence's subject: the name of a single revision, or how many there are.
  private func subject(_ entries: [OwnerDigest.Entry]) -> String {
    guard entries.count == 1, let entry = entries.first else { return counted(entries.count) }
    let name = "\(Self.shortened(ImageName.of(entry.image))), revision \(entry.revision)"
    return whose.isEmpty ? name : "\(name) (VCL image \(whose))"
  }

  private func counted(_ count: Int) -> String {
    let revisions = DateWords.count(count, "revision")
    return whose.isEmpty ? "\(revisions) of your VCL images" : "\(revisions) of VCL images \(whose)"
  }

  /// Whose the images are, for an admin; empty for the owner.
  private var whose: String {
    switch recipient {
    case .owner: ""
    case .admin(_, .noOwner): "without an owner"
    case .admin(let owner, _): "of \(StoredText.line(owner))"
    }
  }

  /// The verb and the nearest date that is still to come.
  private func expiry(_ entries: [OwnerDigest.Entry]) -> String {
    let dates = entries.compactMap(\.expireDate)
    let ahead = dates.filter { $0 >= today }
    let isOne = dates.count == 1
    let isSame = dates.min() == dates.max()
    guard let next = ahead.min() else {
      let past = dates.min().map(DateWords.short) ?? ""
      return "\(isOne ? "was" : "were") due to expire\(isSame ? " on" : ", the first on") \(past)"
    }
    let which = isSame ? " on" : ahead.count == dates.count ? ", the first on" : ", the next on"
    return "\(isOne ? "expires" : "expire")\(which) \(DateWords.short(next))"
  }

  /// The name, cut behind a word where there is one in its second half, and then with an ellipsis.
  private static func shortened(_ name: String) -> String {
    guard name.count > longestName else { return name }
    let start = name.prefix(longestName - 1)
    let second = start.index(start.startIndex, offsetBy: longestName / 2)
    // The character behind the cut may be the blank that ends the last word.
    let withNext = name.prefix(longestName)
    let cut = withNext[second...].lastIndex(of: " ") ?? start.endIndex
    return PlainLine.trimmed(start[..<cut]) + "…"
  }
}
