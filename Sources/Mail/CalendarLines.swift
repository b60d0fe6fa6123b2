/// The content lines of an iCalendar object (RFC 5545 section 3.1), folded.
struct CalendarLines {
  private var bytes: [UInt8] = []
  /// RFC 5545 section 3.1: in bytes, without the line end.
  private static let longest = 75

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// A component, such as `VEVENT`, with what is in it.
  mutating func component(_ name: String, _ content: (inout CalendarLines) -> Void) {
    append(Edge.begin.rawValue.uppercased(), name)
    content(&self)
    append(Edge.end.rawValue.uppercased(), name)
  }

  private enum Edge: String {
    case begin
    case end
  }

  /// A line whose value is of the program's own making, or cannot hold anything but what it may.
  mutating func append(_ name: String, _ value: String) { append(line: "\(name):\(value)") }

  /// A line whose value is text from elsewhere: several lines, escaped (RFC 5545 section 3.3.11).
  mutating func append(_ name: String, text: String) { append(line: "\(name):\(Self.escaped(text))") }

  /// A quoted value of a parameter: it has no escapes, so a quote becomes an apostrophe (RFC 5545 section 3.2); empty for
  /// no words.
  static func parameter(_ text: String) -> String {
    let line = PlainLine.of(text)
    return line.isEmpty ? "" : "\"" + line.map { $0 == "\"" ? "'" : String($0) }.joined() + "\""
  }

  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: ";"), UInt8(ascii: ","):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case UInt8(ascii: "\n"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(ascii: "n"))
      case 0x00...0x1F, 0x7F: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Folds where one byte more would be too many, and never inside of a character's bytes.
  private mutating func append(line: String) {
    var line = line
    line.withUTF8 { line in
      var start = 0
      while start < line.count {
        // The blank that begins a folded line counts.
        var end = min(line.count, start + (start == 0 ? Self.longest : Self.longest - 1))
        while end < line.count, line[end] & 0xC0 == 0x80 { end -= 1 }
        if start > 0 { bytes += [0x0D, 0x0A, 0x20] }
        bytes += line[start..<end]
        start = end
      }
    }
    bytes += [0x0D, 0x0A]
  }
}
