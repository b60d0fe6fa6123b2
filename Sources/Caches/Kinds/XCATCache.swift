/// The files of VCL's xCAT module: `<imagename>.…` and `<imagename>-<partition>.…`.
package struct XCATCache: ReclaimableCache {
  package static let name = "xcat"
  package static let sentence =
    "Files `<imagename>.…` and `<imagename>-<partition>.…`."

  package init() {}

  /// The longest known name that a dot or a hyphen follows.
  ///
  /// A further `-v<number>` means that the file is of another revision whose name merely begins like this one's.
  package func imageName(of fileName: String, isDirectory: Bool, known: KnownNames) -> String? {
    guard !isDirectory else { return nil }
    let bytes = fileName.utf8
    var end = bytes.endIndex
    while end > bytes.startIndex {
      end = bytes.index(before: end)
      guard bytes[end] == UInt8(ascii: ".") || bytes[end] == UInt8(ascii: "-") else { continue }
      let name = String(fileName[..<end])
      guard known.contains(name) else { continue }
      let rest = fileName[end...]
      return rest.utf8.count > 1 && !Self.namesRevision(rest) ? name : nil
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

extension Layout {
  package static let xcat = Layout(XCATCache())
}
