/// Where a value comes from.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
  case builtIn
  /// A line of a file; the name is what the file calls the setting where that is not our key.
  case file(path: String, line: Int, name: String? = nil)
  /// A password that systemd hands over in a file.
  case credential(path: String)
  case environment(variable: String)

  /// As `expireimage config` and every error show it.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line, let name): "file \(path) line \(line)" + (name.map { " (\($0))" } ?? "")
    case .credential(let path): "credential \(path)"
    case .environment(let variable): "environment \(variable)"
    }
  }
}

/// One key in `expireimage config`.
package struct SettingEntry: Sendable, Equatable {
  /// A value that does not count, because a later source sets the key.
  package struct Overridden: Sendable, Equatable {
    /// The value, `(hidden)` for a secret, `nil` for none.
    package let value: String?
    package let source: String
  }

  /// The key's name, such as `database.socket`.
  package let key: String
  /// The value in force, `(hidden)` for a secret that is set, `nil` for none.
  package let value: String?
  /// Where it comes from, such as `environment EXPIREIMAGE_SMTP_URL`, and why it is not used where it is not.
  package let source: String
  /// What other sources say, the nearest first.
  package let overridden: [Overridden]

  init(key: String, value: String?, source: String, overridden: [Overridden] = []) {
    self.key = key
    self.value = value
    self.source = source
    self.overridden = overridden
  }
}

/// A file that was looked for, and what came of it.
package struct SettingFile: Sendable, Equatable {
  package let path: String
  /// `read`, `not there`, or `not read: ` and why.
  package let state: String
  /// Whether it was read.
  package var isRead: Bool { self == .read(path) }

  static func read(_ path: String) -> SettingFile { SettingFile(path: path, state: "read") }
  static func notThere(_ path: String) -> SettingFile { SettingFile(path: path, state: "not there") }
  static func notRead(_ path: String, _ why: String) -> SettingFile {
    SettingFile(path: path, state: "not read: \(why)")
  }
}
