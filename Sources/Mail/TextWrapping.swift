/// Breaks the lines of a plain-text mail at blanks.
enum TextWrapping {
  /// The text with no line longer than that many columns, except where one word is longer.
  ///
  /// The lines that follow a broken one are indented as it was, below the text of a list item. Blanks at line ends go,
  /// several empty lines become one, and none is left at either end; the text ends in a line feed.
  static func wrapped(_ text: String, columns: Int) -> String {
    var lines: [String] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let words = line.split(separator: " ")
      if words.isEmpty {
        if let last = lines.last, !last.isEmpty { lines.append("") }
      } else {
        lines += wrapped(words, indentation: line.prefix { $0 == " " }.count, columns: columns)
      }
    }
    if lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func wrapped(_ words: [Substring], indentation: Int, columns: Int) -> [String] {
    let hanging = String(repeating: " ", count: indentation + (words[0] == "-" ? 2 : 0))
    var lines: [String] = []
    var current = String(repeating: " ", count: indentation) + words[0]
    var width = indentation + words[0].count
    for word in words.dropFirst() {
      if width + 1 + word.count > columns {
        lines.append(current)
        current = hanging + word
        width = hanging.count + word.count
      } else {
        current += " " + word
        width += 1 + word.count
      }
    }
    return lines + [current]
  }
}
