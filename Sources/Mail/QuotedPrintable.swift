/// The quoted-printable encoding of RFC 2045 section 6.7, for bodies that are mostly ASCII.
package enum QuotedPrintable {
  /// RFC 2045: an encoded line has at most 76 characters, a soft break's `=` among them.
  private static let columns = 76

  /// The text as 7-bit lines that end in CRLF only.
  ///
  /// Any of CRLF, LF and CR in the text is a line end. A dot and `From ` at the beginning of a line are
  /// encoded: a mail server that loses a doubled dot, or a mailbox file that escapes `From `, changes nothing.
  package static func encoded(_ text: String) -> [UInt8] {
    var encoder = Encoder(reserving: text.utf8.count + text.utf8.count / 16)
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case carriageReturn, lineFeed:
        encoder.endLine()
        if byte == carriageReturn, index + 1 < bytes.count, bytes[index + 1] == lineFeed { index += 1 }
      case blank, tab:
        // A blank at the end of a line would be lost on the way.
        let isLast =
          index + 1 == bytes.count || bytes[index + 1] == carriageReturn || bytes[index + 1] == lineFeed
        encoder.append(byte, escaped: isLast)
      case UInt8(ascii: "="):
        encoder.append(byte, escaped: true)
      case UInt8(ascii: "."), UInt8(ascii: "F"):
        // `F` alone at the beginning of a line is enough: `From ` begins with it.
        let isFrom = byte != UInt8(ascii: "F") || bytes[index...].starts(with: Array("From ".utf8))
        encoder.append(byte, escapedAtLineStart: isFrom)
      case 0x21...0x7E:
        encoder.append(byte, escaped: false)
      default:
        encoder.append(byte, escaped: true)
      }
      index += 1
    }
    return encoder.output
  }

  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let blank = UInt8(ascii: " ")
  private static let tab = UInt8(ascii: "\t")

  private struct Encoder {
    var output: [UInt8] = []
    private var column = 0
    private static let hexadecimal = Array("0123456789ABCDEF".utf8)

    init(reserving capacity: Int) { output.reserveCapacity(capacity) }

    mutating func endLine() {
      output += [carriageReturn, lineFeed]
      column = 0
    }

    mutating func append(_ byte: UInt8, escaped: Bool) {
      let width = escaped ? 3 : 1
      breakBefore(width)
      if escaped {
        output += [UInt8(ascii: "="), Self.hexadecimal[Int(byte >> 4)], Self.hexadecimal[Int(byte & 15)]]
      } else {
        output.append(byte)
      }
      column += width
    }

    /// A byte that must not begin a line as itself, be it the text's line or one begun by a soft break.
    mutating func append(_ byte: UInt8, escapedAtLineStart: Bool) {
      breakBefore(1)
      append(byte, escaped: escapedAtLineStart && column == 0)
    }

    /// Leaves room for the `=` of a soft break on every line.
    private mutating func breakBefore(_ width: Int) {
      guard column + width > QuotedPrintable.columns - 1 else { return }
      output.append(UInt8(ascii: "="))
      endLine()
    }
  }
}
