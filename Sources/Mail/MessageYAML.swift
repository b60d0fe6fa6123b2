/// Reads the messages in VCL's `variable` table: the YAML of a flat map with the keys `subject`, `message` and
/// `short_message`.
///
/// Why this is no YAML library: two programs write these rows, and neither writes YAML. Perl's YAML module, with which
/// VCL's backend writes, follows a draft of YAML 1.0. Spyc 0.5.1, with which VCL's web page writes, leaves quotes,
/// backslashes and leading `@` or `%` as they are, folds lines after 40 columns, and writes a text that ends in a line
/// end or a blank twice into a block: `message: |`, then a line `|`, then the lines, indented once more. When
/// the backend rewrites such a row the second `|` has become part of the text. A YAML library refuses half of this
/// and misreads the rest. Neither program writes comments, anchors or flow collections, so what looks like one is
/// text here.
package enum MessageYAML {
  /// The message in a row's `value`.
  ///
  /// Line ends may be CRLF, also within blocks. Keys may come in any order; unknown ones are passed over.
  ///
  /// - Throws: where a line belongs to no key, or there is neither a subject nor a message.
  package static func parse(_ text: String) throws(MessageYAMLError) -> SiteMessage {
    let entries = try MessageEntries.read(text)
    guard entries.contains(where: { $0.key == "subject" || $0.key == "message" }) else {
      throw MessageYAMLError(line: 1, reason: "there is neither a subject nor a message")
    }
    func value(_ key: String) -> String {
      guard let entry = entries.last(where: { $0.key == key }) else { return "" }
      return MessageScalar.value(of: entry)
    }
    let complaints = entries.last { $0.key == "invalidfields" }?.nested ?? []
    return SiteMessage(
      subject: PlainLine.of(value("subject")), message: value("message"),
      shortMessage: value("short_message"), invalidFields: complaints.compactMap(listed))
  }

  /// What a line `- '[word]'` lists.
  private static func listed(_ line: MessageLine) -> String? {
    guard line.text.hasPrefix("- ") else { return nil }
    return MessageScalar.inline(line.text.dropFirst(2))
  }
}

/// Why a row cannot be read.
package struct MessageYAMLError: Error, Equatable, CustomStringConvertible {
  /// Counted from 1.
  package let line: Int
  package let reason: String

  package var description: String { "line \(line): \(reason)" }
}

/// One line of a row.
struct MessageLine {
  /// Counted from 1.
  let number: Int
  /// How many blanks and tabs it begins with.
  let indent: Int
  /// Without them, and without those at its end.
  let text: Substring
  private let whole: Substring

  init(number: Int, _ line: Substring) {
    self.number = number
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\0" || $0 == "\r" }
    let tail = line.drop(while: isBlank)
    text = tail.lastIndex { !isBlank($0) }.map { tail[...$0] } ?? ""
    indent = text.isEmpty ? 0 : line.distance(from: line.startIndex, to: text.startIndex)
    // An empty text has indices of its own.
    whole = text.isEmpty ? "" : line[..<text.endIndex]
  }

  /// The line without the first so many columns of its indentation.
  func withoutIndent(_ columns: Int) -> Substring {
    text.isEmpty ? "" : whole.dropFirst(min(indent, columns))
  }
}

/// A key at the left edge, and everything up to the next one.
struct MessageEntry {
  let key: String
  /// How far the key is indented.
  let indent: Int
  /// What follows the colon on the key's line.
  let inline: Substring
  /// The lines below, those without text at the end left out.
  var nested: [MessageLine]
}

enum MessageEntries {
  static func read(_ text: String) throws(MessageYAMLError) -> [MessageEntry] {
    var entries: [MessageEntry] = []
    var isInside = false
    for line in lines(text) {
      let isAtEdge = line.indent <= (entries.first?.indent ?? line.indent)
      if line.text.isEmpty {
        if !entries.isEmpty { entries[entries.count - 1].nested.append(line) }
      } else if isAtEdge, line.text.hasPrefix("---"), line.text.dropFirst(3).allSatisfy({ $0 == " " }) {
        // Only the first of several documents is VCL's.
        if isInside { break }
        isInside = true
      } else if isAtEdge,
        line.text.hasPrefix("#") || line.text == "..."
          || entries.isEmpty && (line.text.hasPrefix("%") || line.text.hasPrefix("--- #"))
      {
        continue
      } else if !isAtEdge || line.text.hasPrefix("- ") && entries.last?.inline.isEmpty == true {
        entries[entries.count - 1].nested.append(line)
      } else if let entry = entry(line) {
        isInside = true
        entries.append(entry)
      } else {
        throw MessageYAMLError(line: line.number, reason: "expected a key and a colon")
      }
    }
    for index in entries.indices {
      while entries[index].nested.last?.text.isEmpty == true { entries[index].nested.removeLast() }
    }
    return entries
  }

  private static func lines(_ text: String) -> [MessageLine] {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar != "\u{FEFF}" {
      // A CR before a LF is part of the line end; to a String the two are one character.
      if scalar == "\n" { while scalars.last == "\r" { scalars.removeLast() } }
      scalars.append(scalar)
    }
    return String(scalars).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
      .map { MessageLine(number: $0.offset + 1, $0.element) }
  }

  private static func entry(_ line: MessageLine) -> MessageEntry? {
    guard let colon = line.text.firstIndex(of: ":") else { return nil }
    let key = PlainLine.trimmed(line.text[..<colon]).filter { $0 != "'" && $0 != "\"" }
    guard !key.isEmpty, key.count <= 64,
      key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
    else { return nil }
    let inline = line.text[line.text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    return MessageEntry(key: key, indent: line.indent, inline: inline, nested: [])
  }
}
