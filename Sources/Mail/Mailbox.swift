/// An address with the name to show for it: `VCL Support <vcl-help@example.edu>`.
package struct Mailbox: Sendable, Equatable {
  package let address: MailAddress
  /// The name to show; nil or empty: the bare address.
  package let displayName: String?

  package init(_ address: MailAddress, displayName: String? = nil) {
    self.address = address
    self.displayName = displayName
  }

  /// The tokens of this mailbox for a header (RFC 5322 section 3.4): a name of plain words, a quoted
  /// string or encoded words, and then the address.
  func tokens(firstColumns: Int) -> [String] {
    let name = PlainLine.of(displayName ?? "")
    guard !name.isEmpty else { return [address.description] }
    return Phrase.tokens(name, firstColumns: firstColumns) + ["<\(address)>"]
  }
}

/// The `phrase` of RFC 5322 section 3.2.5: a name in a header whose value has a structure.
enum Phrase {
  /// The tokens of a name that is one line and not empty.
  static func tokens(_ name: String, firstColumns: Int) -> [String] {
    guard name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }), !name.contains("=?") else {
      return EncodedWord.words(name, firstColumns: firstColumns)
    }
    let words = name.split(separator: " ").map(String.init)
    if words.allSatisfy({ $0.utf8.allSatisfy(MailAddress.isAtomByte) }), name.utf8.count <= firstColumns {
      return words
    }
    // A quoted string is kept on one line: blanks inside it are part of the name.
    let quoted = "\"" + name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    return quoted.utf8.count <= firstColumns ? [quoted] : EncodedWord.words(name, firstColumns: firstColumns)
  }
}
