import Retention
import VCLDatabase

/// A task as `expireimage jobs` shows it.
struct JobRow {
  let task: TaskRecord
  let clock: Clock

  static let columnNames = [
    "ID", "Type", "Status", "Image", "Root", "Node", "Age", "Progress", "Message",
  ]

  var columns: [String] {
    [
      "\(task.id)", task.type.rawValue, task.status.rawValue, task.imageName ?? "", task.root ?? "",
      task.node,
      age.map(Self.words) ?? "", progressText, task.message,
    ]
  }

  static func style(_ column: Int, _ text: String) -> Style? {
    guard column == 2 else { return nil }
    return text == TaskStatus.failure.rawValue ? .red : text == TaskStatus.success.rawValue ? .green : nil
  }

  /// Seconds since it was added.
  private var age: Int? {
    task.created.map { max(0, (clock.today - $0.day) * 86_400 + clock.now.second - $0.second) }
  }

  private var progressText: String {
    guard task.bytesDone > 0 || task.bytesTotal != nil else { return "" }
    let done = "\(ByteCount(Int64(task.bytesDone)))"
    guard let total = task.bytesTotal, total > task.bytesDone else { return done }
    return "\(done) of \(ByteCount(Int64(total)))"
  }

  /// A span of time for people: `40 s`, `12 min`, `5 h`, `3 d`.
  private static func words(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3600) h"
    default: "\(seconds / 86_400) d"
    }
  }

  /// All that is on record, a line each.
  var lines: [String] {
    let facts: [(String, String?)] = [
      ("job", "\(task.id)"), ("type", task.type.rawValue), ("status", task.status.rawValue),
      ("image", task.imageName), ("revision", task.revisionID.map(String.init)), ("root", task.root),
      ("node", task.node), ("asked by", task.requestedBy), ("request", task.requestID),
      ("after job", task.parentID.map(String.init)), ("created", clock.text(task.created)),
      ("last sign of life", clock.text(task.updated)), ("begins not before", clock.text(task.notBefore)),
      ("ended", clock.text(task.ended)), ("kept until", clock.text(task.expires)),
      ("worker", task.holder.map { "process \($0.pid) on \($0.node)" }),
      ("attempts", "\(task.attempts)"), ("progress", progressText.isEmpty ? nil : progressText),
      ("message", task.message),
    ]
    let width = facts.map(\.0.count).max() ?? 0
    return facts.compactMap { name, value in
      value.map { "\((name + ":").padded(to: width + 1)) \($0)" }
    }
  }

  var json: JSONValue {
    .object([
      "id": .number(task.id), "type": .text(task.type.rawValue), "status": .text(task.status.rawValue),
      "image_name": JSONValue(task.imageName), "revision_id": JSONValue(task.revisionID),
      "root": JSONValue(task.root), "node": .text(task.node), "user": .text(task.requestedBy),
      "request_id": .text(task.requestID), "parent_id": JSONValue(task.parentID),
      "created_at": JSONValue(clock.text(task.created)), "updated_at": JSONValue(clock.text(task.updated)),
      "not_before": JSONValue(clock.text(task.notBefore)), "ended_at": JSONValue(clock.text(task.ended)),
      "expires_at": JSONValue(clock.text(task.expires)), "deleted": .truth(task.deleted != nil),
      "attempts": .number(task.attempts), "worker": JSONValue(task.holder?.node),
      "pid": JSONValue(task.holder?.pid), "age_seconds": JSONValue(age),
      "idle_seconds": task.status.isEnd ? nil : .number(task.idleSeconds),
      "bytes_done": .number(task.bytesDone), "bytes_total": JSONValue(task.bytesTotal),
      "message": .text(task.message), "input": JSONValue(document: task.input),
      "result": JSONValue(document: task.result),
    ])
  }
}

extension TaskLine {
  func text(_ clock: Clock) -> String { "\(clock.text(logged) ?? "-") \(level.rawValue) \(text)" }

  func json(_ clock: Clock) -> JSONValue {
    .object([
      "id": .number(id), "logged_at": JSONValue(clock.text(logged)), "level": .text(level.rawValue),
      "line": .text(text),
    ])
  }
}
