/// Bodies as they came over the wire, from anybody: what is not well-formed is passed over, never refused.
enum TransferDecoding {
  /// The bytes that a body with this `Content-Transfer-Encoding` stands for; an unknown encoding changes nothing.
  static func decoded(_ body: ArraySlice<UInt8>, encoding: String) -> ArraySlice<UInt8> {
    switch encoding.lowercased() {
    case "base64": base64(body)[...]
    case "quoted-printable": quotedPrintable(body)[...]
    default: body
    }
  }

  private static func base64(_ body: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count / 4 * 3)
    var group: UInt32 = 0
    var bits = 0
    for byte in body {
      // Padding ends the text; what stands after it is another text or nothing.
      if byte == UInt8(ascii: "=") { break }
      guard let value = base64Value(byte) else { continue }
      group = (group << 6 | value) & 0xFFFF
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
      }
    }
    return result
  }

  private static func base64Value(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  private static func quotedPrintable(_ body: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var rest = body
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "=") else {
        result.append(byte)
        continue
      }
      if let high = rest.first.flatMap(hexadecimal), let low = rest.dropFirst().first.flatMap(hexadecimal) {
        result.append(high << 4 | low)
        rest = rest.dropFirst(2)
        continue
      }
      // A soft line break may have blanks after it that were added on the way.
      let tail = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      if tail.first ?? UInt8(ascii: "\n") == UInt8(ascii: "\n") {
        rest = tail.dropFirst()
      } else {
        result.append(byte)
      }
    }
    return result
  }

  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    default: nil
    }
  }
}
