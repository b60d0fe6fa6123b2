import Caches
import Storage
import VCLDatabase

/// Makes room for a path, from all roots of its file system.
package struct ReclaimOperation {
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

  /// - Parameters:
  ///   - path: absolute; what needs the space will lie there. It need not exist.
  ///   - bytes: that shall be free there.
  ///   - isBestEffort: remove all that may go, also when it will not be enough.
  /// - Throws: ``TaskConflict`` while another task works on the roots.
  package func reclaim(
    path: String, bytes: ByteCount, isBestEffort: Bool = false, isDryRun: Bool = false,
    _ progress: Progress = .silent
  ) throws -> RemovalReport {
    guard path.hasPrefix("/") else {
      throw Failure("the path '\(FileName(path))' does not begin with /; give an absolute one", .failed)
    }
    let call = try RemovalCall(site, .reclaim, timing, isDryRun: isDryRun, progress, stop: stop)
    let free = try RootDirectory.freeBytes(atPath: path)
    let request = Request(path: path, bytes: bytes.bytes, isBestEffort: isBestEffort)
    if bytes.bytes <= free {
      var report = RemovalReport(kind: .reclaim, isDryRun: isDryRun)
      let plan = ReclaimPlan(bytes: bytes.bytes, freeBytes: free, roots: [], now: call.clock.fileNow)
      report.describe(plan, last: plan, request, freeAfter: free, skippedRoots: [])
      return report
    }
    let all = try NodeRoots.read(call.connection, node: site.nodeName)
    let input: [String: JSONValue] = [
      "path": .text(path), "bytes": .number(Int(bytes.bytes)), "best_effort": .truth(isBestEffort),
    ]
    return try call.perform(input: input) { task in try reclaim(request, all, call, task) }
  }

  fileprivate struct Request {
    let path: String
    let bytes: Int64
    let isBestEffort: Bool
  }

  private func reclaim(
    _ request: Request, _ all: NodeRoots, _ call: RemovalCall, _ task: TaskAtWork?
  ) throws -> RemovalReport {
    var report = RemovalReport(kind: .reclaim, isDryRun: call.isDryRun)
    // What cannot be worked on is not the fault of this call: it is told as a root that was left out.
    var unreadable = RemovalReport(kind: .reclaim, isDryRun: call.isDryRun)
    let giving = all.own.filter { $0.root.role != .repository }
    var usable = giving.filter(\.root.isEnabled)
    let reading = try call.read(all, &usable, task, &unreadable)
    var contents: [String: RootContents] = [:]
    var roots: [ReclaimRoot] = []
    for root in giving {
      guard usable.contains(where: { $0.record.id == root.record.id }),
        let relation = try? root.directory.get().relation(toPath: request.path),
        let found = try? reading.contents(of: root)
      else {
        roots.append(ReclaimRoot(root: root.root, entries: nil, holdsPath: false, sharesFileSystem: false))
        continue
      }
      contents[root.record.name] = found
      roots.append(
        ReclaimRoot(
          root: root.root, entries: found.entries.map(\.entry), holdsPath: relation.isInside,
          sharesFileSystem: relation.sharesFileSystem))
    }

    let free = try RootDirectory.freeBytes(atPath: request.path)
      .addingClamped(reading.freedBytes(at: request.path))
    let now = call.clock.fileNow
    let plan = ReclaimPlan(
      bytes: request.bytes, freeBytes: free, roots: roots, now: now, bestEffort: request.isBestEffort)
    var last = plan
    var freeAfter = free
    if let task, !plan.steps.isEmpty {
      call.progress.phase(.removeFiles)
      let work = Work(
        call: call, task: task, reading: reading, contents: contents, request: request, now: now)
      last = try work.remove(plan, roots, &report)
      freeAfter = try RootDirectory.freeBytes(atPath: request.path)
    } else if task == nil {
      for step in plan.steps { report.note(step, contents, reading) }
      freeAfter = free + report.total.freedBytes
    }
    let repositories = all.own.filter { $0.root.role == .repository }.map { ($0.record.name, "repository") }
    let others = plan.skippedRoots.map { skipped in
      let failure = unreadable.failed.first { $0.root == skipped.name && $0.name == nil }
      return (skipped.name, failure?.reason ?? skipped.reason.rawValue)
    }
    let left = Set(plan.skippedRoots.map(\.name))
    report.roots = usable.map(\.record.name).filter { !left.contains($0) }
    report.describe(
      plan, last: last, request, freeAfter: freeAfter,
      skippedRoots: (others + repositories).sorted { $0 < $1 })
    return report
  }

  /// The removal, root by root; after each the free space is measured again, and what follows planned anew.
  private struct Work {
    let call: RemovalCall
    let task: TaskAtWork
    let reading: NodeReading
    let contents: [String: RootContents]
    let request: Request
    let now: FileTime

    /// - Returns: the plan for what came after the last root: what is missing still, if anything is.
    func remove(
      _ first: ReclaimPlan, _ roots: [ReclaimRoot], _ report: inout RemovalReport
    ) throws -> ReclaimPlan {
      var plan = first
      var roots = roots
      let plannedBytes = first.steps.flatMap(\.removals).map(\.entry.size).total().apparentBytes
      // Entries that were tried once are tried no second time, so that this comes to an end.
      while let step = plan.steps.first(where: { !$0.removals.isEmpty }),
        let found = contents[step.rootName]
      {
        let byName = found.byName
        let planned = step.removals.compactMap { removal in
          byName[removal.entry.name].map {
            (
              RemovalCandidate($0),
              found.removed(removal.entry, reading.clock, reason: removal.reason.rawValue)
            )
          }
        }
        let work = RootRemoval(call: call, task: task, root: found.root, plannedBytes: plannedBytes)
        for step in plan.steps { report.note(step.skipped, step.rootName) }
        let isUsable = try call.attempt(found.root, &report) { report in
          _ = try work.remove(
            planned, batchSize: RootRemoval.batchSize(step.removals.map(\.entry)), &report
          ) { try work.recheck($0, reading) }
        }
        let tried = Set(step.removals.map(\.entry.name))
        roots = roots.map { root in
          guard root.root.name == step.rootName else { return root }
          return ReclaimRoot(
            root: root.root,
            entries: isUsable ? root.entries?.filter { !tried.contains($0.name) } : nil,
            holdsPath: root.holdsPath, sharesFileSystem: root.sharesFileSystem)
        }
        let free = try RootDirectory.freeBytes(atPath: request.path)
        plan = ReclaimPlan(
          bytes: request.bytes, freeBytes: free, roots: roots, now: now, bestEffort: request.isBestEffort)
      }
      for step in plan.steps { report.note(step.skipped, step.rootName) }
      // A root may have been looked at more than once.
      var seen: Set<String> = []
      report.skipped = report.skipped.filter { seen.insert("\($0.root)/\($0.name)/\($0.reason)").inserted }
      return plan
    }
  }
}

extension RemovalReport {
  /// Notes what a dry run would do in a root.
  fileprivate mutating func note(
    _ step: RootReclaim, _ contents: [String: RootContents], _ reading: NodeReading
  ) {
    guard let found = contents[step.rootName] else { return }
    add(
      planned: step.removals.map { found.removed($0.entry, reading.clock, reason: $0.reason.rawValue) })
    note(step.skipped, step.rootName)
  }

  fileprivate mutating func describe(
    _ plan: ReclaimPlan, last: ReclaimPlan, _ request: ReclaimOperation.Request, freeAfter: Int64,
    skippedRoots: [(name: String, reason: String)]
  ) {
    var outcome = plan.outcome
    if outcome == .sufficient, freeAfter < request.bytes { outcome = .insufficientSpace }
    if outcome == .insufficientSpace, freeAfter >= request.bytes { outcome = .sufficient }
    more["outcome"] = .text(outcome.rawValue)
    more["requested_bytes"] = .number(Int(request.bytes))
    more["free_bytes"] = .number(Int(plan.freeBytes))
    more["free_bytes_after"] = .number(Int(freeAfter))
    more["reclaimable_bytes"] = .number(Int(plan.reclaimableBytes))
    more["skipped_roots"] = .list(
      skippedRoots.map { .object(["root": .text($0.name), "reason": .text($0.reason)]) })
    remarks += skippedRoots.map { "Root \($0.name) was left out: \($0.reason)." }
    switch outcome {
    case .nothingToDo:
      remarks.append(
        "Nothing to do: \(ByteCount(plan.freeBytes)) are free, \(ByteCount(request.bytes)) asked for.")
    case .sufficient:
      remarks.append(
        "\(ByteCount(freeAfter)) \(isDryRun ? "would be" : "are") free at \(FileName(request.path)).")
    case .insufficientSpace:
      let done = removed.isEmpty ? "nothing was removed" : "\(ByteCount(freeAfter)) are free afterwards"
      let more = removed.isEmpty ? "" : " more"
      let numbers =
        "\(ByteCount(request.bytes)) asked for, \(ByteCount(last.freeBytes)) free,"
        + " \(ByteCount(last.reclaimableBytes))\(more) can come free"
      let isShort = last.outcome == .insufficientSpace
      let sum =
        isShort ? " (\(request.bytes) > \(last.freeBytes) + \(last.reclaimableBytes) bytes)" : ""
      refusal = "insufficient_space at \(FileName(request.path)): \(numbers)\(sum); \(done)"
    }
  }
}
