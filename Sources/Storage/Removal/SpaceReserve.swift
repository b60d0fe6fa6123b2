import Glibc

/// A little space kept in `trash/`, so that there is room to write down a removal on a full disk too.
enum SpaceReserve {
  static let name = FileName("reserve")
  /// What a batch of ``batchSize`` needs for its directories and its manifest.
  static let bytes = 128 << 10
  /// Entries in a batch while the disk is full.
  static let batchSize = 8

  /// Makes it unless it is there; on a full disk there is none.
  static func make(in trash: Int32, changes: Changes) {
    do throws(FileError) {
      let file = try changes.createFile(name, in: trash, mode: 0o600)
      do throws(FileError) {
        try changes.write([UInt8](repeating: 0, count: bytes), to: file.number, name)
      } catch {
        try changes.removeFile(name, in: trash)
      }
    } catch {
      // It is there, or the disk is full: without it everything works but on a full disk.
    }
  }

  /// Gives the space back.
  ///
  /// - Returns: whether there was any.
  static func release(in trash: Int32, changes: Changes) -> Bool {
    do throws(FileError) {
      try changes.removeFile(name, in: trash)
      return true
    } catch {
      return false
    }
  }
}

extension FileError {
  /// The disk, or the account's share of it, is full.
  package var isFull: Bool { code == ENOSPC || code == EDQUOT }
}
