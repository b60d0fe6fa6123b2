/// The image names of VCL's database, by which files are recognized. Only exact names count.
package struct KnownNames: Sendable {
  private let names: Set<String>
  /// Shortened name to full name; nil where several share it.
  private let shortened: [String: String?]

  /// Names that no file can have (empty, `.`, `..`, with `/` or a zero byte, above 255 bytes) are left out.
  package init(_ names: some Sequence<String>) {
    self.names = Set(names.filter(Self.isFileName))
    var shortened: [String: String?] = [:]
    for name in self.names {
      guard let short = Self.shortened(name) else { continue }
      shortened[short] = shortened.keys.contains(short) ? .some(nil) : name
    }
    self.shortened = shortened
  }

  package var count: Int { names.count }

  /// Whether it is known, byte for byte: Swift's own comparison takes two spellings of an accented letter for one.
  package func contains(_ name: String) -> Bool {
    guard let index = names.firstIndex(of: name) else { return false }
    return names[index].utf8.elementsEqual(name.utf8)
  }

  /// The only known name that VCL shortens to this one; nil if there is none, several, or an image of that very name.
  package func imageName(shortenedTo name: String) -> String? {
    guard !shortened.isEmpty, !names.contains(name), let full = shortened[name] else { return nil }
    return full
  }

  /// All of a file's name before its last dot, if that is a known name and something follows the dot.
  package func stem(of fileName: String) -> String? {
    let bytes = fileName.utf8
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.index(after: dot) != bytes.endIndex
    else { return nil }
    let stem = String(fileName[..<dot])
    return contains(stem) ? stem : nil
  }

  /// Whether a file can have this name.
  package static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 255
      && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
  }

  /// How VCL's VMware module shortens names above 29 characters; nil for a name that it leaves as it is.
  ///
  /// `<base>-<name><image id>-v<number>` loses the end of `<name>`; any other keeps its first 19 and last 10 characters.
  package static func shortened(_ name: String) -> String? {
    let longest = 29
    let bytes = Array(name.utf8)
    guard bytes.count > longest else { return nil }
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    if parts.count == 3, isWord(parts[0]), isWord(parts[1]), isVersion(parts[2]) {
      let word = parts[1]
      let digits = word.dropFirst().reversed().prefix(while: isDigit).count
      let fixed = 2 + parts[0].count + digits + parts[2].count
      // With less than nothing left VCL counts from the end of the name; such a name is nobody's here.
      guard fixed <= longest else { return nil }
      let kept = word.dropLast(digits).prefix(longest - fixed) + word.suffix(digits)
      return text([parts[0], kept, parts[2]].joined(separator: [UInt8(ascii: "-")]))
    }
    return text(bytes.prefix(longest - 10) + bytes.suffix(10))
  }

  private static func text(_ bytes: some Sequence<UInt8>) -> String? {
    String(validating: Array(bytes), as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isVersion(_ part: ArraySlice<UInt8>) -> Bool {
    part.first == UInt8(ascii: "v") && part.count > 1 && part.dropFirst().allSatisfy(isDigit)
  }

  private static func isWord(_ part: ArraySlice<UInt8>) -> Bool {
    !part.isEmpty
      && part.allSatisfy { byte in
        isDigit(byte) || byte == UInt8(ascii: "_")
          || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      }
  }
}
