/// The identity of a mail (RFC 5322 section 3.6.4): the same for every attempt to send it, so that a client that
/// gets it twice shows it once.
package struct MessageID: Sendable, Hashable, CustomStringConvertible {
  /// `<left@right>`.
  package let description: String

  /// The identity, or nil when the text is not `left@right` of plain ASCII atoms and dots, with or without
  /// angle brackets.
  package init?(_ text: some StringProtocol) {
    let isBracketed = text.hasPrefix("<") && text.hasSuffix(">")
    let bare = isBracketed ? text.dropFirst().dropLast() : text[...]
    let halves = bare.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, bare.utf8.count <= 200,
      halves.allSatisfy({ half in
        half.split(separator: ".", omittingEmptySubsequences: false)
          .allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(MailAddress.isAtomByte) }
      })
    else { return nil }
    description = "<\(bare)>"
  }
}

/// What a reader's filter can sort this program's mail by (RFC 2919): `VCL image expiry <expireimage.vcl.example.edu>`.
package struct ListID: Sendable, Hashable {
  package let label: String
  package let identifier: String

  /// The list, or nil when the identifier is not made of plain ASCII atoms and dots.
  package init?(label: String, identifier: String) {
    guard !identifier.isEmpty, identifier.utf8.count <= 200,
      identifier.split(separator: ".", omittingEmptySubsequences: false)
        .allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(MailAddress.isAtomByte) })
    else { return nil }
    self.label = label
    self.identifier = identifier
  }

  var tokens: [String] {
    let words = PlainLine.of(label)
    guard !words.isEmpty else { return ["<\(identifier)>"] }
    return Phrase.tokens(words, firstColumns: Header.columns - "List-Id: ".utf8.count) + ["<\(identifier)>"]
  }
}
