import Configuration
import Synchronization

/// What all sources together say: the value of each key that is in force, and where it comes from.
struct SettingsReader {
  /// A value in force; empty means none, which a higher source may say too.
  struct Value {
    let text: String
    let source: SettingSource
  }

  private let reader: ConfigReader
  private let answer: LastAnswer
  /// The line of each key in the file.
  private let lines: [SettingKey: Int]
  private let path: String
  private let credentials: CredentialFolder

  /// Puts the sources in order; the names in the file and the environment have been checked.
  init(file: ConfigurationFile?, credentials: CredentialFolder, environment: [String: String]) {
    self.credentials = credentials
    path = file?.path ?? ""
    var lines: [SettingKey: Int] = [:]
    var inFile: [AbsoluteConfigKey: ConfigValue] = [:]
    for line in file?.lines ?? [] {
      guard let key = SettingKey(rawValue: line.key) else { continue }
      lines[key] = line.number
      inFile[key.absolute] = ConfigValue(.string(line.value), isSecret: key.definition.isSecret)
    }
    self.lines = lines
    var builtIn: [AbsoluteConfigKey: ConfigValue] = [:]
    for key in SettingKey.allCases {
      builtIn[key.absolute] = ConfigValue(.string(key.definition.defaultValue ?? ""), isSecret: false)
    }
    let secrets = SettingKey.allCases.filter(\.definition.isSecret).map(\.environmentVariable)
    let handedOver = credentials.values.map { ($0.absolute, ConfigValue(.string($1), isSecret: true)) }
    answer = LastAnswer()
    // In the order of `LastAnswer.source`.
    reader = ConfigReader(
      providers: [
        EnvironmentVariablesProvider(
          environmentVariables: environment, secretsSpecifier: .specific(Set(secrets))
        ).prefixKeys(with: "expireimage"),
        InMemoryProvider(name: "credentials", values: Dictionary(uniqueKeysWithValues: handedOver)),
        InMemoryProvider(name: path, values: inFile),
        InMemoryProvider(name: "default", values: builtIn),
      ],
      accessReporter: answer)
  }

  /// The value of a key before any check.
  func value(_ key: SettingKey) -> Value {
    let text = reader.string(forKey: ConfigKey(key.rawValue), isSecret: key.definition.isSecret) ?? ""
    let source: SettingSource =
      switch answer.provider {
      case 0: .environment(variable: key.environmentVariable)
      case 1: credentials.source(key)
      case 2: .file(path: path, line: lines[key] ?? 0)
      default: .builtIn
      }
    return Value(text: text, source: source)
  }
}

/// Remembers which provider gave the last value: the library asks them in order and stops at the first answer.
private final class LastAnswer: AccessReporter {
  private let asked = Mutex(0)

  var provider: Int { asked.withLock { $0 - 1 } }

  func report(_ event: AccessEvent) {
    asked.withLock { $0 = event.providerResults.count }
  }
}

extension SettingKey {
  fileprivate var absolute: AbsoluteConfigKey { AbsoluteConfigKey(ConfigKey(rawValue)) }
}
