import CLinux
import Glibc

/// Every call that changes something on disk goes through here, and nowhere else.
///
/// So a test can stop the process after each of them, or let one fail.
package struct Changes: Sendable {
  package enum Kind: String, Sendable {
    case makeDirectory, createFile, write, truncate, setMode, synchronize, rename, removeFile, removeDirectory
  }

  /// Asked before each change; what it throws is what the change fails with.
  private let before: (@Sendable (Kind) throws(FileError) -> Void)?
  /// Told after each change that was made.
  private let after: (@Sendable (Kind) -> Void)?

  package init(
    before: (@Sendable (Kind) throws(FileError) -> Void)? = nil, after: (@Sendable (Kind) -> Void)? = nil
  ) {
    self.before = before
    self.after = after
  }

  private func make<Result: SignedInteger>(
    _ kind: Kind, _ operation: @autoclosure () -> String, _ call: () -> Result
  ) throws(FileError) -> Result {
    if let before { try before(kind) }
    let result = try checked(operation(), call)
    if let after { after(kind) }
    return result
  }

  func makeDirectory(_ name: FileName, in parent: Int32, mode: mode_t) throws(FileError) {
    _ = try make(.makeDirectory, "make directory \(name)") {
      name.withPointer { mkdirat(parent, $0, mode) }
    }
  }

  /// Makes a file that was not there; a symbolic link in its place is refused like any other name.
  func createFile(_ name: FileName, in parent: Int32, mode: mode_t) throws(FileError) -> Descriptor {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    return Descriptor(
      owning: try make(.createFile, "create \(name)") {
        name.withPointer { openat(parent, $0, flags, mode) }
      })
  }

  /// Writes all bytes at a place of the file.
  func write(
    _ bytes: UnsafeRawBufferPointer, at offset: Int64, to file: Int32, _ name: FileName
  ) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let written = try make(.write, "write \(name)") {
        pwrite(file, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
      }
      // A full disk may take nothing without calling it an error.
      guard written > 0 else { throw FileError("write \(name)", ENOSPC) }
      done += written
    }
  }

  /// Writes the whole content of a file.
  func write(_ bytes: [UInt8], to file: Int32, _ name: FileName) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(FileError) in
      try write(UnsafeRawBufferPointer(buffer), at: 0, to: file, name)
    }
  }

  func write(_ text: String, to file: Int32, _ name: FileName) throws(FileError) {
    try write(Array(text.utf8), to: file, name)
  }

  func setSize(_ size: Int64, of file: Int32, _ name: FileName) throws(FileError) {
    _ = try make(.truncate, "set the size of \(name)") { ftruncate(file, off_t(size)) }
  }

  func setMode(_ mode: mode_t, of file: Int32, _ name: FileName) throws(FileError) {
    _ = try make(.setMode, "set the permissions of \(name)") { fchmod(file, mode) }
  }

  /// Waits until a file, or the names of a directory, are on the disk.
  func synchronize(_ file: Int32, _ name: @autoclosure () -> String) throws(FileError) {
    _ = try make(.synchronize, "write \(name()) to the disk") { fsync(file) }
  }

  /// Gives a file or directory another name that nothing has yet.
  ///
  /// - Throws: EEXIST when something has it.
  func rename(
    _ name: FileName, in parent: Int32, to newName: FileName, in newParent: Int32
  ) throws(FileError) {
    do throws(FileError) {
      _ = try make(.rename, "rename \(name) to \(newName)") {
        name.withPointer { from in
          newName.withPointer { renameat2(parent, from, newParent, $0, UInt32(RENAME_NOREPLACE)) }
        }
      }
      return
    } catch {
      // Some file systems (NFS) cannot promise not to replace; there it is looked up first.
      guard error.code == EINVAL || error.code == ENOSYS else { throw error }
    }
    if try FileStatus.ifPresent(newName, in: newParent) != nil {
      throw FileError("rename \(name) to \(newName)", EEXIST)
    }
    _ = try make(.rename, "rename \(name) to \(newName)") {
      name.withPointer { from in newName.withPointer { renameat(parent, from, newParent, $0) } }
    }
  }

  /// Removes a name that is no directory; a symbolic link goes itself.
  func removeFile(_ name: FileName, in parent: Int32) throws(FileError) {
    _ = try make(.removeFile, "remove \(name)") { name.withPointer { unlinkat(parent, $0, 0) } }
  }

  func removeDirectory(_ name: FileName, in parent: Int32) throws(FileError) {
    _ = try make(.removeDirectory, "remove directory \(name)") {
      name.withPointer { unlinkat(parent, $0, AT_REMOVEDIR) }
    }
  }
}
