/// What MariaDB's options mean for our keys.
///
/// Options that concern the connection and are not used give a note; the others, such as `quick`, do not concern this
/// program.
struct ClientOptions {
  /// In the order of the options, where the last of a key counts.
  private(set) var values: [SettingValue] = []
  private(set) var notes: [String] = []
  /// Files that hold a password.
  private(set) var passwordFiles: [String] = []

  private static let texts: [String: SettingKey] = [
    "host": .databaseHost, "port": .databasePort, "socket": .databaseSocket, "database": .databaseName,
    "user": .databaseUser, "password": .databasePassword, "ssl-ca": .databaseAuthority,
  ]

  /// Options of a connection that nothing here does, and what does it.
  private static let unused: [String: String] = [
    "protocol": "host = 127.0.0.1 means TCP, localhost the socket",
    "ssl-capath": "ssl-ca is", "ssl-cert": "the account must do without a client's certificate",
    "ssl-key": "the account must do without a client's certificate",
    "ssl-crl": "certificates are not looked up in lists of revoked ones",
    "ssl-crlpath": "certificates are not looked up in lists of revoked ones",
    "ssl-cipher": "OpenSSL's own choice of ciphers is", "tls-version": "OpenSSL's own choice of versions is",
    "default-auth": "the server says how to log in", "plugin-dir": "the client library's own folder is",
    "init-command": "the program sets its own session up",
  ]

  init(_ options: [OptionFiles.Option]) throws(SettingsError) {
    for option in options { try take(option) }
  }

  private mutating func take(_ option: OptionFiles.Option) throws(SettingsError) {
    var name = option.name.replacing("_", with: "-")
    if name.hasPrefix("loose-") { name.removeFirst("loose-".count) }
    if let key = Self.texts[name] { return take(key, option) }
    if let reason = Self.unused[name] {
      return notes.append("\(option.source): is not used; \(reason)")
    }
    if let (switched, isOn) = try Self.encryption(name, option) {
      return takeEncryption(switched, isOn, option)
    }
    if let full = Self.texts.keys.sorted().first(where: { name.count > 1 && $0.hasPrefix(name) }) {
      notes.append("\(option.source): is not used, because it is short for \(full); write it in full")
    }
  }

  private mutating func take(_ key: SettingKey, _ option: OptionFiles.Option) {
    guard let text = option.value else {
      return notes.append("\(option.source): is not used, because it has no value")
    }
    switch key {
    case .databasePassword:
      if !text.isEmpty, case .file(let path, _, _) = option.source, !passwordFiles.contains(path) {
        passwordFiles.append(path)
      }
    case .databaseAuthority where !text.isEmpty:
      // It takes back what an earlier option or vcld.conf says against encryption, and asks for no more.
      if values.last(where: { $0.key == .databaseTLS })?.text != TLSMode.required.rawValue {
        add(.databaseTLS, TLSMode.automatic.rawValue, option)
      }
    // For MariaDB's clients that means the default.
    case .databasePort where text == "0": return
    case .databaseHost, .databasePort, .databaseName:
      if text.isEmpty { return }
    default: break
    }
    add(key, text, option)
  }

  private mutating func takeEncryption(_ name: String, _ isOn: Bool, _ option: OptionFiles.Option) {
    if isOn {
      add(.databaseTLS, TLSMode.required.rawValue, option)
    } else if name == "ssl" {
      add(.databaseTLS, TLSMode.off.rawValue, option)
    } else {
      notes.append(
        "\(option.source): is not used; with encryption the server's certificate is always checked")
    }
  }

  private mutating func add(_ key: SettingKey, _ text: String, _ option: OptionFiles.Option) {
    values.append(SettingValue(key: key, text: text, layer: .optionFiles, source: option.source))
  }

  /// `ssl` or `ssl-verify-server-cert`, and whether the option switches it on; `nil` for any other option.
  private static func encryption(
    _ name: String, _ option: OptionFiles.Option
  ) throws(SettingsError) -> (name: String, isOn: Bool)? {
    for (prefix, meaning) in [("", true), ("enable-", true), ("skip-", false), ("disable-", false)] {
      guard let switched = ["ssl", "ssl-verify-server-cert"].first(where: { prefix + $0 == name }) else {
        continue
      }
      switch option.value?.lowercased() {
      case nil, "1", "on", "true": return (switched, meaning)
      case "0", "off", "false": return (switched, !meaning)
      case .some(let text):
        throw SettingsError(option.source.description, "is \(quoted(text)); allowed: 0 or 1")
      }
    }
    return nil
  }
}
