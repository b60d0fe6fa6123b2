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

  var text: String {
    ([line(total, "")] + entries.map { line($0.size, $0.name) }).joined()
  }

  private func line(_ size: EntrySize, _ name: String) -> String {
    "\(size.files) \(size.apparentBytes) \(size.allocatedBytes) \(size.freedBytes) \(name)\0"
  }

  /// Nil for a text that ``text`` did not write.
  init?(text: String, area: Area?) {
    guard text.hasSuffix("\0") else { return nil }
    var entries: [RemovalRecord.Entry] = []
    for line in text.dropLast().split(separator: "\0", omittingEmptySubsequences: false) {
      let fields = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
      guard fields.count == 5, let files = Int(fields[0]), let apparent = Int64(fields[1]),
        let allocated = Int64(fields[2]), let freed = Int64(fields[3])
      else { return nil }
      let size = EntrySize(
        files: files, apparentBytes: apparent, allocatedBytes: allocated, freedBytes: freed)
      entries.append(RemovalRecord.Entry(name: String(fields[4]), area: area, size: size))
    }
    guard let first = entries.first, first.name.isEmpty else { return nil }
    self.init(total: first.size, entries: Array(entries.dropFirst()))
  }

  /// What the removal has taken so far, when so much is left of it.
  func record(id: String, left: EntrySize) -> RemovalRecord {
    RemovalRecord(id: id, total: total - left, entries: entries)
  }
}
