import Settings

/// Shows every connection setting with its value and where it came from, what else was said, the files, and what
/// it all comes to.
package struct ConfigOperation {
  let settings: Settings

  package init(_ settings: Settings) {
    self.settings = settings
  }

  package func text(on screen: Screen = .file) -> String {
    let rows = settings.entries.flatMap { entry in
      [[entry.key, entry.value ?? "", entry.source]]
        + entry.overridden.map { ["", $0.value ?? "", "overridden: \($0.source)"] }
    }
    let table = TextTable(header: ["Setting", "Value", "Source"], rows: rows).text(on: screen)
    let files = TextTable(header: ["File", "State"], rows: settings.files.map { [$0.path, $0.state] }).text(
      on: screen)
    return ([table] + (settings.files.isEmpty ? [] : [files]) + [connections]).joined(separator: "\n\n")
  }

  /// What all of it comes to.
  private var connections: String {
    let database = settings.database
    let server =
      switch database.endpoint {
      case .socket(let path): "the socket \(path ?? "of the client library")"
      case .network(let host, let port): "\(host), port \(port)"
      }
    let mailServer = settings.mailServer
    return """
      Database '\(database.name)' on \(server), as \(database.user.map { "'\($0)'" } ?? "the account that runs this"), \
      \(database.password == nil ? "without" : "with") a password, \
      \(database.requiresTLS ? "encrypted, certificate checked" : "not encrypted").
      Mail server \(mailServer.url)\(mailServer.user.map { ", as '\($0)'" } ?? ""), \
      \(mailServer.encryption == .none ? "not encrypted" : "encrypted, certificate checked").
      """
  }

  package func json() throws -> String {
    try JSONOutput.text(
      Document(
        settings: settings.entries.map(Row.init), files: settings.files.map(File.init),
        warnings: settings.warnings, notes: settings.notes))
  }

  private struct Document: Encodable {
    let settings: [Row]
    let files: [File]
    let warnings: [String]
    let notes: [String]
  }

  private struct File: Encodable {
    let path: String
    let state: String

    init(_ file: SettingFile) {
      path = file.path
      state = file.state
    }
  }

  private struct Overridden: Encodable {
    let value: String?
    let source: String

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(value, forKey: .value)
      try container.encode(source, forKey: .source)
    }

    enum CodingKeys: CodingKey {
      case value
      case source
    }
  }

  private struct Row: Encodable {
    let key: String
    let value: String?
    let source: String
    let overridden: [Overridden]

    init(_ entry: SettingEntry) {
      key = entry.key
      value = entry.value
      source = entry.source
      overridden = entry.overridden.map { Overridden(value: $0.value, source: $0.source) }
    }

    enum CodingKeys: CodingKey {
      case key
      case value
      case source
      case overridden
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(key, forKey: .key)
      try container.encode(value, forKey: .value)
      try container.encode(source, forKey: .source)
      try container.encode(overridden, forKey: .overridden)
    }
  }
}
