import Caches
import Storage
import VCLDatabase

/// Brings roots that are over their limits down to them.
package struct PruneOperation {
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

  /// How often a root is planned anew, when something could not be removed and something else must go in its place.
  private static let rounds = 5

  /// - Parameters:
  ///   - root: only this one; nil: every enabled cache and datastore of this node.
  ///   - limit: in the place of each root's own; nil: those without a limit are left alone.
  /// - Throws: ``TaskConflict`` while another task works on the roots.
  package func prune(
    root name: String? = nil, limit: ByteCount? = nil, isDryRun: Bool = false, _ progress: Progress = .silent
  ) throws -> RemovalReport {
    let call = try RemovalCall(site, .prune, timing, isDryRun: isDryRun, progress, stop: stop)
    let all = try NodeRoots.read(call.connection, node: site.nodeName)
    let roots = try call.roots(all, named: name, roles: [.cache, .datastore])
    let input: [String: JSONValue] = [
      "root": JSONValue(name), "limit_bytes": JSONValue(limit.map { Int($0.bytes) }),
    ]
    return try call.perform(root: name == nil ? nil : roots.first, input: input) { task in
      var roots = roots
      var report = RemovalReport(kind: .prune, isDryRun: isDryRun)
      let reading = try call.read(all, &roots, task, &report)
      progress.phase(.removeFiles)
      var over: Int64 = 0
      // Of a root that cannot be worked on nobody knows by how much it is over.
      var isComplete = report.failed.allSatisfy { $0.name != nil }
      var unmanaged = 0
      for root in roots {
        let contents = try reading.contents(of: root)
        unmanaged += contents.unmanaged.count
        guard let limit = limit?.bytes ?? root.root.limitBytes else {
          report.remarks.append("Root \(root.record.name) has no limit; nothing is pruned there.")
          continue
        }
        let isDone = try call.attempt(root, &report) { report in
          over = over.addingClamped(try prune(contents, to: limit, reading, call, task, &report))
        }
        isComplete = isComplete && isDone
      }
      if over > 0 { report.remarks.append("\(ByteCount(over)) are over the limit still.") }
      report.more["over_by_bytes"] = isComplete ? .number(Int(over)) : .null
      report.more["unmanaged"] = .number(unmanaged)
      return report
    }
  }

  /// - Returns: by how much the root is over its limit afterwards.
  private func prune(
    _ contents: RootContents, to limit: Int64, _ reading: NodeReading, _ call: RemovalCall,
    _ task: TaskAtWork?, _ report: inout RemovalReport
  ) throws -> Int64 {
    let root = contents.root
    var pool = contents.byName
    // What could not be removed still counts.
    var stuckBytes: Int64 = 0
    var plan = PrunePlan(entries: contents.entries.map(\.entry), limitBytes: limit)
    guard let task else {
      report.add(planned: plan.removals.map { contents.removed($0, reading.clock) })
      report.note(plan.skipped, root.record.name)
      return plan.overByBytes
    }
    let work = RootRemoval(
      call: call, task: task, root: root,
      plannedBytes: report.total.apparentBytes + plan.removals.map(\.size).total().apparentBytes)
    for _ in 0..<Self.rounds where !plan.removals.isEmpty {
      let planned = plan.removals.compactMap { entry in
        pool[entry.name].map { (RemovalCandidate($0), contents.removed(entry, reading.clock)) }
      }
      let stuck = try work.remove(planned, batchSize: RootRemoval.batchSize(plan.removals), &report) {
        try work.recheck($0, reading)
      }
      for entry in plan.removals {
        pool[entry.name] = nil
        if stuck.contains(entry.name) { stuckBytes = stuckBytes.addingClamped(entry.size.apparentBytes) }
      }
      guard !stuck.isEmpty else { break }
      plan = PrunePlan(entries: pool.values.map(\.entry), limitBytes: limit.subtractingClamped(stuckBytes))
    }
    report.note(plan.skipped, root.record.name)
    let used = pool.values.reduce(stuckBytes) { $0.addingClamped($1.entry.size.apparentBytes) }
    return max(0, used.subtractingClamped(limit))
  }
}
