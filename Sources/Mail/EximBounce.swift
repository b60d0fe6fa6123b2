/// A bounce of Exim that is no delivery status notification: the recipients stand in `X-Failed-Recipients`, the reasons
/// in the text, and the returned mail, or its header, after the text.
struct EximBounce {
  let recipients: [DeliveryReport.Recipient]
  /// The header of the returned mail, from its `Message-ID` on.
  let copy: ReceivedPart?

  init(_ mail: ReceivedPart, _ leaves: [ReceivedPart], most: Int) {
    let addresses = mail.values("x-failed-recipients").flatMap { $0.split(separator: ",") }
      .map { PlainLine.of($0) }.filter { $0.contains("@") && !$0.contains(" ") }
    guard !addresses.isEmpty, let text = leaves.first(where: { $0.mediaType == "text/plain" }) else {
      recipients = []
      copy = nil
      return
    }
    var lines: [String] = []
    var copy: ReceivedPart?
    var rest = text.decodedBody
    while !rest.isEmpty, copy == nil {
      let whole = rest
      let line = String(decoding: rest.popLine(), as: UTF8.self)
      if line.lowercased().hasPrefix("message-id:") { copy = ReceivedPart(whole) }
      lines.append(line)
    }
    self.copy = copy
    let places = Dictionary(
      lines.enumerated().map { (PlainLine.trimmed($0.element).lowercased(), $0.offset) },
      uniquingKeysWith: { first, _ in first })
    recipients = addresses.prefix(most).map { address in
      let reason = places[address.lowercased()].map { Self.reason(below: $0, in: lines) } ?? ""
      return DeliveryReport.Recipient(
        address: address, action: .failed, status: DeliveryStatus.status(reason) ?? "5.0.0",
        diagnostic: reason)
    }
  }

  /// What stands below the line with an address, down to the next one that is not indented as far.
  private static func reason(below start: Int, in lines: [String]) -> String {
    let indent = lines[start].prefix { $0 == " " }.count
    let below = lines[(start + 1)...].prefix(20).prefix { line in
      !PlainLine.of(line).isEmpty && line.prefix { $0 == " " }.count > indent
    }
    return DeliveryStatus.diagnostic(below.joined(separator: " "))
  }
}
