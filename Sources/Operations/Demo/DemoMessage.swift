import Foundation

/// A mail of this program as it arrived, read for the demonstration's index.
///
/// It reads the form that this program writes: parts in quoted-printable UTF-8, also one in another, and encoded words
/// in Base64.
struct DemoMessage {
  let subject: String
  /// The value of `Date`, as written.
  let date: String
  let to: String
  let text: String
  let html: String

  /// - Throws: ``Failure`` for a mail of another form.
  init(_ data: [UInt8], file: String) throws {
    let whole = Self.split(data[...])
    let headers = Self.headers(whole.head)
    let found = Self.texts(type: headers["content-type"] ?? "", body: whole.body)
    guard let text = found["text/plain"], let html = found["text/html"] else {
      throw Failure("\(file): the mail that arrived lacks its text or HTML", .failed)
    }
    subject = Self.decoded(words: headers["subject"] ?? "")
    date = headers["date"] ?? ""
    to = headers["to"] ?? ""
    self.text = text
    self.html = html
  }

  /// The texts of a part and of those in it, by their types.
  private static func texts(type: String, body: ArraySlice<UInt8>) -> [String: String] {
    guard let quote = type.range(of: "boundary=\""),
      let end = type[quote.upperBound...].firstIndex(of: "\"")
    else {
      return [String(type.prefix { $0 != ";" }): decoded(quotedPrintable: body)]
    }
    let boundary = "--" + type[quote.upperBound..<end]
    // The closing delimiter is the boundary with two hyphens more, so that its rest is no part.
    let parts = String(decoding: body, as: UTF8.self).components(separatedBy: "\r\n" + boundary)
      .flatMap { $0.hasPrefix(boundary) ? [String($0.dropFirst(boundary.count))] : [$0] }
    return parts.reduce(into: [:]) { found, part in
      let (head, body) = split(Array(part.utf8)[...])
      guard let type = headers(head)["content-type"] else { return }
      found.merge(texts(type: type, body: body)) { first, _ in first }
    }
  }

  /// What stands before the first empty line, and after it.
  private static func split(_ data: ArraySlice<UInt8>) -> (head: String, body: ArraySlice<UInt8>) {
    var start = data.startIndex
    while let end = data[start...].firstIndex(of: 0x0A) {
      if data[start..<end].elementsEqual([0x0D]), start > data.startIndex {
        return (String(decoding: data[..<start], as: UTF8.self), data[(end + 1)...])
      }
      start = end + 1
    }
    return (String(decoding: data, as: UTF8.self), [])
  }

  /// Unfolded header values by lower-case name.
  private static func headers(_ head: String) -> [String: String] {
    var headers: [String: String] = [:]
    var name = ""
    for line in head.components(separatedBy: "\r\n") where !line.isEmpty {
      if line.hasPrefix(" ") || line.hasPrefix("\t") {
        headers[name, default: ""] += " " + line.trimmingCharacters(in: .whitespaces)
      } else if let colon = line.firstIndex(of: ":") {
        name = line[..<colon].lowercased()
        headers[name] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      }
    }
    return headers
  }

  /// RFC 2047; blanks between two encoded words do not count.
  private static func decoded(words text: String) -> String {
    text.split(separator: " ").reduce(into: (text: "", wasEncoded: true)) { result, word in
      let encoded = word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?=")
      let plain =
        encoded
        ? Data(base64Encoded: String(word.dropFirst(10).dropLast(2))).map {
          String(decoding: $0, as: UTF8.self)
        } : nil
      if !result.text.isEmpty, !(encoded && result.wasEncoded) { result.text += " " }
      result.text += plain ?? String(word)
      result.wasEncoded = encoded
    }.text
  }

  /// RFC 2045 section 6.7.
  private static func decoded(quotedPrintable body: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var index = body.startIndex
    while index < body.endIndex {
      guard body[index] == UInt8(ascii: "="), index + 2 < body.endIndex else {
        if body[index] != 0x0D { bytes.append(body[index]) }
        index += 1
        continue
      }
      if let byte = UInt8(String(decoding: body[(index + 1)...(index + 2)], as: UTF8.self), radix: 16) {
        bytes.append(byte)
      }
      index += 3
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
