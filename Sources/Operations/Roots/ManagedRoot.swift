import Caches
import Glibc
import MariaDB
import Storage
import VCLDatabase

/// A root of this node: what is on record of it, and its directory.
struct ManagedRoot {
  let record: RootRecord
  let root: Root
  /// Why nothing can be done in it, if nothing can.
  let directory: Result<RootDirectory, RootProblem>

  /// Opens what is on record.
  ///
  /// - Throws: ``Failure`` for words of another version of the program.
  init(_ record: RootRecord) throws {
    root = try record.root()
    self.record = record
    guard let marker = RootMarker(id: record.marker) else {
      throw Failure("root \(record.name) has a marker on record that is none; add it again", .failed)
    }
    do throws(RootProblem) {
      directory = .success(try RootDirectory.open(path: record.path, expecting: marker))
    } catch {
      directory = .failure(error)
    }
  }

  /// A problem of it in one line, with what to do by its name.
  func advice(_ problem: RootProblem) -> String {
    switch problem {
    case .unmarked:
      "\(problem.fact); is its file system mounted?"
        + " If the marker is lost, `expireimage root remove \(record.name)` and then add the root again"
    case .failed(_, let error): advice(error)
    default: "\(problem)"
    }
  }

  /// A call that failed in it, in one line, with where that was and what to do.
  func advice(_ error: FileError) -> String {
    "\(error), in \(record.path)\(error.remedy.map { "; \($0)" } ?? "")"
  }

  /// Ends what processes left in it that died: to be called before anything is written or removed there.
  ///
  /// - Returns: names of entries that were ready and are in their place now, and what came of removals.
  /// - Throws: ``RootProblem``, ``FileError``, what the database throws.
  @discardableResult
  func finishInterrupted(_ connection: Connection) throws -> RemovalOutcome {
    let directory = try directory.get()
    _ = try IncompleteEntry.finishReady(in: directory, node: ProcessIdentity.own.node)
    return try remover(in: directory, connection, ledger: ledger(connection, taskID: nil)).finishInterrupted()
  }

  /// What removes entries; where a removal is not decided, its purge is taken back.
  func remover(
    in directory: RootDirectory, _ connection: Connection, ledger: @escaping Remover.Ledger
  ) throws -> Remover {
    try Remover(
      directory, ledger: ledger, undone: { try PurgeableRevision.takeBackPurges(connection, removal: $0) })
  }

  /// Writes down what leaves the disk, before the note about it is thrown away.
  func ledger(_ connection: Connection, taskID: Int?) -> Remover.Ledger {
    { [record] removal in
      let total = removal.total
      try record.record(
        connection, removal: removal.id, taskID: taskID,
        RemovedTotal(
          entries: removal.entries.count, files: max(0, total.files),
          apparentBytes: max(0, Int(total.apparentBytes)), allocatedBytes: max(0, Int(total.allocatedBytes)),
          freedBytes: max(0, Int(total.freedBytes))))
    }
  }
}

extension FileError {
  /// What to do about a failed removal; nil: that depends.
  fileprivate var remedy: String? {
    switch code {
    case ENOSPC, EDQUOT:
      "its file system, or this account's share of it, is full: make a little room there by hand, which every removal"
        + " needs to write down what it takes, and call again"
    case EACCES, EPERM:
      "let this account write there, take away what forbids it (`lsattr -d` shows it), and call again"
    case EROFS: "mount its file system so that it can be written, and call again"
    case EBUSY, EXDEV: "unmount what is mounted there, and call again"
    case EIO: "the system's log (`dmesg`) tells what is wrong with the disk"
    default: nil
    }
  }
}

/// The roots on record.
struct NodeRoots {
  /// Of this node, by name.
  let own: [ManagedRoot]
  /// Of other nodes, by node and name.
  let others: [RootRecord]

  static func read(_ connection: Connection, node: String) throws -> NodeRoots {
    let all = try RootRecord.all(connection)
    return NodeRoots(
      own: try all.filter { $0.node == node }.map { try ManagedRoot($0) },
      others: all.filter { $0.node != node })
  }

  /// - Throws: ``Failure`` that names the root's node, or the roots there are.
  func named(_ name: String) throws -> ManagedRoot {
    if let root = own.first(where: { $0.record.name == name }) { return root }
    if let other = others.first(where: { $0.name == name }) {
      throw Failure("root \(name) belongs to node \(other.node); do it there", .failed, isLasting: true)
    }
    let names =
      own.isEmpty
      ? "; it has none: `expireimage root add`" : ": \(own.map(\.record.name).joined(separator: ", "))"
    throw Failure("this node has no root '\(name)'\(names)", .failed, isLasting: true)
  }
}
