import CLinux
import Glibc

/// An open file or directory; closed when it goes out of use.
struct Descriptor: ~Copyable {
  let number: Int32

  init(owning number: Int32) {
    self.number = number
  }

  deinit { close(number) }

  /// Gives the open number to the caller, who closes it.
  consuming func released() -> Int32 {
    let released = number
    discard self
    return released
  }

  /// Opens a directory below another one; a symbolic link is never followed.
  ///
  /// The access time stays as it was where the system allows that: a scan is no use.
  static func directory(_ name: UnsafePointer<CChar>, in parent: Int32) throws(FileError) -> Descriptor {
    Descriptor(owning: try directoryNumber(name, in: parent))
  }

  static func directory(_ name: FileName, in parent: Int32) throws(FileError) -> Descriptor {
    Descriptor(
      owning: try name.withPointer { (pointer) throws(FileError) in try directoryNumber(pointer, in: parent) }
    )
  }

  private static func directoryNumber(
    _ name: UnsafePointer<CChar>, in parent: Int32
  ) throws(FileError) -> Int32 {
    try checked("open directory \(FileName(name))") { opened(name, in: parent, O_DIRECTORY) }
  }

  /// Opens a file for reading; a symbolic link is never followed, and a pipe never waited for.
  ///
  /// The access time stays as it was where the system allows that: to look at a header is no use of a disk.
  static func file(_ name: FileName, in parent: Int32) throws(FileError) -> Descriptor {
    Descriptor(owning: try checked("open \(name)") { name.withPointer { opened($0, in: parent) } })
  }

  private static func opened(
    _ name: UnsafePointer<CChar>, in parent: Int32, _ kind: Int32 = 0
  ) -> Int32 {
    let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | kind
    let quiet = openat(parent, name, flags | O_NOATIME)
    // Only an owner may leave the time alone.
    return quiet >= 0 || errno != EPERM ? quiet : openat(parent, name, flags)
  }

  /// The first bytes of the file, at most so many.
  func contents(atMost limit: Int, of name: FileName) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var count = 0
    while count < limit {
      let offset = count
      let read = try checked("read \(name)") {
        bytes.withUnsafeMutableBytes {
          pread(number, $0.baseAddress! + offset, limit - offset, off_t(offset))
        }
      }
      if read == 0 { break }
      count += read
    }
    return Array(bytes.prefix(count))
  }
}
