/// A number of bytes, as people write and read it.
package struct ByteCount: Sendable, Hashable, CustomStringConvertible {
  package let bytes: Int64

  package init(_ bytes: Int64) { self.bytes = bytes }

  /// Reads `500G`, `1.5TiB`, `200MB` or a number of bytes; a letter alone, and one with `iB`, stands for a power of
  /// 1024, one with `B` for a power of 1000, as GNU's tools have it.
  ///
  /// - Returns: nil for anything else, and for more than fits.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    guard let factor = Self.factor(String(text.dropFirst(digits.count))) else { return nil }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
    var (bytes, overflow) = whole.multipliedReportingOverflow(by: factor)
    if parts.count == 2 {
      // More digits than these are less than a byte of the largest unit.
      guard (1...6).contains(parts[1].count), factor > 1, let fraction = Int64(parts[1]) else { return nil }
      let scale = (0..<parts[1].count).reduce(Int64(1)) { product, _ in product * 10 }
      let more = factor / scale * fraction + factor % scale * fraction / scale
      let carry: Bool
      (bytes, carry) = bytes.addingReportingOverflow(more)
      overflow = overflow || carry
    }
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  private static let letters = "KMGTPE"

  private static func factor(_ unit: String) -> Int64? {
    guard let letter = unit.first, unit != "B" else { return 1 }
    guard let power = letters.firstIndex(of: Character(letter.uppercased())) else { return nil }
    let base: Int64
    switch unit.dropFirst() {
    case "", "iB": base = 1024
    case "B": base = 1000
    default: return nil
    }
    let exponent = letters.distance(from: letters.startIndex, to: power) + 1
    return (0..<exponent).reduce(Int64(1)) { product, _ in product * base }
  }

  /// Such as `4.5 GiB` or `15 MiB`, rounded down; a tenth is told only where there are few and it is not zero.
  package var description: String {
    guard bytes >= 1024 else { return "\(bytes) B" }
    var unit: Int64 = 1024
    var index = Self.letters.startIndex
    while bytes / unit >= 1024, Self.letters.index(after: index) < Self.letters.endIndex {
      unit *= 1024
      index = Self.letters.index(after: index)
    }
    let whole = bytes / unit
    let tenth = bytes % unit / (unit / 1024) * 10 / 1024
    return "\(whole)\(whole < 10 && tenth > 0 ? ".\(tenth)" : "") \(Self.letters[index])iB"
  }
}
