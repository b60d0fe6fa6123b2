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
  /// Names that a repository of this node has whole.
  let inRepository: Set<String>
  let backing: BackingFiles

  /// - Parameters:
  ///   - files: as they were read last.
  ///   - inRepository: names that a repository of this node has whole.
  init(_ files: ImageFiles, clock: Clock, inRepository: Set<String>, backing: BackingFiles) {
    self.files = files
    self.clock = clock
    self.inRepository = inRepository
    self.backing = backing
  }

  /// The same with what the database says by now.
  func reread(_ connection: Connection) throws -> EntryReasons {
    EntryReasons(
      try ImageFiles.read(connection, now: clock.present), clock: clock, inRepository: inRepository,
      backing: backing)
  }

  /// The first reason, in the order of ``InUse``, for which the files of a name in a root must stay; nil: none.
  ///
  /// What the files themselves tell is not part of it.
  ///
  /// - Parameter backingNames: of the root, by ``backingNames(in:)``.
  func reason(_ name: String, in root: Root, backingNames: Set<String>) -> InUse? {
    let facts = files.facts[name]
    if facts?.isReserved ?? false { return .reservation }
    if facts?.isLoaded ?? false { return .loaded }
    if facts?.isProduction ?? false { return .production }
    // A repository has the only copy itself; a cache is filled from elsewhere.
    let isOnlyCopy = root.role == .repository || (root.role == .datastore && !inRepository.contains(name))
    if facts?.isLive ?? false, isOnlyCopy { return .onlyCopy }
    if backingNames.contains(name) { return .backingFile }
    if files.isLockedByVCL(name) || files.isLockedByVCL(directory: root.path) { return .vclSemaphore }
    return files.taskLocks.contains(name) ? .taskLock : nil
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
      if let reason = reason(name, in: root, backingNames: backingNames) {
        entries[index].entry.noteInUse(reason)
      }
      if let use = files.facts[name]?.lastUse {
        // A reservation that lies ahead is no later than now.
        entries[index].entry.noteUse(at: clock.fileTime(of: min(use, clock.now)))
      }
    }
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
