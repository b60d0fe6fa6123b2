/// `vcld.conf`, as VCL's management node reads it.
///
/// A line is `KEY=VALUE`, white space around both does not count, and neither does the case of the key. Everything
/// after the first `=` is the value: quotes and a `#` in it belong to it. A line that begins with `#`, has no `=` or
/// nothing after it says nothing. Of two lines with one key the first counts.
struct ManagementNodeFile {
  let path: String
  /// What it says about our keys; where two count for one key, the last.
  private(set) var values: [SettingValue] = []
  /// What should be looked at, one line each.
  private(set) var notes: [String] = []
  /// Whether a password stands in it.
  private(set) var holdsPassword = false

  /// - Throws: `SettingsError` where the file cannot be read, with the remedy.
  init(path: String, remedy: String) throws(SettingsError) {
    self.path = path
    let lines: [TextLine]
    do {
      lines = TextLine.all(try LocalFile.read(path))
    } catch {
      throw SettingsError("file \(path)", "cannot be read: \(error.reason); \(remedy)")
    }
    take(lines)
  }

  /// What VCL calls the settings that we use.
  private enum Name: String, CaseIterable {
    case database
    case server
    case user = "LockerWrtUser"
    case password = "wrtPass"
    case usesEncryption = "enable_mysql_ssl"
    case authority = "mysql_ssl_cert"
    case nodeName = "FQDN"
    case returnPath = "RETURNPATH"

    static let required: [Name] = [.database, .server, .user, .password]
  }

  private typealias Setting = (name: Name, text: String, isUTF8: Bool, source: SettingSource)

  private mutating func take(_ lines: [TextLine]) {
    var found: [Setting] = []
    for line in lines {
      guard let (key, value) = Self.setting(line.bytes),
        let name = Name.allCases.first(where: { $0.rawValue.lowercased() == key.lossyText.lowercased() })
      else { continue }
      let source = SettingSource.file(path: path, line: line.number, name: name.rawValue)
      found.append((name, value.lossyText, String(validating: value, as: UTF8.self) != nil, source))
      noteOddities(found[found.count - 1])
    }
    func first(_ name: Name) -> String? { found.first { $0.name == name }?.text }
    let isEncrypted = first(.usesEncryption).map(Self.isYes) ?? false
    for (index, setting) in found.enumerated().reversed() {
      for (key, text) in Self.values(setting.name, setting.text, isEncrypted: isEncrypted) {
        // The port goes with the host that counts.
        if key == .databasePort, found[..<index].contains(where: { $0.name == .server }) { continue }
        // The word for encryption is told by its letters, whatever else is there.
        values.append(
          SettingValue(
            key: key, text: text, layer: .managementNode, source: setting.source,
            isUTF8: setting.isUTF8 || key == .databaseTLS))
      }
    }
    holdsPassword = first(.password) != nil
    let missing = Name.required.filter { first($0) == nil }.map(\.rawValue)
    if !missing.isEmpty {
      notes.append("file \(path) has no value for \(missing.joined(separator: ", ")), which vcld needs")
    }
  }

  /// Key and value of a line that has both.
  private static func setting(_ line: ArraySlice<UInt8>) -> (
    key: ArraySlice<UInt8>, value: ArraySlice<UInt8>
  )? {
    let sign = UInt8(ascii: "=")
    // Signs in front of a key are passed over.
    let line = line.trimmedAtEnd.drop { $0 == sign }
    guard let end = line.firstIndex(of: sign), end + 1 < line.endIndex else { return nil }
    return (line[..<end].trimmed, line[(end + 1)...].trimmed)
  }

  /// Perl's truth, and `no` anywhere in the value is no.
  private static func isYes(_ text: String) -> Bool {
    text != "0" && !text.lowercased().contains("no")
  }

  private static func values(_ name: Name, _ text: String, isEncrypted: Bool) -> [(SettingKey, String)] {
    switch name {
    case .database: return [(.databaseName, text)]
    case .user: return [(.databaseUser, text)]
    case .password: return [(.databasePassword, text)]
    case .usesEncryption:
      return [(.databaseTLS, (isYes(text) ? TLSMode.required : .off).rawValue)]
    // Every vcld.conf names one, whether or not it is there.
    case .authority: return isEncrypted ? [(.databaseAuthority, text)] : []
    case .nodeName: return [(.mailServerGreeting, text), (.nodeName, text)]
    case .returnPath: return [(.returnPath, text)]
    case .server:
      let (host, port) = endpoint(text)
      return [(.databaseHost, host)] + (port.map { [(.databasePort, $0)] } ?? [])
    }
  }

  /// Perl's database driver takes `HOST:PORT`, an IPv6 address in brackets.
  private static func endpoint(_ text: String) -> (host: String, port: String?) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return (text, nil) }
      return (
        String(text[text.index(after: text.startIndex)..<end]), rest.isEmpty ? nil : String(rest.dropFirst())
      )
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : (text, nil)
  }

  /// The value itself is not shown, which may be the password.
  private mutating func noteOddities(_ setting: Setting) {
    let text = setting.text
    if let quote = text.first, text.count > 1, quote == "\"" || quote == "'", text.last == quote {
      notes.append("\(setting.source): vcld takes the quotes as part of the value, and so does this program")
    }
    if text.contains(" #") || text.contains("\t#") {
      notes.append(
        "\(setting.source): vcld takes what follows the '#' as part of the value, and so does this program")
    }
  }
}
