import Assets
import MariaDB
import Retention

/// What VCL's records say about the files of one image name.
package struct ImageFileFacts: Sendable, Equatable {
  /// The revisions of that name; two may share one.
  package fileprivate(set) var revisionIDs: [Int] = []
  /// Whether one of them is the production revision of its image, or is handed out as such.
  package fileprivate(set) var isProduction = false
  /// Whether one of them is not known to be deleted: captures too, at work or failed.
  package fileprivate(set) var isLive = false
  /// Whether the files of one of them may be needed: it lives, or it was deleted and its purge is not on record.
  package fileprivate(set) var mayBeNeeded = false
  /// Whether a reservation, or one that is being made, needs one of them.
  package fileprivate(set) var isReserved = false
  /// Whether one of them is loaded on a computer, an idle one too.
  package fileprivate(set) var isLoaded = false
  /// The newest use on record, not capped; nil: none, or without a date.
  package fileprivate(set) var lastUse: Moment?
}

/// What VCL's records say about the files of all images, from one reading.
package struct ImageFiles: Sendable {
  /// By `imagerevision.imagename`, exactly.
  package private(set) var facts: [String: ImageFileFacts] = [:]
  /// The locks that VCL has on files and directories (`vcldsemaphore.identifier`).
  package let vclLocks: [String]
  /// The parts of the path in each of them that has one, of `host:/path` too.
  private let lockedPaths: [[Substring]]
  /// The image names that tasks have locked.
  package let taskLocks: Set<String>

  /// The locks alone, without what is known of the images.
  package static func locks(_ connection: Connection, now: Moment) throws -> ImageFiles {
    ImageFiles(
      vclLocks: try connection.rows(Assets.Queries.vclFileLocks, [Value(now)]) { $0.string(0) },
      taskLocks: Set(try connection.rows(Assets.Queries.lockedNames) { $0.string(0) }))
  }

  /// - Parameters:
  ///   - usage: tells the last uses; without it none is known.
  ///   - undone: the ids of removals whose purges are taken as taken back.
  package static func read(
    _ connection: Connection, now: Moment, usage: UsageRecords? = nil, undone: [String] = []
  ) throws -> ImageFiles {
    var files = try locks(connection, now: now)
    try connection.query(
      Assets.Queries.imageFiles, [Value(now), Value(undone.joined(separator: ","))]
    ) { row in
      files.facts[row.string(1), default: ImageFileFacts()].add(row, usage)
    }
    return files
  }

  private init(vclLocks: [String], taskLocks: Set<String>) {
    self.vclLocks = vclLocks
    lockedPaths = vclLocks.compactMap { lock in
      lock.firstIndex(of: "/").map { lock[$0...].split(separator: "/").filter { $0 != "." } }
    }
    self.taskLocks = taskLocks
  }

  /// Whether VCL has a lock on the files of that name: `retrieve_<name>`, `master:<name>`, `repository:<name>`.
  ///
  /// Any lock that ends with the name, after a sign that cannot be a part of one, counts, and any with a path that has the
  /// name in it, such as `host:/path/<name>.qcow2`: better one too many.
  package func isLockedByVCL(_ name: String) -> Bool {
    endsLock(name) || lockedPaths.contains { $0.contains { $0 == name || $0.hasPrefix(name + ".") } }
  }

  private func endsLock(_ name: String) -> Bool {
    vclLocks.contains { lock in
      guard lock.utf8.count >= name.utf8.count, lock.utf8.suffix(name.utf8.count).elementsEqual(name.utf8)
      else {
        return false
      }
      let before = lock.utf8.dropLast(name.utf8.count).last
      return before.map { [UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "/")].contains($0) } ?? true
    }
  }

  /// Whether VCL has a lock on that directory, or on one above or below it.
  package func isLockedByVCL(directory path: String) -> Bool {
    let path = path.split(separator: "/").filter { $0 != "." }
    return lockedPaths.contains { $0.starts(with: path) || path.starts(with: $0) }
  }
}

extension ImageFileFacts {
  fileprivate mutating func add(_ row: borrowing Row, _ usage: UsageRecords?) {
    let id = row.int(0)
    revisionIDs.append(id)
    isProduction = isProduction || row.bool(4)
    isLive = isLive || row.bool(5)
    mayBeNeeded = mayBeNeeded || row.bool(5) || row.bool(8)
    isReserved = isReserved || row.bool(6)
    isLoaded = isLoaded || row.bool(7)
    lastUse = [lastUse, usage?.newest[id] ?? nil].compactMap { $0 }.max()
  }
}

/// A revision whose files may go: flagged by this program, long enough ago.
package struct PurgeableRevision: Sendable {
  package let id: Int
  package let imageID: Int
  /// `imagerevision.imagename`, which names the files.
  package let fileName: String
  /// The number that users see.
  package let number: Int
  /// The image's pretty name, as stored.
  package let image: String
  package let flagged: Moment

  /// - Parameter days: since the flag, at least.
  package static func read(_ connection: Connection, today: Day, days: Int) throws -> [PurgeableRevision] {
    try connection.rows(Assets.Queries.purgeableRevisions, [Value(today), Value(days)]) { row in
      row.moment(5).map { flagged in
        PurgeableRevision(
          id: row.int(0), imageID: row.int(1), fileName: row.string(2), number: row.int(3),
          image: row.string(4), flagged: flagged)
      }
    }.compactMap { $0 }
  }

  /// Locks the revision until the transaction ends, if it may still go, and writes into the trail that its files do.
  ///
  /// It comes before anything is unlinked: from then on the flag is not taken back.
  ///
  /// - Parameter facts: JSON; its `removal` is the id by which ``takeBackPurges(_:removal:)`` knows it.
  /// - Returns: false when it was restored or rescued meanwhile, or somebody holds its lock.
  package func recordPurge(
    _ connection: Connection, at now: Moment, by actor: String, facts: String
  ) throws -> Bool {
    let row = try connection.first(
      Assets.Queries.lockPurgeableRevision, [Value(id), Value(fileName), Value(flagged)]
    ) { $0.day(0) }
    guard let date = row else { return false }
    try connection.execute(
      Assets.Queries.insertEvent,
      [
        .null, Value(id), Value(imageID), "purge", Value(now), Value(actor, scalars: 255), "",
        Value(date), Value(date), Value(flagged), false, Value(facts),
      ])
    return true
  }

  /// Takes out of the trail that files go, when a removal was not decided and all its files are in their place again:
  /// from then on the flags can be taken back, unless another removal is on record.
  ///
  /// Nothing that has happened goes out of the trail with it.
  package static func takeBackPurges(_ connection: Connection, removal: String) throws {
    // Found first: a deletion that looks for them would wait for the rows of others.
    for id in try connection.rows(Assets.Queries.purgesOfRemoval, [Value(removal)], { $0.int(0) }) {
      try connection.execute(Assets.Queries.deletePurge, [Value(id)])
    }
  }

  /// Whether a use of it came after the records were read, which rescues the files.
  package func isUsed(_ connection: Connection, since bounds: UsageRecords.Bounds) throws -> Bool {
    try connection.first(
      Assets.Queries.revisionUsedSince,
      [Value(id), Value(bounds.sublogID), Value(bounds.changelogID), Value("\(id)")]
    ) { _ in true } ?? false
  }
}
