/// What one task at a time may have.
package enum LockScope: Sendable, Hashable, CustomStringConvertible {
  /// The files of one image name, wherever they are.
  case name(String)
  /// The roots of one management node: one task at a time removes entries there.
  case node(String)

  package var description: String {
    switch self {
    case .name(let name): "name:\(name)"
    case .node(let node): "node:\(node)"
    }
  }
}

/// Another task has what is asked for.
package struct TaskConflict: Error, CustomStringConvertible {
  package let task: TaskRecord
  package let scope: LockScope

  package var description: String {
    let what =
      switch scope {
      case .name(let name): "\(name) is locked"
      case .node(let node): "the roots of \(node) are worked on"
      }
    let state = task.status == .pending ? "waiting for `expireimage work`" : "running"
    let age = task.created.map { ", since \($0)" } ?? ""
    return "\(what) by \(task.type.rawValue) job \(task.id), which is \(state) on \(task.node)\(age);"
      + " `expireimage jobs \(task.id) --log` shows it; try again when it has ended, at the latest in"
      + " \(max(1, (task.secondsUntilTakeover + 59) / 60)) minutes without a sign of life"
  }
}

/// A task went to another process, or was given up, while this one was at work on it.
package struct TaskLost: Error, CustomStringConvertible {
  package let id: Int

  package init(id: Int) {
    self.id = id
  }

  package var description: String {
    "job \(id) was taken over or given up meanwhile, because it gave no sign of life; stopped before the next change"
  }
}
