/// The base 64 encoding of RFC 4648 section 4, with padding.
package enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The UTF-8 bytes of a text, encoded.
  package static func encoded(_ text: String) -> String {
    String(decoding: encoded(Array(text.utf8)), as: UTF8.self)
  }

  static func encoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var held = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      held += 1
      if held == 3 {
        for shift in [18, 12, 6, 0] { result.append(alphabet[Int(group >> UInt32(shift)) & 63]) }
        group = 0
        held = 0
      }
    }
    if held > 0 {
      group <<= UInt32(8 * (3 - held))
      for position in 0...held { result.append(alphabet[Int(group >> UInt32(18 - 6 * position)) & 63]) }
      result += Array(repeating: UInt8(ascii: "="), count: 3 - held)
    }
    return result
  }
}
