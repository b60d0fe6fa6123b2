/// Non-ASCII text in headers: the encoded words of RFC 2047.
package enum EncodedWord {
  private static let prefix = "=?UTF-8?B?"
  private static let suffix = "?="
  /// RFC 2047 section 2: an encoded word is at most 75 characters long.
  private static let longest = 75

  /// The text as encoded words, each to stand on a line of its own or separated by one blank.
  ///
  /// They are split between Unicode scalars, never within one, as RFC 2047 section 5 demands. `firstColumns` are the
  /// columns left on the first line; all others have 75.
  package static func words(_ text: String, firstColumns: Int = longest) -> [String] {
    var words: [String] = []
    var held: [UInt8] = []
    var room = capacity(firstColumns)
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if held.count + bytes.count > room {
        words.append(word(held))
        held = []
        room = capacity(longest)
      }
      held += bytes
    }
    if !held.isEmpty || words.isEmpty { words.append(word(held)) }
    return words
  }

  /// How many bytes fit into a word of that many columns; at least one scalar's four.
  private static func capacity(_ columns: Int) -> Int {
    max(4, (min(columns, longest) - prefix.utf8.count - suffix.utf8.count) / 4 * 3)
  }

  private static func word(_ bytes: [UInt8]) -> String {
    prefix + String(decoding: Base64.encoded(bytes), as: UTF8.self) + suffix
  }
}
