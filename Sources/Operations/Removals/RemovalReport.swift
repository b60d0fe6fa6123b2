import Caches
import Mail
import Storage
import VCLDatabase

/// What a call has removed, or would remove, and what it has not.
package struct RemovalReport {
  /// What removes: the words of it in every output.
  package enum Kind: String, Sendable, CaseIterable {
    case prune, clean, reclaim, purge

    /// In the names of JSON's members: `total_files_pruned`.
    var participle: String {
      switch self {
      case .prune: "pruned"
      case .clean: "cleaned"
      case .reclaim: "reclaimed"
      case .purge: "purged"
      }
    }

    /// What is counted: `total_revisions_pruned`.
    var noun: String { self == .clean ? "item" : "revision" }

    var taskType: TaskType {
      switch self {
      case .prune: .prune
      case .clean: .clean
      case .reclaim: .reclaim
      case .purge: .purge
      }
    }
  }

  /// Something that went, or would go.
  struct Removed {
    let root: String
    let name: String
    /// Of an item of an area; nil: an entry.
    var area: Area?
    let size: EntrySize
    /// ISO 8601; nil: not known.
    var lastUsed: String?
    /// A code; nil: the kind says it all.
    var reason: String?
  }

  /// Something that stays, and why.
  struct Skipped {
    let root: String
    let name: String
    var area: Area?
    /// A code.
    let reason: String
  }

  /// Something that could not be removed, or a root that could not be worked on.
  struct Failed {
    let root: String
    /// Nil: the root itself.
    let name: String?
    /// A code.
    let reason: String
    let message: String
    /// Whether it has left its place all the same.
    var isGone = false
    /// Of one that was not removed, and could not be put back.
    var waiting: Waiting?
  }

  /// An entry whose removal was not decided, and which is not in its place.
  struct Waiting {
    /// Below the root.
    let path: String
    /// Whether something else has its name meanwhile.
    let isPlaceTaken: Bool
  }

  let kind: Kind
  let isDryRun: Bool
  package internal(set) var taskID: Int?
  /// It waits for a worker; nothing was done.
  package internal(set) var isQueued = false
  var removed: [Removed] = []
  /// What left the disk; of a dry run what would.
  var total = EntrySize()
  var skipped: [Skipped] = []
  var failed: [Failed] = []
  /// The roots that were worked on.
  var roots: [String] = []
  /// Further members of the JSON document.
  var more: [String: JSONValue] = [:]
  /// Further lines for people.
  var remarks: [String] = []
  /// Nothing was removed, because it would not be enough; one line.
  var refusal: String?

  package var exitStatus: ExitStatus {
    if refusal != nil { return .failed }
    return failed.isEmpty ? .done : .doneInPart
  }

  /// What went wrong, one line each.
  package var problems: [String] {
    let waiting = failed.filter { $0.waiting != nil }
    var lines = failed.filter { $0.waiting == nil }.map(\.line)
    lines += waiting.prefix(Self.shownWaiting).map(\.line)
    if waiting.count > Self.shownWaiting {
      lines.append("and \(waiting.count - Self.shownWaiting) more that wait in trash/")
    }
    return lines + (refusal.map { [$0] } ?? [])
  }

  /// How many of those that wait in `trash/` a person gets to see.
  private static let shownWaiting = 10

  /// How many revisions or items; of a purge one that lies in several roots counts once.
  var count: Int { kind == .purge ? Set(removed.map(\.name)).count : removed.count }

  /// One line: what it comes to.
  var summary: String {
    let count = DateWords.count(count, kind.noun)
    let what =
      "\(count), \(DateWords.count(total.files, "file")), \(ByteCount(total.apparentBytes))"
    let verb = isDryRun ? "would be \(kind.participle)" : kind.participle
    let freed = "; \(ByteCount(total.freedBytes)) \(isDryRun ? "would come" : "came") free"
    let failures = failed.isEmpty ? "" : "; \(failed.count) failed"
    return "\(what) \(verb)" + (removed.isEmpty ? "" : freed) + failures
  }
}

extension RemovalReport.Failed {
  var line: String {
    let what = name.map { "\(root): \(PlainLine.of($0))" } ?? "root \(root)"
    let line = "\(what): \(message)"
    guard isGone else { return line }
    guard let waiting else { return line + "; it has left its place, and the next call removes the rest" }
    let waits = line + "; it was not removed, and waits in \(PlainLine.of(waiting.path))"
    guard waiting.isPlaceTaken else { return waits + "; the next call tries again to put it back" }
    return waits + ": move away what is in its place, or the waiting one; the next call puts it back when its"
      + " place is free"
  }
}

// MARK: - JSON

extension RemovalReport {
  package func json(isPretty: Bool = true) throws -> String {
    if isQueued, let taskID { return try QueuedJob.json(taskID) }
    var members = more
    let done = kind.participle
    members["total_files_\(done)"] = .number(total.files)
    members["total_bytes_\(done)"] = .number(Int(total.apparentBytes))
    members["total_\(kind.noun)s_\(done)"] = .number(count)
    members["bytes_freed"] = .number(Int(total.freedBytes))
    members["task_id"] = JSONValue(taskID)
    members["dry_run"] = .truth(isDryRun)
    members["roots"] = JSONValue(roots)
    members[done] = .list(removed.map(\.json))
    members["skipped"] = .list(skipped.map(\.json))
    members["failed"] = .list(failed.map(\.json))
    return try JSONOutput.text(JSONValue.object(members), isPretty: isPretty)
  }
}

extension RemovalReport.Removed {
  fileprivate var json: JSONValue {
    .object([
      "root": .text(root), "name": .text(name), "area": JSONValue(area?.rawValue),
      "files": .number(size.files), "bytes": .number(Int(size.apparentBytes)),
      "allocated_bytes": .number(Int(size.allocatedBytes)), "bytes_freed": .number(Int(size.freedBytes)),
      "last_used": JSONValue(lastUsed), "reason": JSONValue(reason),
    ])
  }
}

extension RemovalReport.Skipped {
  fileprivate var json: JSONValue {
    .object([
      "root": .text(root), "name": .text(name), "area": JSONValue(area?.rawValue), "reason": .text(reason),
    ])
  }
}

extension RemovalReport.Failed {
  fileprivate var json: JSONValue {
    .object([
      "root": .text(root), "name": JSONValue(name), "reason": .text(reason), "message": .text(message),
      "gone": .truth(isGone),
    ])
  }
}

// MARK: - Text

extension RemovalReport {
  package func text(on screen: Screen = .file) -> String {
    var parts: [String] = []
    if !removed.isEmpty {
      let hasReasons = removed.contains { $0.reason != nil }
      parts.append(
        TextTable(
          header: [
            "Root", kind == .clean ? "Item" : "Image", "Size", "Frees", hasReasons ? "Why" : "Last used",
          ],
          rows: removed.map { one in
            [
              one.root, one.area.map { "\($0.rawValue)/\(one.name)" } ?? one.name,
              "\(ByteCount(one.size.apparentBytes))", "\(ByteCount(one.size.freedBytes))",
              hasReasons ? one.reason ?? "" : one.lastUsed.map { String($0.prefix(10)) } ?? "",
            ]
          }
        ).text(on: screen))
    }
    if !skipped.isEmpty {
      parts.append(
        (removed.isEmpty ? "" : "\n")
          + TextTable(
            header: ["Root", "Stays", "Why"],
            rows: skipped.map { [$0.root, ($0.area.map { "\($0.rawValue)/" } ?? "") + $0.name, $0.reason] }
          ).text(on: screen))
    }
    if !parts.isEmpty { parts.append("") }
    parts += remarks
    parts.append(
      roots.isEmpty && removed.isEmpty && remarks.isEmpty && failed.isEmpty
        ? "No root of this node is to be worked on; `expireimage root list` shows them." : summary + ".")
    return parts.joined(separator: "\n")
  }
}
