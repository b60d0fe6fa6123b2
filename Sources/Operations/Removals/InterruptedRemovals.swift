import Mail
import MariaDB
import Storage

/// The removals of dead processes in the enabled roots of a node, and what came of them.
struct InterruptedRemovals {
  /// What came of those of one root.
  private struct Ended {
    let root: String
    let removed: Int
    let putBack: Int
    let failed: Int
  }

  private var ended: [Ended] = []
  private var warnings: [String] = []

  /// None.
  init() {}

  /// Ends those that no other process has; what is wrong with one root stops no other.
  ///
  /// - Throws: what the database throws.
  init(_ connection: Connection, node: String) throws {
    for root in try NodeRoots.read(connection, node: node).own where root.root.isEnabled {
      let name = root.record.name
      do { try end(root, connection) } catch let problem as RootProblem {
        if case .busy = problem { continue }
        warnings.append("root \(name): \(PlainLine.of(root.advice(problem)))")
      } catch let error as FileError {
        warnings.append("root \(name): \(PlainLine.of(root.advice(error)))")
      }
    }
  }

  private mutating func end(_ root: ManagedRoot, _ connection: Connection) throws {
    let directory = try root.directory.get()
    try directory.verify()
    guard case .waiting = try directory.interrupted() else { return }
    let outcome = try root.finishInterrupted(connection)
    ended.append(
      Ended(
        root: root.record.name, removed: outcome.removedNames.count, putBack: outcome.putBack.count,
        failed: outcome.failed.count))
    var report = RemovalReport(kind: .clean, isDryRun: false)
    report.note(outcome.failed, root)
    warnings += report.problems
  }

  /// Tells what went wrong.
  ///
  /// - Parameter told: what need not be told again.
  /// - Returns: what is known now.
  func tell(_ progress: Progress, except told: Set<String>) -> Set<String> {
    for line in warnings where !told.contains(line) { progress.event(line, level: .warning) }
    return Set(warnings)
  }

  /// For people, one for each root where there was something.
  var outcomes: [String] {
    ended.map { one in
      "root \(one.root): ended an interrupted removal, \(one.putBack) put back, \(one.removed) removed"
        + (one.failed == 0 ? "" : ", \(one.failed) failed")
    }
  }

  var json: JSONValue {
    .list(
      ended.map { one in
        .object([
          "root": .text(one.root), "put_back": .number(one.putBack), "removed": .number(one.removed),
          "failed": .number(one.failed),
        ])
      })
  }
}
