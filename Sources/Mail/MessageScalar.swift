/// The text that an entry of a message stands for, in any style in which Perl's YAML and Spyc write it.
enum MessageScalar {
  static func value(of entry: MessageEntry) -> String {
    let text: String
    if let block = Block(entry.inline) {
      text = block.text(entry)
    } else {
      text = inline(Substring(tidy(folded([entry.inline] + entry.nested.map(\.text)))))
    }
    return tidy(undoubled(tidy(text)))
  }

  /// A value that stands on one line: plain, quoted, or none.
  static func inline(_ text: Substring) -> String {
    switch text {
    case "", "~", "null", "Null", "NULL", "[]", "[ ]", "{}": return ""
    default: break
    }
    guard let quote = text.first, quote == "\"" || quote == "'", text.count > 1, text.last == quote,
      let content = content(text.dropFirst().dropLast(), of: quote)
    else { return String(text) }
    return content
  }

  // MARK: - Quotes

  /// What stands between two quotes; nil when they are part of a plain text, such as `"Statistics" and "Chemistry"`.
  private static func content(_ text: Substring, of quote: Character) -> String? {
    let characters = Array(text)
    var result = ""
    var index = 0
    var isFirstQuote = true
    while index < characters.count {
      let character = characters[index]
      let next = index + 1 < characters.count ? characters[index + 1] : nil
      if character == "\\", quote == "\"", let escaped = escaped(characters[(index + 1)...]) {
        result.unicodeScalars.append(escaped.scalar)
        index += 1 + escaped.length
      } else if character == quote, quote == "'", next == quote {
        result.append(quote)
        index += 2
      } else {
        if character == quote, isFirstQuote {
          // Nobody escaped it. One that ends a word ends what the first quote began.
          isFirstQuote = false
          let isWordBefore = index > 0 && characters[index - 1] != " "
          if isWordBefore, next.map({ !$0.isLetter && !$0.isNumber }) ?? true { return nil }
        }
        result.append(character)
        index += 1
      }
    }
    return result
  }

  /// The escapes that Perl's YAML knows, after the backslash. Any other backslash is text.
  private static func escaped(_ rest: ArraySlice<Character>) -> (scalar: Unicode.Scalar, length: Int)? {
    switch rest.first {
    case "n": ("\n", 1)
    case "t": ("\t", 1)
    case "r": ("\r", 1)
    case "\"": ("\"", 1)
    case "\\": ("\\", 1)
    case "0", "a", "v", "f", "e": (" ", 1)
    case "x":
      UInt8(String(rest.dropFirst().prefix(2)), radix: 16).flatMap { byte in
        rest.count > 2 ? (Unicode.Scalar(byte), 3) : nil
      }
    default: nil
    }
  }

  // MARK: - Blocks

  /// `|` or `>` with what may follow it: `-` or `+` for the line ends at the end, which do not count here, and the
  /// number of columns that the block is indented by.
  private struct Block {
    let isFolded: Bool
    let columns: Int?

    init?(_ indicator: Substring) {
      guard let style = indicator.first, style == "|" || style == ">", indicator.count <= 3,
        indicator.dropFirst().allSatisfy({ $0 == "-" || $0 == "+" || $0.isASCII && $0.isNumber })
      else { return nil }
      isFolded = style == ">"
      columns = indicator.compactMap(\.wholeNumberValue).first
    }

    func text(_ entry: MessageEntry) -> String {
      let least = entry.nested.filter { !$0.text.isEmpty }.map(\.indent).min() ?? 0
      let indent = columns.map { entry.indent + $0 } ?? least
      let lines = entry.nested.map { $0.withoutIndent(indent) }
      return isFolded ? folded(lines) : lines.joined(separator: "\n")
    }
  }

  /// A text whose first line is the sign of a block, as Spyc writes it twice, read as that block.
  private static func undoubled(_ text: String) -> String {
    var text = text
    // Each time it is saved with a line end at its end it is wrapped once more.
    while let end = text.firstIndex(of: "\n"), let block = Block(text[..<end]) {
      let lines = text[text.index(after: end)...].split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated().map { MessageLine(number: $0.offset, $0.element) }
      // Somebody's own line with a `>` must not make paragraphs of the lines below it.
      if block.isFolded, lines.contains(where: { !$0.text.isEmpty && $0.indent == 0 }) { break }
      text = tidy(block.text(MessageEntry(key: "", indent: 0, inline: "", nested: lines)))
    }
    return text
  }

  /// Lines joined by blanks; each empty line stands for a line end.
  private static func folded(_ lines: [Substring]) -> String {
    var result = ""
    for line in lines.map({ PlainLine.trimmed($0) }) {
      if line.isEmpty {
        result += "\n"
      } else {
        if let last = result.last, last != "\n" { result += " " }
        result += line
      }
    }
    return result
  }

  /// LF line ends, no blanks at the ends of lines, nothing empty at either end.
  private static func tidy(_ text: String) -> String {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { line in
        line.lastIndex { !$0.isWhitespace }.map { line[...$0] } ?? ""
      }
    guard let first = lines.firstIndex(where: { !$0.isEmpty }),
      let last = lines.lastIndex(where: { !$0.isEmpty })
    else { return "" }
    return PlainLine.trimmed(lines[first...last].joined(separator: "\n"))
  }
}
