/// How to reach VCL's database.
package struct DatabaseSettings: Sendable, Equatable {
  /// One end of a connection.
  package enum Endpoint: Sendable, Equatable {
    /// A socket of this machine; `nil` is the client library's default.
    case socket(path: String?)
    /// TCP; `host` is a name or an address without brackets.
    case network(host: String, port: Int)
  }

  /// Where the server is.
  package let endpoint: Endpoint
  /// Name of VCL's database.
  package let name: String
  /// Database account, `nil` for the account that runs the program.
  package let user: String?
  /// Its password, `nil` for none.
  package let password: Secret?
  /// Whether the connection must be encrypted and the server's certificate verified.
  package let requiresTLS: Bool
  /// PEM file of the authorities to trust, `nil` for the system's.
  package let authorityFile: String?

  init(_ values: inout SettingsResolution) throws(SettingsError) {
    endpoint = try Self.endpoint(&values)
    name = values.text(.databaseName) ?? "vcl"
    user = values.text(.databaseUser)
    password = try Self.password(&values)
    requiresTLS = Self.requiresTLS(endpoint, &values)
    authorityFile = values.text(.databaseAuthority)
  }

  private static func endpoint(_ values: inout SettingsResolution) throws(SettingsError) -> Endpoint {
    let host = values.text(.databaseHost) ?? "localhost"
    // The client library takes this name for its socket whatever the port.
    let isLocalName = host.lowercased() == "localhost"
    if !isLocalName {
      if values.layer(.databaseSocket).isOurs {
        try values.choose(.databaseSocket, or: .databaseHost)
      } else if values.isSet(.databaseSocket) {
        // To MariaDB's clients a socket says where this machine's server is, not which server to use.
        values.setAside(.databaseSocket, "not used: database.host is another one")
      }
    }
    if let socket = values.text(.databaseSocket) { return .socket(path: socket) }
    guard isLocalName else {
      keepPortWithHost(&values)
      return .network(host: host, port: values.number(.databasePort) ?? 3306)
    }
    if values.isSet(.databasePort) {
      if values.layer(.databasePort).isOurs {
        values.warn(
          "\(values.source(.databasePort)): database.port is not used, because database.host is localhost, which means the socket; use 127.0.0.1 for TCP"
        )
      }
      values.setAside(.databasePort, "not used: localhost means the socket")
    }
    return .socket(path: nil)
  }

  /// A port is left out where its source has it for another host.
  private static func keepPortWithHost(_ values: inout SettingsResolution) {
    let layer = values.layer(.databasePort)
    guard layer < values.layer(.databaseHost), let host = values.text(.databaseHost, in: layer),
      host != values.text(.databaseHost)
    else { return }
    values.setAside(.databasePort, "not used: it goes with the host \(quoted(host))")
  }

  /// A password is left out where its source has it for another user.
  private static func password(_ values: inout SettingsResolution) throws(SettingsError) -> Secret? {
    let password = try values.password(.databasePassword, file: .databasePasswordFile)
    guard password != nil else { return nil }
    let user = values.text(.databaseUser)
    let key =
      values.text(.databasePasswordFile) == nil ? SettingKey.databasePassword : .databasePasswordFile
    let layer = values.layer(key)
    if layer < values.layer(.databaseUser), let other = values.text(.databaseUser, in: layer), other != user {
      values.leavePasswordOut(.databasePassword, key, "not used: it is the password of \(quoted(other))")
      return nil
    }
    // A credential is for the account that the files name.
    if layer == .credentials, values.layer(.databaseUser) == .environment,
      let other = values.overriddenText(.databaseUser), other != user
    {
      values.leavePasswordOut(.databasePassword, key, "not used: it is the password of \(quoted(other))")
      return nil
    }
    if layer == .optionFiles, values.layer(.databaseUser) == .managementNode {
      values.warn(
        "\(values.source(key)): the password for database.user comes from here, but the user from \(values.source(.databaseUser)); set both in one file"
      )
    }
    return password
  }

  private static func requiresTLS(_ endpoint: Endpoint, _ values: inout SettingsResolution) -> Bool {
    // An authority that is named later than the word that there is no encryption takes it back.
    if values.tls(.databaseTLS) == .off, values.text(.databaseAuthority) != nil,
      values.layer(.databaseAuthority) > values.layer(.databaseTLS)
    {
      values.setAside(.databaseTLS, "overruled by database.tls_ca")
    }
    switch (values.tls(.databaseTLS), endpoint) {
    case (.required, _): return true
    case (.automatic, .network(let host, _)):
      return values.text(.databaseAuthority) != nil || !isLoopback(host)
    case (.automatic, .socket): return false
    case (.off, .network(let host, _)) where !isLoopback(host) && !values.layer(.databaseTLS).isOurs:
      values.warn(
        "\(values.source(.databaseTLS)): the connection to \(host) is not encrypted; set database.tls = required, or off if that is meant"
      )
      return false
    case (.off, _): return false
    }
  }
}

/// Whether a host is this machine, so that nobody else can listen.
func isLoopback(_ host: String) -> Bool {
  let name = host.lowercased()
  let parts = name.split(separator: ".", omittingEmptySubsequences: false)
  return ["localhost", "::1"].contains(name)
    || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
}
