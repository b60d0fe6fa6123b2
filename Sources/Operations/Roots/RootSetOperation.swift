import MariaDB
import Storage
import VCLDatabase

/// Changes the terms of a root, or takes it out of management.
package struct RootSetOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Returns: what the root is like now, one line.
  package func set(_ name: String, _ terms: RootTerms) throws -> String {
    let connection = try site.connectReady()
    var record = try NodeRoots.read(connection, node: site.nodeName).named(name).record
    try terms.apply(to: &record)
    try record.update(connection)
    return "root \(name): \(record.terms.map { "\($0) \($1)" }.joined(separator: ", "))"
  }

  /// Takes the marker and the record away; the files stay.
  ///
  /// - Returns: what was done, and what is left to do.
  /// - Throws: ``TaskConflict`` while a task works on the node's roots.
  package func remove(_ name: String) throws -> (line: String, remark: String?) {
    let connection = try site.connectReady()
    let clock = try Clock.read(connection)
    let policies = try Preparation.policies(connection, CallOptions(), today: clock.today)
    let root = try NodeRoots.read(connection, node: site.nodeName).named(name)
    let queue = site.tasks(connection, days: policies.site.taskDays)
    let remark = try queue.whileFree(.node(site.nodeName)) { () -> String? in
      let working = try queue.open(node: site.nodeName).first {
        $0.task.rootID == root.record.id && !$0.task.isStale(ProcessIdentity.isDead)
      }
      if let task = working?.task {
        throw Failure(
          "root \(name) has \(task.type.rawValue) job \(task.id), which is \(task.status.rawValue); wait for its end",
          .leaseHeld)
      }
      try root.endRemovals(connection)
      let remark = try root.unmark()
      try root.record.delete(connection)
      return remark
    }
    return ("root \(name) is no longer under management; its files are as they were", remark)
  }
}

extension ManagedRoot {
  /// Ends what an interrupted removal left, which nobody would know any more once the root is not on record.
  ///
  /// - Throws: ``Failure`` where something of it stays; ``RootProblem``, ``FileError``. Nothing where the directory is not
  ///   there, or is not this root's.
  fileprivate func endRemovals(_ connection: Connection) throws {
    guard let opened = try? directory.get(), (try? opened.verify()) != nil else { return }
    try finishInterrupted(connection)
    guard try Remover(opened, ledger: { _ in }).hasUnfinished() else { return }
    throw Failure(
      "root \(record.name) has something of an interrupted removal in \(record.path)/trash, which could not be ended;"
        + " `expireimage cache clean` tells why. The root stays", .failed)
  }

  /// Takes the marker away.
  ///
  /// - Returns: what is left to do where the directory is not there, or is not this root's.
  /// - Throws: ``RootProblem`` where it is there and cannot be written.
  fileprivate func unmark() throws -> String? {
    do throws(RootProblem) {
      try directory.get().unmark()
      return nil
    } catch {
      switch error {
      case .missing, .notADirectory, .symbolicLink, .unmarked, .foreignMarker, .changed:
        return
          "its marker was not taken away, because \(error.fact); if the root's directory comes back there, remove the"
          + " file \(RootMarker.fileName) in it"
      default: throw error
      }
    }
  }
}

extension RootRecord {
  /// For people: each term and its value.
  var terms: [(name: String, value: String)] {
    [
      ("limit", limitBytes.map { "\(ByteCount($0))" } ?? "none"),
      ("ttl", timeToLive.map { "\($0)" } ?? "none"),
      ("stall", "\(TimeSpan(seconds: stallSeconds))"), ("priority", "\(priority)"),
      ("enabled", isEnabled ? "yes" : "no"),
      ("disks", diskPaths.isEmpty ? "none" : diskPaths.joined(separator: " ")),
    ]
  }
}
