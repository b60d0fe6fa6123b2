/// Where a value comes from; a greater source wins.
package enum SettingSource: Sendable, Equatable, CustomStringConvertible {
  case builtIn
  case file(path: String, line: Int)
  /// A password that systemd hands over in a file.
  case credential(path: String)
  case environment(variable: String)

  /// As `expireimage config` and every error show it.
  package var description: String {
    switch self {
    case .builtIn: "default"
    case .file(let path, let line): "file \(path) line \(line)"
    case .credential(let path): "credential \(path)"
    case .environment(let variable): "environment \(variable)"
    }
  }

  /// 0 for the lowest; two keys of one file have the same.
  var precedence: Int {
    switch self {
    case .builtIn: 0
    case .file: 1
    case .credential: 2
    case .environment: 3
    }
  }
}

/// One line of `expireimage config`.
package struct SettingEntry: Sendable, Equatable {
  /// The key's name, such as `database.socket`.
  package let key: String
  /// The value in force, `(hidden)` for a secret that is set, `nil` for none.
  package let value: String?
  /// Where it comes from, such as `environment EXPIREIMAGE_SMTP_URL`, and what overrules it.
  package let source: String
}
