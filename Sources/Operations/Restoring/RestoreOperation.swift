import MariaDB
import Retention
import VCLDatabase

/// Takes flags of this program back for a person: of single revisions, and of whole images as VCL's web undeletes one.
///
/// It writes like a run, and therefore holds the run's lease. What comes back is kept for the grace period, and the next
/// run that sends mail tells its owner: a mail is begun here, as by a run that was killed before it could complete it.
package struct RestoreOperation {
  let site: Site
  let options: CallOptions

  package init(_ site: Site, _ options: CallOptions = CallOptions()) {
    self.site = site
    self.options = options
  }

  /// - Parameter names: ids or `imagename`s; one revision of an image that went as a whole brings back all of it.
  /// - Throws: ``LeaseHeld`` while a run is at work.
  package func restore(_ names: [String]) throws -> RestoreReport {
    let connection = try site.connectReady()
    let revisions = try NamedRevisions(connection, names)
    return try restore(connection, revisions.found.map(\.id), problems: revisions.problems)
  }

  /// Takes back everything that a run flagged and that is flagged still.
  ///
  /// - Throws: ``LeaseHeld`` while a run is at work.
  package func restore(run: Int) throws -> RestoreReport {
    let connection = try site.connectReady()
    let flagged = try FlagState.flagged(connection, byRun: run)
    guard !flagged.isEmpty else { throw Failure("no revision was flagged by a run \(run)", .failed) }
    return try restore(connection, flagged.filter(\.isDeleted).map(\.revisionID), problems: [])
  }

  private func restore(
    _ connection: Connection, _ wanted: [Int], problems: [String]
  ) throws -> RestoreReport {
    let clock = try Clock.read(connection, today: options.today)
    let policies = try Preparation.policies(connection, options, today: clock.today)
    return try site.holdingLease(connection) { fence in
      let usage = try UsageRecords.read(connection, now: clock.now, ignored: policies.site.ignoredUsers)
      let flagged = try FactsReader(connection, now: clock.now, usage: usage).flaggedRevisions()
      var report = RestoreReport(problems: problems)
      for id in wanted where !flagged.contains(where: { $0.id == id }) {
        guard let revision = try NamedRevision.find(connection, id: id),
          let state = try FlagState.read(connection, id)
        else { continue }
        report.refused(revision, state.obstacle.sentence)
      }
      let writer = RestoreWriter(
        connection: connection,
        changes: Changes(
          connection, fence: fence, clock: clock, runID: nil, by: ProcessIdentity.account,
          bounds: usage.bounds),
        outbox: Outbox(connection, fence: fence, clock: clock, runID: nil))
      try writer.write(Self.units(flagged, wanted: Set(wanted)), policies, clock.today, &report)
      return report
    }
  }

  /// What comes back together, in the order of images.
  private static func units(_ flagged: [FlaggedRevision], wanted: Set<Int>) -> [[FlaggedRevision]] {
    let images = Set(flagged.filter { $0.wholeImage && wanted.contains($0.id) }.map(\.imageID))
    var units: [[FlaggedRevision]] = []
    for revision in flagged where wanted.contains(revision.id) || images.contains(revision.imageID) {
      if revision.wholeImage, units.last?.first?.imageID == revision.imageID {
        units[units.count - 1].append(revision)
      } else {
        units.append([revision])
      }
    }
    return units
  }
}

/// Writes restores, each with the beginning of the mail that tells of it.
private struct RestoreWriter {
  let connection: Connection
  let changes: Changes
  let outbox: Outbox

  func write(
    _ units: [[FlaggedRevision]], _ policies: PolicySet, _ today: Day, _ report: inout RestoreReport
  ) throws {
    var mails: [Int: Int] = [:]
    for unit in units {
      let decisions = unit.map { Decision(restoring: $0, because: .restored, policies, today) }
      let items = try zip(decisions, unit).map { decision, revision in
        (item: (decision: decision, facts: try AuditFacts(decision).json), flaggedAt: revision.flaggedAt)
      }
      let owner = unit[0].owner?.id ?? 0
      var begun: Int?
      let result = try LockedRow.retry { () -> Changes.Result? in
        let result = try changes.restore(items) {
          // The body may run again after a deadlock, which takes back a mail that it had begun.
          let mail = try mails[owner] ?? outbox.begin(ownerID: unit[0].owner?.id, recipient: .owner)
          for decision in decisions {
            try outbox.add(.init(decision, .safe, date: nil, previous: decision.expireDate), to: mail)
          }
          begun = mail
        }
        return result == .locked ? nil : result
      }
      if result == .done { mails[owner] = begun }
      for decision in decisions {
        let named = try NamedRevision.find(connection, id: decision.revisionID)
        guard let named else { continue }
        switch result {
        case .done: report.restored(named, keptUntil: decision.keepUntil)
        case .changed: report.refused(named, "was changed by somebody else this moment; try again")
        case .locked, nil: report.refused(named, "is locked by VCL this moment; try again")
        }
      }
    }
  }
}
