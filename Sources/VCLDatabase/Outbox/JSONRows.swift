import MariaDB

/// Rows of values as one parameter, a JSON array of arrays (RFC 8259), for statements that read it with JSON_TABLE.
struct JSONRows {
  /// So many rows stay far below the smallest packet that servers take, also with texts of hundreds of characters.
  static let limit = 200

  private var text: [UInt8] = [UInt8(ascii: "[")]

  init(_ rows: some Collection<[Value]>) {
    text.reserveCapacity(256 * rows.count)
    for row in rows {
      if text.count > 1 { text.append(UInt8(ascii: ",")) }
      text.append(UInt8(ascii: "["))
      for (index, value) in row.enumerated() {
        if index > 0 { text.append(UInt8(ascii: ",")) }
        append(value)
      }
      text.append(UInt8(ascii: "]"))
    }
    text.append(UInt8(ascii: "]"))
  }

  /// As a parameter.
  var value: Value { .text(String(decoding: text, as: UTF8.self)) }

  private mutating func append(_ value: Value) {
    switch value {
    case .null: text += "null".utf8
    case .int(let number): text += String(number).utf8
    case .unsigned(let number): text += String(number).utf8
    case .double(let number): text += String(number).utf8
    case .text(let string): appendQuoted(string.utf8)
    case .bytes: preconditionFailure("JSON has no bytes")
    }
  }

  private mutating func appendQuoted(_ bytes: String.UTF8View) {
    text.append(UInt8(ascii: "\""))
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(byte)
      case 0..<0x20:
        text += byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8
        text += String(byte & 0x0F, radix: 16).utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
