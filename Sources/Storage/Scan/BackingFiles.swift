import Glibc

/// The files that virtual disks of this node are made on top of: a running machine reads them through its own disk, and
/// they show neither a further link nor anything else.
///
/// Disks in the format qcow2 name the file in their header; of a disk of VMware the descriptor does.
package struct BackingFiles: Sendable {
  /// Absolute paths, as the disks name them; relative ones are taken from the disk's directory.
  package private(set) var paths: Set<String> = []
  /// What could not be read, one line each: then nobody knows which files are needed.
  package private(set) var problems: [String] = []

  /// Looks at every regular file below the directories.
  ///
  /// - Parameter directories: absolute paths; of one that is missing nothing is known, and nothing is told.
  package init(below directories: [String]) {
    for directory in directories { add(directory, depth: 0) }
  }

  /// The names in a directory that the backing files have, or a directory of theirs.
  ///
  /// - Parameter path: of a root.
  package func names(in path: String) -> Set<String> {
    let root = Self.resolved(path) + "/"
    return Set(
      paths.flatMap { [Self.plain($0), Self.resolved($0)] }.compactMap { path in
        guard path.hasPrefix(root) else { return nil }
        return path.dropFirst(root.count).split(separator: "/").first.map(String.init)
      })
  }

  private mutating func add(_ path: String, depth: Int) {
    guard depth < TreeMeasure.deepest else {
      return problems.append("\(path) is nested too deep to look for virtual disks")
    }
    do throws(FileError) {
      let directory = try Descriptor.directory(FileName(path + "/."), in: AT_FDCWD)
      var found: [(name: String, kind: FileStatus.Kind)] = []
      try forEachName(in: directory.number) { (name, _) throws(FileError) in
        guard let status = try? FileStatus(name, in: directory.number) else { return }
        found.append((String(cString: name), status.kind))
      }
      for (name, kind) in found {
        switch kind {
        case .directory: add("\(path)/\(name)", depth: depth + 1)
        case .regular: add(disk: name, in: directory.number, of: path)
        default: break
        }
      }
    } catch {
      if !error.isMissing {
        problems.append("\(path) cannot be searched for virtual disks (\(error.reason))")
      }
    }
  }

  private mutating func add(disk name: String, in directory: Int32, of path: String) {
    do throws(FileError) {
      let file = try Descriptor.file(FileName(name), in: directory)
      guard let backing = try VirtualDisk.backingFile(file.number) else { return }
      paths.insert(backing.hasPrefix("/") ? backing : "\(path)/\(backing)")
    } catch {
      if !error.isMissing { problems.append("\(path)/\(name) cannot be read (\(error.reason))") }
    }
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

/// What the first bytes of a virtual disk say.
enum VirtualDisk {
  /// The path of the file that a disk is made on top of, as it is written there; nil: of none, or this is no disk.
  ///
  /// - Parameter file: a descriptor that is open for reading.
  static func backingFile(_ file: Int32) throws(FileError) -> String? {
    let head = try bytes(file, at: 0, count: 4096)
    if head.starts(with: [0x51, 0x46, 0x49, 0xfb]) { return try qcow(file, head) }
    return head.starts(with: "# Disk DescriptorFile".utf8) ? descriptor(head) : nil
  }

  /// The header of qcow and qcow2: magic, version, then where the name of the backing file is and how long.
  private static func qcow(_ file: Int32, _ head: [UInt8]) throws(FileError) -> String? {
    guard head.count >= 20 else { return nil }
    let offset = head[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let length = head[16..<20].reduce(0) { $0 << 8 | Int($1) }
    guard offset > 0, length > 0, length <= 1023, let start = Int64(exactly: offset) else { return nil }
    let name = String(decoding: try bytes(file, at: start, count: length), as: UTF8.self)
    return path(name)
  }

  /// A line `parentFileNameHint="…"`.
  private static func descriptor(_ head: [UInt8]) -> String? {
    for line in head.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      guard text.hasPrefix("parentFileNameHint") else { continue }
      return text.split(separator: "\"").dropFirst().first.map(String.init)
    }
    return nil
  }

  /// `json:` names and those with a protocol are told by the path in them.
  private static func path(_ name: String) -> String? {
    if name.hasPrefix("json:") {
      guard let key = name.firstRange(of: "\"filename\"") else { return nil }
      let rest = name[key.upperBound...].split(
        separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
      return rest.count > 1 ? String(rest[1]) : nil
    }
    return name.hasPrefix("file:") ? String(name.dropFirst("file:".count)) : name
  }

  private static func bytes(_ file: Int32, at offset: Int64, count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      while filled < count {
        let done = pread(file, buffer.baseAddress! + filled, count - filled, off_t(offset) + filled)
        if done < 0, errno == EINTR { continue }
        if done < 0 { failure = errno }
        guard done > 0 else { break }
        filled += done
      }
    }
    if failure != 0 { throw FileError("read a virtual disk", failure) }
    return bytes
  }
}
