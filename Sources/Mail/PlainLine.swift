/// Text from a database made fit for one line of a mail or a log.
package enum PlainLine {
  /// The text with every control character and line separator replaced by a blank, runs of blanks made
  /// one, and no blank at either end.
  package static func of(_ text: String) -> String {
    isPlain(text.utf8) ? text : blanked(text.unicodeScalars)
  }

  /// As for a whole text.
  package static func of(_ text: Substring) -> String {
    isPlain(text.utf8) ? String(text) : blanked(text.unicodeScalars)
  }

  // Generic functions that another module calls are not made for the type that it calls them with, and go through the
  // text many times more slowly; those inside this module are.

  private static func blanked(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = String.UnicodeScalarView()
    for scalar in scalars {
      if isBlank(scalar) {
        if let last = result.last, last != " " { result.append(" ") }
      } else {
        result.append(scalar)
      }
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }

  /// Whether nothing needs to be done, seen from the bytes; false when they do not tell.
  private static func isPlain(_ bytes: some Collection<UInt8>) -> Bool {
    var last = UInt8(ascii: " ")
    for byte in bytes {
      switch byte {
      case UInt8(ascii: " "): guard last != byte else { return false }
      // C2 begins the C1 controls, E2 the separators and what turns the direction of text.
      case 0x00...0x1F, 0x7F, 0xC2, 0xE2: return false
      default: break
      }
      last = byte
    }
    return last != UInt8(ascii: " ") || bytes.isEmpty
  }

  /// The text without blanks and tabs at its ends.
  static func trimmed(_ text: some StringProtocol) -> String {
    let isEdge: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let tail = text.drop(while: isEdge)
    guard let last = tail.lastIndex(where: { !isEdge($0) }) else { return "" }
    return String(tail[...last])
  }

  /// Whether a scalar may not stand in one line of text: C0 and C1 controls, DEL, the Unicode line and
  /// paragraph separators, and those that turn the direction of the text after them.
  package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || isControl(scalar) }
}
