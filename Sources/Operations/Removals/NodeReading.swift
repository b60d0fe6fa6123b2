import Caches
import MariaDB
import Storage
import VCLDatabase

/// What lies in the roots of this node, and who needs it: one reading of the database and of the disks.
struct NodeReading {
  /// Every image name of VCL's database.
  let known: KnownNames
  let clock: Clock
  let reasons: EntryReasons
  /// By the root's id.
  private let scans: [Int: Result<RootScan, any Error>]

  /// - Parameters:
  ///   - roots: that are worked on; the repositories of the node are read in any case.
  ///   - measuresUnmanaged: tells how large unmanaged directories are, too.
  init(
    _ connection: Connection, _ all: NodeRoots, roots: [ManagedRoot], clock: Clock,
    measuresUnmanaged: Bool = false
  ) throws {
    let policies = try Preparation.policies(connection, CallOptions(), today: clock.today)
    let usage = try UsageRecords.read(connection, now: clock.now, ignored: policies.site.ignoredUsers)
    let files = try ImageFiles.read(connection, now: clock.present, usage: usage)
    let known = KnownNames(files.facts.keys)
    var scans: [Int: Result<RootScan, any Error>] = [:]
    let repositories = all.own.filter { $0.root.isEnabled && $0.root.role == .repository }
    for root in roots + repositories where scans[root.record.id] == nil {
      scans[root.record.id] = Result {
        try RootScan(
          try root.directory.get(), layout: root.root.layout, known: known,
          measuresUnmanaged: measuresUnmanaged)
      }
    }
    var inRepository: Set<String> = []
    for repository in repositories {
      for scanned in (try? scans[repository.record.id]?.get())?.entries ?? []
      where scanned.entry.obstacle == nil {
        inRepository.insert(scanned.entry.name)
      }
    }
    self.known = known
    self.clock = clock
    self.scans = scans
    reasons = EntryReasons(
      files, clock: clock, inRepository: inRepository, backing: BackingFiles(below: all.diskDirectories))
  }

  /// - Throws: why the root cannot be read, such as ``RootProblem``.
  func contents(of root: ManagedRoot) throws -> RootContents {
    guard let scan = try scans[root.record.id]?.get() else {
      throw Failure("root \(root.record.name) was not read", .failed)
    }
    var entries = scan.entries
    reasons.note(in: &entries, of: root.root, known: known)
    return RootContents(root: root, entries: entries, unmanaged: scan.unmanaged)
  }

  /// - Throws: ``Failure`` when it is not known what the disks of this node are made on top of.
  func requireKnownDisks(_ roots: NodeRoots) throws {
    let problems = roots.missingDiskDirectories + reasons.backing.problems
    guard let first = problems.first else { return }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    throw Failure(
      "\(first)\(more); nothing is removed from this node's roots, because a virtual disk there may be made on top"
        + " of it: let this account read it, or correct `expireimage root set NAME --disks`", .failed)
  }
}

extension NodeRoots {
  /// Where virtual disks of this node lie whose backing files must stay.
  var diskDirectories: [String] {
    own.flatMap { root in
      root.record.diskPaths + (root.root.layout.holdsDisks ? [root.record.path] : [])
    }
  }

  /// Those that somebody named and that are not there: their file system may not be mounted.
  var missingDiskDirectories: [String] {
    own.flatMap { root in
      root.record.diskPaths.filter { !isDirectory($0) }.map {
        "\($0), with the virtual disks of root \(root.record.name), is not there"
      }
    }
  }
}
