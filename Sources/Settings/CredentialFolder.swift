/// Passwords that systemd hands over (`LoadCredential=`): files of the folder `$CREDENTIALS_DIRECTORY` that have the
/// name of a secret setting, such as `database.password`.
///
/// An empty file is none: a unit has one where nobody stored a password.
struct CredentialFolder {
  /// How systemd names the folder to a service.
  static let variable = "CREDENTIALS_DIRECTORY"

  /// The passwords, by setting.
  let values: [SettingKey: String]
  private let path: String

  /// - Throws: `SettingsError` for a file that cannot be read or holds more than one line.
  init(environment: [String: String]) throws(SettingsError) {
    path = environment[Self.variable] ?? ""
    var values: [SettingKey: String] = [:]
    guard !path.isEmpty else {
      self.values = values
      return
    }
    for key in SettingKey.allCases where key.definition.isSecret {
      let file = Self.file(key, in: path)
      guard LocalFile.exists(file) else { continue }
      do {
        let line = try SecretFile.read(file)
        if !line.isEmpty { values[key] = line }
      } catch {
        throw SettingsError("credential \(file)", error.words)
      }
    }
    self.values = values
  }

  func source(_ key: SettingKey) -> SettingSource {
    .credential(path: Self.file(key, in: path))
  }

  private static func file(_ key: SettingKey, in folder: String) -> String {
    "\(folder)/\(key.rawValue)"
  }
}
