import Glibc

extension RootDirectory {
  /// Makes sure that no other root is this directory, above it or below it.
  ///
  /// Told by device and inode of each directory on the way up, never by the text of a path: links and mounts give one
  /// directory many paths. A directory below another root may be mounted elsewhere, with nothing of that root above it:
  /// so the places within the file system are compared too.
  package func checkApart(from others: [String: RootDirectory]) throws(RootProblem) {
    let above = try directoriesAbove()
    let mounted = MountedPath(self)
    for (name, other) in others.sorted(by: { $0.key < $1.key }) {
      if other.identity == identity { throw .identical(path: path, root: name) }
      let aboveOther = try other.directoriesAbove()
      if above.contains(other.identity) || aboveOther.contains(identity) {
        throw .nested(path: path, root: name)
      }
      if let mounted, let other = MountedPath(other), mounted.isNested(with: other) {
        throw .nested(path: path, root: name)
      }
    }
  }

  private func directoriesAbove() throws(RootProblem) -> Set<FileStatus.Identity> {
    do throws(FileError) { return try Self.ancestors(of: number) } catch {
      throw RootProblem(error, path: path)
    }
  }

  /// The directory itself and every one above it, up to the root of the system.
  static func ancestors(of directory: Int32) throws(FileError) -> Set<FileStatus.Identity> {
    var identity = try FileStatus(of: directory).identity
    var found: Set = [identity]
    var current = try Descriptor.directory("..", in: directory)
    while true {
      let next = try FileStatus(of: current.number).identity
      if next == identity { return found }
      found.insert(next)
      identity = next
      current = try Descriptor.directory("..", in: current.number)
    }
  }

  /// Opens a path, or the nearest directory above it that exists.
  static func nearestDirectory(_ path: String) throws(RootProblem) -> NearestDirectory {
    var candidate = path
    while true {
      do throws(RootProblem) {
        return NearestDirectory(directory: try openDirectory(candidate, followsLinks: true), path: candidate)
      } catch {
        let isThere = error.code != "missing" && error.code != "not_a_directory"
        guard !isThere, candidate.hasPrefix("/"), candidate.contains(where: { $0 != "/" }) else {
          throw error
        }
        candidate = "/" + candidate.split(separator: "/").dropLast().joined(separator: "/")
      }
    }
  }

  /// A directory, and the path by which it was opened.
  struct NearestDirectory: ~Copyable {
    let directory: Descriptor
    let path: String
  }

  /// Opens a directory by its absolute path.
  static func openDirectory(_ path: String, followsLinks: Bool = false) throws(RootProblem) -> Descriptor {
    // A slash at the end would make the system follow a link.
    var trimmed = path[...]
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (followsLinks ? 0 : O_NOFOLLOW)
    let number = Glibc.open(String(trimmed), flags)
    guard number < 0 else { return Descriptor(owning: number) }
    let error = FileError("open", errno)
    var status = stat()
    if !followsLinks, error.code == ENOTDIR || error.code == ELOOP, lstat(String(trimmed), &status) == 0,
      status.st_mode & S_IFMT == S_IFLNK
    {
      throw .symbolicLink(path: path)
    }
    throw RootProblem(error, path: path)
  }
}
