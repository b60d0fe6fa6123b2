/// Where settings come from, the lowest first: what stands in a later one wins.
enum SettingLayer: Int, Comparable {
  case builtIn
  /// Variables that MariaDB's own clients read, such as `MYSQL_PWD`.
  case clientEnvironment
  /// `vcld.conf`, which VCL's management node has anyway.
  case managementNode
  /// MariaDB's option files.
  case optionFiles
  case configurationFile
  /// Passwords that systemd hands to a service.
  case credentials
  case environment

  /// Whether somebody wrote it for this program.
  var isOurs: Bool { self >= .configurationFile }

  static func < (one: SettingLayer, other: SettingLayer) -> Bool { one.rawValue < other.rawValue }
}

/// What one source says about one key, before any check; empty text means none.
struct SettingValue {
  let key: SettingKey
  let text: String
  let layer: SettingLayer
  let source: SettingSource
  /// Whether the source has it as UTF-8; if not, `text` has replacement characters.
  var isUTF8 = true
}

/// What all sources together say about each key.
struct LayeredValues {
  /// By key, the value in force last.
  private var values: [SettingKey: [SettingValue]] = [:]

  /// - Parameter values: Of each layer in the order of its source, where the last of a key counts.
  init(_ values: [SettingValue]) {
    for value in values { self.values[value.key, default: []].append(value) }
    for key in self.values.keys {
      // Not `sort`, which may put two values of one layer in another order.
      let unsorted = self.values[key] ?? []
      self.values[key] = Set(unsorted.map(\.layer)).sorted().flatMap { layer in
        unsorted.filter { $0.layer == layer }
      }
    }
  }

  /// The value in force.
  func value(_ key: SettingKey) -> SettingValue {
    values[key]?.last
      ?? SettingValue(key: key, text: key.definition.defaultValue ?? "", layer: .builtIn, source: .builtIn)
  }

  /// What would be in force without the higher layers; `nil` where the layer says nothing about the key.
  func value(_ key: SettingKey, in layer: SettingLayer) -> SettingValue? {
    values[key]?.last { $0.layer == layer }
  }

  /// Every value of the key that a later one overrides, the nearest first.
  func overridden(_ key: SettingKey) -> [SettingValue] {
    values[key]?.dropLast().reversed() ?? []
  }
}
