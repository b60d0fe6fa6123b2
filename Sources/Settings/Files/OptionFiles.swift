import Foundation

/// The options that MariaDB's option files hold for this program, read as the client `mariadb` reads them: in the order
/// of the files and their lines, whatever the group, with what they include where they include it.
///
/// They are read here and not by the client library, which passes over the files in an included folder, takes a comment
/// into a value, says nothing of a missing file, and cannot tell where a value comes from.
struct OptionFiles {
  /// One option of one of our groups.
  struct Option: Equatable {
    let name: String
    /// `nil` where there is no `=`.
    let value: String?
    let source: SettingSource
  }

  private(set) var options: [Option] = []
  private(set) var files: [SettingFile] = []
  private(set) var warnings: [String] = []
  /// In lower case.
  private let groups: Set<String>

  /// MariaDB's groups for all clients that know the connection options, and our own.
  static let groups = ["client", "client-server", "client-mariadb", "expireimage"]
  private static let deepestInclude = 10

  /// - Parameters:
  ///   - paths: In their order; one that is not there is passed over.
  ///   - groupSuffix: Groups with this at the end are read, too.
  /// - Throws: `SettingsError` for a line that stops MariaDB's own programs, too.
  init(_ paths: [String], groupSuffix: String = "") throws(SettingsError) {
    groups = Set((Self.groups + Self.groups.map { $0 + groupSuffix }).map { $0.lowercased() })
    for path in paths { try read(path, depth: 0) }
  }

  /// - Parameter place: Where the file is named, `nil` where it is only looked for.
  private mutating func read(_ path: String, depth: Int, _ place: String? = nil) throws(SettingsError) {
    guard LocalFile.exists(path) else { return files.append(.notThere(path)) }
    if LocalFile.isWritableByAll(path) {
      files.append(.notRead(path, "every account can change it"))
      return warnings.append(
        "file \(path) is not read, because every account can change it; run chmod o-w \(path)")
    }
    let lines: [TextLine]
    do {
      lines = TextLine.all(try LocalFile.read(path))
    } catch {
      files.append(.notRead(path, error.reason))
      if let place {
        warnings.append(
          "\(place): includes \(quoted(path)), which cannot be read: \(error.reason); correct its permissions"
        )
      }
      return
    }
    files.append(.read(path))
    var group: String?
    for line in lines {
      try take(OptionFileLine(line.bytes), path, line.number, &group, depth: depth)
    }
  }

  private mutating func take(
    _ line: OptionFileLine, _ path: String, _ number: Int, _ group: inout String?, depth: Int
  ) throws(SettingsError) {
    let place = "file \(path) line \(number)"
    switch line {
    case .blank: break
    case .malformed(let problem): throw SettingsError(place, "\(problem); correct the line")
    case .group(let name): group = name
    case .include(let other):
      try checkDepth(depth, place)
      try read(other, depth: depth + 1, place)
    case .includeFolder(let folder):
      try checkDepth(depth, place)
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder)
      } catch {
        throw SettingsError(
          place, "includes \(quoted(folder)), a folder that cannot be read; correct the path")
      }
      // Sorted by their bytes, whatever the language.
      for name in names.filter({ $0.hasSuffix(".cnf") }).sorted(by: {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }) {
        try read(folder + (folder.hasSuffix("/") ? "" : "/") + name, depth: depth + 1)
      }
    case .option(let name, let value):
      guard let group else {
        throw SettingsError(place, "has an option before any group; write [client] above it")
      }
      guard groups.contains(group) else { return }
      let source = SettingSource.file(path: path, line: number, name: "[\(group)] \(name)")
      let text = try value.map { bytes throws(SettingsError) in try bytes.text(source) }
      options.append(Option(name: name, value: text, source: source))
    }
  }

  private func checkDepth(_ depth: Int, _ place: String) throws(SettingsError) {
    if depth >= Self.deepestInclude {
      throw SettingsError(place, "includes a file in a file for the eleventh time; does one include itself?")
    }
  }
}
