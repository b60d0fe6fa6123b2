import CLinux
import Caches
import Glibc

/// What the system tells of one name, without following a symbolic link.
struct FileStatus {
  enum Kind {
    case directory, regular, symbolicLink, other
  }

  /// Which of the mounted file systems: the device, and which mount of it where the system tells.
  struct Place: Hashable, Sendable {
    let device: UInt64
    let mount: UInt64
  }

  /// The same for all names of one file.
  struct Identity: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
  }

  let kind: Kind
  let mode: mode_t
  let links: UInt32
  let size: Int64
  let allocatedBytes: Int64
  let place: Place
  let identity: Identity
  let modified: FileTime
  /// The newest of the times of access, writing and change; of a directory without access, which any search changes.
  let lastUsed: FileTime

  /// Of a name in a directory.
  init(_ name: UnsafePointer<CChar>, in directory: Int32) throws(FileError) {
    try self.init(directory, name, AT_SYMLINK_NOFOLLOW) { "look at \(FileName(name))" }
  }

  init(_ name: FileName, in directory: Int32) throws(FileError) {
    self = try name.withPointer { (pointer) throws(FileError) in try FileStatus(pointer, in: directory) }
  }

  /// Of what is open.
  init(of descriptor: Int32) throws(FileError) {
    try self.init(descriptor, "", AT_EMPTY_PATH) { "look at an open file" }
  }

  private init(
    _ directory: Int32, _ name: UnsafePointer<CChar>, _ flags: Int32, _ operation: () -> String
  ) throws(FileError) {
    var result = statx()
    let mask = UInt32(STATX_BASIC_STATS) | UInt32(STATX_MNT_ID)
    try checked(operation()) { statx(directory, name, flags, mask, &result) }
    mode = mode_t(result.stx_mode)
    kind =
      switch mode & S_IFMT {
      case S_IFDIR: .directory
      case S_IFREG: .regular
      case S_IFLNK: .symbolicLink
      default: .other
      }
    links = result.stx_nlink
    size = Int64(clamping: result.stx_size)
    allocatedBytes = Int64(clamping: result.stx_blocks) * 512
    let device = UInt64(result.stx_dev_major) << 32 | UInt64(result.stx_dev_minor)
    place = Place(
      device: device, mount: result.stx_mask & UInt32(STATX_MNT_ID) != 0 ? result.stx_mnt_id : 0)
    identity = Identity(device: device, inode: result.stx_ino)
    modified = FileTime(result.stx_mtime)
    let written = max(modified, FileTime(result.stx_ctime))
    lastUsed = kind == .directory ? written : max(written, FileTime(result.stx_atime))
  }

  /// Nil when there is no such name.
  static func ifPresent(_ name: FileName, in directory: Int32) throws(FileError) -> FileStatus? {
    do throws(FileError) { return try FileStatus(name, in: directory) } catch {
      if error.isMissing { return nil }
      throw error
    }
  }
}

extension FileTime {
  fileprivate init(_ time: statx_timestamp) {
    self.init(seconds: time.tv_sec, nanoseconds: Int64(time.tv_nsec))
  }
}
