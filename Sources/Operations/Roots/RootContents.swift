import Caches
import Glibc
import MariaDB
import Retention
import Storage
import VCLDatabase

/// What lies in the roots of a node, and who needs it.
struct RootContents {
  let root: ManagedRoot
  /// By name.
  let entries: [ScannedEntry]
  let unmanaged: [UnmanagedItem]
}

/// The reasons for which an entry must stay, from one reading of the database and of the node's disks.
struct EntryReasons {
  let files: ImageFiles
  let clock: Clock
  /// What repositories of this node have, by name: read once, before the plan, and taken as it was until the end, because
  /// reading a repository takes longer than anything that waits for the last check should.
  let copies: [String: [RepositoryCopy]]
  let backing: BackingFiles
  /// A purge looks itself at what was deleted; to anything else the files of what may be restored are precious.
  let isPurge: Bool

  /// - Parameters:
  ///   - files: as they were read last.
  ///   - copies: what enabled repositories of this node have.
  init(
    _ files: ImageFiles, clock: Clock, copies: [String: [RepositoryCopy]], backing: BackingFiles,
    isPurge: Bool = false
  ) {
    self.files = files
    self.clock = clock
    self.copies = copies
    self.backing = backing
    self.isPurge = isPurge
  }

  /// The same with what the database says by now; what repositories have is as it was.
  ///
  /// - Parameter backing: what disks are made on top of by now.
  func reread(_ connection: Connection, _ backing: BackingFiles) throws -> EntryReasons {
    EntryReasons(
      try ImageFiles.read(connection, now: clock.present), clock: clock, copies: copies, backing: backing,
      isPurge: isPurge)
  }

  /// The first reason, in the order of ``InUse``, for which the files of a name in a root must stay; nil: none.
  ///
  /// What the files themselves tell is not part of it.
  ///
  /// - Parameters:
  ///   - backingNames: of the root, by ``backingNames(in:known:)``.
  ///   - size: of the entry, with which copies are compared.
  func reason(
    _ name: String, in root: Root, backingNames: Set<String>, size: EntrySize
  ) -> InUse? {
    let facts = files.facts[name]
    if facts?.isReserved ?? false { return .reservation }
    if facts?.isLoaded ?? false { return .loaded }
    if facts?.isProduction ?? false { return .production }
    let mayBeNeeded = isPurge ? facts?.isLive : facts?.mayBeNeeded
    if mayBeNeeded ?? false, isOnlyCopy(name, in: root, of: size) { return .onlyCopy }
    if backingNames.contains(name) { return .backingFile }
    if isLockedByVCL(name) || files.isLockedByVCL(directory: root.path) { return .vclSemaphore }
    return files.taskLocks.contains(name) ? .taskLock : nil
  }

  /// Whether nothing else is known to have the files of a name.
  func isOnlyCopy(_ name: String, in root: Root, of size: EntrySize) -> Bool {
    switch root.role {
    case .repository: true
    case .datastore: !hasCopy(name, of: size)
    // It is filled from elsewhere.
    case .cache: false
    }
  }

  /// Under the name that VCL's VMware module shortens, too.
  private func isLockedByVCL(_ name: String) -> Bool {
    guard !files.vclLocks.isEmpty else { return false }
    return files.isLockedByVCL(name) || (KnownNames.shortened(name).map(files.isLockedByVCL(_:)) ?? false)
  }

  /// Whether a repository has a copy that may well be whole, and that nobody is about to change.
  ///
  /// Disks take different space on different file systems, but hardly less than half; less is a copy that was cut off.
  private func hasCopy(_ name: String, of size: EntrySize) -> Bool {
    (copies[name] ?? []).contains { copy in
      copy.mayBeWhole(size)
        && !files.isLockedByVCL(directory: copy.directory)
    }
  }

  /// The image names in a root that virtual disks of this node are made on top of.
  func backingNames(in root: Root, known: KnownNames) -> Set<String> {
    Set(
      backing.names(in: root.path).flatMap { name in
        [true, false].compactMap { root.layout.imageName(of: name, isDirectory: $0, known: known) }
      })
  }

  /// Notes in each entry who needs it and when it was used last.
  func note(in entries: inout [ScannedEntry], of root: Root, known: KnownNames) {
    let backingNames = backingNames(in: root, known: known)
    for index in entries.indices {
      let name = entries[index].entry.name
      if let reason = reason(
        name, in: root, backingNames: backingNames,
        size: entries[index].entry.size)
      {
        entries[index].entry.noteInUse(reason)
      }
      if let use = files.facts[name]?.lastUse {
        // A reservation that lies ahead is no later than now.
        entries[index].entry.noteUse(at: clock.fileTime(of: min(use, clock.now)))
      }
    }
  }
}

/// What a repository has of an image name.
struct RepositoryCopy {
  private let size: EntrySize
  /// The repository's.
  let directory: String

  /// Of an entry of a repository; nil when it cannot be whole.
  init?(_ entry: CacheEntry, in repository: Root) {
    guard entry.obstacle == nil, entry.size.files > 0 else { return nil }
    size = entry.size
    directory = repository.path
  }

  /// Whether it can be a copy of all of an entry.
  ///
  /// A repository may have a disk in another format, in other files and without what is empty; where it has as many
  /// files, they are the same ones, and none is shorter. A capture or copy that failed leaves a part under the final name
  /// (`vcl.md`).
  func mayBeWhole(_ entry: EntrySize) -> Bool {
    size.allocatedBytes >= entry.allocatedBytes - entry.allocatedBytes / 2
      && (size.files != entry.files || size.apparentBytes >= entry.apparentBytes)
  }
}

extension FileTime {
  /// What a file that is changed this moment gets; the precise clock is a little ahead of it.
  static var fileSystemNow: FileTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME_COARSE, &time)
    return FileTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }
}

extension Clock {
  /// A local time of the database server as file systems have times.
  func fileTime(of moment: Moment) -> FileTime {
    FileTime(
      seconds: Int64(moment.day.number) * 86_400 + Int64(moment.second) - Int64(utcOffsetMinutes) * 60)
  }

  /// The time against which files are old: the database server's or this node's, whichever is earlier, because nothing may
  /// look older than it is.
  var fileNow: FileTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let node = FileTime(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    return min(fileTime(of: present), node)
  }
}
