/// The kind of cache that a root is.
package struct Layout: Sendable, Hashable {
  /// The kind's name.
  package let rawValue: String
  private let kind: any ReclaimableCache

  package init<Kind: ReclaimableCache>(_ kind: Kind) {
    rawValue = Kind.name
    self.kind = kind
  }

  /// Nil for a name that no kind has.
  package init?(rawValue: String) {
    guard let kind = ReclaimableCaches.all[rawValue] else { return nil }
    self.rawValue = rawValue
    self.kind = kind
  }

  /// In the order of their names.
  package static var allCases: [Layout] { ReclaimableCaches.all.names.compactMap(Layout.init(rawValue:)) }

  /// How files are named, for people: one sentence.
  package var sentence: String { type(of: kind).sentence }

  /// Whether disks of running machines lie in the same directory, whose backing files must stay.
  package var holdsDisks: Bool { kind.holdsDisks }

  /// The known image name that a name in the root's directory belongs to, exactly; nil for every other name.
  ///
  /// - Parameters:
  ///   - fileName: of a directory or a regular file; nothing else is ever an entry.
  ///   - isDirectory: which of the two.
  ///   - known: every image name that VCL's database has, of live revisions too.
  package func imageName(of fileName: String, isDirectory: Bool, known: KnownNames) -> String? {
    fileName.withBytes { imageIndex(of: $0, isDirectory: isDirectory, known: known) }.map { known[$0] }
  }

  /// The same for a name's bytes; the image name is told by its number among the known ones.
  package func imageIndex(
    of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
  ) -> Int? {
    guard fileName.first != UInt8(ascii: "."), !Area.isReserved(fileName) else { return nil }
    return kind.imageIndex(of: fileName, isDirectory: isDirectory, known: known)
  }

  package static func == (left: Layout, right: Layout) -> Bool { left.rawValue == right.rawValue }

  package func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
