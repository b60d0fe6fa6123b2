import Caches
import Storage
import VCLDatabase

/// What of a name goes, and what stays.
struct CleanupPlan {
  private(set) var candidates: [RemovalCandidate] = []
  fileprivate private(set) var sizes: [EntrySize] = []
  var kept: [CleanupReport.Item] = []
  /// What the complete entry takes on the disk.
  var entrySize = EntrySize()

  mutating func add(_ candidate: RemovalCandidate, _ size: EntrySize) {
    candidates.append(candidate)
    sizes.append(size)
  }
}

/// What a cleanup came to, or of a dry run would come to.
package struct CleanupReport {
  /// Something that was found.
  struct Item {
    /// Nil: the entry itself.
    let area: Area?
    let name: String
    /// A code for what stays, words for what failed; empty for what went.
    var reason = ""
    /// More of a code, for people.
    var message: String?

    /// Why it stays, for people.
    var reasonWords: String {
      if let message { return "\(reason): \(message)" }
      return reason == CleanupWork.knownToVCL
        ? "\(reason): VCL has a revision of that name; `image purge` removes the files of flagged ones"
        : reason
    }

    var words: String { "\(area.map { "\($0.rawValue)/" } ?? "")\(FileName(name))" }

    fileprivate var json: JSONValue {
      .object([
        "area": JSONValue(area?.rawValue), "name": .text(name),
        "reason": reason.isEmpty ? nil : .text(reason), "message": JSONValue(message),
      ])
    }
  }

  /// Nil: a dry run.
  var taskID: Int?
  let isDryRun: Bool
  private(set) var removed: [Item]
  private(set) var kept: [Item]
  private(set) var failed: [Item] = []
  var total: RemovedTotal

  init(_ plan: CleanupPlan, isDryRun: Bool) {
    self.isDryRun = isDryRun
    kept = plan.kept
    removed = isDryRun ? plan.candidates.map { Item(area: $0.area, name: $0.name) } : []
    let size = isDryRun ? plan.sizes.total() : EntrySize()
    total = RemovedTotal(
      entries: removed.count, files: size.files, apparentBytes: Int(size.apparentBytes),
      allocatedBytes: Int(size.allocatedBytes), freedBytes: Int(size.freedBytes))
  }

  /// - Parameters:
  ///   - unknownDisks: more of that reason.
  ///   - advice: says of a failure where it was, and what to do.
  mutating func note(_ outcome: RemovalOutcome, unknownDisks: String?, advice: (FileError) -> String) {
    removed = outcome.records.flatMap(\.entries).map { Item(area: $0.area, name: $0.name) }
    kept += outcome.putBack.map {
      Item(
        area: nil, name: $0.name, reason: $0.reason,
        message: $0.reason == CleanupWork.unknownDisks ? unknownDisks : nil)
    }
    failed = outcome.failed.map { Item(area: nil, name: $0.name, reason: advice($0.error)) }
  }

  package var exitStatus: ExitStatus { failed.isEmpty && kept.isEmpty ? .done : .doneInPart }

  /// One line for people.
  var message: String {
    let verb = isDryRun ? "Would remove" : "Removed"
    let what =
      removed.isEmpty
      ? "Nothing to remove"
      : "\(verb) \(total.files) \(total.files == 1 ? "file" : "files"), \(ByteCount(Int64(total.apparentBytes)))"
    return
      ([what] + kept.map { "\($0.words) stays (\($0.reasonWords))" }
      + failed.map { "\($0.words) could not be removed (\($0.reason))" }).joined(separator: "; ")
  }

  package var lines: [String] {
    removed.map { "\(isDryRun ? "would remove" : "removed") \($0.words)" }
      + kept.map { "\($0.words) stays: \($0.reasonWords)" } + failed.map { "\($0.words): \($0.reason)" } + [
        message
      ]
  }

  var document: JSONValue {
    .object([
      "task_id": JSONValue(taskID), "dry_run": .truth(isDryRun),
      "removed": .list(removed.map(\.json)), "skipped": .list(kept.map(\.json)),
      "failed": .list(failed.map(\.json)), "total_files_removed": .number(total.files),
      "total_bytes_removed": .number(total.apparentBytes), "bytes_freed": .number(total.freedBytes),
    ])
  }

  package func json() throws -> String { try JSONOutput.text(document) }
}
