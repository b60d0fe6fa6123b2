/// Envelope senders that carry the number of a mail, so that a report about it says by its own recipient which one
/// came back, whatever the reporting server leaves out (variable envelope return paths, VERP).
package enum VariableEnvelope {
  private static let tag = "+expireimage-"

  /// `local+expireimage-<mail>@domain`; nil when the local part would be longer than a mail server must take
  /// (64 octets, RFC 5321 section 4.5.3.1.1).
  package static func address(base: MailAddress, mail: Int) -> MailAddress? {
    guard mail > 0 else { return nil }
    return MailAddress("\(base.localPart)\(tag)\(mail)@\(base.domain)")
  }

  /// The number of the mail that an address of ``address(base:mail:)`` carries, whatever the case of its letters;
  /// nil for any other address.
  package static func mail(of address: String, base: MailAddress) -> Int? {
    guard let address = MailAddress(PlainLine.trimmed(address)), address.domain == base.domain else {
      return nil
    }
    let local = address.localPart.lowercased()
    let prefix = base.localPart.lowercased() + tag
    let digits = local.dropFirst(prefix.count)
    guard local.hasPrefix(prefix), digits.allSatisfy({ ("0"..."9").contains($0) }), digits.first != "0"
    else { return nil }
    return Int(digits)
  }
}
