import Caches

/// An entry as a scan found it, and the names in the root's directory that make it up.
package struct ScannedEntry: Sendable, Hashable {
  /// Kept small: there may be a hundred thousand.
  fileprivate enum Parts: Hashable {
    /// What follows the image name in each of them; one array serves all entries that are alike.
    case suffixes([String])
    case names([String])
  }

  package var entry: CacheEntry
  private let parts: Parts

  fileprivate init(_ entry: CacheEntry, _ parts: Parts) {
    self.entry = entry
    self.parts = parts
  }

  /// The names in the root's directory, in the order of their bytes.
  package var fileNames: [FileName] {
    switch parts {
    case .suffixes(let suffixes): suffixes.map { FileName(entry.name + $0) }
    case .names(let names): names.map { FileName($0) }
    }
  }
}

/// Puts together what belongs to one entry while a directory is read.
struct EntryCollection {
  private var measures: [TreeMeasure] = []
  private var parts: [ScannedEntry.Parts] = []
  private var indices: [String: Int] = [:]
  private var sharedSuffixes: [[String]: [String]] = [:]

  /// Adds a name of the directory to its entry.
  mutating func add(_ fileName: String, of image: String, _ measure: (inout TreeMeasure) -> Void) {
    if let index = indices[image] {
      measure(&measures[index])
      parts[index] = joined(parts[index], image, fileName)
    } else {
      indices[image] = measures.count
      measures.append(TreeMeasure())
      measure(&measures[measures.count - 1])
      parts.append(joined(.suffixes([]), image, fileName))
    }
  }

  private mutating func joined(
    _ parts: ScannedEntry.Parts, _ image: String, _ fileName: String
  ) -> ScannedEntry.Parts {
    if case .suffixes(let suffixes) = parts, fileName.utf8.starts(with: image.utf8) {
      let more = suffixes + [String(fileName.utf8.dropFirst(image.utf8.count)) ?? ""]
      let sorted = more.count > 1 ? more.sorted { FileName($0) < FileName($1) } : more
      if let shared = sharedSuffixes[sorted] { return .suffixes(shared) }
      sharedSuffixes[sorted] = sorted
      return .suffixes(sorted)
    }
    let names: [String] =
      switch parts {
      case .suffixes(let suffixes): suffixes.map { image + $0 }
      case .names(let names): names
      }
    return .names((names + [fileName]).sorted { FileName($0) < FileName($1) })
  }

  /// All entries, by name.
  consuming func entries() -> [ScannedEntry] {
    indices.sorted { $0.key < $1.key }.map { name, index in
      let measure = measures[index]
      let entry = CacheEntry(
        name: name, size: measure.size, lastUsed: measure.lastUsed,
        inUse: measure.hasExtraHardLinks ? .extraHardLinks : nil, obstacle: measure.obstacle)
      return ScannedEntry(entry, parts[index])
    }
  }
}
