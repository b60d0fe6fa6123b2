import Caches
import Glibc

/// Adds up what belongs to one entry.
struct TreeMeasure {
  /// Deeper than anything VCL writes; each level keeps a descriptor open.
  static let deepest = 64

  private(set) var size = EntrySize()
  private(set) var lastUsed = FileTime.distantPast
  private(set) var modified = FileTime.distantPast
  private(set) var obstacle: Obstacle?
  /// Files with several names: how many of them were seen, of how many.
  private var linked: [FileStatus.Identity: Linked] = [:]

  private struct Linked {
    var seen: UInt32
    let links: UInt32
    let apparentBytes: Int64
    let allocatedBytes: Int64
  }

  /// Names of files with several that are as good as gone.
  private let goneLinks: [FileStatus.Identity: UInt32]

  /// How many names were added of each file that has several.
  var linkedNames: [FileStatus.Identity: UInt32] { linked.mapValues(\.seen) }

  /// Whether a file has names that were not added.
  var hasExtraHardLinks: Bool { linked.contains { $0.value.seen < $0.value.links } }

  /// Whether more names could change what was added already.
  var hasLinks: Bool { !linked.isEmpty }

  /// - Parameter goneLinks: of each file, how many of its names will not be there; those are not added.
  init(goneLinks: [FileStatus.Identity: UInt32] = [:]) { self.goneLinks = goneLinks }

  /// What was measured before, without any file of several names.
  init(_ entry: CacheEntry) {
    goneLinks = [:]
    size = entry.size
    lastUsed = entry.lastUsed
    obstacle = entry.obstacle
  }

  /// Adds one name of a file or directory, without what is in it.
  mutating func add(_ status: FileStatus) {
    lastUsed = max(lastUsed, status.lastUsed)
    modified = max(modified, status.modified)
    if status.kind == .directory {
      size.allocatedBytes = size.allocatedBytes.addingClamped(status.allocatedBytes)
      size.freedBytes = size.freedBytes.addingClamped(status.allocatedBytes)
      return
    }
    size.files += 1
    let links = links(of: status)
    if links > 1 {
      let seen = linked[status.identity]?.seen ?? 0
      linked[status.identity] = Linked(
        seen: seen + 1, links: links, apparentBytes: status.size, allocatedBytes: status.allocatedBytes)
      if seen + 1 == links { size.freedBytes = size.freedBytes.addingClamped(status.allocatedBytes) }
      guard seen == 0 else { return }
    } else {
      size.freedBytes = size.freedBytes.addingClamped(status.allocatedBytes)
    }
    size.apparentBytes = size.apparentBytes.addingClamped(status.size)
    size.allocatedBytes = size.allocatedBytes.addingClamped(status.allocatedBytes)
  }

  private func links(of status: FileStatus) -> UInt32 {
    guard status.links > 1, !goneLinks.isEmpty, let gone = goneLinks[status.identity] else {
      return status.links
    }
    return status.links - min(gone, status.links - 1)
  }

  /// Notes that it is about to be touched.
  mutating func noteUse(at time: FileTime) { lastUsed = max(lastUsed, time) }

  /// Adds what another one has found; a file that both have seen is one file.
  mutating func add(_ other: TreeMeasure) {
    size += other.size
    lastUsed = max(lastUsed, other.lastUsed)
    modified = max(modified, other.modified)
    obstacle = obstacle ?? other.obstacle
    for (identity, theirs) in other.linked {
      guard var mine = linked[identity] else {
        linked[identity] = theirs
        continue
      }
      mine.seen += theirs.seen
      linked[identity] = mine
      size.apparentBytes = size.apparentBytes.subtractingClamped(theirs.apparentBytes)
      size.allocatedBytes = size.allocatedBytes.subtractingClamped(theirs.allocatedBytes)
      if mine.seen == mine.links { size.freedBytes = size.freedBytes.addingClamped(theirs.allocatedBytes) }
    }
  }

  mutating func note(_ obstacle: Obstacle) { self.obstacle = self.obstacle ?? obstacle }

  /// Adds a name and all below it; nothing when it is gone.
  ///
  /// - Parameter place: where everything must be.
  mutating func add(_ name: UnsafePointer<CChar>, in parent: Int32, place: FileStatus.Place, depth: Int = 0) {
    do throws(FileError) {
      add(name, try FileStatus(name, in: parent), in: parent, place: place, depth: depth)
    } catch {
      if !error.isMissing { note(.unreadable) }
    }
  }

  mutating func add(_ name: FileName, in parent: Int32, place: FileStatus.Place) {
    name.withPointer { add($0, in: parent, place: place) }
  }

  /// The same for a name that was looked at already.
  mutating func add(
    _ name: UnsafePointer<CChar>, _ status: FileStatus, in parent: Int32, place: FileStatus.Place,
    depth: Int = 0
  ) {
    guard status.place == place else { return note(.otherFileSystem) }
    add(status)
    guard status.kind == .directory else { return }
    do throws(FileError) {
      let directory = try Descriptor.directory(name, in: parent)
      addContents(of: directory.number, isFresh: true, place: place, depth: depth)
    } catch {
      if !error.isMissing { note(.unreadable) }
    }
  }

  /// Adds all that is in a directory, at any depth. What vanishes meanwhile is left out; what cannot be read is noted.
  ///
  /// - Parameter place: where everything must be.
  mutating func addContents(
    of directory: Int32, isFresh: Bool = false, place: FileStatus.Place, depth: Int = 0
  ) {
    guard depth < Self.deepest else { return note(.tooDeep) }
    do throws(FileError) {
      // A nested walk costs one descriptor and one buffer a level.
      try forEachName(in: directory, isFresh: isFresh) { (name, _) throws(FileError) in
        if strcmp(name, RootMarker.fileName) == 0 { note(.containsRoot) }
        add(name, in: directory, place: place, depth: depth + 1)
      }
    } catch {
      note(.unreadable)
    }
  }
}
