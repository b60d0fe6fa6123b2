/// How a provisioning module of VCL names the files of a revision in one directory.
package enum Layout: String, Sendable, Hashable, CaseIterable {
  /// A directory `<imagename>/`; on a datastore perhaps by the shortened name of 29 characters.
  case vmware
  /// Files `<imagename>.<type>` and `<imagename>.xml`.
  case kvm
  /// Files `<imagename>.…` and `<imagename>-<partition>.…`.
  case xcat
  /// A directory `<imagename>/`, a file `<imagename>`, or files `<imagename>.<extension>`.
  case plain

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
    switch self {
    case .vmware:
      guard isDirectory else { return nil }
      return known.index(of: fileName) ?? known.index(shortenedTo: fileName)
    case .kvm:
      return isDirectory ? nil : Self.stem(of: fileName, known)
    case .xcat:
      return isDirectory ? nil : Self.xcatName(of: fileName, known)
    case .plain:
      if let index = known.index(of: fileName) { return index }
      return isDirectory ? nil : Self.stem(of: fileName, known)
    }
  }

  /// All before the last dot, if that is a known name and something follows the dot.
  private static func stem(of fileName: UnsafeBufferPointer<UInt8>, _ known: KnownNames) -> Int? {
    guard let dot = fileName.lastIndex(of: UInt8(ascii: ".")), dot + 1 < fileName.count else { return nil }
    return known.index(of: UnsafeBufferPointer(rebasing: fileName[..<dot]))
  }

  /// The longest known name that a dot or a hyphen follows.
  ///
  /// A further `-v<number>` means that the file is of another revision whose name merely begins like this one's.
  private static func xcatName(of fileName: UnsafeBufferPointer<UInt8>, _ known: KnownNames) -> Int? {
    for end in fileName.indices.reversed() where isSeparator(fileName[end]) {
      guard let index = known.index(of: UnsafeBufferPointer(rebasing: fileName[..<end])) else { continue }
      let rest = fileName[end...]
      return rest.count > 1 && !namesRevision(rest) ? index : nil
    }
    return nil
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
  }

  private static func namesRevision(_ rest: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    rest.split(whereSeparator: isSeparator).contains { part in
      part.first == UInt8(ascii: "v") && part.count > 1
        && part.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  }
}

/// The directories below a root that hold no entries.
package enum Area: String, Sendable, Hashable, CaseIterable {
  /// Entries while they are written.
  case incomplete
  /// Entries that failed a test.
  case invalid
  /// Entries that somebody waits for.
  case queue
  /// What is about to be unlinked.
  case trash

  /// Whether a name is taken by an area, and so is never an entry.
  package static func isReserved(_ name: String) -> Bool { Area(rawValue: name) != nil }

  /// The same for a name's bytes.
  package static func isReserved(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    // Most names are told by their first byte.
    switch name.first {
    case UInt8(ascii: "i"), UInt8(ascii: "q"), UInt8(ascii: "t"):
      allCases.contains { $0.rawValue.utf8.elementsEqual(name) }
    default: false
    }
  }
}
