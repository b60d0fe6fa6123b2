import VCLDatabase

/// Does the tasks of this node that wait, and those whose process is dead.
package struct WorkOperation {
  let site: Site
  private let stop: StopRequest

  package init(_ site: Site, stop: StopRequest = .never) {
    self.site = site
    self.stop = stop
  }

  /// Works until nothing is left to do.
  ///
  /// - Parameter ended: told of each task as it ends.
  package func run(_ progress: Progress, ended: (WorkReport.Item) throws -> Void = { _ in }) throws
    -> WorkReport
  {
    var told: Set<String> = []
    return try run(progress, &told, ended: ended)
  }

  /// - Parameter told: the warnings about roots that need not be told again.
  private func run(
    _ progress: Progress, _ told: inout Set<String>, ended: (WorkReport.Item) throws -> Void
  ) throws -> WorkReport {
    var report = WorkReport()
    if !stop.isAsked {
      let connection = try site.connectReady()
      report.interrupted = try InterruptedRemovals(connection, node: site.nodeName)
      told = report.interrupted.tell(progress, except: told)
    }
    while !stop.isAsked {
      let call = try TaskCall(site)
      let work = WorkContext(call: call, stop: stop, progress: progress)
      for record in UnendedTasks.end(work) {
        report.items.removeAll { $0.id == record.id }
        report.items.append(WorkReport.Item(record))
        try ended(WorkReport.Item(record))
      }
      let worker = Worker(work)
      // What begins anew waits for its time; what could not be taken over stays for another call.
      let record = try worker.next { task in !report.items.contains { $0.id == task.id } }
      guard let record else { break }
      let item = WorkReport.Item(record)
      report.items.append(item)
      try ended(item)
    }
    return report
  }

  /// Works until somebody asks for the end, also while the database is away.
  ///
  /// - Parameter interval: seconds between two looks at the queue.
  package func follow(
    interval: Double, _ progress: Progress, ended: (WorkReport.Item) throws -> Void
  ) throws {
    var isTold = false
    var told: Set<String> = []
    while !stop.isAsked {
      do {
        _ = try run(progress, &told, ended: ended)
        isTold = false
      } catch {
        let failure = Failure(error)
        // Settings and rights do not mend themselves.
        guard failure.exitStatus == .databaseUnavailable else { throw failure }
        if !isTold { progress.event("\(failure); tried again every \(Int(interval)) s", level: .warning) }
        isTold = true
      }
      stop.wait(seconds: interval)
    }
  }
}

/// What a worker has done.
package struct WorkReport {
  package struct Item {
    package let id: Int
    let type: TaskType
    let status: TaskStatus
    let imageName: String?
    let message: String

    init(_ record: TaskRecord) {
      id = record.id
      type = record.type
      status = record.status
      imageName = record.imageName
      message = record.message
    }

    package var hasFailed: Bool { status != .success }

    package var line: String {
      let name = imageName.map { " of \($0)" } ?? ""
      return "job \(id), \(type.rawValue)\(name): \(status.rawValue): \(message)"
    }

    fileprivate var json: JSONValue {
      .object([
        "id": .number(id), "type": .text(type.rawValue), "status": .text(status.rawValue),
        "image_name": JSONValue(imageName), "message": .text(message),
      ])
    }
  }

  package internal(set) var items: [Item] = []
  var interrupted = InterruptedRemovals()

  private var failed: Int { items.count(where: \.hasFailed) }

  package var exitStatus: ExitStatus { failed == 0 ? .done : .doneInPart }

  package var line: String {
    let done = items.count - failed
    let words = "\(done) \(done == 1 ? "job" : "jobs") done"
    return ([failed == 0 ? words : "\(words), \(failed) failed"] + interrupted.outcomes)
      .joined(separator: "; ")
  }

  package func json() throws -> String {
    try JSONOutput.text(
      JSONValue.object([
        "tasks": .list(items.map(\.json)), "done": .number(items.count - failed), "failed": .number(failed),
        "interrupted_removals": interrupted.json,
      ]))
  }
}
