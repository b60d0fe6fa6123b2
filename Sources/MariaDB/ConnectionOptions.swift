/// Where a MariaDB server is and who asks.
package struct ConnectionOptions: Sendable {
  /// Whether the connection is encrypted.
  package enum TLSMode: Sendable, Equatable {
    /// Plain text.
    case off
    /// Encrypted, the server's certificate chain and name verified, or no connection at all. The authority is the
    /// path of a PEM file; without one the system's trust store is used.
    case required(certificateAuthority: String?)
  }

  /// Host name or address; nil or "localhost" means the Unix socket, as in every MariaDB client.
  package var host: String?
  /// TCP port; nil means 3306.
  package var port: UInt16?
  /// Path of the Unix socket; takes precedence over `host`. At most 107 bytes.
  package var socket: String?
  /// The database that unqualified table names refer to.
  package var name: String?
  /// Account name; nil means the operating system's user.
  package var user: String?
  /// Password of the account. Never part of an error.
  package var password: String?
  package var tls: TLSMode
  /// Limit for connecting, handshake included, in seconds.
  package var connectTimeoutSeconds: Int
  /// Limit for each answer of the server, in seconds. The connection is lost when it passes, while the server goes on
  /// with the statement; so it is a backstop above any statement's real duration.
  package var readTimeoutSeconds: Int

  /// Options with every value defaulted.
  package init(
    host: String? = nil, port: UInt16? = nil, socket: String? = nil, name: String? = nil, user: String? = nil,
    password: String? = nil, tls: TLSMode = .off, connectTimeoutSeconds: Int = 10,
    readTimeoutSeconds: Int = 900
  ) {
    self.host = host
    self.port = port
    self.socket = socket
    self.name = name
    self.user = user
    self.password = password
    self.tls = tls
    self.connectTimeoutSeconds = connectTimeoutSeconds
    self.readTimeoutSeconds = readTimeoutSeconds
  }

  /// What an error names: "db1:3307, database vcl, as reader" or "/run/x.sock as reader"; never the password.
  package var endpoint: String {
    var text = socket ?? host ?? "localhost"
    if socket == nil, let port { text += ":\(port)" }
    if let name { text += ", database \(name)" }
    if let user { text += "\(name == nil ? "" : ",") as \(user)" }
    return text
  }
}
