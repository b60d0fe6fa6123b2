/// Breaks the lines of a plain-text mail at blanks.
package enum TextWrapping {
  /// The text with no line longer than that many columns, except where one word is longer.
  ///
  /// The lines that follow a broken one are indented as it was, below the text of a list item. Blanks at line ends go,
  /// several empty lines become one, and none is left at either end; the text ends in a line feed.
  package static func wrapped(_ text: String, columns: Int) -> String {
    var text = text
    // Bytes, because a mail is thousands of characters and there are thousands of mails.
    return text.withUTF8 { bytes in
      var writer = Writer(columns: columns, reserving: bytes.count + bytes.count / 8)
      var start = 0
      for index in 0...bytes.count where index == bytes.count || bytes[index] == 0x0A || bytes[index] == 0x0D
      {
        writer.append(line: UnsafeBufferPointer(rebasing: bytes[start..<index]))
        start = index + 1
      }
      return String(decoding: writer.finished, as: UTF8.self)
    }
  }

  private static let blank = UInt8(ascii: " ")
  private static let lineFeed = UInt8(ascii: "\n")

  private struct Writer {
    let columns: Int
    private var output: [UInt8] = []
    private var isAfterEmptyLine = true

    init(columns: Int, reserving capacity: Int) {
      self.columns = columns
      output.reserveCapacity(capacity)
    }

    var finished: ArraySlice<UInt8> { isAfterEmptyLine ? output.dropLast() : output[...] }

    mutating func append(line: UnsafeBufferPointer<UInt8>) {
      guard let indentation = line.firstIndex(where: { $0 != blank }) else {
        if !isAfterEmptyLine { output.append(lineFeed) }
        isAfterEmptyLine = true
        return
      }
      isAfterEmptyLine = false
      let isItem = line[indentation...].starts(with: "- ".utf8)
      indent(indentation)
      var column = indentation
      var isFirst = true
      var start = indentation
      while start < line.count {
        let end = line[start...].firstIndex(of: blank) ?? line.count
        defer { start = end + 1 }
        guard end > start else { continue }
        let word = UnsafeBufferPointer(rebasing: line[start..<end])
        let width = Self.width(word)
        if !isFirst, column + 1 + width > columns {
          output.append(lineFeed)
          column = indentation + (isItem ? 2 : 0)
          indent(column)
        } else if !isFirst {
          output.append(blank)
          column += 1
        }
        output.append(contentsOf: word)
        column += width
        isFirst = false
      }
      output.append(lineFeed)
    }

    private mutating func indent(_ count: Int) {
      for _ in 0..<count { output.append(blank) }
    }

    /// In characters, which is near enough to columns.
    private static func width(_ word: UnsafeBufferPointer<UInt8>) -> Int {
      word.allSatisfy { $0 < 0x80 } ? word.count : String(decoding: word, as: UTF8.self).count
    }
  }
}
