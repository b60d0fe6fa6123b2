import Caches
import Foundation
import MariaDB
import Storage
import VCLDatabase

/// Removes exactly what belongs to one image name from one root, and nothing that somebody needs.
struct CleanupWork {
  let target: ImageTarget
  let call: TaskCall
  /// After an upload the entry itself stays: what an upload leaves unfinished is in `incomplete/` alone, and an entry that
  /// is in its place is whole.
  let keepsEntry: Bool
  /// Whether the lock on the name is ours.
  let hasLock: Bool

  /// So long a cleanup waits for another process that removes entries of the same root.
  private static let patienceSeconds = 600.0

  private static let complete = "complete"
  /// VCL has a revision of that name; what a purge removes it has looked at more closely.
  static let knownToVCL = "known_to_vcl"
  static let unknownDisks = "backing_files_unknown"

  /// Why an entry stays, and perhaps more of that.
  private struct Need {
    let code: String
    var message: String?
  }

  private var name: String { target.name }
  private var root: Root { target.root.root }

  /// What will have been ended when the work begins.
  ///
  /// The work waits for another process that removes something; what comes of that, nobody knows.
  func aftermath() throws -> Aftermath {
    do { return try target.root.directory.get().aftermath(node: ProcessIdentity.own.node) } catch {
      guard case .busy? = error as? RootProblem else { throw error }
      return Aftermath()
    }
  }

  /// What is there and what becomes of it, from one reading.
  ///
  /// - Parameter aftermath: what will be there is read instead of what is.
  func plan(after aftermath: Aftermath = Aftermath()) throws -> CleanupPlan {
    let directory = try target.root.directory.get()
    let files = try ImageFiles.read(
      call.connection, now: call.clock.present, undone: aftermath.undone)
    let known = KnownNames(Array(files.facts.keys) + [name])
    var plan = CleanupPlan()
    for area in [Area.incomplete, .invalid] {
      for found in try directory.items(of: area, node: ProcessIdentity.own.node, after: aftermath)
      where belongs(found.item.name, known) {
        if found.item.writer == .alive {
          plan.kept.append(.init(area: area, name: found.item.name, reason: "writer_alive"))
        } else if let obstacle = found.item.obstacle {
          plan.kept.append(.init(area: area, name: found.item.name, reason: obstacle.rawValue))
        } else {
          plan.add(
            RemovalCandidate(area: area, name: found.item.name, fileNames: [found.fileName]), found.item.size)
        }
      }
    }
    let scan = try RootScan(
      directory, layout: root.layout, known: known, measuresUnmanaged: false, after: aftermath)
    guard let entry = scan.entries.first(where: { $0.entry.name.utf8.elementsEqual(name.utf8) }) else {
      return plan
    }
    let fileNames = entry.fileNames.filter { isOwn($0, files) }
    guard !fileNames.isEmpty else { return plan }
    plan.entrySize = entry.entry.size
    if keepsEntry {
      plan.kept.append(.init(area: nil, name: name, reason: Self.complete))
    } else if let need = try entry.entry.protection.map({ Need(code: $0.code) })
      ?? need(files, known, plan.entrySize, aftermath)
    {
      plan.kept.append(.init(area: nil, name: name, reason: need.code, message: need.message))
    } else {
      // An index is of no use without what it describes, and tells what that was.
      let sorted = fileNames.filter { !$0.isIndex } + fileNames.filter(\.isIndex)
      let isWhole = fileNames.count == entry.fileNames.count
      plan.add(
        RemovalCandidate(area: nil, name: name, fileNames: sorted),
        isWhole ? entry.entry.size : size(of: fileNames))
    }
    return plan
  }

  /// Of flat files.
  private func size(of fileNames: [FileName]) -> EntrySize {
    fileNames.map { fileName in
      var status = stat()
      guard let text = fileName.text, lstat("\(root.path)/\(text)", &status) == 0 else { return EntrySize() }
      let blocks = Int64(status.st_blocks) * 512
      return EntrySize(
        files: 1, apparentBytes: Int64(status.st_size), allocatedBytes: blocks, freedBytes: blocks)
    }.total()
  }

  /// Whether an item of an area is the name's.
  private func belongs(_ item: String, _ known: KnownNames) -> Bool {
    if item.utf8.elementsEqual(name.utf8) { return true }
    return [true, false].contains { isDirectory in
      root.layout.imageName(of: item, isDirectory: isDirectory, known: known)?.utf8.elementsEqual(name.utf8)
        ?? false
    }
  }

  /// What follows a hyphen may be a partition; after a name that VCL does not know it may as well be the rest of another
  /// name that VCL does not know.
  private func isOwn(_ fileName: FileName, _ files: ImageFiles) -> Bool {
    guard files.facts[name] == nil else { return true }
    return fileName.text.map { $0 == name || $0.hasPrefix(name + ".") } ?? false
  }

  /// Why the entry must stay; nil: nobody needs it.
  ///
  /// - Parameter size: the entry's.
  private func need(
    _ files: ImageFiles, _ known: KnownNames, _ size: EntrySize, _ aftermath: Aftermath = Aftermath()
  ) throws -> Need? {
    let backing = BackingFiles(below: target.roots.diskDirectories, after: aftermath)
    if let unknown = target.roots.unknownDisks(backing) {
      return Need(code: Self.unknownDisks, message: "\(unknown.fault); \(unknown.advice)")
    }
    let reasons = EntryReasons(
      files, clock: call.clock, copies: [name: try copies(known)], backing: backing)
    let reason = reasons.reason(
      name, in: root, backingNames: reasons.backingNames(in: root, known: known),
      size: size)
    // The last of the reasons: with the lock ours, there is no other.
    if let reason, !(hasLock && reason == .taskLock) { return Need(code: reason.rawValue) }
    let isPrecious = files.facts[name] != nil && reasons.isOnlyCopy(name, in: root, of: size)
    return isPrecious ? Need(code: Self.knownToVCL) : nil
  }

  /// What other roots of the node, repositories, have of the name.
  private func copies(_ known: KnownNames) throws -> [RepositoryCopy] {
    try target.roots.repositories.compactMap { other in
      guard other.record.id != target.root.record.id, let directory = try? other.directory.get() else {
        return nil
      }
      let scan = try RootScan(directory, layout: other.root.layout, known: known, measuresUnmanaged: false)
      return scan.entries.first { $0.entry.name == name }.flatMap {
        RepositoryCopy($0.entry, in: other.root)
      }
    }
  }

  /// Removes what the plan says, each part after another look.
  ///
  /// - Throws: ``TaskLost``, ``Failure``, what the database throws.
  func run(_ task: TaskAtWork) throws -> CleanupReport {
    do { return try remove(task) } catch let error as FileError {
      throw Failure(target.root.advice(error), .failed)
    } catch let problem as RootProblem {
      throw Failure(target.root.advice(problem), .failed)
    }
  }

  private func remove(_ task: TaskAtWork) throws -> CleanupReport {
    try patiently { _ = try target.root.finishInterrupted(task.connection) }
    let plan = try plan()
    var report = CleanupReport(plan, isDryRun: false)
    for kept in plan.kept {
      try task.log(
        kept.reason == Self.complete ? .info : .warning, "\(kept.words) stays: \(kept.reasonWords)")
    }
    if !plan.candidates.isEmpty {
      let directory = try target.root.directory.get()
      var unknownDisks: String?
      let outcome = try patiently {
        let ledger = target.root.ledger(task.connection, taskID: task.id)
        let remover = try target.root.remover(in: directory, task.connection, ledger: ledger)
        return try remover.remove(plan.candidates) {
          guard let need = try recheck($0.candidates, plan.entrySize, task) else { return [:] }
          unknownDisks = need.message
          return [name: need.code]
        }
      }
      report.note(outcome, unknownDisks: unknownDisks, advice: target.root.advice)
      for removed in report.removed { try task.log(.info, "removed \(removed.words)") }
      for failed in report.failed { try task.log(.error, "\(failed.words): \(failed.reason)") }
    }
    report.total = try RemovedTotal.of(task.connection, task: task.id)
    return report
  }

  private func recheck(
    _ candidates: [RemovalCandidate], _ entrySize: EntrySize, _ task: TaskAtWork
  ) throws -> Need? {
    let files = try task.connection.transaction {
      try task.hold.check(task.connection)
      return try ImageFiles.read(task.connection, now: call.clock.present)
    }
    guard candidates.contains(where: { $0.area == nil }) else { return nil }
    let known = KnownNames(Array(files.facts.keys) + [name])
    return try need(files, known, entrySize)
  }

  /// Again while another process removes entries of the root, which may take its time.
  private func patiently<T>(_ body: () throws -> T) throws -> T {
    let end = ContinuousClock.now + .seconds(Self.patienceSeconds)
    while true {
      do { return try body() } catch let problem as RootProblem {
        guard case .busy = problem, .now < end else { throw problem }
        usleep(200_000)
      }
    }
  }
}

extension FileName {
  fileprivate var isIndex: Bool { text?.hasSuffix(".xml") ?? false }
}
