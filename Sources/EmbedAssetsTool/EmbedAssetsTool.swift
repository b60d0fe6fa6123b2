import Foundation

/// Writes one Swift file that holds every file named on the command line as a constant.
///
/// `sql/queries/live_revisions.sql` becomes `Assets.Queries.liveRevisions`; every folder also has `all`,
/// its files by name, for what must be listed (migrations, templates).
@main
struct EmbedAssetsTool {
  static func main() throws {
    let arguments = CommandLine.arguments
    let output = URL(fileURLWithPath: arguments[1])
    let root = arguments[2] + "/"
    let paths = arguments.dropFirst(3)

    var folders: [String: [(name: String, text: String)]] = [:]
    for path in paths {
      let relative = path.replacingOccurrences(of: root, with: "")
      let parts = relative.split(separator: "/").map(String.init)
      let folder = parts.count > 1 ? parts[parts.count - 2] : ""
      let text = try String(contentsOfFile: path, encoding: .utf8)
      folders[folder, default: []].append((parts[parts.count - 1], text))
    }

    var source = "package enum Assets {\n"
    for (folder, files) in folders.sorted(by: { $0.key < $1.key }) {
      source += "  package enum \(capitalized(camelCase(folder))) {\n"
      for file in files {
        source += "    package static let \(constant(file.name)) = ####\"\"\"\n\(file.text)\n\"\"\"####\n"
      }
      source += "    package static let all: [(name: String, text: String)] = [\n"
      for file in files { source += "      (\"\(file.name)\", \(constant(file.name))),\n" }
      source += "    ]\n  }\n"
    }
    source += "}\n"
    try source.write(to: output, atomically: true, encoding: .utf8)
  }

  /// The Swift name of a file: without its last extension when that is `sql` or `mustache`.
  static func constant(_ name: String) -> String {
    let stem =
      name.hasSuffix(".sql") || name.hasSuffix(".mustache")
      ? String(name[..<name.lastIndex(of: ".")!]) : name
    return camelCase(stem)
  }

  static func camelCase(_ name: String) -> String {
    let words = name.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
    return words[0] + words.dropFirst().map(capitalized).joined()
  }

  static func capitalized(_ word: String) -> String {
    word.prefix(1).uppercased() + word.dropFirst()
  }
}
