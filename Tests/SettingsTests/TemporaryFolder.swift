import Foundation

@testable import Settings

/// A folder of one test, gone with it; error lines show its files by their names alone.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file and gives its path.
  func write(_ name: String, _ content: String, mode: Int = 0o600) throws -> String {
    try write(name, Data(content.utf8), mode: mode)
  }

  func write(_ name: String, _ content: Data, mode: Int = 0o600) throws -> String {
    let file = path + "/" + name
    try content.write(to: URL(fileURLWithPath: file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    return file
  }

  /// What a file of certificates looks like from outside.
  static let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

  /// Loads these lines; `FOLDER` in a value stands for this folder.
  ///
  /// - Parameters:
  ///   - lines: Of `expireimage.conf`.
  ///   - vcld: Lines of `vcld.conf`.
  ///   - options: Lines of the machine's `my.cnf`.
  func load(
    _ lines: String?, _ environment: [String: String] = [:], vcld: String? = nil, options: String? = nil
  ) throws -> Settings {
    func file(_ name: String, _ content: String?) throws -> [String] {
      try content.map { [try write(name, $0.replacing("FOLDER", with: path))] } ?? []
    }
    return try Settings.load(
      configFile: try file("expireimage.conf", lines).first,
      environment: environment.mapValues { $0.replacing("FOLDER", with: path) },
      usualFiles: SettingFiles(
        managementNode: try file("vcld.conf", vcld), options: try file("my.cnf", options)))
  }

  /// The line of the error, which must come, with this folder's path written as `FOLDER`.
  func error(
    _ lines: String?, _ environment: [String: String] = [:], vcld: String? = nil, options: String? = nil
  ) throws -> String {
    do {
      _ = try load(lines, environment, vcld: vcld, options: options)
      return "no error"
    } catch let error as SettingsError {
      return error.description.replacing(path, with: "FOLDER")
    }
  }
}

extension Settings {
  /// The entry of a key.
  func entry(_ key: SettingKey) -> SettingEntry? {
    entries.first { $0.key == key.rawValue }
  }

  /// The value of a key and its source, without the files' folder.
  func line(_ key: SettingKey, _ folder: TemporaryFolder) -> String {
    guard let entry = entry(key) else { return "" }
    return "\(entry.value ?? "-") \(entry.source)".replacing("\(folder.path)/", with: "")
  }
}
