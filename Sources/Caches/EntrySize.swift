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
      files: left.files + right.files, apparentBytes: left.apparentBytes.addingClamped(right.apparentBytes),
      allocatedBytes: left.allocatedBytes.addingClamped(right.allocatedBytes),
      freedBytes: left.freedBytes.addingClamped(right.freedBytes))
  }

  package static func - (left: EntrySize, right: EntrySize) -> EntrySize {
    EntrySize(
      files: left.files - right.files,
      apparentBytes: left.apparentBytes.subtractingClamped(right.apparentBytes),
      allocatedBytes: left.allocatedBytes.subtractingClamped(right.allocatedBytes),
      freedBytes: left.freedBytes.subtractingClamped(right.freedBytes))
  }

  package static func += (left: inout EntrySize, right: EntrySize) { left = left + right }
}

extension Int64 {
  /// The sum, or the nearest number that there is: a sparse file may claim all of them for itself.
  package func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }

  /// The difference, or the nearest number that there is.
  package func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }
}

extension Sequence<EntrySize> {
  /// All of them together.
  package func total() -> EntrySize { reduce(EntrySize(), +) }
}
