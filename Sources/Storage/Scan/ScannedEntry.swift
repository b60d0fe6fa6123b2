import Caches

/// An entry as a scan found it, and the names in the root's directory that make it up.
package struct ScannedEntry: Sendable, Hashable {
  package var entry: CacheEntry
  let parts: EntryParts

  init(_ entry: CacheEntry, _ parts: EntryParts) {
    self.entry = entry
    self.parts = parts
  }

  /// The names in the root's directory, in the order of their bytes.
  package var fileNames: [FileName] { parts.fileNames(of: entry.name) }
}

/// The names that make up an entry, in the order of their bytes.
///
/// Kept small: there may be a hundred thousand.
enum EntryParts: Sendable, Hashable {
  /// What follows the image name in each of them; one array serves all entries that are alike.
  case suffixes([[UInt8]])
  case names([FileName])

  func fileNames(of image: String) -> [FileName] {
    switch self {
    case .suffixes(let suffixes): suffixes.map { FileName(image, suffix: $0) }
    case .names(let names): names
    }
  }

  var count: Int {
    switch self {
    case .suffixes(let suffixes): suffixes.count
    case .names(let names): names.count
    }
  }
}
