/// The values in force while the typed settings are made from them: checked one by one, then against each other.
struct SettingsResolution {
  private let values: [SettingKey: SettingsReader.Value]
  private var passwordFiles: [SettingKey: String] = [:]
  private var overruled: [SettingKey: SettingKey] = [:]
  private(set) var warnings: [String] = []

  /// Takes every key and checks its value by its kind.
  ///
  /// - Throws: `SettingsError` with the source, the key and what it may hold.
  init(_ reader: SettingsReader) throws(SettingsError) {
    var values: [SettingKey: SettingsReader.Value] = [:]
    for key in SettingKey.allCases {
      let value = reader.value(key)
      if value.text.isEmpty {
        if let standard = key.definition.defaultValue {
          throw SettingsError(
            value.source.description, "\(key.rawValue) is empty; remove it for the default, \(standard)")
        }
      } else if let problem = key.definition.kind.problem(with: value.text) {
        throw SettingsError(value.source.description, "\(key.rawValue) \(problem)")
      }
      values[key] = value
    }
    self.values = values
  }

  /// The value of a key, `nil` for none and where another key overrules it.
  func text(_ key: SettingKey) -> String? {
    guard overruled[key] == nil, let text = values[key]?.text, !text.isEmpty else { return nil }
    return text
  }

  func source(_ key: SettingKey) -> SettingSource {
    values[key]?.source ?? .builtIn
  }

  /// Whether somebody set the key, to a value or to nothing.
  func isSet(_ key: SettingKey) -> Bool {
    source(key) != .builtIn
  }

  /// The value of a key whose kind is a number; `nil` for none.
  func number(_ key: SettingKey) -> Int? {
    text(key).flatMap { Int($0) }
  }

  func tls(_ key: SettingKey) -> TLSMode {
    text(key).flatMap(TLSMode.init) ?? .automatic
  }

  mutating func warn(_ line: String) {
    warnings.append(line)
  }

  /// Lets the key of the higher source stand, where two keys say the same thing in two ways.
  ///
  /// - Throws: `SettingsError` if both are set in the same place.
  mutating func choose(_ first: SettingKey, or second: SettingKey) throws(SettingsError) {
    guard isSet(first), isSet(second) else { return }
    let (one, other) = (source(first).precedence, source(second).precedence)
    if one == other {
      guard text(first) != nil, text(second) != nil else { return }
      throw SettingsError(
        source(second).description,
        "\(second.rawValue) and \(first.rawValue) are both set; remove one of them")
    }
    if one > other { overruled[second] = first } else { overruled[first] = second }
  }

  /// The password, given directly or in a file that holds one line.
  mutating func password(_ key: SettingKey, file fileKey: SettingKey) throws(SettingsError) -> Secret? {
    try choose(key, or: fileKey)
    guard let path = text(fileKey) else { return text(key).map { Secret($0) } }
    let place = source(fileKey).description
    let password: String
    do throws(SecretFile.Problem) {
      password = try SecretFile.read(path)
      if password.isEmpty { throw .severalLines }
    } catch {
      throw SettingsError(place, "\(fileKey.rawValue) is \(quoted(path)), which \(error.words)")
    }
    if LocalFile.isReadableByAll(path) {
      warn("file \(path) holds a password and every account can read it; run chmod 640 \(path)")
    }
    passwordFiles[key] = path
    return Secret(password)
  }

  mutating func warnOfReadablePasswords(in file: ConfigurationFile?) {
    guard let file, LocalFile.isReadableByAll(file.path) else { return }
    for line in file.lines
    where SettingKey(rawValue: line.key)?.definition.isSecret == true && !line.value.isEmpty {
      warn(
        "file \(file.path) holds \(line.key) and every account can read it; run chmod 640 \(file.path)")
    }
  }

  /// All keys for people, secrets hidden.
  var entries: [SettingEntry] {
    SettingKey.allCases.map { key in
      if let path = passwordFiles[key] {
        return SettingEntry(key: key.rawValue, value: Secret.hidden, source: "password file \(path)")
      }
      let text = values[key]?.text ?? ""
      let shown = key.definition.isSecret ? Secret.hidden : text
      let note = overruled[key].map { " (overruled by \($0.rawValue))" } ?? ""
      return SettingEntry(
        key: key.rawValue, value: text.isEmpty ? nil : shown, source: source(key).description + note)
    }
  }
}
