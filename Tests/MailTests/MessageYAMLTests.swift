import Foundation
import Mail
import Testing

@Suite("Messages as VCL stores them")
struct MessageYAMLTests {
  /// A text that Perl's YAML 1.30 or Spyc 0.5.1 has written, and the values that it was given.
  struct Written: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let writer: String
    let subject: String
    let message: String
    let shortMessage: String
    let yaml: String

    var testDescription: String { "\(name) (\(writer))" }
  }

  static let samples: [Written] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/site_words.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try! decoder.decode([Written].self, from: Data(contentsOf: file))
  }()

  /// A text as a message is read: no blanks at the ends of lines, nothing empty at either end.
  private static func tidy(_ text: String) -> String {
    text.replacing("\r\n", with: "\n").replacing(/[ \t]+\n/, with: "\n")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test("What VCL's two writers write is read as it was meant", arguments: samples)
  func written(_ written: Written) throws {
    let message = try MessageYAML.parse(written.yaml)
    #expect(message.subject == Self.tidy(written.subject))
    #expect(message.message == Self.tidy(written.message))
    #expect(message.shortMessage == Self.tidy(written.shortMessage))
  }

  @Test("A text with CRLF line ends says the same", arguments: samples)
  func carriageReturns(_ written: Written) throws {
    let text = written.yaml.replacing("\r\n", with: "\n")
    #expect(try MessageYAML.parse(text.replacing("\n", with: "\r\n")) == MessageYAML.parse(text))
    #expect(try MessageYAML.parse("\u{FEFF}" + text + "\n\n  \n") == MessageYAML.parse(text))
  }

  @Test(
    "A value is read whatever its style",
    arguments: [
      ("s", "s"), ("  s  ", "s"), ("", ""), ("~", ""), ("null", ""), ("''", ""), ("\"\"", ""), ("[ ]", ""),
      ("a: b:c", "a: b:c"), ("see #1 # not a comment", "see #1 # not a comment"),
      ("@all %d `x`", "@all %d `x`"),
      ("'it''s'", "it's"), ("'it's here'", "it's here"), ("'a \\n b'", "a \\n b"),
      ("\"a \\\"b\\\" \\\\ c\\x21 \\q\"", "a \"b\" \\ c! \\q"),
      ("\"Your \"old\" image\"", "Your \"old\" image"),
      ("\"Statistics\" and \"Chemistry\"", "\"Statistics\" and \"Chemistry\""), ("\"open", "\"open"),
      ("'", "'"),
      ("'A' and 'B'", "'A' and 'B'"), ("ends in |", "ends in |"), ("> 5 images", "> 5 images"),
      ("|\n  a\n\n  b", "a\n\nb"), ("|-\n      a\n        b", "a\n  b"), ("|+\n a\n\n\n", "a"),
      ("|2\n    a\n  b", "a\nb"), ("|-2\n  a\n    b", "a\n  b"), ("|\n    a\n  b", "a\nb"),
      ("|\n\ta\n\t\tb", "a\n\tb"), (">\n  a\n  b\n\n  c", "a b\nc"), (">-\n  a\n  b", "a b"),
      ("a\n  b\n  c", "a b c"), ("\n  a\n  b", "a b"), ("\"a\n  b\"", "a b"),
      ("|\n  |\n    a\n    b", "a\nb"), ("|\n  |\n    |\n      a\n      b", "a\nb"),
      ("|\n  >\n    a\n    b", "a b"), ("\"|\\n  a\\n  b\\n\"", "a\nb"), ("|\n  |\n  a\n  b", "a\nb"),
      ("|\n  >\n  a\n  b", ">\na\nb"),
      ("|\n  a | b\n  | c", "a | b\n| c"), ("|\n  # a\n  b: c\n  - d", "# a\nb: c\n- d"),
      ("|\r\n  a\r\n  b\r\n", "a\nb"), ("\"a\\r\\nb\"", "a\nb"), ("|\n  a\u{A0}é", "a\u{A0}é"),
    ])
  func styles(_ value: String, _ expected: String) throws {
    for text in [
      "---\nmessage: \(value)\nsubject: x\n", "message: \(value)\r\nsubject: x",
      "subject: x\nmessage: \(value)",
      "--- #YAML:1.0\n# note\nsubject: x\nother: |\n  y\n\"message\": \(value)\n...\n",
      "---\nsubject: x\nmessage: \(value)\n---\nmessage: second document\n",
    ] {
      let message = try MessageYAML.parse(text)
      #expect(message.message == expected, "\(text)")
      #expect(message.subject == "x", "\(text)")
    }
  }

  @Test("What VCL noted as invalid is kept aside, in either indentation")
  func invalidFields() throws {
    let text = "---\ninvalidfields:\n  message:\n  - '[a]'\n    - '[b]'\nmessage: m\nsubject: s\nlist:\n- x\n"
    #expect(
      try MessageYAML.parse(text)
        == SiteMessage(subject: "s", message: "m", invalidFields: ["[a]", "[b]"]))
  }

  @Test(
    "What cannot be read names the line",
    arguments: [
      ("", 1), ("---\n", 1), ("--- ~\n", 1), ("just words", 1), ("---\nsubject: s\nno key here\n", 3),
      ("---\nmessage: |\n  a\nlost its indent\nsubject: s", 4), ("---\nshort_message: x\n", 1),
      ("--- {}\n", 1),
      ("---\n- subject: s\n", 2), ("a:1:{s:7:\"subject\";s:1:\"s\";}", 1),
    ])
  func unreadable(_ text: String, _ line: Int) {
    #expect {
      try MessageYAML.parse(text)
    } throws: { error in
      (error as? MessageYAMLError)?.line == line && "\(error)".hasPrefix("line \(line): ")
    }
  }

  @Test("No damage to a text does more than make it unreadable")
  func damaged() throws {
    var generator = FixedGenerator(seed: 20_261_003)
    let pieces = [
      "|", ">", "'", "\"", "\\", "\r", "\n", "\r\n", ":", "  ", "\t", "-", "\0", "é", "\u{301}", "x4",
    ]
    for _ in 0..<4000 {
      var scalars = Array(Self.samples.randomElement(using: &generator)!.yaml.unicodeScalars)
      for _ in 0..<Int.random(in: 1...4, using: &generator) where !scalars.isEmpty {
        let place = Int.random(in: 0..<scalars.count, using: &generator)
        if Bool.random(using: &generator) {
          scalars.remove(at: place)
        } else {
          scalars.insert(contentsOf: pieces.randomElement(using: &generator)!.unicodeScalars, at: place)
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      guard let message = try? MessageYAML.parse(String(text)) else { continue }
      #expect(!message.subject.contains("\n"))
      #expect(!message.message.contains("\r"))
      #expect(message.hasSameWords(as: message))
    }
  }
}
