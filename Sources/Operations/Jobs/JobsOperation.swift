import Mail
import MariaDB
import VCLDatabase

/// Shows what takes time: all tasks, or one with its log.
package struct JobsOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// The jobs, the newest first.
  ///
  /// - Parameters:
  ///   - all: also those that are deleted or expired.
  ///   - screen: what it is read on.
  package func table(all: Bool, on screen: Screen = .file) throws -> String {
    let rows = try list(all: all)
    guard !rows.isEmpty else { return "There is no job." }
    return TextTable(header: JobRow.columnNames, rows: rows.map(\.columns), style: JobRow.style).text(
      on: screen)
  }

  package func json(all: Bool) throws -> String {
    try JSONOutput.text(["jobs": try list(all: all).map(\.json)])
  }

  private func list(all: Bool) throws -> [JobRow] {
    let call = try TaskCall(site)
    return try call.queue.list(.all, includingDeleted: all).map { JobRow(task: $0.task, clock: call.clock) }
  }

  /// One job, deleted or expired ones too, as long as they are on record.
  ///
  /// - Throws: ``Failure`` when there is none.
  package func text(_ id: Int, withLog: Bool) throws -> String {
    let (row, lines) = try read(id)
    let log = withLog ? lines.map { $0.text(row.clock) } : []
    return (row.lines + (log.isEmpty ? [] : ["", "log:"]) + log).map(PlainLine.of).joined(separator: "\n")
  }

  package func json(_ id: Int, withLog: Bool) throws -> String {
    let (row, lines) = try read(id)
    var document: [String: JSONValue] = ["jobs": .list([row.json])]
    if withLog { document["log"] = .list(lines.map { $0.json(row.clock) }) }
    return try JSONOutput.text(JSONValue.object(document))
  }

  private func read(_ id: Int) throws -> (JobRow, [TaskLine]) {
    let call = try TaskCall(site)
    guard let task = try call.queue.task(id) else {
      throw Failure("there is no job \(id); `expireimage jobs --all` lists all", .failed)
    }
    return (JobRow(task: task, clock: call.clock), try TaskLine.read(call.connection, task: id))
  }

  /// Waits for the end of a job.
  ///
  /// - Parameters:
  ///   - interval: seconds between two looks.
  ///   - told: each line of its log, and how far it is when that changes.
  /// - Returns: whether it was a success; nil: somebody asked for the end of waiting.
  package func follow(
    _ id: Int, interval: Double = 1, stop: StopRequest = .never, told: (String) throws -> Void
  ) throws -> Bool? {
    let call = try TaskCall(site)
    var lastLine = 0
    var lastMessage = ""
    while true {
      // First the task: lines that are written meanwhile come with the next look, and none after its end.
      guard let task = try call.queue.task(id) else {
        throw Failure("there is no job \(id); `expireimage jobs --all` lists all", .failed)
      }
      for line in try TaskLine.read(call.connection, task: id, after: lastLine) {
        try told(PlainLine.of(line.text(call.clock)))
        lastLine = line.id
      }
      if task.status.isEnd { return task.status == .success }
      if task.message != lastMessage { try told(PlainLine.of(task.message)) }
      lastMessage = task.message
      if stop.isAsked { return nil }
      stop.wait(seconds: interval)
    }
  }
}
