import CLinux
import Glibc

/// Calls for each name in a directory but `.` and `..`, in the order of the file system.
///
/// - Parameters:
///   - descriptor: stays open, and is read from its beginning.
///   - isFresh: it was just opened for this, so that its position may be used. Any other is opened once more: two
///     readers would share the position.
///   - body: gets the name, good during the call only, and whether it is known to be a directory.
func forEachName(
  in descriptor: Int32, isFresh: Bool = false,
  _ body: (UnsafePointer<CChar>, _ isKnownDirectory: Bool) throws(FileError) -> Void
) throws(FileError) {
  if isFresh { return try readNames(descriptor, body) }
  let own = try Descriptor.directory(".", in: descriptor)
  try readNames(own.number, body)
}

private func readNames(
  _ descriptor: Int32, _ body: (UnsafePointer<CChar>, _ isKnownDirectory: Bool) throws(FileError) -> Void
) throws(FileError) {
  let length = 32 << 10
  let buffer = UnsafeMutableRawPointer.allocate(byteCount: length, alignment: 8)
  defer { buffer.deallocate() }
  while true {
    let end: Int
    do throws(FileError) {
      end = try checked("read a directory") { getdents64(descriptor, buffer, length) }
    } catch {
      // A directory that was removed while it is open has come to its end.
      if error.isMissing { return }
      throw error
    }
    if end == 0 { return }
    var record = UnsafeRawPointer(buffer)
    while record < buffer + end {
      let name = (record + Record.name).assumingMemoryBound(to: CChar.self)
      let isDot = name[0] == 0x2E && (name[1] == 0 || (name[1] == 0x2E && name[2] == 0))
      if !isDot { try body(name, record.load(fromByteOffset: Record.kind, as: UInt8.self) == UInt8(DT_DIR)) }
      record += Int(record.load(fromByteOffset: Record.length, as: UInt16.self))
    }
  }
}

/// Where the kernel puts what in a record: inode and position (8 bytes each), length, kind, name with a zero byte.
private enum Record {
  static let length = 16
  static let kind = 18
  static let name = 19
}

/// All names of a directory at once, for a caller that changes it meanwhile.
func names(
  in descriptor: Int32, isFresh: Bool = false
) throws(FileError) -> [(name: FileName, isKnownDirectory: Bool)] {
  var names: [(name: FileName, isKnownDirectory: Bool)] = []
  try forEachName(in: descriptor, isFresh: isFresh) { (name, isKnownDirectory) throws(FileError) in
    names.append((FileName(name), isKnownDirectory))
  }
  return names
}
