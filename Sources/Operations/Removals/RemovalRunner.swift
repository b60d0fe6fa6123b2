import Foundation
import VCLDatabase

/// Removals from the roots of a node. Done again after a death they go on where it was: what is gone is gone.
struct RemovalRunner: TaskRunner {
  let type: TaskType

  /// One for each type.
  static let all = RemovalReport.Kind.allCases.map { RemovalRunner(type: $0.taskType) }

  /// What was asked, as ``RemovalCall/perform(root:input:_:)`` has written it.
  private struct Request: Decodable {
    var root: String?
    var limitBytes: Int64?
    var path: String?
    var bytes: Int64?
    var bestEffort: Bool?
  }

  func run(_ record: TaskRecord, _ task: TaskAtWork, _ work: WorkContext) throws -> TaskOutcome<Void> {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let request = try decoder.decode(Request.self, from: Data(record.input.utf8))
    let site = work.call.site
    let report: RemovalReport
    switch type {
    case .prune:
      report = try PruneOperation(site, .taken(task)).prune(
        root: request.root, limit: request.limitBytes.map { ByteCount($0) }, work.progress)
    case .clean:
      report = try CleanOperation(site, .taken(task)).clean(root: request.root, work.progress)
    case .purge:
      report = try PurgeOperation(site, .taken(task)).purge(work.progress)
    case .reclaim:
      guard let path = request.path, let bytes = request.bytes else {
        throw Failure("job \(record.id) does not say which path needs how many bytes", .failed)
      }
      report = try ReclaimOperation(site, .taken(task)).reclaim(
        path: path, bytes: ByteCount(bytes), isBestEffort: request.bestEffort ?? false, work.progress)
    case .run, .upload, .cleanup:
      throw Failure("job \(record.id) removes nothing", .failed)
    }
    return try report.outcome(())
  }
}
