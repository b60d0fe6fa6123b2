/// The values in force while the typed settings are made from them: checked one by one, then against each other.
struct SettingsResolution {
  private let layers: LayeredValues
  private var passwordFiles: [SettingKey: String] = [:]
  /// Why a value in force is not used.
  private var unused: [SettingKey: String] = [:]
  private(set) var warnings: [String] = []

  /// Takes every key and checks its value by its kind.
  ///
  /// - Throws: `SettingsError` with the source, the key and what it may hold.
  init(_ layers: LayeredValues) throws(SettingsError) {
    self.layers = layers
    for key in SettingKey.allCases {
      let value = layers.value(key)
      if value.text.isEmpty {
        if let standard = key.definition.defaultValue {
          throw SettingsError(
            value.source.description, "\(key.rawValue) is empty; remove it for the default, \(standard)")
        }
      } else if value.isUTF8, let problem = key.definition.kind.problem(with: value.text) {
        let way = value.layer.isOurs ? "" : "; or set \(key.rawValue) in expireimage.conf"
        throw SettingsError(value.source.description, "\(key.rawValue) \(problem)\(way)")
      }
    }
  }

  /// Refuses bytes of another encoding in a value that is used.
  ///
  /// - Throws: `SettingsError` with the place and the remedy.
  func checkEncoding() throws(SettingsError) {
    for key in SettingKey.allCases where text(key) != nil && !layers.value(key).isUTF8 {
      throw SettingsError(
        layers.value(key).source.description,
        "is not UTF-8; set \(key.rawValue) in expireimage.conf, and do not change vcld.conf")
    }
  }

  /// The value of a key, `nil` for none and where it is not used.
  func text(_ key: SettingKey) -> String? {
    let text = layers.value(key).text
    return unused[key] == nil && !text.isEmpty ? text : nil
  }

  /// What a layer says about a key, whether or not it is in force.
  func text(_ key: SettingKey, in layer: SettingLayer) -> String? {
    layers.value(key, in: layer)?.text
  }

  /// What the sources below the one in force say about a key; `nil` for nothing.
  func overriddenText(_ key: SettingKey) -> String? {
    layers.overridden(key).first.flatMap { $0.text.isEmpty ? nil : $0.text }
  }

  func source(_ key: SettingKey) -> SettingSource { layers.value(key).source }

  func layer(_ key: SettingKey) -> SettingLayer { layers.value(key).layer }

  /// Whether somebody set the key, to a value or to nothing.
  func isSet(_ key: SettingKey) -> Bool { layer(key) != .builtIn }

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

  /// Leaves a value out; the reason stands beside it in `expireimage config`.
  mutating func setAside(_ key: SettingKey, _ reason: String) {
    unused[key] = reason
  }

  /// Leaves a password out, and the file it stands in where that is another key.
  mutating func leavePasswordOut(_ key: SettingKey, _ setKey: SettingKey, _ reason: String) {
    setAside(setKey, reason)
    passwordFiles[key] = nil
  }

  /// Lets the key of the higher layer stand, where two keys say the same thing in two ways.
  ///
  /// - Throws: `SettingsError` if both are set in the same layer.
  mutating func choose(_ first: SettingKey, or second: SettingKey) throws(SettingsError) {
    guard isSet(first), isSet(second) else { return }
    let (one, other) = (layer(first), layer(second))
    if one == other {
      guard text(first) != nil, text(second) != nil else { return }
      throw SettingsError(
        source(second).description,
        "\(second.rawValue) and \(first.rawValue) are both set; remove one of them")
    }
    if one > other {
      setAside(second, "overruled by \(first.rawValue)")
    } else {
      setAside(first, "overruled by \(second.rawValue)")
    }
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
    warnOfReadable(path, "a password")
    passwordFiles[key] = path
    return Secret(password)
  }

  /// Warns where every account can read a file with a secret in it.
  mutating func warnOfReadable(_ path: String, _ secret: String) {
    guard LocalFile.isReadableByAll(path) else { return }
    warn("file \(path) holds \(secret) and every account can read it; run chmod o-r \(path)")
  }

  /// Warns where every account can change a file, and with it what this program does.
  mutating func warnOfWritable(_ path: String) {
    guard LocalFile.isWritableByAll(path) else { return }
    warn("file \(path) can be changed by every account; run chmod o-w \(path)")
  }

  /// All keys for people, secrets hidden.
  var entries: [SettingEntry] {
    SettingKey.allCases.map { key in
      let overridden = layers.overridden(key).map {
        SettingEntry.Overridden(value: Self.shownOverridden($0), source: $0.source.description)
      }
      if let path = passwordFiles[key] {
        return SettingEntry(
          key: key.rawValue, value: Secret.hidden, source: "password file \(path)",
          overridden: isSet(key) ? [own(key)] + overridden : overridden)
      }
      let value = own(key)
      return SettingEntry(key: key.rawValue, value: value.value, source: value.source, overridden: overridden)
    }
  }

  /// The value in force, and why it is not used.
  private func own(_ key: SettingKey) -> SettingEntry.Overridden {
    let value = layers.value(key)
    let note = unused[key].map { " (\($0))" } ?? ""
    return SettingEntry.Overridden(value: Self.shown(value), source: value.source.description + note)
  }

  /// A value that nothing has checked may hold a password where none belongs, such as in an address.
  private static func shownOverridden(_ value: SettingValue) -> String? {
    let isFit = value.isUTF8 && value.key.definition.kind.problem(with: value.text) == nil
    return value.text.isEmpty || isFit ? shown(value) : Secret.hidden
  }

  private static func shown(_ value: SettingValue) -> String? {
    value.text.isEmpty ? nil : value.key.definition.isSecret ? Secret.hidden : value.text
  }
}
