import Caches
import Mail
import MariaDB
import Storage
import VCLDatabase

/// Brings a directory of this node under management.
package struct RootAddOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// What is added.
  package struct Request: Sendable {
    package let name: String
    package let path: String
    package let role: RootRole
    package let layout: Layout
    package let terms: RootTerms
    /// Take over a marker that nobody on record has.
    package let adopts: Bool

    package init(
      name: String, path: String, role: RootRole, layout: Layout, terms: RootTerms = RootTerms(),
      adopts: Bool = false
    ) {
      self.name = name
      self.path = path
      self.role = role
      self.layout = layout
      self.terms = terms
      self.adopts = adopts
    }
  }

  /// - Returns: what was done, one line.
  /// - Throws: ``Failure``; then nothing is on record, and no marker was left in the directory.
  package func add(_ request: Request) throws -> String {
    guard !request.path.unicodeScalars.contains(where: PlainLine.isControl) else {
      throw Failure(
        "the path '\(PlainLine.of(request.path))' has control characters, which a root's path must not; rename the directory",
        .failed)
    }
    let connection = try site.connectReady()
    let node = site.nodeName
    let all = try NodeRoots.read(connection, node: node)
    var draft = RootRecord(
      node: node, name: request.name, path: request.path, role: request.role.rawValue,
      layout: request.layout.rawValue, limitBytes: nil, timeToLiveSeconds: nil, stallSeconds: 86_400,
      priority: 1, isEnabled: true, diskPaths: [], marker: "")
    try request.terms.apply(to: &draft)
    guard !all.own.contains(where: { $0.record.name == request.name }) else {
      throw Failure("this node has a root \(request.name) already; give another name", .failed)
    }
    try checkText(request, all)
    let others = Dictionary(
      all.own.compactMap { root in (try? root.directory.get()).map { (root.record.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    let directory = try open(request, all, others)
    draft = draft.marked(directory.marker.id)
    do {
      _ = try draft.insert(connection, by: ProcessIdentity.account)
    } catch {
      // A root that is not on record must have no marker; one that was taken over had it before.
      if !request.adopts { try? directory.unmark() }
      if (error as? MariaDBError)?.kind == .duplicateKey {
        throw Failure(
          "somebody else has just added a root \(request.name), or one with the same marker; `expireimage root list`",
          .failed)
      }
      throw error
    }
    let verb = request.adopts ? "taken over" : "added"
    return
      "root \(request.name) is \(verb): \(request.path), \(request.role.rawValue), layout \(request.layout.rawValue)"
  }

  private func open(
    _ request: Request, _ all: NodeRoots, _ others: [String: RootDirectory]
  ) throws -> RootDirectory {
    do throws(RootProblem) {
      if !request.adopts { return try RootDirectory.add(path: request.path, others: others) }
    } catch {
      guard case .alreadyMarked(let path, let marker) = error else { throw Failure("\(error)", .failed) }
      throw Failure(words(path, marker, all, adopts: false), .failed)
    }
    do throws(RootProblem) {
      let marker = try RootDirectory.open(path: request.path, expecting: nil).marker
      if all.owner(of: marker) != nil {
        throw RootProblem.alreadyMarked(path: request.path, marker)
      }
      return try RootDirectory.adopt(path: request.path, others: others)
    } catch {
      switch error {
      case .alreadyMarked(let path, let marker):
        throw Failure(words(path, marker, all, adopts: true), .failed)
      case .unmarked(let path):
        throw Failure("\(path) has no marker to take over; add it without --adopt", .failed)
      default: throw Failure("\(error)", .failed)
      }
    }
  }

  private func words(_ path: String, _ marker: RootMarker, _ all: NodeRoots, adopts: Bool) -> String {
    guard let owner = all.owner(of: marker) else {
      return
        "\(path) is a root already, with the id \(marker.id), which this database does not know: another site's,"
        + " or of before a restore of the database. If no other site works there, --adopt takes it over"
    }
    let whose =
      owner.node == site.nodeName
      ? "root \(owner.name) of this node" : "root \(owner.name) of node \(owner.node)"
    let shared =
      owner.node == site.nodeName ? "" : "; a shared directory belongs to one node, which does the work there"
    return "\(path) is \(whose) already, at \(owner.path)\(shared)"
  }

  /// Where another root cannot be opened, the text of the paths has to tell whether they lie one in the other.
  private func checkText(_ request: Request, _ all: NodeRoots) throws {
    for other in all.own where (try? other.directory.get()) == nil {
      let path = Self.normalized(request.path)
      let others = Self.normalized(other.record.path)
      if path == others {
        throw Failure("\(RootProblem.identical(path: request.path, root: other.record.name))", .failed)
      }
      if path.hasPrefix(others + "/") || others.hasPrefix(path + "/") {
        throw Failure("\(RootProblem.nested(path: request.path, root: other.record.name))", .failed)
      }
    }
    // A directory that nodes share may lie in a root of another node.
    var parents = Self.normalized(request.path).split(separator: "/").dropLast()
    while !parents.isEmpty {
      let parent = "/" + parents.joined(separator: "/")
      if let found = try? RootDirectory.open(path: parent, expecting: nil) {
        let owner = all.owner(of: found.marker).map { "\($0.name) of node \($0.node)" } ?? "of another site"
        throw Failure("\(RootProblem.nested(path: request.path, root: "\(owner) at \(parent)"))", .failed)
      }
      parents = parents.dropLast()
    }
  }

  private static func normalized(_ path: String) -> String {
    "/" + path.split(separator: "/").joined(separator: "/")
  }
}

extension NodeRoots {
  /// Whose marker it is; nil: of nobody on record.
  func owner(of marker: RootMarker) -> RootRecord? {
    (own.map(\.record) + others).first { $0.marker == marker.id }
  }
}

extension RootRecord {
  fileprivate func marked(_ marker: String) -> RootRecord {
    RootRecord(
      node: node, name: name, path: path, role: role, layout: layout, limitBytes: limitBytes,
      timeToLiveSeconds: timeToLiveSeconds, stallSeconds: stallSeconds, priority: priority,
      isEnabled: isEnabled, diskPaths: diskPaths, marker: marker)
  }
}
