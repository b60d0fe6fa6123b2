import CMariaDB

/// One statement of a script.
struct ScriptStatement: Equatable {
  /// Without its delimiter, with the comments before it.
  var text: String
  /// Where its first line that is no comment stands, counted from 1.
  var line: Int
  /// That line.
  var firstLine: String

  /// The statements of a script, in order. A statement ends with the delimiter at the end of a line; the delimiter is
  /// ';' until a line `DELIMITER //` changes it, as in MariaDB's own client. Lines starting with `--` are comments.
  static func split(_ script: String) -> [ScriptStatement] {
    var statements: [ScriptStatement] = []
    var delimiter = ";"
    var lines: [Substring] = []
    var first: (line: Int, text: String)?

    func end() {
      if let first {
        statements.append(
          ScriptStatement(text: lines.joined(separator: "\n"), line: first.line, firstLine: first.text))
      }
      lines = []
      first = nil
    }

    let all = script.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
    for (index, line) in all.enumerated() {
      let trimmed = oneLine(String(line))
      if first == nil, trimmed.uppercased().hasPrefix("DELIMITER ") {
        delimiter = String(trimmed.dropFirst("DELIMITER ".count))
        continue
      }
      if trimmed.isEmpty || trimmed == "--" || trimmed.hasPrefix("-- ") {
        lines.append(line)
        continue
      }
      if first == nil { first = (index + 1, trimmed) }
      if trimmed.hasSuffix(delimiter) {
        lines.append(line[..<(line.range(ofLast: delimiter))])
        end()
      } else {
        lines.append(line)
      }
    }
    end()
    return statements
  }
}

extension Substring {
  /// Where the last occurrence of a text that this line is known to end with, blanks aside, begins.
  fileprivate func range(ofLast suffix: String) -> Index {
    let end = lastIndex(where: { !$0.isWhitespace }).map(index(after:)) ?? endIndex
    return index(end, offsetBy: -suffix.count)
  }
}

extension Connection {
  /// Executes the statements of a script one by one over the text protocol; results are dropped.
  ///
  /// Each statement ends with ';' at the end of a line. Throws the first error; it names the statement's first line
  /// and where that stands, or what is given as `operation`. What was done before stays done, unless a transaction
  /// undoes it.
  package func executeScript(_ script: String, as operation: String? = nil) throws(MariaDBError) {
    for statement in ScriptStatement.split(script) {
      try send(
        statement.text,
        as: operation ?? "line \(statement.line), \(summary(ofSQL: statement.firstLine))")
    }
  }

  /// Executes one statement over the text protocol; its result is dropped.
  func send(_ statement: String, as operation: @autoclosure () -> String) throws(MariaDBError) {
    try checkReady(operation())
    var text = statement
    let failed = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        mysql_real_query(handle.pointer, $0.baseAddress, UInt($0.count)) != 0
      }
    }
    if !failed, mysql_field_count(handle.pointer) > 0 {
      mysql_free_result(mysql_use_result(handle.pointer))
    }
    if failed || mysql_errno(handle.pointer) != 0 {
      throw noted(MariaDBError(connection: handle.pointer, operation: operation()))
    }
  }
}
