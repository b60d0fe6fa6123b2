import Caches
import Glibc

/// An entry while it is written: a directory `incomplete/<name>/` that one process alone works in.
///
/// In it the file `writer` says who, and is locked by that process for as long as it lives; `parts/` takes the files.
/// When all of them are on the disk, `parts/` becomes `ready/`: from then on the entry will be there, whole. Its files
/// move to the root's directory, indexes (`.xml`) last, and `incomplete/<name>/` goes.
package final class IncompleteEntry {
  /// The image name.
  package let name: String
  private let root: RootDirectory
  private let incomplete: Descriptor
  private let workspace: Descriptor
  private let identity: FileStatus.Identity
  /// Holds the lock.
  private let lock: Descriptor
  /// Whether all of it is in its place, and on the disk: what fails after that leaves nothing but an empty directory.
  package private(set) var isInPlace = false

  private var sources: [CopiedSource] = []

  private static let parts = FileName("parts")
  fileprivate static let ready = FileName("ready")

  /// Begins an entry; from here on no other process can write the same name.
  ///
  /// - Parameters:
  ///   - name: the image name.
  ///   - writer: this process.
  /// - Throws: ``WritingProblem``, ``RootProblem``, ``FileError``.
  package init(_ name: String, in root: RootDirectory, writer: WriterIdentity) throws {
    guard KnownNames.isFileName(name), !name.hasPrefix("."), !Area.isReserved(name) else {
      throw WritingProblem.impossibleName(name)
    }
    try root.verify()
    try root.checkWritable()
    let fileName = FileName(name)
    let changes = root.changes
    let incomplete = try root.area(.incomplete, makes: true)!
    // An empty one is what a crash left at the very end, or at the very beginning.
    try? changes.removeDirectory(fileName, in: incomplete.number)
    do throws(FileError) {
      try changes.makeDirectory(fileName, in: incomplete.number, mode: 0o700)
    } catch {
      guard error.code == EEXIST else { throw error }
      let found = WriterIdentity.state(of: fileName, in: incomplete.number, node: writer.node)
      throw WritingProblem.beingWritten(name: name, found.identity, isAlive: found.state == .alive)
    }
    let workspace = try Self.claimed(name) { () throws(FileError) in
      try root.openBelow(fileName, in: incomplete.number)
    }
    let workspaceNumber = workspace.number
    let lock = try Self.claimed(name) { () throws(FileError) in
      try changes.createFile(WriterIdentity.fileName, in: workspaceNumber, mode: 0o644)
    }
    try Self.take(lock.number, fileName)
    try changes.write(writer.text, to: lock.number, WriterIdentity.fileName)
    try changes.makeDirectory(Self.parts, in: workspace.number, mode: 0o700)
    identity = try FileStatus(of: workspace.number).identity
    self.name = name
    self.root = root
    self.incomplete = incomplete
    self.workspace = workspace
    self.lock = lock
  }

  /// Who looks whether the writer lives has the lock for a moment.
  private static func take(_ lock: Int32, _ name: FileName) throws(FileError) {
    for _ in 0..<50 {
      if flock(lock, LOCK_EX | LOCK_NB) == 0 { return }
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      usleep(10_000)
    }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else { throw FileError("lock \(name)", errno) }
  }

  /// As long as its directory is empty a name can be lost again: whoever wrote it before removes the directory at the end,
  /// and then another may have made it.
  private static func claimed<Result: ~Copyable>(
    _ name: String, _ body: () throws(FileError) -> Result
  ) throws -> Result {
    do throws(FileError) { return try body() } catch {
      guard error.isMissing || error.code == EEXIST else { throw error }
      throw WritingProblem.beingWritten(name: name, nil, isAlive: true)
    }
  }

  /// Takes over what a dead writer left, if it is ready; nil when it is not, or when its writer may be alive.
  private init?(finishing name: FileName, in root: RootDirectory, node: String) throws(FileError) {
    guard let text = name.text, let incomplete = try root.area(.incomplete, makes: false),
      WriterIdentity.state(of: name, in: incomplete.number, node: node).state == .dead
    else { return nil }
    let workspace = try root.openBelow(name, in: incomplete.number)
    guard try FileStatus.ifPresent(Self.ready, in: workspace.number) != nil else { return nil }
    let lock = try Descriptor.file(WriterIdentity.fileName, in: workspace.number)
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { return nil }
    identity = try FileStatus(of: workspace.number).identity
    self.name = text
    self.root = root
    self.incomplete = incomplete
    self.workspace = workspace
    self.lock = lock
  }

  deinit {
    // Closing is not enough: a process that was just started has a copy of the descriptor until it runs its program.
    flock(lock.number, LOCK_UN)
  }

  /// Copies a file, or a directory with all in it, into the entry.
  ///
  /// - Parameters:
  ///   - source: its path; a symbolic link is followed if the path itself is one, and refused below it.
  ///   - newName: the name that it gets in the root's directory: the image name, for flat files with its extension.
  ///   - progress: told the bytes done and all bytes of this source; what it throws ends the copy.
  /// - Returns: every file with its checksum.
  /// - Throws: ``WritingProblem``, ``FileError``, and what `progress` throws.
  package func copy(
    from source: String, as newName: String, progress: @escaping (Int64, Int64) throws -> Void = { _, _ in }
  ) throws -> [CopiedFile] {
    guard KnownNames.isFileName(newName), isPart(newName) else {
      throw WritingProblem.impossibleName(newName)
    }
    let target = FileName(newName)
    if try FileStatus.ifPresent(target, in: root.number) != nil { throw WritingProblem.exists(newName) }
    guard let resolved = realpath(source, nil) else { throw FileError("open \(source)", errno) }
    defer { free(resolved) }
    let start = FileName(resolved)
    let total = try FileCopy.bytes(of: start, in: AT_FDCWD)
    let parts = try Descriptor.directory(Self.parts, in: workspace.number)
    var copy = FileCopy(changes: root.changes, totalBytes: total, progress: progress)
    sources.append(try copy.copy(start, in: AT_FDCWD, to: target, in: parts.number, path: newName))
    return copy.files
  }

  /// Whether a name is the image's own, or its own with an extension or a partition.
  private func isPart(_ fileName: String) -> Bool {
    guard fileName.utf8.starts(with: name.utf8) else { return false }
    let next = fileName.utf8.dropFirst(name.utf8.count).first
    return next == nil || next == UInt8(ascii: ".") || next == UInt8(ascii: "-")
  }

  /// Puts the entry in its place: all of it, or nothing.
  ///
  /// What failed is no longer ready, so that ``finishReady(in:node:)`` leaves it alone; unless some of its files could not
  /// be moved back: then it has to be finished.
  ///
  /// - Throws: ``WritingProblem/exists(_:)`` when something took its name meanwhile,
  ///   ``WritingProblem/sourceChanged(_:)`` when a file was changed after it was copied; ``RootProblem``; ``FileError``,
  ///   with ``isInPlace`` when only tidying up failed.
  package func complete() throws {
    try root.verify()
    try checkPresent()
    for source in sources { try source.checkUnchanged(in: AT_FDCWD) }
    let changes = root.changes
    let parts = try Descriptor.directory(Self.parts, in: workspace.number)
    try changes.synchronize(parts.number, name)
    try changes.rename(Self.parts, in: workspace.number, to: Self.ready, in: workspace.number)
    do { try changes.synchronize(workspace.number, name) } catch {
      takeBack()
      throw error
    }
    try place(isOurs: true)
  }

  private func takeBack() {
    try? root.changes.rename(Self.ready, in: workspace.number, to: Self.parts, in: workspace.number)
    try? root.changes.synchronize(workspace.number, name)
  }

  /// Whether `incomplete/` has files of that name, ready or not.
  package static func isUnfinished(_ name: String, in root: RootDirectory) throws(FileError) -> Bool {
    guard let incomplete = try root.area(.incomplete, makes: false) else { return false }
    do throws(FileError) {
      let workspace = try root.openBelow(FileName(name), in: incomplete.number)
      if try FileStatus.ifPresent(parts, in: workspace.number) != nil { return true }
      return try FileStatus.ifPresent(ready, in: workspace.number) != nil
    } catch {
      guard error.isMissing else { throw error }
      return false
    }
  }

  /// Puts in their place all entries that were ready when their writer on this node died: to be called at every start.
  ///
  /// - Returns: the names, and those that could not be put in their place, whatever the reason.
  package static func finishReady(
    in root: RootDirectory, node: String
  ) throws -> (completed: [String], blocked: [String]) {
    try root.verify()
    guard let incomplete = try root.area(.incomplete, makes: false) else { return ([], []) }
    var completed: [String] = []
    var blocked: [String] = []
    for (name, _) in try names(in: incomplete.number).sorted(by: { $0.name < $1.name }) {
      do {
        guard let entry = try IncompleteEntry(finishing: name, in: root, node: node) else { continue }
        try entry.place(isOurs: false)
        completed.append(entry.name)
      } catch let error as FileError where error.isMissing || error.code == ENOTDIR {
        continue
      } catch {
        blocked.append("\(name)")
      }
    }
    return (completed, blocked)
  }

  /// A cleanup elsewhere may have taken it for stalled.
  private func checkPresent() throws {
    let present = try FileStatus.ifPresent(FileName(name), in: incomplete.number)
    guard present?.identity == identity else { throw WritingProblem.lost(name) }
  }

  /// - Parameter isOurs: what cannot be placed is not ready any more.
  private func place(isOurs: Bool) throws {
    let changes = root.changes
    try checkPresent()
    let ready = try Descriptor.directory(Self.ready, in: workspace.number)
    var placed: [FileName] = []
    do {
      for name in try names(in: ready.number).map(\.name).sorted(by: Self.isPlacedBefore) {
        do throws(FileError) { try changes.rename(name, in: ready.number, to: name, in: root.number) } catch {
          throw error.code == EEXIST ? WritingProblem.exists("\(name)") : error
        }
        placed.append(name)
      }
      try changes.synchronize(root.number, root.path)
    } catch {
      for back in placed.reversed() {
        try changes.rename(back, in: root.number, to: back, in: ready.number)
      }
      if isOurs { takeBack() }
      throw error
    }
    isInPlace = true
    try changes.removeDirectory(Self.ready, in: workspace.number)
    try changes.removeFile(WriterIdentity.fileName, in: workspace.number)
    do throws(FileError) { try changes.removeDirectory(FileName(name), in: incomplete.number) } catch {
      // Empty, it may be the next writer's already.
      guard error.isMissing || error.code == ENOTEMPTY || error.code == EEXIST else { throw error }
    }
  }

  /// An index is of no use without what it describes.
  private static func isPlacedBefore(_ left: FileName, _ right: FileName) -> Bool {
    let isIndex = { (name: FileName) in name.text?.hasSuffix(".xml") ?? false }
    return isIndex(left) == isIndex(right) ? left < right : isIndex(right)
  }
}

/// A directory of `incomplete/` that ``IncompleteEntry/finishReady(in:node:)`` would put in its place.
struct ReadyEntry {
  let item: FileName
  /// Of its files, as they are placed.
  let names: [FileName]
  /// Whether something else is beside them, so that the directory stays.
  let hasMore: Bool

  /// The directories on the way to its files.
  var parents: [FileName] { [FileName(Area.incomplete.rawValue), item, IncompleteEntry.ready] }

  fileprivate init?(_ item: FileName, in incomplete: Int32, _ root: RootDirectory, node: String)
    throws(FileError)
  {
    guard item.text != nil, WriterIdentity.state(of: item, in: incomplete, node: node).state == .dead else {
      return nil
    }
    let workspace = try root.openBelow(item, in: incomplete)
    guard try FileStatus.ifPresent(IncompleteEntry.ready, in: workspace.number) != nil else { return nil }
    let ready = try root.openBelow(IncompleteEntry.ready, in: workspace.number)
    names = try Storage.names(in: ready.number).map(\.name).sorted()
    hasMore = try Storage.names(in: workspace.number).count > 2
    self.item = item
  }
}

extension IncompleteEntry {
  /// What ``finishReady(in:node:)`` would try to put in its place, in its order; nothing is changed.
  static func ready(in root: RootDirectory, node: String) throws(FileError) -> [ReadyEntry] {
    guard let incomplete = try root.area(.incomplete, makes: false) else { return [] }
    var found: [ReadyEntry] = []
    for (name, _) in try names(in: incomplete.number).sorted(by: { $0.name < $1.name }) {
      if let entry = try? ReadyEntry(name, in: incomplete.number, root, node: node) { found.append(entry) }
    }
    return found
  }
}
