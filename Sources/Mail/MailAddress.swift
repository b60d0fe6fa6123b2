/// One bare mail address, safe to hand to a mail server and to write into a header.
///
/// Only the `local@domain` form of RFC 5321 with an unquoted local part (a dot-atom of RFC 5322) is taken:
/// no quotes, comments, angle brackets, blanks, control characters or non-ASCII characters. A CR, LF or `>`
/// in an address would add SMTP commands, so nothing else may ever reach the mail server. A domain
/// without a dot (`root@localhost`, the address of VCL's system users) reaches nobody and is refused.
package struct MailAddress: Sendable, Hashable {
  /// The part before the `@`, as written.
  package let localPart: String
  /// The part after the `@`, in lower case.
  package let domain: String

  /// The address, or nil when the text is not a usable one.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count <= 254, let at = bytes.lastIndex(of: UInt8(ascii: "@")) else { return nil }
    let local = bytes[..<at]
    let domain = bytes[(at + 1)...]
    guard Self.isLocalPart(local), Self.isDomain(domain) else { return nil }
    self.localPart = String(decoding: local, as: UTF8.self)
    self.domain = String(decoding: domain, as: UTF8.self).lowercased()
    guard self.domain != "localhost.localdomain" else { return nil }
  }
}

extension MailAddress: CustomStringConvertible {
  /// `local@domain`.
  package var description: String { "\(localPart)@\(domain)" }
}

extension MailAddress {
  /// The addresses of a field that holds several, in their order and each once.
  ///
  /// VCL's `user.email` separates them by commas; semicolons are taken too, and blanks around an address
  /// are ignored. `unusable` holds what is no address, with control characters replaced, fit for a log line.
  package static func list(from text: String) -> (usable: [MailAddress], unusable: [String]) {
    var usable: [MailAddress] = []
    var unusable: [String] = []
    for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let line = PlainLine.trimmed(part)
      guard !line.isEmpty else { continue }
      guard let address = MailAddress(line) else {
        unusable.append(PlainLine.of(line))
        continue
      }
      if !usable.contains(address) { usable.append(address) }
    }
    return (usable, unusable)
  }

  private static func isLocalPart(_ bytes: ArraySlice<UInt8>) -> Bool {
    (1...64).contains(bytes.count)
      && bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomByte) }
  }

  private static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
    let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let hyphen = UInt8(ascii: "-")
    return labels.count >= 2 && bytes.count <= 253
      && labels.allSatisfy { label in
        (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
          && label.allSatisfy { isLetterOrDigit($0) || $0 == hyphen }
      }
      && !labels.last!.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }

  /// `atext` of RFC 5322 section 3.2.3.
  static func isAtomByte(_ byte: UInt8) -> Bool {
    isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
