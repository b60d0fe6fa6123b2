/// What connects this machine: the database, the mail server and the addresses, from what is set up for VCL and for
/// MariaDB's clients already, the configuration file and the environment.
///
/// The tunables of the nightly run are not here; they are in VCL's `variable` table.
package struct Settings: Sendable {
  /// How to reach VCL's database.
  package let database: DatabaseSettings
  /// How to hand over mail.
  package let mailServer: MailServerSettings
  /// Addresses for mail where VCL's tables have none.
  package let mail: MailSettings
  /// The name of this management node; nil: its host name.
  package let nodeName: String?
  /// Every key in the order of `SettingKey`, with its value and source, for `expireimage config`.
  package let entries: [SettingEntry]
  /// What is allowed but should be looked at, one line each.
  package let warnings: [String]
  /// What explains a value that surprises, one line each, for `expireimage config`.
  package let notes: [String]
  /// Every file that was looked for, in the order of reading.
  package let files: [SettingFile]
  /// The configuration file that was read, `nil` for none.
  package let configFile: String?

  /// Reads the settings: built-in defaults, over them what MariaDB's clients find in the environment, `vcld.conf`,
  /// MariaDB's option files, the configuration file, and `EXPIREIMAGE_…` of the environment.
  ///
  /// - Parameters:
  ///   - configFile: What `--config` names; it must exist.
  ///   - environment: The process's environment.
  ///   - usualFiles: What is read where neither `configFile` nor the environment names a file.
  /// - Returns: Values that have been checked one by one and against each other.
  /// - Throws: `SettingsError` for an unknown name, a value that cannot be used, or a file that cannot be read.
  package static func load(
    configFile: String?, environment: [String: String], usualFiles: SettingFiles = .system
  ) throws(SettingsError) -> Settings {
    try checkNames(in: environment)
    var sources = try SettingSources(configFile: configFile, environment, usualFiles)
    if let file = sources.configuration { try checkNames(in: file) }
    try sources.readManagementNodeFile()
    var resolution = try SettingsResolution(LayeredValues(sources.values))
    for line in sources.warnings { resolution.warn(line) }
    for (path, secret) in sources.secrets { resolution.warnOfReadable(path, secret) }
    for path in sources.trusted { resolution.warnOfWritable(path) }
    let database = try DatabaseSettings(&resolution)
    let mailServer = try MailServerSettings(&resolution)
    try resolution.checkEncoding()
    return Settings(
      database: database, mailServer: mailServer,
      mail: MailSettings(resolution), nodeName: resolution.text(.nodeName), entries: resolution.entries,
      warnings: resolution.warnings,
      notes: sources.notes, files: sources.files, configFile: sources.configuration?.path)
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
