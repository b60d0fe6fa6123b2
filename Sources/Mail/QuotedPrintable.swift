/// The quoted-printable encoding of RFC 2045 section 6.7, for bodies that are mostly ASCII.
package enum QuotedPrintable {
  /// RFC 2045: an encoded line has at most 76 characters, a soft break's `=` among them.
  private static let columns = 76

  /// The text as 7-bit lines that end in CRLF only.
  ///
  /// Any of CRLF, LF and CR in the text is a line end. A dot and `From ` at the beginning of a line are
  /// encoded: a mail server that loses a doubled dot, or a mailbox file that escapes `From `, changes nothing.
  package static func encoded(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { bytes in
      var encoder = Encoder(reserving: bytes.count + bytes.count / 8)
      var index = 0
      while index < bytes.count {
        let plain = plainRun(bytes, from: index, room: encoder.room)
        if plain > index {
          encoder.append(plain: bytes[index..<plain])
          index = plain
          continue
        }
        let byte = bytes[index]
        let isLast = index + 1 == bytes.count
        switch byte {
        case carriageReturn, lineFeed:
          encoder.endLine()
          if byte == carriageReturn, !isLast, bytes[index + 1] == lineFeed { index += 1 }
        case blank, tab:
          // A blank at the end of a line would be lost on the way.
          encoder.append(
            byte, escaped: isLast || bytes[index + 1] == carriageReturn || bytes[index + 1] == lineFeed)
        case UInt8(ascii: "."):
          encoder.append(byte, escapedAtLineStart: true)
        case UInt8(ascii: "F"):
          // `F` alone at the beginning of a line is enough: `From ` begins with it.
          encoder.append(byte, escapedAtLineStart: bytes[index...].starts(with: "From ".utf8))
        default:
          encoder.append(byte, escaped: !isPlain(byte) || byte == UInt8(ascii: "="))
        }
        index += 1
      }
      return encoder.output
    }
  }

  /// Where the bytes end that stand for themselves wherever they are, at most so many.
  private static func plainRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, room: Int) -> Int {
    let end = min(bytes.count, start + room)
    var index = start
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "F"): return index
      case blank:
        // Inside of a line, where something follows it.
        guard index + 1 < bytes.count, isPlain(bytes[index + 1]) else { return index }
      case let byte where !isPlain(byte): return index
      default: break
      }
      index += 1
    }
    return index
  }

  private static func isPlain(_ byte: UInt8) -> Bool { (0x21...0x7E).contains(byte) }

  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  private struct Encoder {
    var output: [UInt8] = []
    private var column = 0

    init(reserving capacity: Int) { output.reserveCapacity(capacity) }

    /// How many bytes the line takes before it needs a soft break.
    var room: Int { QuotedPrintable.columns - 1 - column }

    mutating func append(plain bytes: Slice<UnsafeBufferPointer<UInt8>>) {
      output.append(contentsOf: bytes)
      column += bytes.count
    }

    mutating func endLine() {
      output.append(carriageReturn)
      output.append(lineFeed)
      column = 0
    }

    mutating func append(_ byte: UInt8, escaped: Bool) {
      breakBefore(escaped ? 3 : 1)
      if escaped {
        output.append(UInt8(ascii: "="))
        output.append(Self.hexadecimal(byte >> 4))
        output.append(Self.hexadecimal(byte & 15))
        column += 3
      } else {
        output.append(byte)
        column += 1
      }
    }

    /// A byte that must not begin a line as itself, be it the text's line or one begun by a soft break.
    mutating func append(_ byte: UInt8, escapedAtLineStart: Bool) {
      breakBefore(1)
      append(byte, escaped: escapedAtLineStart && column == 0)
    }

    /// Leaves room for the `=` of a soft break on every line.
    private mutating func breakBefore(_ width: Int) {
      guard width > room else { return }
      output.append(UInt8(ascii: "="))
      endLine()
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
      digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") + digit - 10
    }
  }
}
