import Foundation

/// A file of `key = value` lines: `#` lines are comments, `[section]` prefixes the keys below it, a value may
/// stand in single or double quotes.
///
/// A comment has a line of its own, so that a password may hold a `#`. Nothing is escaped inside quotes.
struct ConfigurationFile {
  /// One setting as it stands in the file, its key with the section's name.
  struct Line: Equatable {
    let number: Int
    let key: String
    let value: String
  }

  let path: String
  let lines: [Line]

  /// Reads and takes apart a file.
  ///
  /// - Parameters:
  ///   - path: The file, which must exist.
  ///   - remedy: What to do if it cannot be read.
  /// - Throws: `SettingsError` with the path, the line's number and the remedy.
  init(path: String, remedy: String) throws(SettingsError) {
    let content: Data
    do {
      content = try LocalFile.read(path)
    } catch {
      throw SettingsError("file \(path)", "cannot be read: \(error.reason); \(remedy)")
    }
    try self.init(path: path, content: content)
  }

  init(path: String, content: Data) throws(SettingsError) {
    self.path = path
    var lines: [Line] = []
    var firstLine: [String: Int] = [:]
    var section = ""
    for (index, bytes) in content.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let place = "file \(path) line \(index + 1)"
      guard let text = String(bytes: bytes, encoding: .utf8) else {
        throw SettingsError(place, "is not UTF-8; save the file as UTF-8")
      }
      let line = text.trimmingPrefix("\u{FEFF}").trimmingCharacters(
        in: .whitespacesAndNewlines)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("[") {
        section = try ConfigurationFile.section(line, place)
        continue
      }
      let (name, value) = try ConfigurationFile.setting(line, place)
      // A dot makes a key complete, so that one line can be copied anywhere.
      let key = section.isEmpty || name.contains(".") ? name : "\(section).\(name)"
      if let first = firstLine[key] {
        throw SettingsError(place, "\(quoted(key)) was set in line \(first) already; remove one of them")
      }
      firstLine[key] = index + 1
      lines.append(Line(number: index + 1, key: key, value: value))
    }
    self.lines = lines
  }

  private static func section(_ line: String, _ place: String) throws(SettingsError) -> String {
    let name = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces)
    guard line.hasSuffix("]"), !name.isEmpty else {
      throw SettingsError(place, "is not a section; write [database]")
    }
    return name
  }

  /// Errors here repeat nothing of the line, which may be a password.
  private static func setting(
    _ line: String, _ place: String
  ) throws(SettingsError) -> (name: String, value: String) {
    guard let sign = line.firstIndex(of: "=") else {
      throw SettingsError(place, "has no '='; write key = value, or # before a comment")
    }
    let name = line[..<sign].trimmingCharacters(in: .whitespaces)
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
    else { throw SettingsError(place, "has no key before '='; write key = value") }
    let value = line[line.index(after: sign)...].trimmingCharacters(in: .whitespaces)
    if let quote = value.first, quote == "\"" || quote == "'" {
      guard value.count > 1, value.last == quote, !value.dropFirst().dropLast().contains(quote) else {
        throw SettingsError(
          place, "\(quoted(name)) must end with the quote it begins with; use the other kind of quote inside")
      }
      return (name, String(value.dropFirst().dropLast()))
    }
    if value.contains(" #") || value.contains("\t#") {
      throw SettingsError(
        place,
        "\(quoted(name)) has a '#' after a blank; put the comment on its own line, or the value in quotes")
    }
    return (name, value)
  }
}
