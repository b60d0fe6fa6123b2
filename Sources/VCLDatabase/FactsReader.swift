import Assets
import MariaDB
import Retention

/// Reads what a plan is decided from.
package struct FactsReader {
  let connection: Connection
  let now: Moment
  let usage: UsageRecords

  package init(_ connection: Connection, now: Moment, usage: UsageRecords) {
    self.connection = connection
    self.now = now
    self.usage = usage
  }

  /// - Parameters:
  ///   - hasAdminAddress: whether a notice in an owner's stead can reach anybody.
  ///   - ownersWithAddress: ids of the owners that can be reached by mail.
  package func read(hasAdminAddress: Bool, ownersWithAddress: Set<Int>) throws -> Facts {
    let revisionHolds = try holds(Assets.Queries.holdsOnRevisions, [Value(now)])
    var imageHolds = try holds(Assets.Queries.holdsOnImages, [Value(now), Value(now), Value(now)])
    try ConfigSubimages.whereKnown {
      imageHolds.merge(try holds(Assets.Queries.holdsOfConfigSubimages, [])) { $0 + $1 }
    }
    let (marks, notices) = try marksAndNotices()
    let keeps = try keepsInForce()
    let endedKeeps = try Dictionary(
      uniqueKeysWithValues: connection.rows(Assets.Queries.keepsThatEnded, [Value(now.day)]) {
        ($0.int(0), $0.day(1))
      })
    let resets = Set(try connection.rows(Assets.Queries.resetsOnRecord) { $0.int(0) })
    let undeleted = Set(try connection.rows(Assets.Queries.undeletedRevisions) { $0.int(0) })

    var images: [Image] = []
    try connection.query(Assets.Queries.liveRevisions) { row in
      let id = row.int(0)
      var revision = Revision(
        id: id, number: row.int(1), isProduction: row.bool(2), createdOn: row.day(3))
      revision.expireDate = row.day(4)
      revision.lastUse = usage.lastUse(id, now: now)
      revision.holds = revisionHolds[id] ?? []
      revision.mark = marks[id]
      revision.notices = notices[id] ?? []
      revision.keepUntil = keeps[id]
      revision.keepEndedOn = endedKeeps[id] ?? nil
      revision.isResetRecorded = resets.contains(id)
      revision.wasUndeleted = undeleted.contains(id)

      let imageID = row.int(5)
      if images.last?.id != imageID {
        var image = Image(id: imageID, name: row.string(6), prettyName: row.string(7), owner: owner(row, 10))
        image.isDeleted = row.bool(8)
        image.installType = row.string(9)
        image.holds = imageHolds[imageID] ?? []
        images.append(image)
      }
      images[images.count - 1].revisions.append(revision)
    }
    return Facts(
      images: images, flagged: try flagged(revisionHolds), newestUse: usage.newestDay(now: now),
      usageRecordedSince: usage.recordedSince?.day, hasAdminAddress: hasAdminAddress,
      ownersWithAddress: ownersWithAddress)
  }

  /// The revisions whose flag can be taken back.
  package func flaggedRevisions() throws -> [FlaggedRevision] {
    try flagged(try holds(Assets.Queries.holdsOnRevisions, [Value(now)]))
  }

  private func owner(_ row: borrowing Row, _ index: Int) -> Owner? {
    guard let id = row.optionalInt(index), let userName = row.optionalString(index + 1) else { return nil }
    return Owner(
      id: id, account: Account(userName: userName, affiliation: row.optionalString(index + 2) ?? ""))
  }

  private func holds(_ sql: String, _ parameters: [Value]) throws -> [Int: [Hold]] {
    var holds: [Int: [Hold]] = [:]
    try connection.query(sql, parameters) { row in
      guard let reason = Reason(rawValue: row.string(0)) else { return }
      holds[row.int(1), default: []].append(Hold(reason, holder: row.string(2)))
    }
    return holds
  }

  private func keepsInForce() throws -> [Int: Day?] {
    var keeps: [Int: Day?] = [:]
    try connection.query(Assets.Queries.keepsInForce, [Value(now.day)]) {
      keeps[$0.int(0)] = .some($0.day(1))
    }
    return keeps
  }

  private func marksAndNotices() throws -> ([Int: Mark], [Int: [Notice]]) {
    var marks: [Int: Mark] = [:]
    var revisionOfMark: [Int: Int] = [:]
    try connection.query(Assets.Queries.marks) { row in
      guard let date = row.day(2), let markedOn = row.day(4),
        let origin = Mark.Origin(rawValue: row.string(5))
      else { return }
      revisionOfMark[row.int(0)] = row.int(1)
      marks[row.int(1)] = Mark(
        expireDate: date, computedDate: row.day(3), markedOn: markedOn, origin: origin, lastUse: row.moment(6)
      )
    }
    var notices: [Int: [Notice]] = [:]
    try connection.query(Assets.Queries.noticesOfMarks) { row in
      guard let revision = revisionOfMark[row.int(0)], let date = row.day(1), let queuedOn = row.day(5),
        let recipient = Notice.Recipient(rawValue: row.string(3))
      else { return }
      let status: Notice.Status =
        switch row.string(4) {
        case "accepted": .accepted
        case "failed", "bounced": .failed
        default: .open
        }
      notices[revision, default: []].append(
        Notice(
          date: date, ownerID: row.optionalInt(2), recipient: recipient, status: status, queuedOn: queuedOn,
          acceptedOn: row.day(6)))
    }
    return (marks, notices)
  }

  private func flagged(_ holds: [Int: [Hold]]) throws -> [FlaggedRevision] {
    try connection.rows(Assets.Queries.flaggedRevisions, [.null, .null]) { row in
      let id = row.int(0)
      let number = row.int(3)
      let place: RevisionClass =
        row.bool(4) ? .production : number < row.optionalInt(11) ?? 0 ? .older : .newer
      var revision = FlaggedRevision(
        id: id, imageID: row.int(1), image: row.string(2), number: number, revisionClass: place,
        owner: owner(row, 8), expireDate: row.day(5), flaggedAt: row.moment(6) ?? now, wholeImage: row.bool(7)
      )
      revision.lastUse = usage.lastUse(id, now: now)
      revision.isHeld = holds[id]?.contains { $0.reason == .holdReservation } ?? false
      return revision
    }
  }
}
