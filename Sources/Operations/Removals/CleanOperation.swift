import Caches
import Storage
import VCLDatabase

/// Takes away what failed a test, and what nobody writes any more.
package struct CleanOperation {
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

  /// - Parameter root: only this one; nil: every enabled root of this node.
  /// - Throws: ``TaskConflict`` while another task works on the roots.
  package func clean(
    root name: String? = nil, isDryRun: Bool = false, _ progress: Progress = .silent
  ) throws -> RemovalReport {
    let call = try RemovalCall(site, .clean, timing, isDryRun: isDryRun, progress, stop: stop)
    let all = try NodeRoots.read(call.connection, node: site.nodeName)
    let roots = try call.roots(all, named: name, roles: Set(RootRole.allCases))
    return try call.perform(root: name == nil ? nil : roots.first, input: ["root": JSONValue(name)]) { task in
      var report = RemovalReport(kind: .clean, isDryRun: isDryRun)
      let (usable, aftermaths) = try call.prepare(roots, task, &report)
      progress.phase(.removeFiles)
      let locks = try ImageFiles.locks(call.connection, now: call.clock.present)
      for root in usable {
        _ = try call.attempt(root, &report) { report in
          try clean(root, after: aftermaths[root.record.id] ?? Aftermath(), locks, call, task, &report)
        }
      }
      return report
    }
  }

  private func clean(
    _ root: ManagedRoot, after aftermath: Aftermath, _ locks: ImageFiles, _ call: RemovalCall,
    _ task: TaskAtWork?, _ report: inout RemovalReport
  ) throws {
    let directory = try root.directory.get()
    var fileNames: [Area: [String: FileName]] = [:]
    func items(_ area: Area) throws -> [AreaItem] {
      try directory.items(of: area, node: ProcessIdentity.own.node, after: aftermath).map { scanned in
        fileNames[area, default: [:]][scanned.item.name] = scanned.fileName
        return scanned.item.knowing(locks)
      }
    }
    let plan = CleanPlan(
      invalid: try items(.invalid), incomplete: try items(.incomplete), stallSeconds: root.root.stallSeconds,
      now: call.clock.fileNow)
    let name = root.record.name
    report.skipped += plan.kept.map {
      RemovalReport.Skipped(
        root: name, name: $0.item.name, area: $0.area,
        reason: $0.item.obstacle?.rawValue ?? $0.reason.rawValue)
    }
    let removed = plan.removals.map { decision in
      RemovalReport.Removed(
        root: name, name: decision.item.name, area: decision.area, size: decision.item.size,
        lastUsed: call.clock.text(decision.item.modified), reason: decision.reason.rawValue)
    }
    guard let task else { return report.add(planned: removed) }
    let work = RootRemoval(
      call: call, task: task, root: root,
      plannedBytes: report.total.apparentBytes + plan.removals.map(\.item.size).total().apparentBytes)
    // Each area by itself: both may have an item of one name.
    for area in [Area.invalid, .incomplete] {
      let planned = zip(plan.removals, removed).compactMap { decision, removed in
        decision.area != area
          ? nil
          : fileNames[area]?[decision.item.name].map {
            (RemovalCandidate(area: area, name: decision.item.name, fileNames: [$0]), removed)
          }
      }
      let stalled = Set(plan.removals.filter { $0.reason == .stalled }.map(\.item.name))
      _ = try work.remove(planned, batchSize: 64, &report) { batch in
        try call.connection.transaction {
          try task.hold.check(call.connection)
          let locks = try ImageFiles.locks(call.connection, now: call.clock.present)
          return Dictionary(
            batch.candidates.map(\.name)
              .filter { area == .incomplete && stalled.contains($0) && locks.isWritten($0) }
              .map { ($0, CleanPlan.Reason.writerAlive.rawValue) },
            uniquingKeysWith: { first, _ in first })
        }
      }
    }
  }
}

extension AreaItem {
  /// The same with what locks tell of its writer, where it left no trace itself, such as one on another node.
  fileprivate func knowing(_ locks: ImageFiles) -> AreaItem {
    guard writer == .unknown, locks.isWritten(name) else { return self }
    return AreaItem(name: name, size: size, modified: modified, writer: .alive, obstacle: obstacle)
  }
}

extension ImageFiles {
  /// Whether a job or VCL has the name of an incomplete item, with or without an extension.
  fileprivate func isWritten(_ name: String) -> Bool {
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) }
    return [name, stem].compactMap(\.self).contains { taskLocks.contains($0) || isLockedByVCL($0) }
  }
}
