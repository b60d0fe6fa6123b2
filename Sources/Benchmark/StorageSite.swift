import Foundation
import Storage

/// A root of its own with empty files, and the bare loops over such files.
struct StorageSite {
  private let base: String
  /// The root.
  let path: String

  init(in folder: String?) throws {
    let parent = folder ?? FileManager.default.temporaryDirectory.path
    base = parent + "/storage-benchmark-\(UUID().uuidString)"
    path = base + "/root"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    _ = try RootDirectory.add(path: path, others: [:])
  }

  func remove() { try? FileManager.default.removeItem(atPath: base) }

  static func openRoot(_ site: StorageSite) throws -> RootDirectory {
    try RootDirectory.open(path: site.path, expecting: nil)
  }

  /// Image names, each of 24 bytes.
  static func names(_ count: Int) -> [String] {
    (0..<count).map { String(format: "vmwarewin10-image%06d-v1", $0) }
  }

  func folder(_ name: String) throws -> String {
    let folder = base + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  /// One empty file for each name.
  func fill(_ folder: String, _ count: Int) throws {
    let directory = try Self.open(folder)
    defer { close(directory) }
    for name in Self.names(count) {
      let file = openat(directory, name + ".qcow2", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      guard file >= 0 else { throw Self.failed("create \(name)") }
      close(file)
    }
  }

  func empty(_ folder: String, from first: Int, to end: Int) throws {
    let directory = try Self.open(folder)
    defer { close(directory) }
    for name in Self.names(end)[first...] { unlinkat(directory, name + ".qcow2", 0) }
  }

  func bareScan(_ folder: String) throws {
    let directory = try Self.open(folder)
    defer { close(directory) }
    var status = stat()
    var bytes = 0
    try Self.forEachName(in: folder) { name in
      if fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { bytes += status.st_size }
    }
  }

  /// In the order in which the directory has them.
  func bareUnlink(_ folder: String) throws -> StopWatch.Times {
    let directory = try Self.open(folder)
    defer { close(directory) }
    let names = try Self.cNames(in: folder)
    defer { names.forEach { free($0) } }
    return try StopWatch.time {
      for name in names {
        guard unlinkat(directory, name, 0) == 0 else { throw Self.failed("unlink") }
      }
    }
  }

  /// Moves each file to a new directory, from which it is unlinked.
  ///
  /// - Parameter isSafe: also with the calls that a removal needs which a crash must not harm: the moves are brought to
  ///   the disk, and the sizes read, before the first file is unlinked.
  func bareMoveAndUnlink(
    _ folder: String, isSafe: Bool = false
  ) throws -> StopWatch.Times {
    let directory = try Self.open(folder)
    defer { close(directory) }
    let other = "trash"
    defer { unlinkat(directory, other, AT_REMOVEDIR) }
    let names = try Self.cNames(in: folder)
    defer { names.forEach { free($0) } }
    return try StopWatch.time {
      guard mkdirat(directory, other, 0o700) == 0 else { throw Self.failed("mkdir") }
      let target = openat(directory, other, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      defer { close(target) }
      for name in names {
        guard renameat(directory, name, target, name) == 0 else { throw Self.failed("rename") }
      }
      if isSafe {
        var status = stat()
        guard fsync(target) == 0, fsync(directory) == 0 else { throw Self.failed("fsync") }
        for name in names {
          guard fstatat(target, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { throw Self.failed("stat") }
        }
      }
      for name in names {
        guard unlinkat(target, name, 0) == 0 else { throw Self.failed("unlink") }
      }
      guard unlinkat(directory, other, AT_REMOVEDIR) == 0 else { throw Self.failed("rmdir") }
    }
  }

  private static func cNames(in folder: String) throws -> [UnsafeMutablePointer<CChar>] {
    var names: [UnsafeMutablePointer<CChar>] = []
    try forEachName(in: folder) { names.append(strdup($0)) }
    return names
  }

  private static func forEachName(in folder: String, _ body: (UnsafePointer<CChar>) -> Void) throws {
    guard let stream = opendir(folder) else { throw failed("open \(folder)") }
    defer { closedir(stream) }
    let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
    while let entry = readdir(stream) {
      // The record is shorter than the type says: only its address is used.
      let name = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
      if name[0] != 0x2E { body(name) }
    }
  }

  private static func open(_ folder: String) throws -> Int32 {
    let directory = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw failed("open \(folder)") }
    return directory
  }

  private static func failed(_ operation: String) -> Measured.Failed {
    Measured.Failed(description: "\(operation): \(String(cString: strerror(errno)))")
  }
}
