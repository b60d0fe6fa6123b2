import Caches
import MariaDB
import Storage
import VCLDatabase

/// An image name and the root of this node that its files are in, or shall be.
struct ImageTarget {
  let name: String
  let roots: NodeRoots
  let root: ManagedRoot
  /// Nil: VCL has none of that name, or several.
  let revisionID: Int?
  /// Whether VCL has a revision of that name.
  let isKnown: Bool

  /// - Parameter rootName: nil: the only repository of the node.
  /// - Throws: ``Failure``, ``WritingProblem`` for a name that no entry can have.
  init(_ name: String, rootName: String?, _ call: TaskCall) throws {
    guard KnownNames.isFileName(name), !name.hasPrefix("."), !Area.isReserved(name) else {
      throw WritingProblem.impossibleName(name)
    }
    let node = call.site.nodeName
    roots = try NodeRoots.read(call.connection, node: node)
    root = try roots.chosen(rootName, node: node)
    let ids = try ImageOwners.read(call.connection, fileName: name).revisionIDs
    self.name = name
    revisionID = ids.count == 1 ? ids[0] : nil
    isKnown = !ids.isEmpty
  }

  /// The target of a task.
  ///
  /// - Throws: ``Failure``; ``RootProblem`` when its root cannot be used.
  init(_ record: TaskRecord, _ call: TaskCall) throws {
    guard let name = record.imageName, let root = record.root else {
      throw Failure(
        "job \(record.id) names no image or no root; run the newest version", .failed,
        isLasting: true)
    }
    try self.init(name, rootName: root, call)
  }

  /// A task about it, without what is asked.
  func task(_ type: TaskType, _ requester: Requester, requestID: String, _ call: TaskCall) -> NewTask {
    NewTask(
      type: type, imageName: name, revisionID: revisionID, rootID: root.record.id, root: root.record.name,
      node: call.site.nodeName, requestedBy: requester.name, userID: requester.userID, requestID: requestID)
  }
}

extension NodeRoots {
  /// The root of that name, or the only repository of the node.
  ///
  /// - Throws: ``Failure`` where there is none, or several to choose from.
  fileprivate func chosen(_ name: String?, node: String) throws -> ManagedRoot {
    if let name { return try named(name) }
    let repositories = own.filter { $0.root.role == .repository }
    if repositories.count == 1 { return repositories[0] }
    let names = repositories.map(\.record.name).joined(separator: ", ")
    throw Failure(
      repositories.isEmpty
        ? "node \(node) has no repository; name another root with --root, or `expireimage root add` one"
        : "node \(node) has several repositories (\(names)); name one with --root", .failed,
      isLasting: true)
  }
}
