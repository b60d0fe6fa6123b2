/// Everything that is read, as it stands in its sources.
struct SettingSources {
  /// In the order of each source; not in the order of the layers.
  private(set) var values: [SettingValue] = []
  private(set) var configuration: ConfigurationFile?
  private(set) var files: [SettingFile] = []
  private(set) var warnings: [String] = []
  private(set) var notes: [String] = []
  /// Files with a secret in them, and what they call it.
  private(set) var secrets: [(path: String, secret: String)] = []
  /// Files that decide where this program connects.
  private(set) var trusted: [String] = []

  private let environment: [String: String]
  private let usualFiles: SettingFiles

  /// Reads all but `vcld.conf`, for which the rest must be known.
  ///
  /// - Throws: `SettingsError` for a file that cannot be read or taken apart.
  init(
    configFile: String?, _ environment: [String: String], _ usualFiles: SettingFiles
  ) throws(SettingsError) {
    self.environment = environment
    self.usualFiles = usualFiles
    readEnvironment()
    try readOptionFiles()
    try readConfigurationFile(configFile)
    try readCredentials()
  }

  // MARK: - The environment

  /// What MariaDB's clients take from the environment; the client library itself would, unseen.
  private static let clientVariables: [(name: String, key: SettingKey)] = [
    ("MYSQL_HOST", .databaseHost), ("MYSQL_TCP_PORT", .databasePort), ("MYSQL_UNIX_PORT", .databaseSocket),
    ("MYSQL_PWD", .databasePassword),
  ]

  private mutating func readEnvironment() {
    for (name, key) in Self.clientVariables {
      guard let text = environment[name], !text.isEmpty else { continue }
      add(key, text, .clientEnvironment, .environment(variable: name))
    }
    for key in SettingKey.allCases {
      guard let text = environment[key.environmentVariable] else { continue }
      add(key, text, .environment, .environment(variable: key.environmentVariable))
    }
  }

  private mutating func add(
    _ key: SettingKey, _ text: String, _ layer: SettingLayer, _ source: SettingSource
  ) {
    values.append(SettingValue(key: key, text: text, layer: layer, source: source))
  }

  // MARK: - MariaDB's option files

  private mutating func readOptionFiles() throws(SettingsError) {
    let named = environment[SettingKey.optionFileVariable]
    if let named, !named.isEmpty, let obstacle = LocalFile.obstacle(to: named) {
      throw SettingsError(
        "file \(named)", "cannot be read: \(obstacle); correct \(SettingKey.optionFileVariable)")
    }
    let paths = named.map { $0.isEmpty ? [] : [$0] } ?? usualFiles.optionFiles(environment)
    let suffix = environment["MARIADB_GROUP_SUFFIX"] ?? environment["MYSQL_GROUP_SUFFIX"] ?? ""
    let files = try OptionFiles(paths, groupSuffix: suffix)
    let options = try ClientOptions(files.options)
    self.files += files.files
    values += options.values
    warnings += files.warnings
    notes += options.notes
    secrets += options.passwordFiles.map { (path: $0, secret: "the password of a database account") }
  }

  // MARK: - The configuration file

  private mutating func readConfigurationFile(_ named: String?) throws(SettingsError) {
    let variable = environment[SettingKey.configurationFileVariable].flatMap { $0.isEmpty ? nil : $0 }
    let usual = usualFiles.configuration
    let present = (named ?? variable).map { [$0] } ?? usual.filter(LocalFile.exists)
    let remedy =
      named != nil
      ? "correct --config"
      : variable != nil ? "correct \(SettingKey.configurationFileVariable)" : "correct its permissions"
    guard let path = present.first else { return files += usual.map(SettingFile.notThere) }
    let file = try ConfigurationFile(path: path, remedy: remedy)
    configuration = file
    for line in file.lines {
      guard let key = SettingKey(rawValue: line.key) else { continue }
      add(key, line.value, .configurationFile, .file(path: path, line: line.number))
      if key.definition.isSecret, !line.value.isEmpty { secrets.append((path: path, secret: line.key)) }
    }
    files.append(.read(path))
    trusted.append(path)
    for other in present.dropFirst() where LocalFile.obstacle(to: other) == nil {
      files.append(.notRead(other, "\(path) exists"))
      warnings.append("file \(other) is not read, because \(path) exists; keep one of them")
    }
  }

  // MARK: - systemd's credentials

  private mutating func readCredentials() throws(SettingsError) {
    let folder = credentialFolder
    if folder.isUnreadable {
      return files.append(.notRead(folder.path, "kept from this account"))
    }
    for (key, file) in folder.secrets {
      let line: String
      do {
        line = try SecretFile.read(file)
      } catch {
        throw SettingsError("credential \(file)", error.words)
      }
      guard !line.isEmpty else { continue }
      add(key, line, .credentials, .credential(path: file))
      // The folder's own permissions keep its files, whatever theirs are.
      if LocalFile.isReadableByAll(folder.path) { secrets.append((path: file, secret: key.rawValue)) }
    }
  }

  private var credentialFolder: CredentialFolder {
    CredentialFolder(environment, usual: usualFiles.credentials)
  }

  // MARK: - vcld.conf

  /// Reads VCL's file. One that is kept from this account does not matter where the later sources say all that it could
  /// say of the database; where they say enough to connect it is a warning, because the services may see it.
  ///
  /// - Throws: `SettingsError` where it cannot be read and is needed, or was named.
  mutating func readManagementNodeFile() throws(SettingsError) {
    let variable = SettingKey.managementNodeVariable
    let named = environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    if environment[variable] == "" { return }
    guard
      let path = named ?? credentialFolder.managementNodeFile
        ?? usualFiles.managementNode.first(where: LocalFile.exists)
    else {
      files.insert(contentsOf: usualFiles.managementNode.map(SettingFile.notThere), at: 0)
      return
    }
    if named == nil, isDatabaseKnown, let obstacle = LocalFile.obstacle(to: path) {
      let missing = missingKeys.map(\.rawValue).joined(separator: ", ")
      files.insert(.notRead(path, obstacle + (missing.isEmpty ? "; nor needed" : "")), at: 0)
      if !missing.isEmpty {
        warnings.append(
          "file \(path) is not read: \(obstacle); let this account read it, or set \(missing) in expireimage.conf, else the services may see other settings than this call"
        )
      }
      return
    }
    let remedy =
      named != nil
      ? "correct \(variable)"
      : "let this account read it, or set database.host (or database.socket) and database.user in expireimage.conf"
    let file = try ManagementNodeFile(path: path, remedy: remedy)
    files.insert(.read(path), at: 0)
    values += file.values
    notes += file.notes
    if file.holdsPassword { secrets.append((path: path, secret: "wrtPass")) }
    trusted.append(path)
  }

  /// What the sources over `vcld.conf` say.
  private var later: [SettingValue] {
    values.filter { $0.layer > .managementNode && !$0.text.isEmpty }
  }

  /// Whether the sources over `vcld.conf` name a server and an account.
  private var isDatabaseKnown: Bool {
    // A socket in MariaDB's option files is there on every machine.
    let hasServer = later.contains { $0.key == .databaseHost || $0.key == .databaseSocket && $0.layer.isOurs }
    return hasServer && later.contains { $0.key == .databaseUser }
  }

  /// Keys of a known server that `vcld.conf` may set and the later sources do not. Over a socket there is no port, and
  /// the account of this machine vouches for itself.
  private var missingKeys: [SettingKey] {
    let keys = Set(later.map(\.key))
    let host = LayeredValues(later).value(.databaseHost).text
    if host.lowercased() == "localhost"
      || later.contains(where: { $0.key == .databaseSocket && $0.layer.isOurs })
    {
      return keys.contains(.databaseName) ? [] : [.databaseName]
    }
    let needed: [SettingKey] = [.databaseName, .databasePort, .databasePassword, .databaseTLS]
    return needed.filter { key in
      !keys.contains(key) && !(key == .databasePassword && keys.contains(.databasePasswordFile))
    }
  }
}
