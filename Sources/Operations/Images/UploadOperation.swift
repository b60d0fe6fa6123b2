import Foundation
import MariaDB
import Storage
import VCLDatabase

/// Puts the files of an image revision into a root of this node.
package struct UploadOperation {
  let site: Site
  let name: String
  let source: String
  let rootName: String?
  let retries: Int
  let user: String?
  private let stop: StopRequest
  private let pause: (Int) -> Double

  /// - Parameters:
  ///   - source: path of a directory or a file.
  ///   - rootName: nil: the only repository of this node.
  ///   - retries: how often a failed upload is tried again.
  ///   - user: `unityid@Affiliation`, on whose behalf; nil: the admin who calls.
  ///   - pause: seconds before another try, by the number of those that failed.
  package init(
    _ site: Site, name: String, source: String, rootName: String? = nil, retries: Int = 0,
    as user: String? = nil,
    stop: StopRequest = .never,
    pause: @escaping (Int) -> Double = { Double(BackOff.upload.seconds(afterAttempts: $0)) }
  ) {
    self.site = site
    self.name = name
    // A worker has another directory.
    let isAbsolute = source.isEmpty || source.hasPrefix("/")
    self.source = isAbsolute ? source : FileManager.default.currentDirectoryPath + "/" + source
    self.rootName = rootName
    self.retries = retries
    self.user = user
    self.stop = stop
    self.pause = pause
  }

  /// Leaves the upload to a worker of this node.
  ///
  /// - Throws: as ``run(_:)``.
  package func enqueue() throws -> UploadReport {
    try checkSource()
    let call = try TaskCall(site)
    let target = try ImageTarget(name, rootName: rootName, call)
    _ = try work(target, call, .silent).check()
    let new = try newTask(target, call, requestID: Site.newRequestID(), retries: retries, queued: true)
    let hold = try call.queue.add(new, .name(name), by: nil)
    return UploadReport(target, taskID: hold.taskID, attempts: 0, result: nil)
  }

  /// An unset variable of a shell must not be the present directory.
  private func checkSource() throws {
    guard !source.isEmpty else {
      throw Failure("the source is empty; name a directory or a file", .wrongCommandLine)
    }
  }

  /// Copies, and tries again as often as asked.
  ///
  /// - Throws: ``TaskConflict`` while another upload or a cleanup has the name; the last failure.
  package func run(_ progress: Progress) throws -> UploadReport {
    try checkSource()
    let requestID = Site.newRequestID()
    var attempt = 1
    while true {
      do {
        return try self.attempt(attempt, requestID, progress)
      } catch {
        progress.clear()
        guard attempt <= retries, !stop.isAsked, TaskFailure(error).kind == .passing else { throw error }
        let seconds = pause(attempt)
        progress.event(
          "\(Failure(error)); tried again in \(Int(seconds.rounded(.up))) s (\(attempt) of \(retries))",
          level: .warning)
        stop.wait(seconds: seconds)
        if stop.isAsked { throw error }
        attempt += 1
      }
    }
  }

  private func attempt(_ number: Int, _ requestID: String, _ progress: Progress) throws -> UploadReport {
    let call = try TaskCall(site)
    let target = try ImageTarget(name, rootName: rootName, call)
    if !target.isKnown, number == 1 {
      progress.event("\(FileName(name)) is unmanaged until VCL knows it", level: .warning)
    }
    let context = WorkContext(call: call, stop: stop, progress: progress)
    for record in UnendedTasks.end(context)
    where record.type == .upload && record.requestID == requestID && record.status == .success {
      // The try before was one but for the database.
      return UploadReport(
        target, taskID: record.id, attempts: number - 1, result: UploadResult(document: record.result))
    }
    try takeOverDead(context)
    let work = work(target, call, progress)
    _ = try work.check()
    let new = try newTask(target, call, requestID: requestID, retries: retries - number + 1)
    let hold = try call.queue.add(new, .name(name), by: ProcessIdentity.own)
    let runner = UploadRunner()
    let result = try site.work(
      TaskAtWork(call.connection, hold, requestID: requestID), call.queue,
      fail: { failure in
        guard let record = try TaskCall(site).queue.task(hold.taskID) else { return }
        try runner.fail(record, hold, failure, context)
      }, work.run)
    return UploadReport(target, taskID: hold.taskID, attempts: number, result: result)
  }

  private func work(_ target: ImageTarget, _ call: TaskCall, _ progress: Progress) -> UploadWork {
    UploadWork(target: target, source: source, call: call, stop: stop, progress: progress)
  }

  private func newTask(
    _ target: ImageTarget, _ call: TaskCall, requestID: String, retries: Int, queued: Bool? = nil
  ) throws -> NewTask {
    let requester = try Requester(user, call.connection)
    var new = target.task(.upload, requester, requestID: requestID, call)
    new.input = try ImageFileRequest(name: name, source: source, retries: retries, queued: queued).document
    return new
  }

  /// Ends uploads and cleanups of the name that died on this node, as a worker would: a queued upload that is tried again
  /// has the name from then on.
  private func takeOverDead(_ context: WorkContext) throws {
    for (record, _) in try context.call.queue.open(node: site.nodeName)
    where record.status == .processing && record.imageName == name
      && record.isStale(ProcessIdentity.isDead)
    {
      guard record.type == .upload || record.type == .cleanup, record.attempts < Worker.mostAttempts,
        let runner = TaskRunners.of(record.type),
        let hold = try context.call.queue.claim(record, by: ProcessIdentity.own)
      else { continue }
      try? Worker(context).perform(record, hold, runner, isTakenOver: true)
    }
  }
}

/// What an upload came to.
package struct UploadReport {
  private let name: String
  private let root: String
  private let path: String
  private let revisionID: Int?
  private let isKnown: Bool
  private let taskID: Int
  private let attempts: Int
  private let result: UploadResult?

  init(_ target: ImageTarget, taskID: Int, attempts: Int, result: UploadResult?) {
    name = target.name
    root = target.root.record.name
    path = target.root.record.path
    revisionID = target.revisionID
    isKnown = target.isKnown
    self.taskID = taskID
    self.attempts = attempts
    self.result = result
  }

  /// For people.
  package var line: String {
    guard let result else {
      return
        "job \(taskID) waits for a worker: `expireimage work` begins it, `expireimage jobs \(taskID)` shows it"
    }
    let files = "\(result.files.count) \(result.files.count == 1 ? "file" : "files")"
    return
      "\(FileName(name)) is in root \(root) (\(path)): \(files), \(ByteCount(result.bytes)); job \(taskID)"
  }

  package func json() throws -> String {
    let files = result?.files.map { file in
      JSONValue.object([
        "path": .text(file.path), "bytes": .number(Int(file.bytes)), "sha256": .text(file.sha256),
      ])
    }
    return try JSONOutput.text(
      JSONValue.object([
        "task_id": .number(taskID), "status": .text((result == nil ? TaskStatus.pending : .success).rawValue),
        "image_name": .text(name), "revision_id": JSONValue(revisionID), "managed": .truth(isKnown),
        "root": .text(root), "attempts": .number(attempts),
        "bytes": JSONValue(result.map { Int($0.bytes) }), "files": files.map { .list($0) } ?? nil,
      ]))
  }
}
