import Caches
import Foundation
import Mail
import Operations
import Retention
import Settings
import Testing

/// The README's tables are the code's. With `EXPIREIMAGE_RECORD_GOLDENS=1` they are written anew, and the test fails.
@Suite("The README", .serialized)
struct ReadmeTests {
  static let path = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "README.md")

  static let tables: [(name: String, text: String)] = [
    (
      "parameters",
      table(
        ["parameter", "default", "values", "meaning"],
        Parameter.all.map { parameter in
          let values = [parameter.range, parameter.unit.rawValue]
            .filter { !$0.isEmpty && !parameter.range.contains("list of days") || $0 == parameter.range }
          return [
            "`\(parameter.key)`\(parameter.isSiteWide ? " *" : "")",
            parameter.defaultValue.isEmpty ? "empty" : "`\(parameter.defaultValue)`",
            values.joined(separator: " "),
            parameter.sentence,
          ]
        })
    ),
    ("reasons", table(["code", "meaning"], Reason.allCases.map { ["`\($0.rawValue)`", $0.sentence] })),
    (
      "settings",
      table(
        ["setting", "default", "values", "meaning"],
        SettingKey.allCases.map { key in
          let definition = key.definition
          return [
            "`\(key.rawValue)`", definition.defaultValue.map { "`\($0)`" } ?? "", definition.kind.allowed,
            definition.sentence,
          ]
        })
    ),
    (
      "mail statuses",
      table(["status", "meaning"], MailStatus.allCases.map { ["`\($0.rawValue)`", $0.sentence] })
    ),
    (
      "exit statuses",
      table(
        ["status", "meaning", "what to do"],
        ExitStatus.allCases.map { [String($0.rawValue), $0.sentence, $0.remedy] })
    ),
    (
      "checks",
      table(["check", "what it looks at"], CheckName.allCases.map { ["`\($0.rawValue)`", $0.sentence] })
    ),
    ("why files stay", table(["code", "why"], FileReason.staying.map { ["`\($0.code)`", $0.sentence] })),
    ("why files go", table(["code", "why"], FileReason.going.map { ["`\($0.code)`", $0.sentence] })),
    ("layouts", table(["layout", "files"], Layout.allCases.map { ["`\($0.rawValue)`", $0.sentence] })),
    (
      "metrics",
      table(
        ["metric", "label", "meaning"],
        Metric.allCases.map { ["`\($0.rawValue)`", $0.label.map { "`\($0)`" } ?? "", $0.sentence] })
    ),
    ("names of the owner's digest", names(.ownerDigestText)),
    ("names of the admins' summary", names(.adminSummaryText)),
  ]

  /// What a template may use, and inside of which lists.
  static func names(_ template: MailTemplate) -> String {
    table(
      ["inside of", "name", "kind", "meaning"],
      template.schema.places.flatMap { lists, fields in
        fields.map { field in
          [
            lists.map { "`\($0)`" }.joined(separator: ", "), "`\(field.name)`", field.kind.rawValue,
            field.meaning,
          ]
        }
      })
  }

  static func table(_ header: [String], _ rows: [[String]]) -> String {
    let rule = "|" + String(repeating: "---|", count: header.count)
    let lines = ([header] + rows).map { row in
      "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
  }

  @Test("shows each table as the code has it", arguments: tables.indices)
  func tableIsCurrent(_ index: Int) throws {
    let (name, text) = Self.tables[index]
    let readme = try String(contentsOf: Self.path, encoding: .utf8)
    let begin = try #require(readme.range(of: "<!-- \(name) -->\n"))
    let end = try #require(readme.range(of: "<!-- end -->", range: begin.upperBound..<readme.endIndex))
    let present = String(readme[begin.upperBound..<end.lowerBound])
    guard present != text + "\n" else { return }
    if ProcessInfo.processInfo.environment["EXPIREIMAGE_RECORD_GOLDENS"] == "1" {
      let updated = readme.replacingCharacters(in: begin.upperBound..<end.lowerBound, with: text + "\n")
      try updated.write(to: Self.path, atomically: true, encoding: .utf8)
    }
    Issue.record(
      "the README's table of \(name) is not the code's; record it with EXPIREIMAGE_RECORD_GOLDENS=1")
  }
}
