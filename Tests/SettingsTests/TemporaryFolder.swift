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

  /// Loads these lines; `FOLDER` in a value stands for this folder.
  func load(_ lines: String?, _ environment: [String: String] = [:]) throws -> Settings {
    let file = try lines.map { try write("expireimage.conf", $0.replacing("FOLDER", with: path)) }
    return try Settings.load(
      configFile: file, environment: environment.mapValues { $0.replacing("FOLDER", with: path) },
      defaultFiles: [])
  }

  /// The line of the error, which must come, with this folder's path written as `FOLDER`.
  func error(_ lines: String?, _ environment: [String: String] = [:]) throws -> String {
    do {
      _ = try load(lines, environment)
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
}
