import Mail

/// Rows of text in columns as wide as they need, whatever control characters a name holds.
///
/// In a file every row is one line. On a terminal that is too narrow the widest columns are broken into lines; where
/// that does not help, the terminal breaks the rows. Nothing is cut.
struct TextTable {
  let header: [String]
  let rows: [[String]]
  /// The style of a cell, by its column and text.
  let style: (Int, String) -> Style?

  init(header: [String], rows: [[String]], style: @escaping (Int, String) -> Style? = { _, _ in nil }) {
    self.header = header
    self.rows = rows.map { $0.map(PlainLine.of) }
    self.style = style
  }

  private static let gap = "  "
  /// No column gets narrower than this by being broken.
  private static let leastWidth = 12

  /// Columns of nothing but numbers are aligned to the right.
  func text(on screen: Screen = .file) -> String {
    let widths = widths(on: screen)
    let isNumeric = header.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { !$0[column].isEmpty && $0[column].allSatisfy(\.isNumber) }
    }
    func lines(_ row: [String], _ style: (Int, String) -> Style?) -> [String] {
      let cells = row.indices.map { row[$0].broken(at: widths[$0]) }
      return (0..<(cells.map(\.count).max() ?? 0)).map { number in
        let pieces = cells.indices.map { column in
          let piece = number < cells[column].count ? cells[column][number] : ""
          let blanks = String(repeating: " ", count: max(0, widths[column] - piece.count))
          let styled = screen.styled(piece, style(column, row[column]))
          return isNumeric[column] ? blanks + styled : styled + blanks
        }
        return pieces.joined(separator: Self.gap).withoutTrailingBlanks
      }
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap)
    return (lines(header) { _, _ in .bold } + [rule] + rows.flatMap { lines($0, style) })
      .joined(separator: "\n")
  }

  /// As wide as the longest text of each column; on a narrow screen the widest gives way until all fit.
  private func widths(on screen: Screen) -> [Int] {
    let whole = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    guard let width = screen.width else { return whole }
    var widths = whole
    var excess = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) - width
    while excess > 0 {
      let candidates = widths.indices.filter { widths[$0] > max(Self.leastWidth, header[$0].count) }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else {
        return whole
      }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}

/// Comma-separated values as RFC 4180 has them.
enum CSV {
  static func text(_ rows: [[String]]) -> String {
    rows.map { $0.map(field).joined(separator: ",") }.joined(separator: "\r\n") + "\r\n"
  }

  /// A field that a spreadsheet would take for a formula is data all the same, so it gets an apostrophe.
  private static func field(_ text: String) -> String {
    let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
    guard safe.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  /// Lines of at most so many characters, broken at blanks; a longer word is broken where the line ends.
  func broken(at width: Int) -> [String] {
    guard count > width, width > 0 else { return [self] }
    var lines: [String] = []
    var line = ""
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let joined = line.isEmpty ? String(word) : line + " " + word
      if joined.count <= width {
        line = joined
        continue
      }
      if !line.isEmpty { lines.append(line) }
      var rest = word
      while rest.count > width {
        lines.append(String(rest.prefix(width)))
        rest = rest.dropFirst(width)
      }
      line = String(rest)
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  fileprivate var withoutTrailingBlanks: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
