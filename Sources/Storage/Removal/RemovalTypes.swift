import Caches

/// Something that shall be removed as a whole: an entry of a root, or an item of one of its areas.
package struct RemovalCandidate: Sendable, Hashable {
  /// The area it lies in; nil for an entry.
  package let area: Area?
  /// The image name, or the item's name as it is shown.
  package let name: String
  /// Of an entry, as it was scanned; nothing for an area's item.
  package let size: EntrySize
  private let parts: EntryParts

  package init(area: Area?, name: String, fileNames: [FileName]) {
    self.area = area
    self.name = name
    size = EntrySize()
    parts = .names(fileNames)
  }

  package init(_ scanned: ScannedEntry) {
    area = nil
    name = scanned.entry.name
    size = scanned.entry.size
    parts = scanned.parts
  }

  /// The names in that directory which make it up, in the order in which they go.
  package var fileNames: [FileName] { parts.fileNames(of: name) }

  package static func == (left: RemovalCandidate, right: RemovalCandidate) -> Bool {
    left.area == right.area && left.name == right.name && left.fileNames == right.fileNames
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(area)
    hasher.combine(name)
  }
}

/// Candidates that have left the root together.
package struct RemovalBatch: Sendable {
  /// The id of the removal that this becomes, if it is decided.
  package let id: String
  package let candidates: [RemovalCandidate]
}

/// What one removal took off the disk. Written down before anything is unlinked, so that it is known after a crash too.
package struct RemovalRecord: Sendable, Hashable {
  /// The same id again means the same removal, with what it has taken so far: replace, do not add.
  package let id: String
  /// What is gone from the disk, over all entries.
  package let total: EntrySize
  /// Each entry's own size, before; a file that two of them share is in neither's freed bytes.
  package let entries: [Entry]

  package struct Entry: Sendable, Hashable {
    package let name: String
    package let area: Area?
    package let size: EntrySize
  }
}

/// Something that could not be removed, or not wholly.
package struct RemovalFailure: Sendable, Hashable {
  package let name: String
  package let error: FileError
  /// Whether it has left its place all the same; what is left of it waits in `trash/`.
  package let isGone: Bool
  /// Where it waits below the root, whole, when its removal was not decided: it goes back as soon as it can.
  package internal(set) var waitingAt: String?
}

/// What became of all that should be removed.
package struct RemovalOutcome: Sendable {
  /// One for each batch that took something.
  package internal(set) var records: [RemovalRecord] = []
  /// Back in their place, with the reason that the last check gave.
  package internal(set) var putBack: [(name: String, reason: String)] = []
  /// Somebody else was faster.
  package internal(set) var vanished: [String] = []
  package internal(set) var failed: [RemovalFailure] = []

  package init() {}

  /// What left the disk.
  package var total: EntrySize { records.map(\.total).total() }
  /// The names of what was removed, those with a rest in `trash/` too.
  package var removedNames: [String] { records.flatMap(\.entries).map(\.name) }

  mutating func append(_ other: RemovalOutcome) {
    records += other.records
    putBack += other.putBack
    vanished += other.vanished
    failed += other.failed
  }
}
