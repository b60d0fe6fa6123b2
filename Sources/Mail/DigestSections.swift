import Retention

/// The entries of a digest by what they mean to the reader, each section with the soonest date first.
struct DigestSections {
  /// Everything that has a date.
  let expiring: [OwnerDigest.Entry]
  /// What no longer expires.
  let safe: [OwnerDigest.Entry]
  /// What was flagged as deleted.
  let flagged: [OwnerDigest.Entry]

  init(_ digest: OwnerDigest) {
    expiring = Self.sorted(
      digest.entries.filter { $0.expireDate != nil && $0.change != .safe && $0.change != .flagged })
    safe = Self.sorted(digest.entries.filter { $0.change == .safe })
    flagged = Self.sorted(digest.entries.filter { $0.change == .flagged })
  }

  private static func sorted(_ entries: [OwnerDigest.Entry]) -> [OwnerDigest.Entry] {
    entries.sorted {
      let left = ($0.expireDate?.number ?? 0, $0.image, $0.revision, $0.revisionID)
      return left < ($1.expireDate?.number ?? 0, $1.image, $1.revision, $1.revisionID)
    }
  }
}
