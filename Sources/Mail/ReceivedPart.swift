/// A mail that came from outside, or a part of one (RFC 5322, RFC 2045, RFC 2046): as little of it as a delivery report
/// needs, and nothing that any bytes could break.
struct ReceivedPart {
  /// In their order.
  let fields: [ReceivedField]
  /// As it came, still encoded.
  let body: ArraySlice<UInt8>

  /// Lines may end in CRLF or LF. The line that a mailbox file puts first (`From …`) is passed over.
  init(_ bytes: ArraySlice<UInt8>) {
    var rest = bytes
    while rest.starts(with: "From ".utf8) || rest.starts(with: ">From ".utf8) { _ = rest.popLine() }
    fields = ReceivedField.read(&rest)
    body = rest
  }

  /// The value of the first field of that name, given in lower case.
  func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

  /// `text/plain` where there is none, in lower case.
  var mediaType: String {
    let type = PlainLine.trimmed((value("content-type") ?? "").prefix { $0 != ";" }).lowercased()
    return type.isEmpty ? "text/plain" : type
  }

  var decodedBody: ArraySlice<UInt8> {
    TransferDecoding.decoded(
      body, encoding: PlainLine.trimmed((value("content-transfer-encoding") ?? "").prefix { $0 != ";" }))
  }

  /// How deep multiparts are followed.
  private static let deepest = 10
  /// How many parts of one multipart are looked at; a report has three.
  private static let mostParts = 200

  /// The parts that are no multiparts themselves, from the first to the last. A message within the mail is one of
  /// them and is not opened: what it holds is not about this mail.
  func leaves(depth: Int = 0) -> [ReceivedPart] {
    guard mediaType.hasPrefix("multipart/"), let boundary else { return [self] }
    guard depth < Self.deepest else { return [] }
    return parts(boundary).flatMap { $0.leaves(depth: depth + 1) }
  }

  private var boundary: String? {
    (value("content-type")).flatMap { ReceivedField.parameter("boundary", of: $0) }.flatMap {
      $0.isEmpty ? nil : $0
    }
  }

  /// RFC 2046 section 5.1.1. A multipart that is never closed ends with the mail.
  private func parts(_ boundary: String) -> [ReceivedPart] {
    let delimiter = Array("--\(boundary)".utf8)
    var parts: [ReceivedPart] = []
    var begin: Int?
    var rest = body
    func close(at end: Int) {
      guard let begin else { return }
      // The line end before a delimiter belongs to the delimiter.
      var part = body[begin..<max(begin, end)]
      if part.last == UInt8(ascii: "\n") { part.removeLast() }
      if part.last == UInt8(ascii: "\r") { part.removeLast() }
      parts.append(ReceivedPart(part))
    }
    while !rest.isEmpty, parts.count < Self.mostParts {
      let start = rest.startIndex
      let line = rest.popLine()
      guard line.starts(with: delimiter) else { continue }
      let tail = line.dropFirst(delimiter.count)
      let isEnd = tail.starts(with: "--".utf8)
      guard tail.dropFirst(isEnd ? 2 : 0).allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") })
      else { continue }
      close(at: start)
      if isEnd { return parts }
      begin = rest.startIndex
    }
    close(at: body.endIndex)
    return parts
  }
}

/// One field of a header or of a delivery status.
struct ReceivedField {
  /// In lower case.
  let name: String
  /// Unfolded; bytes that are no UTF-8 are replaced.
  let value: String

  /// Takes fields up to and with the empty line after them, or up to a line that is no field.
  static func read(_ rest: inout ArraySlice<UInt8>) -> [ReceivedField] {
    var fields: [(name: String, value: [UInt8])] = []
    while !rest.isEmpty {
      var tail = rest
      let line = tail.popLine()
      if line.isEmpty {
        rest = tail
        break
      }
      if isBlank(line[line.startIndex]) {
        if !fields.isEmpty {
          fields[fields.count - 1].value.append(UInt8(ascii: " "))
          fields[fields.count - 1].value += line
        }
      } else if let colon = line.firstIndex(of: UInt8(ascii: ":")),
        line[..<colon].allSatisfy({ (33...126).contains($0) || isBlank($0) })
      {
        let name = PlainLine.trimmed(String(decoding: line[..<colon], as: UTF8.self)).lowercased()
        guard !name.contains(" ") else { break }
        fields.append((name, Array(line[(colon + 1)...])))
      } else {
        break
      }
      rest = tail
    }
    return fields.map {
      ReceivedField(name: $0.name, value: PlainLine.trimmed(String(decoding: $0.value, as: UTF8.self)))
    }
  }

  /// A parameter of a field such as `Content-Type` (RFC 2045 section 5.1), quoted or not.
  static func parameter(_ name: String, of value: String) -> String? {
    var rest = Substring(value)
    while let semicolon = rest.firstIndex(where: { $0 == ";" }) {
      rest = rest[rest.index(after: semicolon)...]
      let key = rest.prefix { $0 != "=" && $0 != ";" }
      guard key.endIndex < rest.endIndex, rest[key.endIndex] == "=" else { continue }
      rest = rest[rest.index(after: key.endIndex)...].drop { $0 == " " || $0 == "\t" }
      let found: String
      if rest.first == "\"" {
        found = quoted(&rest)
      } else {
        found = PlainLine.trimmed(rest.prefix { $0 != ";" && $0 != " " && $0 != "\t" })
      }
      if PlainLine.trimmed(key).lowercased() == name { return found }
    }
    return nil
  }

  private static func quoted(_ rest: inout Substring) -> String {
    var result = ""
    rest.removeFirst()
    while let character = rest.popFirst(), character != "\"" {
      if character == "\\" {
        if let escaped = rest.popFirst() { result.append(escaped) }
      } else {
        result.append(character)
      }
    }
    return result
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}

extension ArraySlice<UInt8> {
  /// Takes the first line away and gives it back without its line end.
  mutating func popLine() -> ArraySlice<UInt8> {
    let end = firstIndex(of: UInt8(ascii: "\n")) ?? endIndex
    var line = self[..<end]
    self = self[(end < endIndex ? end + 1 : end)...]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    return line
  }
}
