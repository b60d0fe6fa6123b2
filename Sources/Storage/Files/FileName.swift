import Glibc

/// A name in a directory: any bytes but `/` and zero, not always text.
package struct FileName: Sendable, Hashable {
  /// With the zero byte that ends it.
  private let bytes: [CChar]

  /// - Parameter pointer: ends with a zero byte.
  init(_ pointer: UnsafePointer<CChar>) {
    bytes = Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer) + 1))
  }

  /// - Parameter text: without a zero byte, which would end the name.
  package init(_ text: String) {
    bytes = text.utf8CString.prefix { $0 != 0 } + [0]
  }

  /// An image name and what follows it.
  init(_ text: String, suffix: [UInt8]) {
    bytes = text.utf8.map { CChar(bitPattern: $0) } + suffix.map { CChar(bitPattern: $0) } + [0]
  }

  /// The name as text; nil when it is none.
  package var text: String? {
    String(validating: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func withPointer<R, E: Error>(_ body: (UnsafePointer<CChar>) throws(E) -> R) throws(E) -> R {
    try bytes.withUnsafeBufferPointer { (buffer) throws(E) in try body(buffer.baseAddress!) }
  }
}

extension FileName: CustomStringConvertible, Comparable {
  /// On one line: what is not printable text is written as `\xNN`, a backslash as `\\`.
  package var description: String { shown(bytes.dropLast().map { UInt8(bitPattern: $0) }) }

  package static func < (left: FileName, right: FileName) -> Bool {
    // The zero byte at the end is less than any other.
    memcmp(left.bytes, right.bytes, min(left.bytes.count, right.bytes.count)) < 0
  }
}

/// Text of a file name on one line, so that two different names never look the same.
private func shown(_ bytes: [UInt8]) -> String {
  let isText = String(validating: bytes, as: UTF8.self) != nil
  return String(
    decoding: bytes.flatMap { byte -> [UInt8] in
      switch byte {
      case UInt8(ascii: "\\"): Array("\\\\".utf8)
      case 0..<0x20, 0x7F: escaped(byte)
      case 0x80... where !isText: escaped(byte)
      default: [byte]
      }
    }, as: UTF8.self)
}

/// Whether bytes are text in UTF-8.
func isText(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
  bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
}

private func escaped(_ byte: UInt8) -> [UInt8] {
  let digits = String(byte, radix: 16)
  return Array(("\\x" + (digits.count < 2 ? "0" : "") + digits).utf8)
}
