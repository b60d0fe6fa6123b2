import Assets
import MariaDB
import Retention

/// What earlier runs have queued and nobody has accepted yet.
package enum OpenMails {
  /// An undelivered mail of an earlier run.
  package struct Mail: Sendable {
    package let id: Int
    package let ownerID: Int?
    /// Whether a server may have accepted it all the same: then its Message-ID is used again for the same content.
    /// Also a mail that waits still, because a run that was killed may have handed it over and not recorded that.
    package let isOutcomeUnknown: Bool
    package let messageID: String
    package let recipient: Notice.Recipient
    /// When a server first answered; nil: never tried.
    let firstTriedAt: Moment?
    fileprivate let lines: Set<String>

    /// Whether it says of the same revisions the same as a new mail: only then may clients fold the two.
    package func lists(_ entries: [OwnerDigest.Entry]) -> Bool {
      lines == Set(entries.map { OpenMails.line($0.revisionID, $0.change.rawValue, $0.expireDate) })
    }
  }

  private static func line(_ revision: Int, _ kind: String, _ date: Day?) -> String {
    "\(revision) \(kind) \(date.map { "\($0)" } ?? "-")"
  }

  /// In the order in which they were queued.
  package static func read(_ connection: Connection) throws -> [Mail] {
    var lines: [Int: Set<String>] = [:]
    try connection.query(Assets.Queries.openNotices) { row in
      lines[row.int(0), default: []].insert(line(row.int(1), row.string(2), row.day(3)))
    }
    return try connection.rows(Assets.Queries.openMails) { row in
      Mail(
        id: row.int(0), ownerID: row.optionalInt(1),
        isOutcomeUnknown: ["pending", "unknown"].contains(row.string(2)), messageID: row.string(3),
        recipient: Notice.Recipient(rawValue: row.string(4)) ?? .owner, firstTriedAt: row.moment(5),
        lines: lines[row.int(0)] ?? [])
    }
  }

  /// What undelivered mails would have told of revisions that have no date any more; by owner id (0: none).
  package static func undeliveredNews(_ connection: Connection) throws -> [Int: [OwnerDigest.Entry]] {
    // Two undelivered mails may tell of one revision; the newer one is right.
    var news: [Int: [Int: OwnerDigest.Entry]] = [:]
    try connection.query(Assets.Queries.undeliveredNews) { row in
      guard let entry = entry(row) else { return }
      news[row.optionalInt(0) ?? 0, default: [:]][entry.revisionID] = entry
    }
    return news.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// What a mail says, of revisions whose rows exist still.
  package static func entries(ofMail id: Int, _ connection: Connection) throws -> [OwnerDigest.Entry] {
    try connection.rows(Assets.Queries.digestOfMail, [Value(id)]) { entry($0) }.compactMap { $0 }
  }

  /// Nil for a kind of another version of the program.
  private static func entry(_ row: borrowing Row) -> OwnerDigest.Entry? {
    guard let change = OwnerDigest.Change(rawValue: row.string(2)) else { return nil }
    return OwnerDigest.Entry(
      revisionID: row.int(1), image: row.string(7), revision: row.int(8), isProduction: row.bool(9),
      createdOn: row.day(10), lastUse: row.day(5), expireDate: row.day(6), previousDate: row.day(3),
      change: change, reasons: reasons(row.string(4)))
  }
}
