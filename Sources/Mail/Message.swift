/// A mail of a program to people: text and HTML of the same content (RFC 5322, RFC 2046).
///
/// It says that a program wrote it (`Auto-Submitted`, RFC 3834; `Precedence: bulk`), so that no vacation
/// program answers. Blind recipients stand in the envelope only, never here.
package struct Message: Sendable, Equatable {
  package var from: Mailbox
  package var to: [Mailbox]
  package var replyTo: Mailbox?
  package var subject: String
  package var date: MailDate
  package var messageID: MessageID
  package var listID: ListID?
  /// Any of CRLF, LF and CR ends a line.
  package var text: String
  /// A whole HTML document.
  package var html: String

  package init(
    from: Mailbox, to: [Mailbox], replyTo: Mailbox? = nil, subject: String, date: MailDate,
    messageID: MessageID, listID: ListID? = nil, text: String, html: String
  ) {
    self.from = from
    self.to = to
    self.replyTo = replyTo
    self.subject = subject
    self.date = date
    self.messageID = messageID
    self.listID = listID
    self.text = text
    self.html = html
  }

  /// The whole mail as 7-bit lines that end in CRLF; the same bytes for the same message, always.
  package func rendered() -> [UInt8] {
    let parts = [
      MIMEPart(contentType: "text/plain", body: text), MIMEPart(contentType: "text/html", body: html),
    ]
    let rendered = parts.map { $0.rendered() }
    let boundary = Boundary.absent(from: rendered)
    var output = Array(headers(boundary: boundary).map { $0.rendered() }.joined().utf8)
    output.reserveCapacity(output.count + rendered.reduce(500) { $0 + $1.count })
    for part in rendered {
      output += Array("\r\n--\(boundary)\r\n".utf8)
      output += part
    }
    output += Array("\r\n--\(boundary)--\r\n".utf8)
    return output
  }

  private func headers(boundary: String) -> [Header] {
    var headers = [
      Header(name: "Date", tokens: [date.description]),
      Header(name: "From", mailboxes: [from]),
      to.isEmpty
        ? Header(name: "To", tokens: ["undisclosed-recipients:;"]) : Header(name: "To", mailboxes: to),
    ]
    if let replyTo { headers.append(Header(name: "Reply-To", mailboxes: [replyTo])) }
    headers += [
      Header(name: "Subject", text: subject),
      Header(name: "Message-ID", tokens: [messageID.description]),
    ]
    if let listID { headers.append(Header(name: "List-Id", tokens: listID.tokens)) }
    return headers + [
      Header(name: "Auto-Submitted", tokens: ["auto-generated"]),
      Header(name: "Precedence", tokens: ["bulk"]),
      Header(name: "MIME-Version", tokens: ["1.0"]),
      Header(name: "Content-Type", tokens: ["multipart/alternative;", "boundary=\"\(boundary)\""]),
    ]
  }
}

/// One part of a multipart mail: UTF-8 text, quoted-printable.
struct MIMEPart {
  var contentType: String
  var body: String

  func rendered() -> [UInt8] {
    let headers = [
      Header(name: "Content-Type", tokens: ["\(contentType);", "charset=utf-8"]),
      Header(name: "Content-Transfer-Encoding", tokens: ["quoted-printable"]),
    ]
    return Array((headers.map { $0.rendered() }.joined() + "\r\n").utf8) + QuotedPrintable.encoded(body)
  }
}

/// The line between the parts of a multipart mail.
enum Boundary {
  /// A boundary made from the parts alone, so that the same mail has the same bytes, and that occurs in none.
  ///
  /// It holds `=_`, which quoted-printable never writes (RFC 2045 section 6.7); the search is for other encodings.
  static func absent(from parts: [[UInt8]]) -> String {
    // FNV-1a, 64 bits.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in parts {
      for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    while true {
      let digits = String(hash, radix: 16)
      let boundary = "=_" + String(repeating: "0", count: 16 - digits.count) + digits
      if !parts.contains(where: { $0.contains(Array(boundary.utf8)) }) { return boundary }
      hash &+= 1
    }
  }
}

extension Array where Element == UInt8 {
  /// Whether these bytes occur, one after the other, anywhere in the array.
  fileprivate func contains(_ needle: [UInt8]) -> Bool {
    guard let first = needle.first, count >= needle.count else { return false }
    var start = startIndex
    while let found = self[start...].firstIndex(of: first) {
      if self[found...].starts(with: needle) { return true }
      start = found + 1
    }
    return false
  }
}
