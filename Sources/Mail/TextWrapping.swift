/// Breaks the lines of a plain-text mail at blanks.
package enum TextWrapping {
  /// The text with no line longer than that many columns, except where one word is longer.
  ///
  /// The lines that follow a broken one are indented as it was, below the text of a list item. Blanks at line ends go,
  /// several empty lines become one, and none is left at either end; the text ends in a line feed.
  package static func wrapped(_ text: String, columns: Int) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + text.utf8.count / 8)
    var isAfterEmptyLine = true
    // Bytes, because a mail is thousands of characters and there are thousands of mails.
    for line in text.utf8.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == 0x0A || $0 == 0x0D })
    {
      let words = line.split(separator: UInt8(ascii: " ")).map(Substring.init)
      if words.isEmpty {
        if !isAfterEmptyLine { result += "\n" }
        isAfterEmptyLine = true
      } else {
        append(
          words, indentation: line.prefix { $0 == UInt8(ascii: " ") }.count, columns: columns, to: &result)
        isAfterEmptyLine = false
      }
    }
    if isAfterEmptyLine, !result.isEmpty { result.removeLast() }
    return result
  }

  private static func append(_ words: [Substring], indentation: Int, columns: Int, to result: inout String) {
    let hanging = indentation + (words[0] == "-" ? 2 : 0)
    result += String(repeating: " ", count: indentation)
    var column = indentation
    for (index, word) in words.enumerated() {
      let width = width(word)
      if index > 0, column + 1 + width > columns {
        result += "\n" + String(repeating: " ", count: hanging)
        column = hanging
      } else if index > 0 {
        result += " "
        column += 1
      }
      result += word
      column += width
    }
    result += "\n"
  }

  private static func width(_ word: Substring) -> Int {
    word.utf8.allSatisfy { $0 < 0x80 } ? word.utf8.count : word.count
  }
}
