import Caches
import Glibc

extension RootDirectory {
  /// Unlinks all that is in a directory below this root, at any depth, relative to open directories.
  ///
  /// No symbolic link is followed and nothing of another mount is entered. One name that cannot be removed does not stop
  /// the others.
  ///
  /// - Parameter directory: just opened.
  /// - Returns: the first failure, if any.
  func removeContents(of directory: Int32, depth: Int = 0) -> FileError? {
    guard depth < TreeMeasure.deepest + 4 else { return FileError("remove a directory", ELOOP) }
    let found: [(name: FileName, isKnownDirectory: Bool)]
    do throws(FileError) { found = try names(in: directory, isFresh: true) } catch { return error }
    var failure: FileError?
    for (name, isKnownDirectory) in found {
      do throws(FileError) {
        try remove(name, in: directory, isKnownDirectory: isKnownDirectory, depth: depth)
      } catch {
        if !error.isMissing { failure = failure ?? error }
      }
    }
    return failure
  }

  /// Unlinks a name and all below it.
  func remove(
    _ name: FileName, in parent: Int32, isKnownDirectory: Bool = false, depth: Int = 0
  ) throws(FileError) {
    if !isKnownDirectory {
      do throws(FileError) { return try changes.removeFile(name, in: parent) } catch {
        guard error.code == EISDIR || error.code == EPERM else { throw error }
        // EPERM is also the answer for a file that must not be removed.
        guard try FileStatus(name, in: parent).kind == .directory else { throw error }
      }
    }
    let directory = try openBelow(name, in: parent)
    if let failure = removeContents(of: directory.number, depth: depth + 1) { throw failure }
    try changes.removeDirectory(name, in: parent)
  }
}

extension RootDirectory {
  /// The directory that entries come from, or go back to; nil when the area is not there.
  func source(_ area: Area?) throws(FileError) -> Descriptor? {
    guard let area else { return try Descriptor.directory(".", in: number) }
    return try self.area(area, makes: false)
  }

  /// Renames all names of a directory back to their place.
  ///
  /// - Parameter isAllOrNone: after a failure those that were back already leave again.
  /// - Returns: the first failure, if any; a name that is taken meanwhile is one.
  func putBackNames(of directory: Int32, to source: Int32, isAllOrNone: Bool = false) -> FileError? {
    let found: [(name: FileName, isKnownDirectory: Bool)]
    do throws(FileError) { found = try names(in: directory) } catch { return error }
    var failure: FileError?
    var isBack: [FileName] = []
    for (name, _) in found where failure == nil || !isAllOrNone {
      do throws(FileError) {
        try changes.rename(name, in: directory, to: name, in: source)
        isBack.append(name)
      } catch {
        if !error.isMissing { failure = failure ?? error }
      }
    }
    if failure != nil, isAllOrNone {
      for name in isBack.reversed() {
        do throws(FileError) { try changes.rename(name, in: source, to: name, in: directory) } catch {
          return error
        }
      }
    }
    return failure
  }
}
