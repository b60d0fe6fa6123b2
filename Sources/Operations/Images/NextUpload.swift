import VCLDatabase

/// The upload that is queued again when the cleanup after it ends, whoever does that cleanup.
enum NextUpload {
  /// Noted in a cleanup while it is at work: no other try helps, or none is wanted.
  static let never = #"{"requeued":false}"#

  /// One that a signal stopped loses no retry and waits for nothing: its worker ended, not the upload.
  ///
  /// - Parameter cleanup: one that has not ended.
  /// - Returns: nil when no upload comes next.
  static func after(_ cleanup: TaskRecord, _ queue: TaskQueue) throws -> NewTask? {
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
    return NewTask(
      type: .upload, imageName: upload.imageName, revisionID: upload.revisionID, rootID: upload.rootID,
      root: upload.root, node: upload.node, requestedBy: upload.requestedBy, userID: upload.userID,
      requestID: upload.requestID, parentID: upload.id, waitSeconds: waitSeconds,
      message: "Tries again after job \(upload.id)", input: try request.document)
  }
}
