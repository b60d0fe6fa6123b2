/// How large something is on disk, in three measures that differ for sparse and for hard-linked files.
package struct EntrySize: Sendable, Hashable {
  /// Names of files, not of directories.
  package var files: Int
  /// `st_size` of distinct files (directories have none).
  package var apparentBytes: Int64
  /// Blocks of distinct inodes, directories too.
  package var allocatedBytes: Int64
  /// Blocks of the inodes that have no other name elsewhere: what the disk gets back.
  package var freedBytes: Int64

  package init(
    files: Int = 0, apparentBytes: Int64 = 0, allocatedBytes: Int64 = 0, freedBytes: Int64 = 0
  ) {
    self.files = files
    self.apparentBytes = apparentBytes
    self.allocatedBytes = allocatedBytes
    self.freedBytes = freedBytes
  }

  package static func + (left: EntrySize, right: EntrySize) -> EntrySize {
    EntrySize(
      files: left.files + right.files, apparentBytes: left.apparentBytes + right.apparentBytes,
      allocatedBytes: left.allocatedBytes + right.allocatedBytes,
      freedBytes: left.freedBytes + right.freedBytes)
  }

  package static func - (left: EntrySize, right: EntrySize) -> EntrySize {
    EntrySize(
      files: left.files - right.files, apparentBytes: left.apparentBytes - right.apparentBytes,
      allocatedBytes: left.allocatedBytes - right.allocatedBytes,
      freedBytes: left.freedBytes - right.freedBytes)
  }

  package static func += (left: inout EntrySize, right: EntrySize) { left = left + right }
}

extension Sequence<EntrySize> {
  /// All of them together.
  package func total() -> EntrySize { reduce(EntrySize(), +) }
}
