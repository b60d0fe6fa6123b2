/// One header of a mail: a name and a value that cannot leave its header.
///
/// Every control character of a value becomes a blank before it is written, so no value can end its header
/// and begin another. Lines are folded at 78 columns (RFC 5322 section 2.1.1) and are plain ASCII.
package struct Header: Sendable, Equatable {
  package let name: String
  /// The value's tokens; between two of them stands one blank or a folded line.
  private let tokens: [String]

  /// A header of free text, such as `Subject`.
  package init(name: String, text: String) {
    self.name = name
    self.tokens = Self.tokens(text, firstColumns: Self.columns - name.utf8.count - 2)
  }

  /// A header whose value is made of ASCII tokens that must not be encoded, such as `Date`.
  package init(name: String, tokens: [String]) {
    self.name = name
    self.tokens = tokens.map { token in
      guard !token.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return token }
      return String(String.UnicodeScalarView(token.unicodeScalars.map { Self.isPrintable($0) ? $0 : "?" }))
    }
  }

  /// A header of addresses, such as `To`.
  package init(name: String, mailboxes: [Mailbox]) {
    self.name = name
    var tokens: [String] = []
    for (index, mailbox) in mailboxes.enumerated() {
      tokens += mailbox.tokens(firstColumns: Self.columns - (index == 0 ? name.utf8.count + 2 : 1))
      if index < mailboxes.count - 1 { tokens[tokens.count - 1] += "," }
    }
    self.tokens = tokens
  }

  /// The header's lines, folded, with a CRLF at the end.
  package func rendered() -> String {
    var result = name + ":"
    var column = result.utf8.count
    for (index, token) in tokens.enumerated() {
      if index > 0, column + 1 + token.utf8.count > Self.columns {
        result += "\r\n"
        column = 0
      }
      result += " " + token
      column += 1 + token.utf8.count
    }
    return result + "\r\n"
  }
}

extension Header {
  static let columns = 78

  /// The tokens of free text: its words when it is short-worded ASCII, encoded words otherwise.
  static func tokens(_ text: String, firstColumns: Int) -> [String] {
    let line = PlainLine.of(text)
    let words = line.split(separator: " ").map(String.init)
    let isPlain =
      line.unicodeScalars.allSatisfy(isPrintable) && !line.contains("=?")
      && words.dropFirst().allSatisfy { $0.utf8.count < columns }
      && (words.first?.utf8.count ?? 0) <= firstColumns
    return isPlain ? words : EncodedWord.words(line, firstColumns: firstColumns)
  }

  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool { (0x20...0x7E).contains(scalar.value) }
}
