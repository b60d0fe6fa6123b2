import Assets
import MariaDB
import Retention

/// Writes the decisions of a run, or of a person: each change is one guarded UPDATE with its audit row, in a short transaction
/// that locks the revision, so that no reservation of it can be made between the check and the change.
package struct Changes {
  /// What became of one change.
  package enum Result: Sendable, Equatable {
    case done
    /// Somebody else holds a lock on the row: to be tried again later.
    case locked
    /// The row is not as it was when it was decided: left for the next run.
    case changed
  }

  let connection: Connection
  let fence: Fence
  let clock: Clock
  /// Nil: a person does it, outside of any run.
  let runID: Int?
  /// Who does it, for the audit trail.
  let actor: String
  /// Uses after these are newer than what was decided on.
  let bounds: UsageRecords.Bounds

  package init(
    _ connection: Connection, fence: Fence, clock: Clock, runID: Int?, by actor: String = "expireimage run",
    bounds: UsageRecords.Bounds
  ) {
    self.connection = connection
    self.fence = fence
    self.clock = clock
    self.runID = runID
    self.actor = actor
    self.bounds = bounds
  }

  /// A decision with the facts that go into the audit trail, as JSON.
  package typealias Item = (decision: Decision, facts: String)

  /// Marks, moves or clears one date, or keeps a revision, or only brings the record of its date up to date.
  ///
  /// - Parameter also: more writes of the same transaction: the notice that the change causes.
  package func apply(_ item: Item, also: () throws -> Void) throws -> Result {
    try attempt {
      let decision = item.decision
      try expiring.record(decision.revisionID, isExpiring: decision.newExpireDate != nil)
      guard let row = try lock(decision.revisionID) else { return .locked }
      guard !row.isDeleted, row.expireDate == decision.expireDate else { return .changed }
      if decision.newExpireDate != decision.expireDate {
        try changeDate(decision)
      }
      try changeMark(decision)
      try keep(decision, origin: decision.reasons.contains(.undeleted) ? "undeleted" : "date_reset")
      try audit(item, kind: auditKind(decision))
      try also()
      return .done
    }
  }

  /// Flags one revision, or an image with all its live revisions under one date and time of deletion.
  ///
  /// - Parameter items: all live revisions of the image when it goes as a whole, else one.
  package func flag(_ items: [Item], also: () throws -> Void) throws -> Result {
    guard let first = items.first?.decision else { return .done }
    return try attempt {
      guard try lockImage(first) else { return .locked }
      for item in items {
        guard let row = try lock(item.decision.revisionID) else { return .locked }
        guard !row.isDeleted, row.expireDate == item.decision.expireDate,
          row.isProduction == (item.decision.revisionClass == .production)
        else { return .changed }
      }
      // After the last lock: a transaction may see everything as it was at its first look.
      for item in items {
        if try isInUse(item.decision.revisionID) { return .changed }
        guard try isNoticeStanding(item.decision) else { return .changed }
      }
      guard try isImageAsDecided(first, flagging: items.count) else { return .changed }
      for item in items {
        let changed = try connection.execute(
          Assets.Queries.flagRevision,
          [Value(clock.now), Value(item.decision.revisionID), Value(item.decision.expireDate)])
        guard changed == 1 else { throw Rejected() }
        try connection.execute(Assets.Queries.deleteMark, [Value(item.decision.revisionID)])
        try audit(item, kind: "flag", dateDeleted: clock.now)
      }
      if first.wholeImage {
        guard try connection.execute(Assets.Queries.flagImage, [Value(first.imageID)]) == 1 else {
          throw Rejected()
        }
      }
      try also()
      return .done
    }
  }

  /// A report may have come since it was decided that the notice did not arrive.
  private func isNoticeStanding(_ decision: Decision) throws -> Bool {
    guard let notice = decision.notice else { return true }
    return try connection.first(
      Assets.Queries.noticeStands,
      [
        Value(decision.revisionID), Value(notice.recipient.rawValue), Value(notice.ownerID),
        Value(notice.acceptedOn),
      ], { _ in true }) ?? false
  }

  /// Takes back our flag of one revision, or of an image with all revisions that went with it.
  package func restore(_ items: [(item: Item, flaggedAt: Moment)], also: () throws -> Void) throws -> Result {
    guard let first = items.first?.item.decision else { return .done }
    let result = try attempt {
      guard try lockImage(first) else { return .locked }
      for (item, flaggedAt) in items {
        guard let row = try lock(item.decision.revisionID) else { return .locked }
        guard row.isDeleted, row.dateDeleted == flaggedAt else { return .changed }
        let changed = try connection.execute(
          Assets.Queries.restoreRevision, [Value(item.decision.revisionID), Value(flaggedAt)])
        guard changed == 1 else { throw Rejected() }
        try keep(item.decision, origin: "restored")
        try audit(item, kind: "restore", dateDeleted: flaggedAt)
      }
      if first.wholeImage {
        guard try connection.execute(Assets.Queries.restoreImage, [Value(first.imageID)]) == 1 else {
          throw Rejected()
        }
      }
      // Somebody may have deleted the image or moved its production since this was decided.
      guard try isImageSound(first.imageID) else { throw Rejected() }
      try also()
      return .done
    }
    if result == .done {
      // Afterwards: a reservation of several revisions that reads these rows in another order must not meet ours.
      for (item, _) in items { try expiring.removeUndated(item.decision.revisionID, fence) }
    }
    return result
  }

  /// Whether an image is live and has one live production revision: any other breaks VCL's pages.
  private func isImageSound(_ imageID: Int) throws -> Bool {
    try connection.first(Assets.Queries.imageState, [Value(imageID)]) { !$0.bool(0) && $0.int(2) == 1 }
      ?? false
  }

  /// Ends the marks of revisions that somebody else flagged or removed.
  ///
  /// - Returns: how many.
  package func forgetMarksOfDeadRevisions() throws -> Int {
    let dead = try connection.rows(Assets.Queries.marksOfDeadRevisions) { ($0.int(0), $0.int(1), $0.day(2)) }
    for (revision, image, date) in dead {
      try connection.transaction {
        try fence.check(connection)
        try connection.execute(Assets.Queries.deleteMark, [Value(revision)])
        try insertEvent(
          revision: revision, image: image, kind: "forget", reasons: [], old: date, new: nil,
          dateDeleted: nil,
          wholeImage: false, facts: "{}")
      }
    }
    return dead.count
  }

  /// Deletes audit rows of before a day, and keeps that ended before it, a batch a transaction.
  package func deleteHistory(before day: Day) throws {
    try deleteInBatches(Assets.Queries.deleteOldEvents, Value(Moment(day: day)))
    try deleteInBatches(Assets.Queries.deleteOldKeeps, Value(day))
  }

  private func deleteInBatches(_ sql: String, _ limit: Value) throws {
    let batch: UInt64 = 1000
    var deleted = batch
    while deleted == batch {
      deleted = try connection.transaction {
        try fence.check(connection)
        return try connection.execute(sql, [limit])
      }
    }
  }

  private var expiring: ExpiringRevisions { ExpiringRevisions(connection) }

  // MARK: - Inside one transaction

  private struct LockedRevision {
    let isDeleted: Bool
    let isProduction: Bool
    let expireDate: Day?
    let dateDeleted: Moment?
  }

  /// Rolls the transaction back: a guarded update found another row than the one that is locked.
  private struct Rejected: Error {}

  private func attempt(_ body: () throws -> Result) throws -> Result {
    do {
      return try connection.transaction {
        try fence.check(connection)
        let result = try body()
        if result != .done { throw Unfinished(result: result) }
        return result
      }
    } catch let unfinished as Unfinished {
      return unfinished.result
    } catch is Rejected {
      return .changed
    }
  }

  /// Rolls back what a change has begun when it turns out that it cannot be completed.
  private struct Unfinished: Error {
    let result: Result
  }

  /// Only what changes the image itself keeps others from reading it.
  private func lockImage(_ decision: Decision) throws -> Bool {
    let query = decision.wholeImage ? Assets.Queries.lockImage : Assets.Queries.shareImage
    return try connection.first(query, [Value(decision.imageID)]) { _ in true } ?? false
  }

  private func lock(_ revision: Int) throws -> LockedRevision? {
    try connection.first(Assets.Queries.lockRevision, [Value(revision)]) { row in
      LockedRevision(
        isDeleted: row.bool(0), isProduction: row.bool(1), expireDate: row.day(2), dateDeleted: row.moment(3))
    }
  }

  private func isInUse(_ revision: Int) throws -> Bool {
    let id = Value(revision)
    return try connection.first(
      Assets.Queries.revisionInUse,
      [
        id, id, Value(clock.now), id, id, Value(bounds.sublogID), Value(bounds.changelogID),
        Value(String(revision)),
        id, Value(clock.today),
      ], { _ in true }) != nil
  }

  /// The image still has the owner who had the notice, and flagging leaves it with its production revision, or takes
  /// all of it.
  private func isImageAsDecided(_ decision: Decision, flagging count: Int) throws -> Bool {
    let state = try connection.first(Assets.Queries.imageState, [Value(decision.imageID)]) { row in
      (
        isDeleted: row.bool(0), owner: row.optionalInt(1), productions: row.int(2), live: row.int(3),
        production: row.optionalInt(4)
      )
    }
    guard let state, !state.isDeleted, state.productions == 1, state.owner == decision.owner?.id else {
      return false
    }
    guard decision.wholeImage else {
      // Another production revision may have made an older one newer, with other criteria.
      let place: RevisionClass = state.production.map { decision.revision < $0 } ?? false ? .older : .newer
      return decision.revisionClass == place
    }
    guard state.live == count else { return false }
    let now = Value(clock.now)
    var isHeld = false
    try connection.query(Assets.Queries.holdsOnImages, [now, now, now]) { row in
      if row.int(1) == decision.imageID { isHeld = true }
    }
    try ConfigSubimages.whereKnown {
      try connection.query(Assets.Queries.holdsOfConfigSubimages) { row in
        if row.int(1) == decision.imageID { isHeld = true }
      }
    }
    return !isHeld
  }

  private func changeDate(_ decision: Decision) throws {
    let changed = try connection.execute(
      Assets.Queries.setExpireDate,
      [Value(decision.newExpireDate), Value(decision.revisionID), Value(decision.expireDate)])
    guard changed == 1 else { throw Rejected() }
  }

  private func changeMark(_ decision: Decision) throws {
    let id = Value(decision.revisionID)
    switch decision.markChange {
    case .none: break
    case .begin(let mark):
      try connection.execute(Assets.Queries.deleteMark, [id])
      try connection.execute(
        Assets.Queries.insertMark,
        [
          id, Value(mark.expireDate), Value(mark.computedDate), Value(mark.markedOn),
          Value(mark.origin.rawValue),
          Value(mark.lastUse), Value(runID),
        ])
    case .update(let mark):
      try connection.execute(
        Assets.Queries.updateMark, [Value(mark.expireDate), Value(mark.computedDate), id])
    case .end:
      try connection.execute(Assets.Queries.deleteMark, [id])
    }
  }

  private func auditKind(_ decision: Decision) -> String {
    if decision.reasons.contains(.undeleted) { return "undelete" }
    if decision.kind != .keep { return decision.kind.rawValue }
    if decision.keepUntil != nil { return "keep" }
    if case .begin = decision.markChange { return "adopt" }
    return decision.markChange == .end ? "forget" : "redate"
  }

  private func audit(_ item: Item, kind: String, dateDeleted: Moment? = nil) throws {
    let decision = item.decision
    try insertEvent(
      revision: decision.revisionID, image: decision.imageID, kind: kind, reasons: decision.reasons,
      old: decision.expireDate, new: decision.newExpireDate, dateDeleted: dateDeleted,
      wholeImage: decision.wholeImage, facts: item.facts)
  }

  private func insertEvent(
    revision: Int, image: Int, kind: String, reasons: [Reason], old: Day?, new: Day?, dateDeleted: Moment?,
    wholeImage: Bool, facts: String
  ) throws {
    try connection.execute(
      Assets.Queries.insertEvent,
      [
        Value(runID), Value(revision), Value(image), Value(kind), Value(clock.now), Value(actor),
        Value(codes(reasons)), Value(old), Value(new), Value(dateDeleted), Value(wholeImage), Value(facts),
      ])
  }

  /// Sets the keep that a decision asks for.
  private func keep(_ decision: Decision, origin: String) throws {
    guard let until = decision.keepUntil else { return }
    try connection.execute(
      Assets.Queries.insertKeep,
      [Value(decision.revisionID), Value(until), Value(origin), "", Value(actor), Value(clock.now)])
  }
}
