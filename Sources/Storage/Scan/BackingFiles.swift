import Glibc

/// The files that virtual disks of this node are made on top of: a running machine reads them through its own disk, and
/// they show neither a further link nor anything else.
///
/// Disks in the format qcow2 name the file in their header; of a disk of VMware the descriptor does. A backing file may
/// have one itself, which is needed as well.
package struct BackingFiles: Sendable {
  /// Absolute paths, as the disks name them; relative ones are taken from the disk's directory.
  package private(set) var paths: Set<String> = []
  /// Those of ``paths`` that were not asked yet for a backing file of their own.
  private var pending: [String] = []
  /// What could not be read, one line each: then nobody knows which files are needed.
  package private(set) var problems: [String] = []

  /// Directories that were looked at: a symbolic link may lead to one a second time.
  private var visited: Set<FileStatus.Identity> = []
  private let aftermath: Aftermath

  /// Looks at every file below the directories, also where symbolic links lead.
  ///
  /// - Parameters:
  ///   - directories: absolute paths; of one that is missing nothing is known, and nothing is told.
  ///   - others: the same, but what cannot be read there is no problem.
  ///   - aftermath: disks are taken as being where they will be.
  package init(
    below directories: [String], andPerhapsBelow others: [String] = [],
    after aftermath: Aftermath = Aftermath()
  ) {
    self.aftermath = aftermath
    for directory in directories { add(directory, depth: 0) }
    follow()
    let told = problems
    for directory in others { add(directory, depth: 0) }
    follow()
    problems = told
  }

  /// Whether a directory can be read and nothing is in it, as where its file system is not mounted.
  package static func isEmpty(_ path: String) -> Bool {
    var isEmpty = true
    do throws(FileError) {
      let directory = try Descriptor.directory(FileName(path + "/."), in: AT_FDCWD)
      try forEachName(in: directory.number) { (_, _) throws(FileError) in isEmpty = false }
    } catch { return false }
    return isEmpty
  }

  /// The names in a directory that the backing files have, or a directory of theirs.
  ///
  /// The directory may have several paths, as where it is mounted a second time; it is the same directory all the same.
  ///
  /// - Parameter path: of a root.
  package func names(in path: String) -> Set<String> {
    let root = Self.resolved(path)
    let identity = Self.identity(root)
    var isRoot = [root: true]
    var names: Set<String> = []
    for path in Set(paths.flatMap { [Self.plain($0), Self.resolved($0)] }) {
      var above = ""
      for part in path.split(separator: "/") {
        let parent = above.isEmpty ? "/" : above
        let isHere = isRoot[parent] ?? (identity != nil && Self.identity(parent) == identity)
        isRoot[parent] = isHere
        if isHere { names.insert(String(part)) }
        above += "/" + part
      }
    }
    return names
  }

  /// Of the directory that a path leads to; nil when that cannot be told.
  private static func identity(_ path: String) -> FileStatus.Identity? {
    // The dot follows a link.
    (try? FileStatus(FileName(path + "/."), in: AT_FDCWD))?.identity
  }

  /// - Parameter given: the path that it will have; nil: the one that it has.
  private mutating func add(_ path: String, depth: Int, as given: String? = nil) {
    guard depth < TreeMeasure.deepest else {
      return problems.append("\(path) is nested too deep to look for virtual disks")
    }
    do throws(FileError) {
      let directory = try Descriptor.directory(FileName(path + "/."), in: AT_FDCWD)
      let identity = try FileStatus(of: directory.number).identity
      guard !aftermath.goneDirectories.contains(identity), visited.insert(identity).inserted else { return }
      let place = aftermath.places[identity] ?? given ?? path
      var found: [(name: String, kind: FileStatus.Kind)] = []
      try forEachName(in: directory.number) { (name, _) throws(FileError) in
        guard let status = try? FileStatus(name, in: directory.number) else { return }
        found.append((String(cString: name), status.kind))
      }
      for (name, kind) in found {
        switch kind {
        case .directory: add("\(path)/\(name)", depth: depth + 1, as: "\(place)/\(name)")
        case .regular: add(disk: name, in: directory.number, of: place)
        case .symbolicLink: add(link: "\(path)/\(name)", depth: depth)
        case .other: break
        }
      }
    } catch {
      if !error.isMissing {
        problems.append("\(path) cannot be searched for virtual disks (\(error.reason))")
      }
    }
  }

  /// Looks at the backing files themselves, which may lie anywhere, and lead back.
  private mutating func follow() {
    var followed: Set<[String]> = []
    while let path = pending.popLast() {
      // The same file in the same directory, however often its path goes up and down again.
      let directory = Self.resolved(Self.parent(path))
      guard followed.insert([Self.resolved(path), directory]).inserted else { continue }
      add(link: "\(directory)/\(Self.name(path))", depth: 0, entersDirectories: false)
    }
  }

  /// A link that leads nowhere is no disk.
  private mutating func add(link path: String, depth: Int, entersDirectories: Bool = true) {
    guard let target = realpath(path, nil) else {
      if errno != ENOENT && errno != ELOOP {
        problems.append("\(path) cannot be followed (\(String(cString: strerror(errno))))")
      }
      return
    }
    defer { free(target) }
    let resolved = String(cString: target)
    do throws(FileError) {
      switch try FileStatus(FileName(resolved), in: AT_FDCWD).kind {
      case .directory:
        // One that leads upwards, as to `/`, means no disks: all of the machine would be searched.
        if entersDirectories, !Self.isAbove(resolved, Self.resolved(Self.parent(path))) {
          add(resolved, depth: depth + 1)
        }
      case .regular:
        // What the disk names may be meant from the link's directory or from the disk's own.
        for file in [path, resolved] { add(disk: resolved, in: AT_FDCWD, of: Self.parent(file)) }
      case .symbolicLink, .other: break
      }
    } catch {
      if !error.isMissing { problems.append("\(path) cannot be followed (\(error.reason))") }
    }
  }

  private static func isAbove(_ directory: String, _ path: String) -> Bool {
    directory == "/" || path == directory || path.hasPrefix(directory + "/")
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? path
  }

  private static func name(_ path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }

  private mutating func add(disk name: String, in directory: Int32, of path: String) {
    do throws(FileError) {
      let file = try Descriptor.file(FileName(name), in: directory)
      for backing in try VirtualDisk.backingFiles(file.number) {
        let backing = Self.absolute(backing, in: path)
        if paths.insert(backing).inserted { pending.append(backing) }
      }
    } catch {
      let reason = error.code == EINVAL ? "its header is damaged" : error.reason
      let problem = "\(Self.absolute(name, in: path)) cannot be read (\(reason))"
      if !error.isMissing, !problems.contains(problem) { problems.append(problem) }
    }
  }

  private static func absolute(_ path: String, in directory: String) -> String {
    path.hasPrefix("/") ? path : "\(directory)/\(path)"
  }

  /// Without symbolic links and dots, as far as the path exists.
  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return plain(path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Without dots, as it is written.
  private static func plain(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }
}
