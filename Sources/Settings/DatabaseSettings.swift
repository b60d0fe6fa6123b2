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
  /// PEM file of the authorities to trust, `nil` for the client library's own.
  package let authorityFile: String?

  init(_ values: inout SettingsResolution) throws(SettingsError) {
    let host = values.text(.databaseHost) ?? "localhost"
    let isLocalName = host.lowercased() == "localhost"
    if !isLocalName { try values.choose(.databaseSocket, or: .databaseHost) }
    if let socket = values.text(.databaseSocket) {
      endpoint = .socket(path: socket)
    } else if isLocalName {
      // The client library takes this name for its socket whatever the port.
      endpoint = .socket(path: nil)
      if values.isSet(.databasePort) {
        values.warn(
          "\(values.source(.databasePort)): database.port is not used, because database.host is localhost, which means the socket; use 127.0.0.1 for TCP"
        )
      }
    } else {
      endpoint = .network(host: host, port: values.text(.databasePort).flatMap { Int($0) } ?? 3306)
    }
    name = values.text(.databaseName) ?? "vcl"
    user = values.text(.databaseUser)
    password = try values.password(.databasePassword, file: .databasePasswordFile)
    authorityFile = values.text(.databaseAuthority)
    requiresTLS =
      switch (values.tls(.databaseTLS), endpoint) {
      case (.required, _): true
      case (.off, _), (.automatic, .socket): false
      case (.automatic, .network(let host, _)): authorityFile != nil || !isLoopback(host)
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
