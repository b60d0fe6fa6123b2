import Caches
import Foundation
import MariaDB
import Storage
import VCLDatabase

/// Removes the files of revisions that this program has flagged long enough ago, from this node's roots.
///
/// A revision goes as a whole or not at all: what one root must keep, all of this node's keep.
package struct PurgeOperation {
  let site: Site
  let timing: RemovalTiming
  private let stop: StopRequest

  /// - Parameters:
  ///   - isQueued: leaves it to a worker.
  ///   - stop: ends it before what is not decided; that is put back.
  package init(_ site: Site, isQueued: Bool = false, stop: StopRequest = .never) {
    self.init(site, isQueued ? .queued : .atOnce, stop: stop)
  }

  init(_ site: Site, _ timing: RemovalTiming, stop: StopRequest = .never) {
    self.stop = stop
    self.site = site
    self.timing = timing
  }

  /// - Throws: ``TaskConflict`` while another task works on the roots.
  package func purge(isDryRun: Bool = false, _ progress: Progress = .silent) throws -> RemovalReport {
    let call = try RemovalCall(site, .purge, timing, isDryRun: isDryRun, progress, stop: stop)
    let days = call.policies.site.purgeDays
    let all = try NodeRoots.read(call.connection, node: site.nodeName)
    guard days > 0 else {
      var report = RemovalReport(kind: .purge, isDryRun: isDryRun)
      report.describe(days: days, withoutFiles: 0, [])
      report.remarks.append(
        "expireimage_purge_days is 0: files of flagged revisions are never removed. Nothing was done.")
      return report
    }
    return try call.perform(input: ["purge_days": .number(days)]) { task in
      try purge(days, all, call, task)
    }
  }

  private func purge(
    _ days: Int, _ all: NodeRoots, _ call: RemovalCall, _ task: TaskAtWork?
  ) throws -> RemovalReport {
    var report = RemovalReport(kind: .purge, isDryRun: call.isDryRun)
    let enabled = all.own.filter(\.root.isEnabled)
    var roots = enabled
    let reading = try call.read(all, &roots, task, &report)
    let names = PurgeableNames(
      try PurgeableRevision.read(call.connection, today: call.clock.today, days: days), reading.reasons.files)
    var found: [(contents: RootContents, entries: [CacheEntry])] = []
    // What a repository must keep, caches keep too.
    for root in roots.filter({ $0.root.role == .repository }) + roots.filter({ $0.root.role != .repository })
    {
      let contents = try reading.contents(of: root)
      found.append((contents, contents.entries.map(\.entry).filter { names.all.contains($0.name) }))
    }
    let isComplete = roots.count == enabled.count
    let staying = report.note(staying: found, names, isComplete: isComplete)

    call.progress.phase(.removeFiles)
    let present = Set(found.flatMap { $0.entries.map(\.name) })
    let plannedBytes = found.flatMap(\.entries).filter { !staying.contains($0.name) }.map(\.size).total()
      .apparentBytes
    var kept: Set<String> = []
    for (contents, entries) in found {
      let entries = entries.filter { !staying.contains($0.name) && !kept.contains($0.name) }
      guard let task else {
        report.add(planned: entries.map { contents.removed($0, reading.clock) })
        continue
      }
      let byName = contents.byName
      let planned = entries.compactMap { entry in
        byName[entry.name].map { (RemovalCandidate($0), contents.removed(entry, reading.clock)) }
      }
      let work = RootRemoval(call: call, task: task, root: contents.root, plannedBytes: plannedBytes)
      let check = PurgeCheck(work: work, names: names, reading: reading)
      let isDone = try call.attempt(contents.root, &report) { report in
        kept.formUnion(
          try work.remove(planned, batchSize: PurgeCheck.batchSize, &report, recheck: check.recheck))
      }
      if !isDone { kept.formUnion(planned.map(\.0.name)) }
    }
    report.describe(
      days: days, withoutFiles: isComplete ? names.all.subtracting(present).count : nil, all.others)
    return report
  }
}

/// The names whose files may go, with all the revisions that have them.
private struct PurgeableNames {
  private let revisions: [String: [PurgeableRevision]]
  /// Those of which another revision is on record that may not go.
  let shared: Set<String>
  /// Those that a person has used since the flag, also where no trigger noticed it.
  let used: Set<String>

  init(_ revisions: [PurgeableRevision], _ files: ImageFiles) {
    self.revisions = Dictionary(grouping: revisions, by: \.fileName)
    shared = Set(self.revisions.filter { !Self.coversAll($1, of: $0, files) }.keys)
    used = Set(
      revisions.filter { revision in
        files.facts[revision.fileName]?.lastUse.map { $0 >= revision.flagged } ?? false
      }.map(\.fileName))
  }

  var all: Set<String> { Set(revisions.keys) }

  func revisions(_ name: String) -> [PurgeableRevision] { revisions[name] ?? [] }

  /// Whether every revision that has the name may go.
  func coversAll(_ name: String, _ files: ImageFiles) -> Bool {
    Self.coversAll(revisions(name), of: name, files)
  }

  private static func coversAll(
    _ revisions: [PurgeableRevision], of name: String, _ files: ImageFiles
  ) -> Bool {
    guard let facts = files.facts[name] else { return false }
    return Set(facts.revisionIDs) == Set(revisions.map(\.id))
  }
}

/// The last check before the files of revisions are unlinked.
private struct PurgeCheck {
  let work: RootRemoval
  let names: PurgeableNames
  let reading: NodeReading

  /// Few: their rows are locked while the check lasts.
  static let batchSize = 16

  /// A name that may not go after all, found when its purge was written down already.
  private struct Refused: Error {
    let codes: [String: String]
  }

  /// Writes down that the files go, which is the end of all restoring, or why they do not: for each name together with
  /// the locks of its revisions' rows, so that no reservation comes between.
  ///
  /// Each removal writes it for itself, whatever is on record of another root: the other may be undone.
  func recheck(_ batch: RemovalBatch) throws -> [String: String] {
    // Before anything is locked: it may take its time.
    let backing = try reading.readDisks()
    var staying: [String: String] = [:]
    while true {
      let rest = batch.candidates.filter { staying[$0.name] == nil }
      do {
        try work.call.connection.transaction { try record(rest, of: batch.id, backing) }
        return staying
      } catch let refused as Refused {
        staying.merge(refused.codes) { $1 }
      }
    }
  }

  /// Part of a transaction.
  private func record(
    _ candidates: [RemovalCandidate], of removal: String, _ backing: BackingFiles
  ) throws {
    let connection = work.call.connection
    try work.task.hold.check(connection)
    var codes: [String: String] = [:]
    for name in candidates.map(\.name) {
      for revision in names.revisions(name) {
        let facts = JSONValue.object([
          "account": .text(ProcessIdentity.account), "node": .text(work.call.site.nodeName),
          "task_id": .number(work.task.id), "root": .text(work.root.record.name), "removal": .text(removal),
        ])
        let isRecorded = try revision.recordPurge(
          connection, at: work.call.clock.present, by: ProcessIdentity.account,
          facts: try JSONOutput.text(facts, isPretty: false))
        if !isRecorded { codes[name] = PurgeReason.restored.rawValue }
      }
    }
    // After the locks: nothing can come to these revisions any more.
    for name in candidates.map(\.name) where codes[name] == nil {
      if try names.revisions(name).contains(where: { try $0.isUsed(connection, since: reading.usageBounds) })
      {
        codes[name] = PurgeReason.restored.rawValue
      }
    }
    let fresh = try reading.reasons.reread(connection, backing)
    codes.merge(RootRemoval.reasons(candidates, in: work.root.root, fresh, known: reading.known)) {
      first, _ in first
    }
    for name in candidates.map(\.name) where codes[name] == nil && !names.coversAll(name, fresh.files) {
      codes[name] = PurgeReason.otherRevision.rawValue
    }
    guard codes.isEmpty else { throw Refused(codes: codes) }
  }
}

/// Why the files of a flagged revision stay, beside the reasons that every entry may have.
package enum PurgeReason: String, Sendable, CaseIterable {
  case restored
  case otherRevision = "other_revision"
  case otherRoot = "other_root"
  case unreadRoot = "unread_root"

  package var sentence: String {
    switch self {
    case .restored: "Of a purge: it was restored or used since its flag, or VCL has its row this moment."
    case .otherRevision: "Of a purge: another revision has the same file name, and may not go."
    case .otherRoot: "Of a purge: another root of this node must keep its files, so all do."
    case .unreadRoot: "Of a purge: another root of this node, which may have it too, cannot be worked on."
    }
  }
}

extension RemovalReport {
  /// Notes what stays in each root.
  ///
  /// - Parameter isComplete: whether all enabled roots were read; otherwise nothing goes.
  /// - Returns: the names that stay in all of them.
  fileprivate mutating func note(
    staying found: [(contents: RootContents, entries: [CacheEntry])], _ names: PurgeableNames,
    isComplete: Bool
  ) -> Set<String> {
    var staying = isComplete ? names.shared.union(names.used) : names.all
    for (_, entries) in found { staying.formUnion(entries.filter { $0.protection != nil }.map(\.name)) }
    for (contents, entries) in found {
      for entry in entries where staying.contains(entry.name) {
        let other: PurgeReason =
          if names.shared.contains(entry.name) {
            .otherRevision
          } else if names.used.contains(entry.name) {
            .restored
          } else {
            isComplete ? .otherRoot : .unreadRoot
          }
        skipped.append(
          Skipped(
            root: contents.root.record.name, name: entry.name,
            reason: entry.protection?.code ?? other.rawValue))
      }
    }
    return staying
  }

  fileprivate mutating func describe(days: Int, withoutFiles: Int?, _ others: [RootRecord]) {
    more["purge_days"] = .number(days)
    more["without_files"] = JSONValue(withoutFiles)
    more["other_roots"] = .list(
      others.map {
        .object(["node": .text($0.node), "root": .text($0.name), "role": .text($0.role)])
      })
    if let withoutFiles, withoutFiles > 0 {
      remarks.append("\(withoutFiles) flagged file names have no files in this node's roots.")
    }
    let nodes = Dictionary(grouping: others, by: \.node).sorted { $0.key < $1.key }
    remarks += nodes.map { node, roots in
      "Node \(node) purges its own roots: \(roots.map(\.name).joined(separator: ", "))."
    }
  }
}
