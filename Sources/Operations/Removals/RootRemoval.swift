import Caches
import Mail
import Retention
import Storage
import VCLDatabase

/// Removes entries and items of one root for a task.
struct RootRemoval {
  let call: RemovalCall
  let task: TaskAtWork
  let root: ManagedRoot
  /// How many files, or how large, all is that the task has planned; for those who wait.
  let plannedBytes: Int64

  /// What left the disk, for those who wait.
  private final class Tally {
    private(set) var bytes: Int64 = 0
    private(set) var count = 0

    func note(_ record: RemovalRecord) {
      bytes += record.total.apparentBytes
      count += record.entries.count
    }
  }

  /// Removes what a plan names; what became of it is in the report also when it is cut short.
  ///
  /// - Parameters:
  ///   - planned: the candidates, with what the report says of each.
  ///   - batchSize: so many are checked again together.
  ///   - recheck: as ``Remover`` has it.
  /// - Returns: the names of those that are in their place still.
  /// - Throws: ``RootProblem`` and ``FileError`` when the root is not what it was; ``Failure`` that says what was done
  ///   until then.
  func remove(
    _ planned: [(candidate: RemovalCandidate, removed: RemovalReport.Removed)], batchSize: Int,
    _ report: inout RemovalReport, recheck: Remover.Recheck
  ) throws -> Set<String> {
    guard !planned.isEmpty else { return [] }
    let tally = Tally()
    let write = root.ledger(call.connection, taskID: task.id)
    let before = report.total.apparentBytes
    let countBefore = report.removed.count
    var outcome = RemovalOutcome()
    var remover: Remover?
    do {
      let own = try root.remover(in: root.directory.get(), call.connection) {
        [task, call, plannedBytes] record in
        tally.note(record)
        try write(record)
        let done = before + tally.bytes
        call.progress.update(countBefore + tally.count, of: countBefore + planned.count)
        try task.report(
          bytesDone: done, bytesTotal: max(done, plannedBytes),
          "Removed \(ByteCount(done)) of \(ByteCount(max(done, plannedBytes)))")
      }
      remover = own
      try own.remove(planned.map(\.candidate), batchSize: batchSize, into: &outcome) { batch in
        // Nothing of the batch is decided: it is put back.
        try call.stop.check()
        return try recheck(batch)
      }
    } catch {
      remover?.noteWaiting(planned.map(\.candidate), in: &outcome)
      let staying = note(outcome, planned, &report)
      if error is RootProblem || error is FileError { throw error }
      // There will be no report: the job's log says it.
      let lines = report.problems + staying.map { "\($0.root): \(PlainLine.of($0.name)) stays: \($0.reason)" }
      for line in lines { try? task.log(.warning, line) }
      let failure = Failure(error)
      let stays = staying.isEmpty ? "" : "; \(staying.count) in their place"
      throw Failure("\(failure); until then: \(report.summary)\(stays)", failure.exitStatus)
    }
    remover?.noteWaiting(planned.map(\.candidate), in: &outcome)
    _ = note(outcome, planned, &report)
    return Set(outcome.putBack.map(\.name) + outcome.failed.filter { !$0.isGone }.map(\.name))
  }

  /// Notes in the report what became of what was planned.
  ///
  /// - Returns: what stays, or was gone before.
  private func note(
    _ outcome: RemovalOutcome,
    _ planned: [(candidate: RemovalCandidate, removed: RemovalReport.Removed)], _ report: inout RemovalReport
  ) -> [RemovalReport.Skipped] {
    report.add(outcome.records, planned)
    report.note(outcome.failed, root)
    let areas = Dictionary(
      planned.map { ($0.candidate.name, $0.candidate.area) }, uniquingKeysWith: { first, _ in first })
    let staying = (outcome.putBack + outcome.vanished.map { ($0, "vanished") }).map { name, reason in
      RemovalReport.Skipped(root: root.record.name, name: name, area: areas[name] ?? nil, reason: reason)
    }
    report.skipped += staying
    return staying
  }

  /// How many are checked again together: many small ones, few large ones, whose removal takes long.
  static func batchSize(_ entries: [CacheEntry]) -> Int {
    let bytes = entries.reduce(Int64(0)) { $0.addingClamped($1.size.allocatedBytes) }
    let average = max(1, bytes / Int64(max(1, entries.count)))
    return max(16, min(16_384, Int((64 << 30) / average)))
  }

  /// The last check of entries: the task still has the roots, and nobody needs the entry by now.
  ///
  /// What repositories have is not read again.
  func recheck(_ batch: RemovalBatch, _ reading: NodeReading) throws -> [String: String] {
    let backing = try reading.readDisks()
    return try call.connection.transaction {
      try task.hold.check(call.connection)
      return Self.reasons(
        batch.candidates, in: root.root, try reading.reasons.reread(call.connection, backing),
        known: reading.known)
    }
  }

  /// The codes of the reasons for which candidates must stay, by name.
  static func reasons(
    _ candidates: [RemovalCandidate], in root: Root, _ reasons: EntryReasons, known: KnownNames
  ) -> [String: String] {
    let backingNames = reasons.backingNames(in: root, known: known)
    var codes: [String: String] = [:]
    for candidate in candidates {
      let name = candidate.name
      if reasons.files.facts[name] == nil {
        codes[name] = "unmanaged"
      } else if let reason = reasons.reason(
        name, in: root, backingNames: backingNames, size: candidate.size)
      {
        codes[name] = reason.rawValue
      }
    }
    return codes
  }
}

extension RemovalReport {
  /// Adds what left the disk.
  fileprivate mutating func add(
    _ records: [RemovalRecord], _ planned: [(candidate: RemovalCandidate, removed: Removed)]
  ) {
    let byName = Dictionary(
      planned.map { ($0.candidate.name, $0.removed) }, uniquingKeysWith: { first, _ in first })
    for record in records {
      total += record.total
      removed += record.entries.compactMap { byName[$0.name] }
    }
  }

  mutating func note(_ entries: [SkippedEntry], _ root: String) {
    skipped += entries.map { Skipped(root: root, name: $0.name, reason: $0.reason.code) }
  }

  /// Adds what a dry run would remove.
  mutating func add(planned: [Removed]) {
    removed += planned
    total += planned.map(\.size).total()
  }
}

extension RootContents {
  var byName: [String: ScannedEntry] {
    Dictionary(entries.map { ($0.entry.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What the report says of an entry that goes.
  func removed(_ entry: CacheEntry, _ clock: Clock, reason: String? = nil) -> RemovalReport.Removed {
    RemovalReport.Removed(
      root: root.record.name, name: entry.name, size: entry.size, lastUsed: clock.text(entry.lastUsed),
      reason: reason)
  }
}

extension Clock {
  /// ISO 8601; nil: there is none.
  func text(_ time: FileTime) -> String? {
    guard time > .distantPast else { return nil }
    let moment = Moment(day: Day(number: 0)) + (Int(time.seconds) + utcOffsetMinutes * 60)
    return text(moment)
  }
}
