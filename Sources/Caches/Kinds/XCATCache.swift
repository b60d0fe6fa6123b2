/// The files of VCL's xCAT module: `<imagename>.…` and `<imagename>-<partition>.…`.
package struct XCATCache: ReclaimableCache {
  package static let name = "xcat"
  package static let sentence =
    "Files `<imagename>.…` and `<imagename>-<partition>.…`."

  package init() {}

  /// The longest known name that a dot or a hyphen follows.
  ///
  /// A further `-v<number>` means that the file is of another revision whose name merely begins like this one's.
  package func imageIndex(
    of fileName: UnsafeBufferPointer<UInt8>, isDirectory: Bool, known: KnownNames
  ) -> Int? {
    guard !isDirectory else { return nil }
    for end in fileName.indices.reversed() where Self.isSeparator(fileName[end]) {
      guard let index = known.index(of: UnsafeBufferPointer(rebasing: fileName[..<end])) else { continue }
      let rest = fileName[end...]
      return rest.count > 1 && !Self.namesRevision(rest) ? index : nil
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

extension Layout {
  package static let xcat = Layout(XCATCache())
}
