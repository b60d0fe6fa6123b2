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
    guard !fileName.hasPrefix("."), !Area.isReserved(fileName) else { return nil }
    switch self {
    case .vmware:
      guard isDirectory else { return nil }
      return known.contains(fileName) ? fileName : known.imageName(shortenedTo: fileName)
    case .kvm:
      return isDirectory ? nil : Self.stem(of: fileName, known)
    case .xcat:
      return isDirectory ? nil : Self.xcatName(of: fileName, known)
    case .plain:
      if known.contains(fileName) { return fileName }
      return isDirectory ? nil : Self.stem(of: fileName, known)
    }
  }

  /// All before the last dot, if that is a known name and something follows the dot.
  private static func stem(of fileName: String, _ known: KnownNames) -> String? {
    let bytes = fileName.utf8
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.index(after: dot) != bytes.endIndex
    else { return nil }
    let stem = String(fileName[..<dot])
    return known.contains(stem) ? stem : nil
  }

  /// The longest known name that a dot or a hyphen follows.
  ///
  /// A further `-v<number>` means that the file is of another revision whose name merely begins like this one's.
  private static func xcatName(of fileName: String, _ known: KnownNames) -> String? {
    let bytes = fileName.utf8
    var end = bytes.endIndex
    while end > bytes.startIndex {
      end = bytes.index(before: end)
      guard bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: "-") else { continue }
      let name = String(fileName[..<end])
      guard known.contains(name) else { continue }
      let rest = fileName[end...]
      return rest.utf8.count > 1 && !namesRevision(rest) ? name : nil
    }
    return nil
  }

  private static func namesRevision(_ rest: Substring) -> Bool {
    rest.utf8.split(whereSeparator: { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }).contains {
      part in
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
}
