import Foundation
import VCLDatabase

/// How an upload failed, as its task's result keeps it.
struct UploadFailure: Codable {
  let failure: TaskFailure.Kind

  init(_ failure: TaskFailure.Kind) {
    self.failure = failure
  }

  /// That of a task; nil: it has none, or none that can be read.
  init?(document: String?) {
    guard let document, let failure = try? JSONDecoder().decode(Self.self, from: Data(document.utf8)) else {
      return nil
    }
    self = failure
  }

  var document: String { get throws { try JSONOutput.text(self, isPretty: false) } }
}

/// The upload that is queued again when the cleanup after it ends, whoever does or ends that cleanup.
enum NextUpload {
  /// One that a signal stopped loses no retry and waits for nothing: its worker ended, not the upload.
  ///
  /// - Parameters:
  ///   - upload: one that has failed, or is about to.
  ///   - result: its ``UploadFailure``; nil: its process has died.
  static func after(_ upload: TaskRecord, _ result: String?) throws -> UploadSequel {
    guard var request = ImageFileRequest(document: upload.input), request.queued == true else {
      return .notQueued
    }
    var waitSeconds: Int?
    switch UploadFailure(document: result)?.failure ?? .passing {
    case .stopped: break
    case .lasting: return .last("no other try helps")
    case .passing:
      guard let retries = request.retries, retries > 0 else { return .last("no retry is left") }
      let attempts = (request.attempts ?? 0) + 1
      request.retries = retries - 1
      request.attempts = attempts
      waitSeconds = BackOff.upload.seconds(afterAttempts: attempts)
    }
    return .again(
      NewTask(
        type: .upload, imageName: upload.imageName, revisionID: upload.revisionID, rootID: upload.rootID,
        root: upload.root, node: upload.node, requestedBy: upload.requestedBy, userID: upload.userID,
        requestID: upload.requestID, parentID: upload.id, waitSeconds: waitSeconds,
        message: "Tries again after job \(upload.id)", input: try request.document))
  }
}
