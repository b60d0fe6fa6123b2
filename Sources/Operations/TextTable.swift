import Mail

/// Rows of text in columns as wide as they need; every row is one line, whatever control characters a name holds.
struct TextTable {
  let header: [String]
  let rows: [[String]]

  init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows.map { $0.map(PlainLine.of) }
  }

  /// Columns of nothing but numbers are aligned to the right.
  var text: String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let isNumeric = header.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { !$0[column].isEmpty && $0[column].allSatisfy(\.isNumber) }
    }
    func line(_ row: [String]) -> String {
      let cells = row.indices.map { column in
        isNumeric[column]
          ? row[column].leftPadded(to: widths[column]) : row[column].padded(to: widths[column])
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop(while: { $0 == " " }).reversed())
    }
    let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
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
}
