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
  /// How far the records of use were read.
  let usageBounds: UsageRecords.Bounds
  private let roots: NodeRoots
  /// By the root's id.
  private let scans: [Int: Result<RootScan, any Error>]
  private let aftermaths: [Int: Aftermath]
  private let start: FileTime?

  /// - Parameters:
  ///   - roots: that are worked on; the repositories of the node are read in any case.
  ///   - measuresUnmanaged: tells how large unmanaged directories are, too.
  ///   - isPurge: as ``EntryReasons`` has it.
  ///   - aftermaths: of roots, by their ids: what they will have is read instead of what they have.
  ///   - start: no file was used later; nil: whatever it says.
  init(
    _ connection: Connection, _ all: NodeRoots, roots: [ManagedRoot], clock: Clock,
    measuresUnmanaged: Bool = false, isPurge: Bool = false, after aftermaths: [Int: Aftermath] = [:],
    start: FileTime? = nil
  ) throws {
    let policies = try Preparation.policies(connection, CallOptions(), today: clock.today)
    let usage = try UsageRecords.read(connection, now: clock.now, ignored: policies.site.ignoredUsers)
    let files = try ImageFiles.read(
      connection, now: clock.present, usage: usage, undone: aftermaths.values.flatMap(\.undone))
    let known = KnownNames(files.facts.keys)
    var scans: [Int: Result<RootScan, any Error>] = [:]
    let repositories = all.repositories
    for root in roots + repositories where scans[root.record.id] == nil {
      scans[root.record.id] = Result {
        try RootScan(
          try root.directory.get(), layout: root.root.layout, known: known,
          measuresUnmanaged: measuresUnmanaged, after: aftermaths[root.record.id] ?? Aftermath(),
          at: start ?? .fileSystemNow)
      }
    }
    var copies: [String: [RepositoryCopy]] = [:]
    for repository in repositories {
      for entry in ((try? scans[repository.record.id]?.get())?.entries ?? []).map(\.entry) {
        guard let copy = RepositoryCopy(entry, in: repository.root) else { continue }
        copies[entry.name, default: []].append(copy)
      }
    }
    self.known = known
    self.clock = clock
    self.roots = all
    self.scans = scans
    self.aftermaths = aftermaths
    self.start = start
    usageBounds = usage.bounds
    reasons = EntryReasons(
      files, clock: clock, copies: copies, backing: all.backingFiles(after: aftermaths), isPurge: isPurge)
  }

  /// - Throws: why the root cannot be read, such as ``RootProblem``.
  func contents(of root: ManagedRoot) throws -> RootContents {
    guard let scan = try scans[root.record.id]?.get() else {
      throw Failure("root \(root.record.name) was not read", .failed)
    }
    var entries = scan.entries
    if let start {
      // What this very call has put back is not newer than what was used meanwhile, and all of it is of one time.
      for index in entries.indices {
        entries[index].entry.lastUsed = min(entries[index].entry.lastUsed, start)
      }
    }
    reasons.note(in: &entries, of: root.root, known: known)
    return RootContents(root: root, entries: entries, unmanaged: scan.unmanaged)
  }

  /// What comes free on the file system of a path where a dry run takes interrupted removals for ended.
  func freedBytes(at path: String) -> Int64 {
    roots.own.reduce(0) { sum, root in
      guard let aftermath = aftermaths[root.record.id],
        (try? root.directory.get().relation(toPath: path).sharesFileSystem) == true
      else { return sum }
      return sum.addingClamped(aftermath.freedBytes)
    }
  }

  /// - Throws: ``Failure`` when it is not known what the disks of this node are made on top of.
  func requireKnownDisks() throws { try requireKnown(reasons.backing) }

  /// What the disks are made on top of by now.
  ///
  /// - Throws: as ``requireKnownDisks()``.
  func readDisks() throws -> BackingFiles {
    let backing = roots.backingFiles()
    try requireKnown(backing)
    return backing
  }

  private func requireKnown(_ backing: BackingFiles) throws {
    guard let unknown = roots.unknownDisks(backing) else { return }
    throw Failure(
      "\(unknown.fault); nothing is removed from this node's roots, because \(unknown.advice)", .failed)
  }
}

extension NodeRoots {
  /// The enabled repositories of this node.
  var repositories: [ManagedRoot] { own.filter { $0.root.isEnabled && $0.root.role == .repository } }

  /// What the virtual disks of this node are made on top of.
  ///
  /// - Parameter aftermaths: of roots; disks are taken as being where they will be.
  func backingFiles(after aftermaths: [Int: Aftermath] = [:]) -> BackingFiles {
    BackingFiles(
      below: diskDirectories(isEnabled: true), andPerhapsBelow: diskDirectories(isEnabled: false),
      after: Aftermath(disksOf: aftermaths.values))
  }

  /// Why it is not known what the virtual disks of this node are made on top of; nil: it is.
  ///
  /// - Returns: the first that cannot be read, and what to do.
  func unknownDisks(_ backing: BackingFiles) -> (fault: String, advice: String)? {
    let problems = missingDiskDirectories + backing.problems
    guard let first = problems.first else { return nil }
    let more = problems.count > 1 ? " (and \(problems.count - 1) more)" : ""
    return (
      first + more,
      "a virtual disk there may be made on top of it: mount it, let this account read it, move it away if it is damaged,"
        + " or name the right one with `expireimage root set NAME --disks`"
    )
  }

  /// Where virtual disks of this node lie whose backing files must stay.
  var diskDirectories: [String] {
    diskDirectories(isEnabled: true) + diskDirectories(isEnabled: false)
  }

  /// The same of roots that are enabled, or are not: what the latter hold is needed as well, where it can be read.
  func diskDirectories(isEnabled: Bool) -> [String] {
    own.filter { $0.root.isEnabled == isEnabled }.flatMap { root in
      root.record.diskPaths + (root.root.layout.holdsDisks ? [root.record.path] : [])
    }
  }

  /// Those of enabled roots that somebody named and that are not there, or empty: their file system may not be mounted.
  var missingDiskDirectories: [String] {
    own.filter(\.root.isEnabled).flatMap { root in
      root.record.diskPaths.compactMap { path in
        diskDirectoryFault(path).map {
          "\(path), with the virtual disks of root \(root.record.name), \($0)"
        }
      }
    }
  }
}

/// What is wrong with a directory that somebody named as one with virtual disks; nil: nothing.
func diskDirectoryFault(_ path: String) -> String? {
  guard isDirectory(path) else { return "is not there" }
  return BackingFiles.isEmpty(path) ? "is empty; is its file system mounted?" : nil
}
