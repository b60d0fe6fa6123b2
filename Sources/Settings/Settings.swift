/// What connects this machine: the database, the mail server and the addresses, from the configuration file
/// and the environment.
///
/// The tunables of the nightly run are not here; they are in VCL's `variable` table.
package struct Settings: Sendable {
  /// How to reach VCL's database.
  package let database: DatabaseSettings
  /// How to hand over mail.
  package let mailServer: MailServerSettings
  /// Addresses for mail where VCL's tables have none.
  package let mail: MailSettings
  /// Every key in the order of `SettingKey`, with its value and source, for `expireimage config`.
  package let entries: [SettingEntry]
  /// What is allowed but should be looked at, one line each.
  package let warnings: [String]
  /// The configuration file that was read, `nil` for none.
  package let configFile: String?

  /// Where the configuration file is looked for if neither `--config` nor `EXPIREIMAGE_CONFIG` names one.
  package static let defaultFiles = ["/etc/expireimage/expireimage.conf", "/etc/vcl/expireimage.conf"]

  /// Reads the settings: built-in defaults, over them the file, then passwords from systemd, then the environment.
  ///
  /// - Parameters:
  ///   - configFile: What `--config` names; it must exist.
  ///   - environment: The process's environment; only `CREDENTIALS_DIRECTORY` and names that begin with
  ///     `EXPIREIMAGE_` are looked at.
  ///   - defaultFiles: The first of these that exists is read where no file is named.
  /// - Returns: Values that have been checked one by one and against each other.
  /// - Throws: `SettingsError` for an unknown name, a value that cannot be used, or a file that cannot be read.
  package static func load(
    configFile: String?, environment: [String: String], defaultFiles: [String] = Settings.defaultFiles
  ) throws(SettingsError) -> Settings {
    try checkNames(in: environment)
    let variable = environment[SettingKey.configurationFileVariable].flatMap { $0.isEmpty ? nil : $0 }
    let present = (configFile ?? variable).map { [$0] } ?? defaultFiles.filter(LocalFile.exists)
    let remedy =
      configFile != nil
      ? "correct --config"
      : variable != nil ? "correct \(SettingKey.configurationFileVariable)" : "correct its permissions"
    let file = try present.first.map { path throws(SettingsError) in
      try ConfigurationFile(path: path, remedy: remedy)
    }
    if let file { try checkNames(in: file) }
    var resolution = try SettingsResolution(
      SettingsReader(
        file: file, credentials: CredentialFolder(environment: environment), environment: environment))
    for path in present.dropFirst() {
      resolution.warn("file \(path) is not read, because \(present[0]) exists; keep one of them")
    }
    resolution.warnOfReadablePasswords(in: file)
    return Settings(
      database: try DatabaseSettings(&resolution), mailServer: try MailServerSettings(&resolution),
      mail: MailSettings(resolution), entries: resolution.entries, warnings: resolution.warnings,
      configFile: file?.path)
  }

  private static func checkNames(in environment: [String: String]) throws(SettingsError) {
    let known = SettingKey.allCases.map(\.environmentVariable) + SettingKey.otherVariables
    for name in environment.keys.sorted()
    where name.hasPrefix(SettingKey.environmentPrefix) && !known.contains(name) {
      throw SettingsError("environment \(name)", "no such setting; \(suggestion(for: name, among: known))")
    }
  }

  private static func checkNames(in file: ConfigurationFile) throws(SettingsError) {
    let known = SettingKey.allCases.map(\.rawValue)
    for line in file.lines where !known.contains(line.key) {
      throw SettingsError(
        "file \(file.path) line \(line.number)",
        "unknown key \(quoted(line.key)); \(suggestion(for: line.key, among: known))")
    }
  }
}
