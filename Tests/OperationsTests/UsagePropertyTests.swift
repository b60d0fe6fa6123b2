import Campus
import MariaDB
import Retention
import TestSupport
import Testing
import VCLDatabase

@Suite("Usage that is stored and continued")
struct UsagePropertyTests {
  @Test(
    "Reading what is new gives what reading everything gives, over random histories with pruned logs",
    arguments: 1...10)
  func withPruning(seed: Int) throws {
    try History(seed: UInt64(seed), prunes: true, changesIgnored: false).play(steps: 60)
  }

  @Test(
    "Reading what is new gives what reading everything gives, also when the ignored accounts change",
    arguments: 11...20)
  func withIgnoredAccounts(seed: Int) throws {
    try History(seed: UInt64(seed), prunes: false, changesIgnored: true).play(steps: 60)
  }
}

/// Two sites with the same random history: one stores what it has read, and may lose old rows; the other reads
/// everything each time and loses nothing.
private final class History {
  private let storing: TestSite
  private let complete: TestSite
  private var random: Random
  private let prunes: Bool
  private let changesIgnored: Bool
  private var now = CampusTime(year: 2024, month: 1, day: 1, hour: 8)
  private var ignored: Set<Account> = []
  private var open: [Reservation] = []
  private var ended: [(log: Int, end: CampusTime)] = []
  private var revisions: [Int] = []
  private var users: [Int] = []
  private var fence: Fence!
  private var steps: [String] = []

  private struct Reservation {
    var log: Int
    var start: CampusTime
    var end: CampusTime
  }

  init(seed: UInt64, prunes: Bool, changesIgnored: Bool) throws {
    storing = try TestSite()
    complete = try TestSite()
    random = Random(state: seed)
    self.prunes = prunes
    self.changesIgnored = changesIgnored
    fence = try Lease.take(
      storing.connection, by: LeaseHolder(node: "test", pid: 1, processStart: 1, bootID: "test"),
      isDead: { _ in false })
    revisions = try both { campus in
      let image = try campus.image("Statistics")
      return try (1...5).map { try campus.revision(of: image, $0, production: $0 == 1) }
    }
    users = try both { campus in
      [1, CampusBuilder.vclreload, try campus.user("monitor"), try campus.user("jdoe")]
    }
  }

  func play(steps count: Int) throws {
    for _ in 0..<count {
      now = now.later(days: random.below(15), hours: random.below(24), minutes: 1)
      try endWhatIsOver()
      try step()
      try compare()
    }
  }

  /// The same on both sites; the ids are the same too.
  private func both<T: Equatable>(_ write: (CampusBuilder) throws -> T) throws -> T {
    let result = try write(storing.campus)
    #expect(try write(complete.campus) == result)
    return result
  }

  private func both(_ sql: String, _ values: [Value]) throws {
    try storing.connection.execute(sql, values)
    try complete.connection.execute(sql, values)
  }

  /// VCL writes the ending of a reservation when its time is over.
  private func endWhatIsOver() throws {
    for reservation in open where reservation.end < now {
      try both("UPDATE log SET ending = 'EOR' WHERE id = ?", [Value(reservation.log)])
      ended.append((reservation.log, reservation.end))
    }
    open.removeAll { $0.end < now }
  }

  private func step() throws {
    switch random.below(9) {
    case 0, 1, 2: try reserve()
    case 3: try extend()
    case 4: try end()
    case 5: try reinstall()
    case 6 where prunes: try prune()
    case 7 where changesIgnored:
      ignored = random.below(2) == 0 ? [] : [Account("monitor@Local")!]
      steps.append("\(now): ignored are now \(ignored)")
    default: try store()
    }
  }

  private func reserve() throws {
    let start = random.below(3) == 0 ? now.later(days: 1 + random.below(40)) : now
    let end = start.later(days: random.below(4) == 0 ? 3000 : random.below(10), hours: 1)
    let used =
      random.below(4) == 0 ? [revisions[0], revisions[random.below(5)]] : [revisions[random.below(5)]]
    let user = users[random.below(4)]
    let log = try both {
      try $0.clusterUse(used, by: user, from: "\(start)", to: "\(end)", ending: "none")
    }
    open.append(Reservation(log: log, start: start, end: end))
    steps.append("\(now): log \(log) of \(used) by \(user) from \(start) to \(end)")
  }

  private func extend() throws {
    guard !open.isEmpty else { return }
    let index = random.below(open.count)
    open[index].end = open[index].end.later(days: random.below(20))
    try both(
      "UPDATE log SET finalend = ? WHERE id = ?", [Value("\(open[index].end)"), Value(open[index].log)])
    steps.append("\(now): log \(open[index].log) extended to \(open[index].end)")
  }

  /// A person ends a reservation: one that lies ahead is deleted and keeps its end.
  private func end() throws {
    guard !open.isEmpty else { return }
    let reservation = open.remove(at: random.below(open.count))
    let isDeleted = reservation.start > now || random.below(2) == 0
    _ = try both { try $0.change(of: reservation.log, at: "\(self.now)") }
    try both(
      "UPDATE log SET ending = ?, finalend = IF(start > ?, finalend, ?) WHERE id = ?",
      [Value(isDeleted ? "deleted" : "released"), Value("\(now)"), Value("\(now)"), Value(reservation.log)])
    ended.append((reservation.log, now))
    steps.append("\(now): log \(reservation.log) \(isDeleted ? "deleted" : "released")")
  }

  private func reinstall() throws {
    guard let reservation = open.first(where: { $0.start < now }) else { return }
    let revision = revisions[random.below(5)]
    _ = try both { try $0.reinstall(of: reservation.log, with: revision, at: "\(self.now)") }
    steps.append("\(now): log \(reservation.log) reinstalled with \(revision)")
  }

  /// Sites throw away what ended long ago, as far as a run has seen it.
  private func prune() throws {
    try store()
    let limit = now.later(days: -30)
    for (log, end) in ended where end < limit {
      try IdleImage.prune(log, storing)
      steps.append("\(now): log \(log) pruned")
    }
    ended.removeAll { $0.end < limit }
  }

  private func store() throws {
    try UsageRecords.read(storing.connection, now: moment, ignored: ignored)
      .store(storing.connection, guardedBy: fence)
    steps.append("\(now): stored")
  }

  private var moment: Moment { LastUseTests.moment("\(now)") }

  private func compare() throws {
    let continued = try UsageRecords.read(storing.connection, now: moment, ignored: ignored)
    let full = try UsageRecords.read(complete.connection, now: moment, ignored: ignored)
    for revision in revisions {
      try #require(
        continued.lastUse(revision, now: moment) == full.lastUse(revision, now: moment),
        "revision \(revision) after \(steps.joined(separator: "; "))")
    }
    try #require(continued.newestDay(now: moment) == full.newestDay(now: moment))
    // The first row that is left may be of an earlier start than the very first one, which was made for later.
    try #require(
      prunes
        ? continued.recordedSince ?? moment <= full.recordedSince ?? moment
        : continued.recordedSince == full.recordedSince)
  }
}

/// The same numbers for the same seed everywhere (SplitMix64).
private struct Random {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
  }
}
