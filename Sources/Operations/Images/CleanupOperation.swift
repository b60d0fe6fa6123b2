import MariaDB
import Storage
import VCLDatabase

/// Removes exactly what belongs to one image name from a root of this node.
package struct CleanupOperation {
  let site: Site
  let name: String
  let rootName: String?
  let user: String?

  /// - Parameters:
  ///   - rootName: nil: the only repository of this node.
  ///   - user: `unityid@Affiliation`, on whose behalf; nil: the admin who calls.
  package init(_ site: Site, name: String, rootName: String? = nil, as user: String? = nil) {
    self.site = site
    self.name = name
    self.rootName = rootName
    self.user = user
  }

  /// What would go; nothing is written, in the database neither.
  package func plan() throws -> CleanupReport {
    let call = try TaskCall(site)
    let target = try ImageTarget(name, rootName: rootName, call)
    let work = CleanupWork(target: target, call: call, keepsEntry: false, hasLock: false)
    return CleanupReport(try work.plan(after: work.aftermath()), isDryRun: true)
  }

  /// - Throws: ``TaskConflict`` while an upload or another cleanup has the name.
  package func run(_ progress: Progress) throws -> CleanupReport {
    let (call, new) = try prepare()
    let hold = try call.queue.add(new, .name(name), by: ProcessIdentity.own)
    guard let record = try call.queue.task(hold.taskID) else { throw TaskLost(id: hold.taskID) }
    let context = WorkContext(call: call, stop: .never, progress: progress)
    return try site.work(TaskAtWork(call.connection, hold, requestID: new.requestID), call.queue) {
      try CleanupRunner().report(record, $0, context)
    }
  }

  /// Leaves the cleanup to a worker of this node.
  ///
  /// - Returns: the task.
  package func enqueue() throws -> Int {
    let (call, new) = try prepare()
    return try call.queue.add(new, .name(name), by: nil).taskID
  }

  private func prepare() throws -> (TaskCall, NewTask) {
    let call = try TaskCall(site)
    let target = try ImageTarget(name, rootName: rootName, call)
    _ = try target.root.directory.get()
    let requester = try Requester(user, call.connection)
    var new = target.task(.cleanup, requester, requestID: Site.newRequestID(), call)
    new.input = try ImageFileRequest(name: name).document
    return (call, new)
  }
}
