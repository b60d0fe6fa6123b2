import Settings

/// Shows every connection setting with its value and where it came from.
package struct ConfigOperation {
  let settings: Settings

  package init(_ settings: Settings) {
    self.settings = settings
  }

  package func text(on screen: Screen = .file) -> String {
    TextTable(
      header: ["Setting", "Value", "Source"],
      rows: settings.entries.map { [$0.key, $0.value ?? "", $0.source] }
    ).text(on: screen)
  }

  package func json() throws -> String {
    try JSONOutput.text(["settings": settings.entries.map(Row.init)])
  }

  private struct Row: Encodable {
    let key: String
    let value: String?
    let source: String

    init(_ entry: SettingEntry) {
      key = entry.key
      value = entry.value
      source = entry.source
    }

    enum CodingKeys: CodingKey {
      case key
      case value
      case source
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(key, forKey: .key)
      try container.encode(value, forKey: .value)
      try container.encode(source, forKey: .source)
    }
  }
}
