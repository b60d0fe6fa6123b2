/// A VCL user as people write one: `unityid@Affiliation`.
///
/// Compared without regard to case, as the database's collation does.
package struct Account: Sendable, Hashable {
  package let userName: String
  package let affiliation: String

  package init(userName: String, affiliation: String) {
    self.userName = userName
    self.affiliation = affiliation
  }

  /// The account in a text, or nil when the text has no user or no affiliation. The affiliation follows the last `@`.
  package init?(_ text: some StringProtocol) {
    guard let separator = text.lastIndex(of: "@") else { return nil }
    let userName = text[..<separator]
    let affiliation = text[text.index(after: separator)...]
    guard !userName.isEmpty, !affiliation.isEmpty, !text.contains(where: \.isWhitespace) else { return nil }
    self.init(userName: String(userName), affiliation: String(affiliation))
  }

  package static func == (left: Account, right: Account) -> Bool {
    left.userName.lowercased() == right.userName.lowercased()
      && left.affiliation.lowercased() == right.affiliation.lowercased()
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(userName.lowercased())
    hasher.combine(affiliation.lowercased())
  }

  /// Whether this is one of VCL's own accounts, which reserve on nobody's behalf.
  ///
  /// They are known by name: their ids differ between sites. `admin` is a person.
  package var isSystem: Bool {
    affiliation.lowercased() == "local" && ["vclreload", "vclsystem"].contains(userName.lowercased())
  }
}

extension Account: CustomStringConvertible {
  package var description: String { "\(userName)@\(affiliation)" }
}
