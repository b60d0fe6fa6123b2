import Glibc

/// A little room kept in `trash/`, so that a removal can be written down on a full disk too: bytes, and files where the
/// file system has a fixed number of them.
enum SpaceReserve {
  /// As many files as the removal of one entry makes: the slot, its `single/`, a group, the manifest.
  static let names = [FileName("reserve")] + (2...4).map { FileName("reserve.\($0)") }
  /// More than those take, on every file system; all in the first file.
  static let bytes = 128 << 10

  /// Makes what is not there; on a full disk that may be nothing.
  static func make(in trash: Int32, changes: Changes) {
    removeCutShort(in: trash, changes: changes)
    for name in names {
      do throws(FileError) {
        let file = try changes.createFile(name, in: trash, mode: 0o600)
        guard name == names[0] else { continue }
        do throws(FileError) {
          // Where the file system compresses, zeros would keep no room.
          let content = (0..<bytes).map { _ in UInt8.random(in: 0...255) }
          try changes.write(content, to: file.number, name)
        } catch {
          try changes.removeFile(name, in: trash)
        }
      } catch {
        // It is there, or the disk is full: without it everything works but on a full disk.
      }
    }
  }

  /// Takes away what a process has left that died while it wrote.
  private static func removeCutShort(in trash: Int32, changes: Changes) {
    guard let status = try? FileStatus.ifPresent(names[0], in: trash), status.kind == .regular,
      status.size < bytes
    else { return }
    try? changes.removeFile(names[0], in: trash)
  }

  /// Gives the room back.
  ///
  /// - Returns: whether there was any.
  static func release(in trash: Int32, changes: Changes) -> Bool {
    var wasThere = false
    for name in names where (try? changes.removeFile(name, in: trash)) != nil { wasThere = true }
    return wasThere
  }
}

extension FileError {
  /// The disk, or the account's share of it, is full.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }
}
