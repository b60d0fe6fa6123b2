/// What a mail server says became of a mail: a delivery status notification (RFC 3464, RFC 6533), or a bounce of Exim
/// in its older form, which names the recipients in `X-Failed-Recipients`.
package struct DeliveryReport: Sendable, Equatable {
  /// RFC 3464 section 2.3.3.
  package enum Action: String, Sendable {
    /// Given up: the mail will not arrive.
    case failed
    /// Not yet delivered; the server keeps trying.
    case delayed
    case delivered
    /// Handed to a system that sends no such reports.
    case relayed
    /// Delivered to an alias or list, whose members are not reported on.
    case expanded
  }

  package struct Recipient: Sendable, Equatable {
    /// As the sender wrote it, where the report says so; else as the reporting server knows it.
    package let address: String
    package let action: Action
    /// RFC 3463, such as `5.1.1`; `5.0.0`, `4.0.0` or `2.0.0` where the report has none.
    package let status: String
    /// The server's words in one line, at most 500 characters; empty where there are none.
    package let diagnostic: String
  }

  /// At least one.
  package let recipients: [Recipient]
  /// `<left@right>` of the mail that the report is about.
  package let originalMessageID: String?
  /// The addresses that the report itself was sent to, each once: one of them is the envelope sender of the mail.
  package let envelopeRecipients: [String]

  /// What is longer is cut here: the report stands at the beginning, and a returned mail may be of any size.
  package static let longest = 1 << 20
  private static let mostRecipients = 1000

  /// The report in a mail as it was received.
  ///
  /// - Returns: nil for any other mail.
  package static func parse(_ bytes: [UInt8]) -> DeliveryReport? {
    let mail = ReceivedPart(bytes.prefix(longest))
    let leaves = mail.leaves()
    let envelope = envelopeRecipients(mail)
    for (index, part) in leaves.enumerated() where statusTypes.contains(part.mediaType) {
      let recipients = DeliveryStatus.recipients(part.decodedBody, most: mostRecipients)
      guard !recipients.isEmpty else { continue }
      let returned = leaves[(index + 1)...].first { returnedTypes.contains($0.mediaType) }
      return DeliveryReport(
        recipients: recipients,
        originalMessageID: returned.flatMap { messageID(ReceivedPart($0.decodedBody)) } ?? answered(mail),
        envelopeRecipients: envelope)
    }
    let bounce = EximBounce(mail, leaves, most: mostRecipients)
    guard !bounce.recipients.isEmpty else { return nil }
    return DeliveryReport(
      recipients: bounce.recipients,
      originalMessageID: bounce.copy.flatMap(messageID) ?? answered(mail), envelopeRecipients: envelope)
  }

  private static let statusTypes = ["message/delivery-status", "message/global-delivery-status"]
  private static let returnedTypes = [
    "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers",
  ]

  private static func messageID(_ returned: ReceivedPart) -> String? {
    returned.value("message-id").flatMap { messageIDs($0).first }
  }

  /// The mail that the report answers, where it does not return it.
  private static func answered(_ mail: ReceivedPart) -> String? {
    mail.value("in-reply-to").flatMap { messageIDs($0).first }
      ?? mail.value("references").flatMap { messageIDs($0).last }
  }

  /// All `<left@right>` of a field; blanks within one come from folding.
  private static func messageIDs(_ value: String) -> [String] {
    value.split(separator: "<").compactMap { piece in
      guard let end = piece.firstIndex(of: ">") else { return nil }
      let identity = piece[..<end].filter {
        !$0.isWhitespace && !$0.unicodeScalars.contains { $0.value < 32 }
      }
      return identity.contains("@") && identity.utf8.count < 998 ? "<\(identity)>" : nil
    }
  }

  /// What looks like an address in the fields that name the recipient of a mail.
  private static func envelopeRecipients(_ mail: ReceivedPart) -> [String] {
    let names = ["to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"]
    var found: [String] = []
    var seen: Set<String> = []
    for field in mail.fields where names.contains(field.name) {
      for word in field.value.split(whereSeparator: { " \t,;:<>()\"".contains($0) })
      where word.contains("@") && found.count < 100 {
        let address = PlainLine.of(word)
        if seen.insert(address.lowercased()).inserted { found.append(address) }
      }
    }
    return found
  }
}
