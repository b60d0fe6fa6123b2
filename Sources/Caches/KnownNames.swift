/// The image names of VCL's database, by which files are recognized. Only exact names count.
package struct KnownNames: Sendable {
  /// In the order of their bytes.
  private let table: NameTable
  private let shortened: NameTable
  /// For each shortened name the index of the full one; -1 where several share it.
  private let fullNames: [Int32]

  /// Names that no file can have (empty, `.`, `..`, with `/` or a zero byte, above 255 bytes) are left out.
  package init(_ names: some Sequence<String>) {
    var sorted = names.filter(Self.isFileName)
    sorted.sort { $0.precedesByBytes($1) }
    var distinct: [String] = []
    distinct.reserveCapacity(sorted.count)
    for name in sorted where !(distinct.last.map { $0.utf8.elementsEqual(name.utf8) } ?? false) {
      distinct.append(name)
    }
    table = NameTable(distinct: distinct)

    var pairs: [(short: String, full: Int32)] = []
    for (index, name) in distinct.enumerated() {
      if let short = Self.shortened(name) { pairs.append((short, Int32(index))) }
    }
    pairs.sort { $0.short.precedesByBytes($1.short) }
    var shorts: [String] = []
    var fulls: [Int32] = []
    for pair in pairs {
      if let last = shorts.last, last.utf8.elementsEqual(pair.short.utf8) {
        fulls[fulls.count - 1] = -1
      } else {
        shorts.append(pair.short)
        fulls.append(pair.full)
      }
    }
    shortened = NameTable(distinct: shorts)
    fullNames = fulls
  }

  package var count: Int { table.names.count }

  /// The names are numbered in the order of their bytes, from 0.
  package subscript(index: Int) -> String { table.names[index] }

  /// Whether it is known, byte for byte: Swift's own comparison takes two spellings of an accented letter for one.
  package func contains(_ name: String) -> Bool { name.withBytes { index(of: $0) } != nil }

  /// The only known name that VCL shortens to this one; nil if there is none, several, or an image of that very name.
  package func imageName(shortenedTo name: String) -> String? {
    name.withBytes { index(shortenedTo: $0) }.map { table.names[$0] }
  }

  /// The number of the name with exactly these bytes.
  func index(of name: UnsafeBufferPointer<UInt8>) -> Int? { table.index(of: name) }

  /// The number of the name that ``imageName(shortenedTo:)`` gives.
  func index(shortenedTo name: UnsafeBufferPointer<UInt8>) -> Int? {
    guard !fullNames.isEmpty, let short = shortened.index(of: name), table.index(of: name) == nil,
      fullNames[short] >= 0
    else { return nil }
    return Int(fullNames[short])
  }

  /// The number of what a file's name has before its last dot, if that is a known name and something follows the dot.
  func stemIndex(of fileName: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let dot = fileName.lastIndex(of: UInt8(ascii: ".")), dot + 1 < fileName.count else { return nil }
    return index(of: UnsafeBufferPointer(rebasing: fileName[..<dot]))
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
