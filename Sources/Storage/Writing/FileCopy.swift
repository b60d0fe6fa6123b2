import CLinux
import Caches
import Crypto
import Glibc

/// A file that was copied.
package struct CopiedFile: Sendable, Hashable {
  /// Relative to the root's directory.
  package let path: String
  package let bytes: Int64
  /// SHA-256 of the content, 64 hexadecimal digits.
  package let checksum: String
}

/// Copies files and directories below a root, holes as holes, each file on the disk before the next begins.
struct FileCopy {
  /// Told the bytes done and all bytes; what it throws ends the copy.
  typealias Progress = (Int64, Int64) throws -> Void

  private let changes: Changes
  private let totalBytes: Int64
  private let progress: Progress
  private var doneBytes: Int64 = 0
  private(set) var files: [CopiedFile] = []
  private var buffer = [UInt8](repeating: 0, count: bufferSize)

  private static let bufferSize = 1 << 20
  private static let zeros = [UInt8](repeating: 0, count: bufferSize)

  init(changes: Changes, totalBytes: Int64, progress: @escaping Progress) {
    self.changes = changes
    self.totalBytes = totalBytes
    self.progress = progress
  }

  /// The bytes of all files of a tree, one with two names twice.
  static func bytes(of name: FileName, in parent: Int32, depth: Int = 0) throws -> Int64 {
    let status = try FileStatus(name, in: parent)
    switch status.kind {
    case .regular: return status.size
    case .directory where depth < TreeMeasure.deepest:
      let directory = try Descriptor.directory(name, in: parent)
      return try names(in: directory.number).reduce(0) {
        $0 + (try bytes(of: $1.name, in: directory.number, depth: depth + 1))
      }
    default: throw WritingProblem.unsupportedSource("\(name)")
    }
  }

  /// Copies a file, or a directory with all in it. A symbolic link, pipe or device is refused.
  ///
  /// - Parameter path: how results and errors call the copy.
  /// - Returns: what was copied, to be looked at once more when all is.
  mutating func copy(
    _ name: FileName, in parent: Int32, to newName: FileName, in newParent: Int32, path: String
  ) throws -> CopiedSource {
    let status = try FileStatus(name, in: parent)
    switch status.kind {
    case .regular: return try copyFile(name, in: parent, to: newName, in: newParent, path: path)
    case .directory:
      let source = try Descriptor.directory(name, in: parent)
      try changes.makeDirectory(newName, in: newParent, mode: 0o700)
      let target = try Descriptor.directory(newName, in: newParent)
      var copied: [CopiedSource] = []
      for (below, _) in try names(in: source.number).sorted(by: { $0.name < $1.name }) {
        copied.append(
          try copy(below, in: source.number, to: below, in: target.number, path: "\(path)/\(below)"))
      }
      try changes.setMode(status.mode & 0o777 | 0o700, of: target.number, newName)
      try changes.synchronize(target.number, path)
      return CopiedSource(name: name, path: path, content: .directory(copied))
    default: throw WritingProblem.unsupportedSource(path)
    }
  }

  private mutating func copyFile(
    _ name: FileName, in parent: Int32, to newName: FileName, in newParent: Int32, path: String
  ) throws -> CopiedSource {
    let source = try Descriptor.file(name, in: parent)
    let before = try FileStatus(of: source.number)
    guard before.kind == .regular else { throw WritingProblem.unsupportedSource(path) }
    let target = try changes.createFile(newName, in: newParent, mode: 0o600)
    var hash = SHA256()
    var position: Int64 = 0
    while position < before.size {
      let data = Self.next(SEEK_DATA, source.number, from: position, size: before.size)
      try addHole(data - position, to: &hash)
      let end = data < before.size ? Self.next(SEEK_HOLE, source.number, from: data, size: before.size) : data
      try copyData(data..<end, from: source.number, name, to: target.number, newName, &hash)
      position = end
    }
    // What ends with a hole is still too short.
    try changes.setSize(before.size, of: target.number, newName)
    let after = try FileStatus(of: source.number)
    guard after.size == before.size, after.modified == before.modified else {
      throw WritingProblem.sourceChanged(path)
    }
    try changes.setMode(before.mode & 0o777 | 0o600, of: target.number, newName)
    try changes.synchronize(target.number, path)
    let digits = hash.finalize().map { byte in
      let text = String(byte, radix: 16)
      return text.count < 2 ? "0" + text : text
    }
    files.append(CopiedFile(path: path, bytes: before.size, checksum: digits.joined()))
    return CopiedSource(
      name: name, path: path, content: .file(size: before.size, modified: before.modified))
  }

  /// Where the next data, or the next hole, begins; a file system that cannot tell has data only.
  private static func next(_ what: Int32, _ file: Int32, from position: Int64, size: Int64) -> Int64 {
    let found = lseek(file, off_t(position), what)
    if found >= 0 { return min(Int64(found), size) }
    return what == SEEK_DATA && errno != ENXIO ? position : size
  }

  private mutating func copyData(
    _ range: Range<Int64>, from source: Int32, _ name: FileName, to target: Int32, _ newName: FileName,
    _ hash: inout SHA256
  ) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      let wanted = Int(min(Int64(Self.bufferSize), range.upperBound - position))
      let count = try checked("read \(name)") {
        buffer.withUnsafeMutableBytes { pread(source, $0.baseAddress, wanted, off_t(position)) }
      }
      guard count > 0 else { throw WritingProblem.sourceChanged("\(name)") }
      try buffer.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        hash.update(bufferPointer: part)
        try changes.write(part, at: position, to: target, newName)
      }
      position += Int64(count)
      try advance(Int64(count))
    }
  }

  private mutating func addHole(_ length: Int64, to hash: inout SHA256) throws {
    var left = length
    while left > 0 {
      let count = Int(min(Int64(Self.bufferSize), left))
      Self.zeros.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
      left -= Int64(count)
      try advance(Int64(count))
    }
  }

  private mutating func advance(_ bytes: Int64) throws {
    doneBytes += bytes
    try progress(doneBytes, totalBytes)
  }
}
