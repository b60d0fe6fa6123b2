/// A part of a mail, down to its bytes (RFC 2045, RFC 2046): text in UTF-8 and quoted-printable, or several parts.
struct MIMEPart {
  private let headers: [Header]
  private let body: [UInt8]

  /// - Parameter attachedAs: the name of a file to save it as; nil: it is to be read in the mail.
  static func text(
    _ contentType: String, _ text: String, parameters: [String] = [], attachedAs file: String? = nil
  ) -> MIMEPart {
    let type = ["\(contentType);", "charset=utf-8"]
    var headers = [
      Header(
        name: "Content-Type",
        tokens: parameters.reduce(into: type) { tokens, parameter in
          tokens[tokens.count - 1] += ";"
          tokens.append(parameter)
        }),
      Header(name: "Content-Transfer-Encoding", tokens: ["quoted-printable"]),
    ]
    if let file {
      headers.append(Header(name: "Content-Disposition", tokens: ["attachment;", "filename=\"\(file)\""]))
    }
    return MIMEPart(headers: headers, body: QuotedPrintable.encoded(text))
  }

  static func multipart(_ kind: String, _ parts: [MIMEPart], boundary: Boundary) -> MIMEPart {
    var body: [UInt8] = []
    body.reserveCapacity(parts.reduce(100) { $0 + $1.body.count + 300 })
    for part in parts {
      body += "\r\n--\(boundary)\r\n".utf8
      body += part.rendered(after: [])
    }
    body += "\r\n--\(boundary)--\r\n".utf8
    return MIMEPart(
      headers: [
        Header(name: "Content-Type", tokens: ["multipart/\(kind);", "boundary=\"\(boundary)\""])
      ], body: body)
  }

  /// The part with those headers before its own.
  func rendered(after others: [Header]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(body.count + 1000)
    for header in others + headers { output += header.rendered().utf8 }
    output += "\r\n".utf8
    output += body
    return output
  }
}

/// The line between the parts of a multipart.
///
/// It holds `=_`, which quoted-printable never writes (RFC 2045 section 6.7), so it occurs in no part; and it depends on
/// nothing but the mail's identity, so that the same mail has the same bytes.
struct Boundary: CustomStringConvertible {
  let description: String

  /// - Parameter use: keeps the boundary of an inner multipart apart from that of the outer one.
  init(_ messageID: MessageID, _ use: String) {
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in messageID.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    description = "=_\(use)_\(String(hash, radix: 16))"
  }
}
