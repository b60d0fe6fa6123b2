import Caches

/// What a slot held when its removal was decided: `<files> <apparent> <allocated> <freed> <name>`, each ended by a zero
/// byte, the first without a name for all together.
struct RemovalManifest {
  let total: EntrySize
  let entries: [RemovalRecord.Entry]

  init(total: EntrySize, entries: [RemovalRecord.Entry]) {
    self.total = total
    self.entries = entries
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(64 * (entries.count + 1))
    Self.append(total, "", to: &bytes)
    for entry in entries { Self.append(entry.size, entry.name, to: &bytes) }
    return bytes
  }

  private static func append(_ size: EntrySize, _ name: String, to bytes: inout [UInt8]) {
    for number in [Int64(size.files), size.apparentBytes, size.allocatedBytes, size.freedBytes] {
      bytes.append(contentsOf: String(number).utf8)
      bytes.append(UInt8(ascii: " "))
    }
    bytes.append(contentsOf: name.utf8)
    bytes.append(0)
  }

  /// Nil for what ``bytes`` did not write.
  init?(_ bytes: [UInt8], area: Area?) {
    guard bytes.last == 0 else { return nil }
    var entries: [RemovalRecord.Entry] = []
    for line in bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false) {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard fields.count == 5, let files = Int(fields[0]), let apparent = Int64(fields[1]),
        let allocated = Int64(fields[2]), let freed = Int64(fields[3])
      else { return nil }
      let size = EntrySize(
        files: files, apparentBytes: apparent, allocatedBytes: allocated, freedBytes: freed)
      entries.append(RemovalRecord.Entry(name: fields[4], area: area, size: size))
    }
    guard let first = entries.first, first.name.isEmpty else { return nil }
    self.init(total: first.size, entries: Array(entries.dropFirst()))
  }

  /// What the removal has taken so far, when so much is left of it.
  func record(id: String, left: EntrySize) -> RemovalRecord {
    RemovalRecord(id: id, total: total - left, entries: entries)
  }
}
