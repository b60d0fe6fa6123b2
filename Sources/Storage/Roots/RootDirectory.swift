import Caches
import Glibc

/// A root's directory, held open: whatever happens to its path, everything is done in this very directory or not at all.
package final class RootDirectory: Sendable {
  /// As configured.
  package let path: String
  package let marker: RootMarker
  /// For the calls that change something.
  let changes: Changes
  let place: FileStatus.Place
  let identity: FileStatus.Identity
  private let descriptor: Descriptor

  var number: Int32 { descriptor.number }

  private init(_ descriptor: consuming Descriptor, path: String, marker: RootMarker, changes: Changes)
    throws(FileError)
  {
    let status = try FileStatus(of: descriptor.number)
    self.descriptor = descriptor
    self.path = path
    self.marker = marker
    self.changes = changes
    place = status.place
    identity = status.identity
  }

  /// Opens a root that `root add` has marked.
  ///
  /// - Parameters:
  ///   - path: absolute; its last part must not be a symbolic link.
  ///   - expecting: the marker that the root's configuration names; nil takes whichever is there.
  /// - Throws: ``RootProblem``.
  package static func open(
    path: String, expecting expected: RootMarker?, changes: Changes = Changes()
  ) throws(RootProblem) -> RootDirectory {
    let descriptor = try openDirectory(path)
    guard let found = try RootMarker.read(in: descriptor.number, path: path) else {
      throw .unmarked(path: path)
    }
    if let expected, expected != found {
      throw .foreignMarker(path: path, expected: expected, found: found)
    }
    let root: RootDirectory
    do throws(FileError) {
      root = try RootDirectory(descriptor, path: path, marker: found, changes: changes)
    } catch {
      throw RootProblem(error, path: path)
    }
    try root.checkAreasAreDirectories()
    return root
  }

  /// Marks a directory as a new root.
  ///
  /// - Parameter others: the other roots of this node, by name; none may be the same directory, above or below.
  /// - Throws: ``RootProblem``; then nothing was left in the directory.
  package static func add(
    path: String, others: [String: RootDirectory], changes: Changes = Changes()
  ) throws(RootProblem) -> RootDirectory {
    let descriptor = try openDirectory(path)
    if let found = try RootMarker.read(in: descriptor.number, path: path) {
      throw .alreadyMarked(path: path, found)
    }
    let root: RootDirectory
    do throws(FileError) {
      root = try RootDirectory(descriptor, path: path, marker: RootMarker(), changes: changes)
    } catch {
      throw RootProblem(error, path: path)
    }
    try root.checkApart(from: others)
    try root.checkAreasAreDirectories()
    try root.checkAreas()
    try root.checkWritable()
    do throws(FileError) { try root.marker.write(in: root.number, changes: changes) } catch {
      throw RootProblem(error, path: path)
    }
    // Now that there is room, make `trash/` and its reserve; a removal makes them too.
    _ = try? Remover(root) { _ in }
    return root
  }

  /// Opens a directory that has a marker of nobody on record, such as after a database was restored.
  ///
  /// - Parameter others: as for ``add(path:others:changes:)``.
  /// - Throws: ``RootProblem``; nothing was changed in the directory in any case.
  package static func adopt(
    path: String, others: [String: RootDirectory]
  ) throws(RootProblem) -> RootDirectory {
    let root = try open(path: path, expecting: nil)
    try root.checkApart(from: others)
    try root.checkWritable()
    return root
  }

  /// Makes sure that nobody else has anything in the areas, whose content is removed as a matter of course.
  ///
  /// A directory that was a root before has the lock in `trash/`.
  private func checkAreas() throws(RootProblem) {
    do throws(FileError) {
      if let trash = try? area(.trash, makes: false),
        try FileStatus.ifPresent(Remover.lockName, in: trash.number)?.kind == .regular
      {
        return
      }
      for area in Area.allCases {
        let name = FileName(area.rawValue)
        guard try FileStatus.ifPresent(name, in: number)?.kind == .directory else { continue }
        var isEmpty = true
        let directory = try Descriptor.directory(name, in: number)
        try forEachName(in: directory.number) { (_, _) throws(FileError) in isEmpty = false }
        if !isEmpty { throw FileError(area.rawValue, ENOTEMPTY) }
      }
    } catch {
      if error.code == ENOTEMPTY { throw .occupied(path: path, name: error.operation) }
      throw RootProblem(error, path: path)
    }
  }

  /// Makes sure that nothing leads out of the root where the areas are, or should be.
  private func checkAreasAreDirectories() throws(RootProblem) {
    do throws(FileError) {
      for area in Area.allCases {
        let kind = try FileStatus.ifPresent(FileName(area.rawValue), in: number)?.kind
        guard kind == nil || kind == .directory else { throw FileError(area.rawValue, ENOTDIR) }
      }
    } catch {
      if error.code == ENOTDIR { throw .noArea(path: path, name: error.operation) }
      throw RootProblem(error, path: path)
    }
  }

  /// Takes the marker away; the directory and all in it stays.
  package func unmark() throws(RootProblem) {
    try verify()
    do throws(FileError) {
      try changes.removeFile(FileName(RootMarker.fileName), in: number)
      try changes.synchronize(number, path)
    } catch {
      throw RootProblem(error, path: path)
    }
  }

  /// Makes sure that the path still leads to this directory, on the same mount, with the same marker.
  ///
  /// - Throws: ``RootProblem/changed(path:reason:)`` when its file system was unmounted, covered by another, or the
  ///   directory replaced: then nothing more may be done.
  package func verify() throws(RootProblem) {
    let now: Descriptor
    do throws(RootProblem) { now = try Self.openDirectory(path) } catch {
      throw .changed(path: path, reason: "\(error.code)")
    }
    let status: FileStatus
    do throws(FileError) { status = try FileStatus(of: now.number) } catch {
      throw .changed(path: path, reason: error.reason)
    }
    guard status.place == place else { throw .changed(path: path, reason: "another file system is there") }
    guard status.identity == identity else {
      throw .changed(path: path, reason: "another directory is there")
    }
    guard let found = try RootMarker.read(in: number, path: path) else {
      throw .changed(path: path, reason: "its marker is gone")
    }
    guard found == marker else { throw .changed(path: path, reason: "it has another marker") }
  }

  /// Makes sure that this account can write there.
  package func checkWritable() throws(RootProblem) {
    var system = statvfs()
    if fstatvfs(number, &system) == 0, system.f_flag & UInt(ST_RDONLY) != 0 {
      throw .readOnly(path: path)
    }
    if faccessat(number, ".", W_OK | X_OK, AT_EACCESS) != 0 {
      throw RootProblem(FileError("write in the directory", errno), path: path)
    }
  }

  /// Bytes that this account can still write on the root's file system.
  package func freeBytes() throws(RootProblem) -> Int64 { try Self.freeBytes(of: number, path: path) }

  /// Bytes that this account can still write where a path, or the nearest directory above it that exists, is.
  package static func freeBytes(atPath path: String) throws(RootProblem) -> Int64 {
    let nearest = try nearestDirectory(path)
    return try freeBytes(of: nearest.directory.number, path: nearest.path)
  }

  private static func freeBytes(of number: Int32, path: String) throws(RootProblem) -> Int64 {
    var system = statvfs()
    guard fstatvfs(number, &system) == 0 else {
      throw .failed(path: path, FileError("ask for free space", errno))
    }
    let (bytes, overflow) = UInt64(system.f_bavail).multipliedReportingOverflow(by: UInt64(system.f_frsize))
    return overflow ? .max : Int64(clamping: bytes)
  }

  /// Whether two roots draw on the same space.
  package func sharesFileSystem(with other: RootDirectory) -> Bool { place.device == other.place.device }

  /// Whether a path, or the nearest directory above it that exists, is on this root's file system, and in the root.
  ///
  /// - Throws: ``RootProblem`` when not even its first directory can be opened.
  package func relation(toPath other: String) throws(RootProblem) -> (sharesFileSystem: Bool, isInside: Bool)
  {
    let nearest = try Self.nearestDirectory(other)
    do throws(FileError) {
      let status = try FileStatus(of: nearest.directory.number)
      let isInside = try Self.ancestors(of: nearest.directory.number).contains(identity)
      return (status.place.device == place.device, isInside)
    } catch {
      throw RootProblem(error, path: nearest.path)
    }
  }

  /// Opens one of the areas; nil when it is not there and is not to be made.
  ///
  /// - Throws: ``FileError``; ENOTDIR for a symbolic link, EXDEV when another file system is mounted on it.
  func area(_ area: Area, makes: Bool) throws(FileError) -> Descriptor? {
    let name = FileName(area.rawValue)
    if makes {
      do throws(FileError) {
        try changes.makeDirectory(name, in: number, mode: area == .trash ? 0o700 : 0o755)
        try changes.synchronize(number, path)
      } catch { if error.code != EEXIST { throw error } }
    }
    do throws(FileError) {
      return try openBelow(name, in: number)
    } catch {
      if error.isMissing, !makes { return nil }
      throw error
    }
  }

  /// Opens a directory below this root and makes sure that nothing is mounted on it.
  func openBelow(_ name: FileName, in parent: Int32) throws(FileError) -> Descriptor {
    let directory = try Descriptor.directory(name, in: parent)
    guard try FileStatus(of: directory.number).place == place else {
      throw FileError("enter \(name), on which another file system is mounted", EXDEV)
    }
    return directory
  }
}
