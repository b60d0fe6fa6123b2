/// The fields of a delivery status (RFC 3464 section 2): one group about the mail, then one for each recipient.
enum DeliveryStatus {
  static func recipients(_ body: ArraySlice<UInt8>, most: Int) -> [DeliveryReport.Recipient] {
    var rest = body
    var recipients: [DeliveryReport.Recipient] = []
    while !rest.isEmpty, recipients.count < most {
      let length = rest.count
      var group: [String: String] = [:]
      var isComplete = false
      var hasAddress = false
      for field in ReceivedField.read(&rest) {
        let isAddress = field.name == "final-recipient" || field.name == "original-recipient"
        if isAddress, isComplete || group[field.name] != nil {
          // The group of the next recipient, with no empty line before it.
          recipients += recipient(group).map { [$0] } ?? []
          group = [:]
          hasAddress = false
        }
        if Self.names.contains(field.name), group[field.name] == nil { group[field.name] = field.value }
        if isAddress { hasAddress = true }
        // Either address may come first, and Exim puts the action before both.
        isComplete =
          !isAddress
          && (isComplete || field.name == "action" && hasAddress)
      }
      recipients += recipient(group).map { [$0] } ?? []
      // A line that is no field.
      if rest.count == length { _ = rest.popLine() }
    }
    return Array(recipients.prefix(most))
  }

  /// The fields that are looked at.
  private static let names: Set = [
    "final-recipient", "original-recipient", "action", "status", "diagnostic-code",
  ]

  private static func recipient(_ group: [String: String]) -> DeliveryReport.Recipient? {
    let final = group["final-recipient"].map(address)
    let original = group["original-recipient"].map(address).flatMap { unescaped($0, final: final) }
    guard let address = [original, final].compactMap({ $0 }).first(where: { !$0.isEmpty }) else { return nil }
    let diagnostic = diagnostic(group["diagnostic-code"] ?? "")
    let status = group["status"].flatMap(status) ?? status(diagnostic)
    let word = PlainLine.of((group["action"] ?? "").prefix { $0 != "(" && $0 != ";" }).lowercased()
      .prefix { $0.isLetter }
    guard let action = DeliveryReport.Action(rawValue: String(word)) ?? status.flatMap(action) else {
      return nil
    }
    return DeliveryReport.Recipient(
      address: address, action: action, status: status ?? unknown(action), diagnostic: diagnostic)
  }

  // MARK: - Addresses

  /// The address in `rfc822; <anna@example.edu>`.
  private static func address(_ value: String) -> String {
    // RFC 5321 allows 254 bytes, which other alphabets make longer here; the rest is nobody's address.
    let line = PlainLine.of(String(decoding: value.utf8.prefix(2000), as: UTF8.self))
    let semicolon = line.firstIndex(of: ";")
    let type = PlainLine.trimmed(semicolon.map { line[..<$0] } ?? "").lowercased()
    let bare = PlainLine.trimmed(semicolon.map { line[line.index(after: $0)...] } ?? line[...])
    let plain: Substring
    if let open = bare.firstIndex(of: "<"), let close = bare.lastIndex(of: ">"), open < close {
      plain = bare[bare.index(after: open)..<close]
    } else {
      // A comment may follow; only a quoted local part has blanks of its own.
      plain = bare.hasPrefix("\"") ? bare[...] : bare.prefix { $0 != " " }
    }
    return type == "utf-8" ? withoutHexadecimals(plain) : String(plain)
  }

  /// The address of an `ORCPT` parameter: some servers copy it as the client sent it, in xtext (RFC 3461 section 4),
  /// where `+` and `=` are `+2B` and `+3D`, others undo that. A plus sign that the address itself has is left alone.
  private static func unescaped(_ address: String, final: String?) -> String? {
    guard address.contains("+"), address.lowercased() != final?.lowercased() else { return address }
    var result: [UInt8] = []
    var rest = Array(address.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "+") else {
        result.append(byte)
        continue
      }
      guard let high = rest.first.flatMap(TransferDecoding.hexadecimal),
        let low = rest.dropFirst().first.flatMap(TransferDecoding.hexadecimal)
      else { return address }
      let decoded = high << 4 | low
      guard decoded == UInt8(ascii: "+") || decoded == UInt8(ascii: "=") || !address.contains("@"),
        (33...126).contains(decoded)
      else { return address }
      result.append(decoded)
      rest = rest.dropFirst(2)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `\x{E9}` of RFC 6533 section 3 as the letter it stands for.
  private static func withoutHexadecimals(_ address: Substring) -> String {
    var result = String.UnicodeScalarView()
    var rest = address
    while let start = rest.firstRange(of: "\\x{") {
      result.append(contentsOf: rest[..<start.lowerBound].unicodeScalars)
      rest = rest[start.upperBound...]
      // No scalar has more than six digits; a search for the end of each would take for ever in a hostile text.
      let digits = rest.prefix(8).prefix { $0 != "}" }
      if let value = UInt32(digits, radix: 16), value >= 32, let scalar = Unicode.Scalar(value),
        digits.endIndex < rest.endIndex
      {
        result.append(scalar)
        rest = rest[rest.index(after: digits.endIndex)...]
      } else {
        result.append(contentsOf: "\\x{".unicodeScalars)
      }
    }
    result.append(contentsOf: rest.unicodeScalars)
    return String(result)
  }

  // MARK: - Status

  /// The first `class.subject.detail` of RFC 3463 section 2 in a text.
  static func status(_ text: String) -> String? {
    text.split { !$0.isASCII || !($0.isNumber || $0 == ".") }.lazy.map(String.init).first { word in
      let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
      return numbers.count == 3 && ["2", "4", "5"].contains(numbers[0])
        && numbers.dropFirst().allSatisfy { (1...3).contains($0.count) }
    }
  }

  private static func action(_ status: String) -> DeliveryReport.Action? {
    switch status.first {
    case "5": .failed
    case "4": .delayed
    case "2": .delivered
    default: nil
    }
  }

  private static func unknown(_ action: DeliveryReport.Action) -> String {
    switch action {
    case .failed: "5.0.0"
    case .delayed: "4.0.0"
    case .delivered, .relayed, .expanded: "2.0.0"
    }
  }

  /// The text of `smtp; 550 5.1.1 …`, in one line.
  static func diagnostic(_ value: String) -> String {
    let line = PlainLine.of(value)
    let type = line.prefix { $0 != ";" && $0 != " " }
    let text =
      type.endIndex < line.endIndex && line[type.endIndex] == ";" && !type.isEmpty
      ? line[line.index(after: type.endIndex)...] : line[...]
    return PlainLine.trimmed(PlainLine.trimmed(text).prefix(500))
  }
}
