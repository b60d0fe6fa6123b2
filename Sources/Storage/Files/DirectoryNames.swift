import Glibc

/// Calls for each name in a directory but `.` and `..`, in the order of the file system.
///
/// - Parameters:
///   - descriptor: stays open, and is read from its beginning.
///   - body: gets the name, good during the call only, and whether it is known to be a directory.
func forEachName(
  in descriptor: Int32, _ body: (UnsafePointer<CChar>, _ isKnownDirectory: Bool) throws(FileError) -> Void
) throws(FileError) {
  // A stream owns its descriptor, and a copy shares its position: one of its own, of the same directory.
  let own = try Descriptor.directory(".", in: descriptor).released()
  guard let stream = fdopendir(own) else {
    let code = errno
    close(own)
    throw FileError("read a directory", code)
  }
  defer { closedir(stream) }
  while true {
    errno = 0
    guard let entry = readdir(stream) else {
      if errno != 0 { throw FileError("read a directory", errno) }
      return
    }
    // The record is shorter than the type says: only its address is used.
    let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
    let isDot = name[0] == 0x2E && (name[1] == 0 || (name[1] == 0x2E && name[2] == 0))
    if !isDot { try body(name, entry.pointee.d_type == UInt8(DT_DIR)) }
  }
}

private let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name)!

/// All names of a directory at once, for a caller that changes it meanwhile.
func names(in descriptor: Int32) throws(FileError) -> [(name: FileName, isKnownDirectory: Bool)] {
  var names: [(name: FileName, isKnownDirectory: Bool)] = []
  try forEachName(in: descriptor) { (name, isKnownDirectory) throws(FileError) in
    names.append((FileName(name), isKnownDirectory))
  }
  return names
}
