import Caches
import Glibc
import Mail
import MariaDB
import Retention
import Storage
import VCLDatabase

/// When a removal is done, and as which task.
enum RemovalTiming {
  /// By this call, as a task that it adds.
  case atOnce
  /// By a worker.
  case queued
  /// By this call, as a task that a worker has begun.
  case taken(TaskAtWork)
}

/// One call that removes files from roots of this node: all of them go this one way.
struct RemovalCall {
  let site: Site
  let kind: RemovalReport.Kind
  let timing: RemovalTiming
  let isDryRun: Bool
  let connection: Connection
  let clock: Clock
  let policies: PolicySet
  /// When the call began, by the clock from which this node's file systems take their times.
  let start: FileTime
  let progress: Progress
  /// Ends the removal before its next batch.
  let stop: StopRequest

  init(
    _ site: Site, _ kind: RemovalReport.Kind, _ timing: RemovalTiming, isDryRun: Bool, _ progress: Progress,
    stop: StopRequest = .never
  ) throws {
    self.stop = stop
    self.site = site
    self.kind = kind
    self.timing = timing
    self.isDryRun = isDryRun
    self.progress = progress
    connection = try site.connectReady()
    clock = try Clock.read(connection)
    start = .fileSystemNow
    policies = try Preparation.policies(connection, CallOptions(), today: clock.today)
  }

  /// Does the call: a dry run at once, with nothing written, any other as a task that has this node's roots.
  ///
  /// - Parameters:
  ///   - root: the one that the call is about; nil: several.
  ///   - input: what was asked.
  /// - Throws: ``TaskConflict`` while another task has them; what the body throws.
  func perform(
    root: ManagedRoot? = nil, input: [String: JSONValue], _ body: (TaskAtWork?) throws -> RemovalReport
  ) throws -> RemovalReport {
    if isDryRun { return try body(nil) }
    if case .taken(let task) = timing { return try Self.report(task, body) }
    let new = NewTask(
      type: kind.taskType, rootID: root?.record.id, root: root?.record.name, node: site.nodeName,
      requestedBy: ProcessIdentity.account, requestID: Site.newRequestID(),
      input: try JSONOutput.text(JSONValue.object(input), isPretty: false))
    let queue = site.tasks(connection, days: policies.site.taskDays)
    if case .queued = timing {
      var report = RemovalReport(kind: kind, isDryRun: false)
      report.taskID = try queue.add(new, .node(site.nodeName), by: nil).taskID
      report.isQueued = true
      return report
    }
    return try site.perform(new, .node(site.nodeName), queue, connection) { task in
      let report = try Self.report(task, body)
      return try report.outcome(report)
    }
  }

  private static func report(
    _ task: TaskAtWork, _ body: (TaskAtWork?) throws -> RemovalReport
  ) throws -> RemovalReport {
    var report = try body(task)
    report.taskID = task.id
    for problem in report.problems { try task.log(.error, problem) }
    return report
  }

  /// The roots of this node that the call works on.
  ///
  /// - Parameters:
  ///   - name: only that one; nil: all that are enabled.
  ///   - roles: those of other roles are left out, or refused.
  func roots(_ all: NodeRoots, named name: String?, roles: Set<RootRole>) throws -> [ManagedRoot] {
    guard let name else { return all.own.filter { $0.root.isEnabled && roles.contains($0.root.role) } }
    let root = try all.named(name)
    guard roles.contains(root.root.role) else {
      throw Failure(
        "root \(name) is a \(root.root.role.rawValue), which has the only copies; it is not \(kind.participle)",
        .failed)
    }
    guard root.root.isEnabled else {
      throw Failure("root \(name) is disabled; `expireimage root set \(name) --enable`", .failed)
    }
    return [root]
  }

  /// Makes sure that roots can be worked on, and, for a task, ends what other processes left in them; without a task it is
  /// only told what would come of that.
  ///
  /// - Returns: those that can, the others are noted in the report; and what is to come of them, by their ids.
  func prepare(
    _ roots: [ManagedRoot], _ task: TaskAtWork?, _ report: inout RemovalReport
  ) throws -> (usable: [ManagedRoot], aftermaths: [Int: Aftermath]) {
    var aftermaths: [Int: Aftermath] = [:]
    progress.phase(.readRoots)
    let usable = try roots.filter { root in
      try attempt(root, &report) { report in
        let directory = try root.directory.get()
        try directory.verify()
        guard let task else {
          let aftermath = try directory.aftermath(node: ProcessIdentity.own.node)
          aftermaths[root.record.id] = aftermath
          report.note(aftermath, root)
          return
        }
        let finished = try root.finishInterrupted(connection)
        report.note(finished.failed, root)
        guard !finished.records.isEmpty || !finished.putBack.isEmpty else { return }
        try task.log(
          .info,
          "\(root.record.name): ended an interrupted removal of \(finished.removedNames.count) entries,"
            + " put \(finished.putBack.count) back")
      }
    }
    report.roots = usable.map(\.record.name)
    return (usable, aftermaths)
  }

  /// The same, and reads them.
  ///
  /// - Parameter roots: afterwards those that can be worked on.
  /// - Returns: what is there, or will be when an interrupted removal is ended.
  /// - Throws: ``Failure`` when it is not known what the disks of this node are made on top of.
  func read(
    _ all: NodeRoots, _ roots: inout [ManagedRoot], _ task: TaskAtWork?, _ report: inout RemovalReport
  ) throws -> NodeReading {
    let prepared = try prepare(roots, task, &report)
    roots = prepared.usable
    let reading = try NodeReading(
      connection, all, roots: roots, clock: clock, isPurge: kind == .purge, after: prepared.aftermaths,
      start: start)
    try reading.requireKnownDisks()
    roots = try roots.filter { root in
      try attempt(root, &report) { _ in _ = try reading.contents(of: root) }
    }
    report.roots = roots.map(\.record.name)
    return reading
  }

  /// Does something with a root; what is wrong with the root itself is noted, and stops no other.
  ///
  /// - Returns: whether it was done.
  /// - Throws: what the body throws otherwise; ``Failure`` when somebody wants the end.
  func attempt(
    _ root: ManagedRoot, _ report: inout RemovalReport, _ body: (inout RemovalReport) throws -> Void
  ) throws -> Bool {
    if stop.isAsked { throw Failure("\(Stopped()); until then: \(report.summary)", .failed) }
    do {
      try body(&report)
      return true
    } catch let problem as RootProblem {
      report.failed.append(
        .init(root: root.record.name, name: nil, reason: problem.code, message: root.advice(problem)))
    } catch let error as FileError {
      report.failed.append(
        .init(root: root.record.name, name: nil, reason: "failed", message: root.advice(error)))
    }
    return false
  }
}

extension RemovalFailure {
  fileprivate var waiting: RemovalReport.Waiting? {
    waitingAt.map { RemovalReport.Waiting(path: $0, isPlaceTaken: error.code == EEXIST) }
  }
}

extension RemovalReport {
  /// What the task of the removal came to.
  func outcome<Answer>(_ answer: Answer) throws -> TaskOutcome<Answer> {
    TaskOutcome(
      answer: answer, message: refusal ?? summary, result: try json(isPretty: false),
      status: exitStatus == .done ? .success : .failure)
  }

  /// Notes in a dry run what would come of an interrupted removal.
  fileprivate mutating func note(_ aftermath: Aftermath, _ root: ManagedRoot) {
    note(aftermath.failed, root)
    guard aftermath.isHidden else { return }
    remarks.append(
      "This account cannot read \(PlainLine.of(root.record.path))/trash: if an interrupted removal waits there, it is not"
        + " in this plan.")
  }

  mutating func note(_ failures: [RemovalFailure], _ root: ManagedRoot) {
    failed += failures.map {
      Failed(
        root: root.record.name, name: $0.name, reason: "not_removed", message: root.advice($0.error),
        isGone: $0.isGone,
        waiting: $0.waiting)
    }
  }
}

/// Whether there is a directory at a path; a link to one counts.
func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}
