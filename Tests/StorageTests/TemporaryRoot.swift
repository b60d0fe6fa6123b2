import Caches
import Foundation
import Storage

/// A root in a temporary directory, gone with it.
final class TemporaryRoot {
  /// The directory, and beside it room for other things.
  let folder: String
  let path: String
  /// Whether it stays when this goes.
  var keepsFolder = false

  /// - Parameter folder: made and removed unless given.
  init(in given: String? = nil, marks: Bool = true) throws {
    folder =
      given ?? FileManager.default.temporaryDirectory.appending(path: "storage-\(UUID().uuidString)").path
    path = folder + "/root"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    if marks { _ = try RootDirectory.add(path: path, others: [:]) }
  }

  deinit {
    if keepsFolder { return }
    // Whoever made a directory unreadable made it so for the test only.
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? NSEnumerator() {
      var status = stat()
      if lstat(folder + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        chmod(folder + "/" + name, 0o700)
      }
    }
    try? FileManager.default.removeItem(atPath: folder)
  }

  func open(_ changes: Changes = Changes()) throws -> RootDirectory {
    try RootDirectory.open(path: path, expecting: nil, changes: changes)
  }

  /// Writes a file of so many bytes below the root, with the directories on its way.
  @discardableResult
  func write(_ name: String, _ bytes: Int = 5000, used: Int? = nil) throws -> String {
    let file = path + "/" + name
    let parent = file[..<file.lastIndex(of: "/")!]
    try FileManager.default.createDirectory(atPath: String(parent), withIntermediateDirectories: true)
    let number = creat(file, 0o644)
    guard number >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno)!) }
    defer { close(number) }
    let content = [UInt8](repeating: 7, count: bytes)
    guard Glibc.write(number, content, bytes) == bytes else { throw POSIXError(.ENOSPC) }
    return file
  }

  /// Everything below the root, without the marker, the areas themselves and what `trash/` needs for itself.
  func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      $0 != RootMarker.fileName && Area(rawValue: $0) == nil && $0 != "trash/lock"
        && !$0.hasPrefix("trash/reserve")
    }.sorted()
  }

  func scan(_ layout: Layout, _ names: [String]) throws -> RootScan {
    try RootScan(try open(), layout: layout, known: KnownNames(names))
  }
}

/// The bytes and files of distinct inodes below a directory, without the directory itself: what a disk walk tells.
struct DiskWalk: Equatable {
  var files = 0
  var apparentBytes: Int64 = 0
  var allocatedBytes: Int64 = 0

  /// - Parameter passesOver: names, relative to the path, that do not count themselves.
  init(_ path: String, passesOver: (String) -> Bool = { _ in false }) throws {
    var seen: Set<ino_t> = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) where !passesOver(name) {
      var status = stat()
      guard lstat(path + "/" + name, &status) == 0 else { continue }
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      if !isDirectory { files += 1 }
      guard seen.insert(status.st_ino).inserted else { continue }
      allocatedBytes += Int64(status.st_blocks) * 512
      if !isDirectory { apparentBytes += Int64(status.st_size) }
    }
  }

  /// Of a root's entries and items, wherever they are: without marker, areas, and what `trash/` needs for itself.
  static func entries(of root: TemporaryRoot) throws -> DiskWalk {
    try DiskWalk(root.path) { name in
      let parts = name.split(separator: "/")
      if parts[0] == ".expireimage-root" { return true }
      guard Area(rawValue: String(parts[0])) != nil else { return false }
      return parts[0] == "trash"
        ? parts.count < 2 || parts[1] == "lock" || parts[1].hasPrefix("reserve")
          || parts[1].hasSuffix(".manifest") || isSlot(parts[1]) && parts.count < 4
        : parts.count < 2
    }
  }

  private static func isSlot(_ name: Substring) -> Bool {
    name.hasSuffix(".leaving") || name.hasSuffix(".removing")
  }

  static func - (left: DiskWalk, right: DiskWalk) -> EntrySize {
    EntrySize(
      files: left.files - right.files, apparentBytes: left.apparentBytes - right.apparentBytes,
      allocatedBytes: left.allocatedBytes - right.allocatedBytes,
      freedBytes: left.allocatedBytes - right.allocatedBytes)
  }
}

/// What a call throws, as text; "no error" when it does not.
func thrown(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// The code of the problem that a call throws.
func problem(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "none"
  } catch let problem as RootProblem {
    return problem.code
  } catch {
    return "\(error)"
  }
}
