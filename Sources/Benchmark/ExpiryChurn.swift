import Assets
import Foundation
import MariaDB
import Retention
import VCLDatabase

/// A run that never ends: marks, moves, clears and flags the same few revisions, with the program's own transactions.
final class ExpiryChurn: @unchecked Sendable {
  private let connection: Connection
  private let images: [ReservationSite.ExpiringImage]
  private let ledger: ReservationLedger
  private let expectsClearing: Bool
  private let pauseMilliseconds: Int
  private let fence: Fence
  private let runID: Int
  private let policies: [PolicySet]
  private var steps = 0
  /// When the present date of a revision was first there, by revision.
  private var datedSince: [Int: ContinuousClock.Instant] = [:]
  private static let graces = [5, 7]
  private static let today = Day(year: 2026, month: 3, day: 2)!

  init(
    _ connection: Connection, _ images: [ReservationSite.ExpiringImage], _ ledger: ReservationLedger,
    expectsClearing: Bool, pauseMilliseconds: Int
  ) throws {
    self.connection = connection
    self.images = images
    self.ledger = ledger
    self.expectsClearing = expectsClearing
    self.pauseMilliseconds = pauseMilliseconds
    let holder = LeaseHolder(node: "benchmark", pid: 1, processStart: 1, bootID: "benchmark")
    fence = try Lease.take(connection, by: holder, isDead: { _ in true })
    let clock = Clock(now: Moment(day: Self.today), utcOffsetMinutes: 0, isSimulated: true)
    runID = try RunRecord.begin(connection, clock: clock, mode: .flag, holder: holder, policy: "{}")
    policies = try Self.graces.map { grace in
      try PolicySet(
        stored: [],
        call: [
          "mode": "flag", "grace_days": "\(grace)", "min_notice_days": "0", "idle_days_older": "10",
          "unused_days_older": "10", "max_flag_count": "none", "max_flag_percent": "none",
          "notice_days": "1",
        ].map { PolicySet.Setting(key: "expireimage_\($0.key)", affiliation: nil, value: $0.value) })
    }
  }

  /// Changes one revision after the other until told to stop; then looks at each once more.
  func work(until isDone: () -> Bool) {
    do {
      // Dates that an earlier round has left were set before this one's first reservation.
      for image in images { datedSince[image.old] = .now }
      while !isDone() {
        for image in images {
          try step(image)
          if pauseMilliseconds > 0 { usleep(UInt32(pauseMilliseconds) * 1000) }
        }
      }
      for image in images { _ = try observe(image.old) }
      try Lease.release(connection, fence)
    } catch { ledger.add(error) }
  }

  private struct State {
    let isDeleted: Bool
    let date: Day?
    let deletedAt: Moment?
  }

  /// Reads a revision and counts a reservation that should have cleared its date, and has not.
  private func observe(_ revision: Int) throws -> State? {
    let newest = ledger.newestStart(revision)
    let state = try connection.first(Assets.Benchmark.stateOfRevision, [Value(revision)]) {
      State(isDeleted: $0.bool(0), date: $0.day(1), deletedAt: $0.moment(2))
    }
    if expectsClearing, state?.date != nil, let newest, let since = datedSince[revision], newest > since {
      ledger.addDateLeft()
      datedSince[revision] = .now
    }
    return state
  }

  private func step(_ image: ReservationSite.ExpiringImage) throws {
    let (sublog, changelog) =
      try connection.first(Assets.Benchmark.newestUses) { ($0.int(0), $0.int(1)) } ?? (0, 0)
    guard let state = try observe(image.old) else { return }
    steps += 1
    var day = Self.today
    var kind = Decision.Kind.mark
    if state.isDeleted {
      kind = .unmark
    } else if let date = state.date {
      kind = [.flag, .redate, .flag, .unmark][(steps / images.count) % 4]
      if kind == .flag { day = date }
    }
    // A date is moved by another grace than it is from.
    let isShort = state.date == Self.today + Self.graces[0]
    let policy = state.date == nil ? policies[steps % 2] : policies[isShort == (kind == .redate) ? 1 : 0]
    let facts = facts(image, state, kind, day)
    guard
      let decision = Plan(facts: facts, policies: policy, today: day).decisions.first(where: {
        $0.revisionID == image.old && $0.kind == kind
      })
    else { return ledger.add(change: "not decided (\(kind))") }
    let clock = Clock(now: Moment(day: day), utcOffsetMinutes: 0, isSimulated: true)
    let changes = Changes(
      connection, fence: fence, clock: clock, runID: runID,
      bounds: UsageRecords.Bounds(
        sublogID: sublog, changelogID: changelog, oldestUse: nil, readAt: clock.now))
    let result: Changes.Result
    var missed = 0
    if decision.isRestore, let deletedAt = state.deletedAt {
      result = try changes.restore([((decision, "{}"), deletedAt)]) {}
    } else if kind == .flag {
      result = try changes.flag([(decision, "{}")]) {
        missed =
          try self.connection.first(
            Assets.Benchmark.newerUses,
            [
              Value(image.old), Value(sublog), Value(ReservationClient.reinstallation(of: image.old)),
              Value(changelog),
            ], { $0.int(0) }) ?? 0
      }
      if result == .done, missed > 0 { ledger.addLost() }
    } else {
      result = try changes.apply((decision, "{}")) {}
      if result == .done, kind == .mark { datedSince[image.old] = .now }
    }
    ledger.add(change: result == .done ? (decision.isRestore ? "restore" : kind.rawValue) : "\(result)")
  }

  /// What makes the plan decide so.
  private func facts(
    _ image: ReservationSite.ExpiringImage, _ state: State, _ kind: Decision.Kind, _ day: Day
  ) -> Facts {
    let owner = Owner(id: 1, account: Account(userName: "admin", affiliation: "Local"))
    var site = Image(id: image.id, name: "image", prettyName: "Image", owner: owner)
    var production = Revision(
      id: image.production, number: 2, isProduction: true, createdOn: day - 100)
    production.lastUse = .at(Moment(day: day))
    site.revisions = [production]
    var flagged: [FlaggedRevision] = []
    if state.isDeleted, let deletedAt = state.deletedAt {
      var revision = FlaggedRevision(
        id: image.old, imageID: image.id, image: "Image", number: 1, revisionClass: .older, owner: owner,
        expireDate: state.date, flaggedAt: deletedAt, wholeImage: false)
      revision.lastUse = .at(deletedAt + 1)
      flagged = [revision]
    } else {
      var old = Revision(id: image.old, number: 1, isProduction: false, createdOn: day - 800)
      old.expireDate = state.date
      if let date = state.date {
        old.mark = Mark(
          expireDate: date, computedDate: date, markedOn: Self.today, origin: .criteria, lastUse: nil)
      }
      if kind == .unmark { old.lastUse = .at(Moment(day: day)) }
      site.revisions.append(old)
    }
    return Facts(
      images: [site], flagged: flagged, newestUse: day, usageRecordedSince: day - 900, hasAdminAddress: true,
      ownersWithAddress: [1])
  }
}
