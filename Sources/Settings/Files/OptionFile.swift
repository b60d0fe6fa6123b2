/// What a line of a MariaDB option file says, taken apart as MariaDB's own programs do it.
///
/// Comments begin with `#` or `;` at the beginning of a line, or with `#` outside of quotes. A value may stand in
/// quotes, and knows the escapes `\n`, `\t`, `\r`, `\b`, `\s`, `\"`, `\'` and `\\`.
enum OptionFileLine: Equatable {
  case blank
  /// `[group]`, in lower case.
  case group(String)
  case option(name: String, value: ArraySlice<UInt8>?)
  case include(path: String)
  case includeFolder(path: String)
  /// A group without its `]`, or a directive without its path.
  case malformed(String)

  init(_ line: ArraySlice<UInt8>) {
    let line = line.trimmed
    switch line.first {
    case nil, UInt8(ascii: "#"), UInt8(ascii: ";"): self = .blank
    case UInt8(ascii: "!"): self = Self.directive(line.dropFirst().trimmed)
    case UInt8(ascii: "["): self = Self.group(line.dropFirst())
    default: self = Self.option(line)
    }
  }

  private static func group(_ rest: ArraySlice<UInt8>) -> OptionFileLine {
    guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
      return .malformed("is a group without its ']'")
    }
    // Only the blanks before the bracket are passed over.
    let name = rest[..<end].lossyText
    return .group(String(name.reversed().drop { $0.isWhitespace }.reversed()).lowercased())
  }

  private static func directive(_ rest: ArraySlice<UInt8>) -> OptionFileLine {
    for (word, isFolder) in [("includedir", true), ("include", false)] where rest.starts(with: word.utf8) {
      let path = rest.dropFirst(word.utf8.count)
      if let next = path.first, !next.isBlank { continue }
      guard !path.trimmed.isEmpty else { return .malformed("is a '!\(word)' without a path") }
      return isFolder ? .includeFolder(path: path.trimmed.lossyText) : .include(path: path.trimmed.lossyText)
    }
    return .blank
  }

  private static func option(_ line: ArraySlice<UInt8>) -> OptionFileLine {
    let line = line[..<endOfText(line)]
    guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else {
      return .option(name: line.trimmed.lossyText, value: nil)
    }
    var value = line[(sign + 1)...].trimmed
    if let quote = value.first, isQuote(quote), value.count > 1, value.last == quote {
      value = value.dropFirst().dropLast()
    }
    return .option(name: line[..<sign].trimmed.lossyText, value: unescaped(value)[...])
  }

  /// Where a comment begins, or the line ends. A backslash counts only within quotes.
  private static func endOfText(_ line: ArraySlice<UInt8>) -> Int {
    var quote: UInt8?
    var isEscaped = false
    for (index, byte) in zip(line.indices, line) {
      if isQuote(byte), !isEscaped {
        if quote == nil { quote = byte } else if quote == byte { quote = nil }
      }
      if quote == nil, byte == UInt8(ascii: "#") { return index }
      isEscaped = quote != nil && byte == UInt8(ascii: "\\") && !isEscaped
    }
    return line.endIndex
  }

  private static func unescaped(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = value
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.popFirst() else {
        result.append(byte)
        continue
      }
      switch Character(UnicodeScalar(next)) {
      case "n": result.append(10)
      case "t": result.append(9)
      case "r": result.append(13)
      case "b": result.append(8)
      case "s": result.append(32)
      case "\"", "'", "\\": result.append(next)
      default: result += [byte, next]
      }
    }
    return result
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }
}
