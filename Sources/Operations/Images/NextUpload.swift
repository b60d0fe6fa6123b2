import Assets
import MariaDB
import VCLDatabase

/// The upload that is queued again when the cleanup after it ends, whoever does that cleanup.
struct NextUpload {
  /// Noted in a cleanup while it is at work: no other try helps, or none is wanted.
  static let never = #"{"requeued":false}"#

  private let task: NewTask
  private let name: String

  /// One that a signal stopped loses no retry and waits for nothing: its worker ended, not the upload.
  ///
  /// - Parameter cleanup: one that has not ended.
  /// - Returns: nil when no upload comes next.
  static func after(_ cleanup: TaskRecord, _ queue: TaskQueue) throws -> NextUpload? {
    guard let uploadID = cleanup.parentID, cleanup.result != never, let upload = try queue.task(uploadID),
      var request = ImageFileRequest(document: upload.input), request.queued == true
    else { return nil }
    var waitSeconds: Int?
    // Ended by another process it has no other word than its message.
    if upload.message != Stopped().description {
      guard let retries = request.retries, retries > 0 else { return nil }
      let attempts = (request.attempts ?? 0) + 1
      request.retries = retries - 1
      request.attempts = attempts
      waitSeconds = BackOff.upload.seconds(afterAttempts: attempts)
    }
    return NextUpload(
      task: NewTask(
        type: .upload, imageName: upload.imageName, revisionID: upload.revisionID, rootID: upload.rootID,
        root: upload.root, node: upload.node, requestedBy: upload.requestedBy, userID: upload.userID,
        requestID: upload.requestID, parentID: upload.id, waitSeconds: waitSeconds,
        message: "Tries again after job \(upload.id)", input: try request.document),
      name: request.name)
  }

  /// Ends the cleanup and passes its lock to the upload: both, or neither.
  ///
  /// - Throws: ``TaskLost`` when the cleanup is not ours any more.
  func queue(
    after hold: TaskHold, _ status: TaskStatus, message: String, result: String?, _ call: TaskCall
  ) throws {
    let connection = call.connection
    let scope = LockScope.name(name).description
    try connection.transaction {
      // The lock before the task, as in every transaction of the queue.
      let holderID =
        try connection.first(Assets.Queries.lockAndHolder, [Value(scope)]) { $0.optionalInt(1) } ?? nil
      guard holderID == hold.taskID else { throw TaskLost(id: hold.taskID) }
      let line = String(String.UnicodeScalarView(message.unicodeScalars.prefix(1000)))
      let ended = try connection.execute(
        Assets.Queries.finishTask,
        [
          Value(status.rawValue), Value(line), Value(result), Value(call.queue.days), Value(false),
          Value(hold.taskID), Value(hold.fence),
        ])
      guard ended == 1 else { throw TaskLost(id: hold.taskID) }
      try hold.log(connection, status == .failure ? .error : .info, message)
      try connection.execute(
        Assets.Queries.insertTask,
        [
          Value(task.type.rawValue), Value(TaskStatus.pending.rawValue), Value(task.imageName),
          Value(task.revisionID), Value(task.rootID), Value(task.root), Value(task.node),
          Value(task.requestedBy), Value(task.userID), Value(task.requestID), Value(task.parentID),
          Value(task.waitSeconds), Value(task.bytesTotal), Value(task.message), Value(task.input),
          Value(scope), Value(hold.fence + 1), Value(0), Value(String?.none), Value(Int?.none),
          Value(Int?.none), Value(String?.none),
        ])
      let nextID = Int(connection.lastInsertID)
      try connection.execute(
        Assets.Queries.insertTaskLine,
        [Value(nextID), Value(TaskLine.Level.info.rawValue), Value("Waits for a worker on \(task.node)")])
      try connection.execute(
        Assets.Queries.takeLock, [Value(hold.fence + 1), Value(nextID), Value(scope)])
    }
  }
}
