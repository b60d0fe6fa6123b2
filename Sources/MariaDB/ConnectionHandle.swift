import CMariaDB

/// The library's connection, closed when this goes.
struct ConnectionHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<MYSQL>

  /// The library's own set-up is not safe when two threads do it at once; this makes it happen before any connection.
  private static let library: Int32 = mysql_server_init(0, nil, nil)

  /// Not connected yet.
  init() {
    guard Self.library == 0, let pointer = mysql_init(nil) else { fatalError("libmariadb: out of memory") }
    self.pointer = pointer
  }

  /// Connects; the error names the endpoint, never the password.
  func connect(_ options: ConnectionOptions) throws(MariaDBError) {
    let operation = "connect to \(options.endpoint)"
    mariadb_option_text(pointer, MYSQL_SET_CHARSET_NAME, "utf8mb4")
    mariadb_option_unsigned(
      pointer, MYSQL_OPT_CONNECT_TIMEOUT, UInt32(clamping: options.connectTimeoutSeconds))
    mariadb_option_unsigned(pointer, MYSQL_OPT_READ_TIMEOUT, UInt32(clamping: options.readTimeoutSeconds))
    mariadb_option_unsigned(pointer, MYSQL_OPT_WRITE_TIMEOUT, UInt32(clamping: options.readTimeoutSeconds))
    mariadb_option_bool(pointer, MYSQL_OPT_RECONNECT, 0)
    // A server may otherwise ask for any file of the client's.
    mariadb_option_unsigned(pointer, MYSQL_OPT_LOCAL_INFILE, 0)
    if case .required(let authority) = options.tls {
      mariadb_option_bool(pointer, MYSQL_OPT_SSL_ENFORCE, 1)
      mariadb_option_bool(pointer, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, 1)
      mariadb_option_text(pointer, MYSQL_OPT_SSL_CA, authority ?? Self.systemAuthorities)
    }
    let connected = mysql_real_connect(
      // Without a password the library would look for one in the environment.
      pointer, options.socket == nil ? options.host : nil, options.user, options.password ?? "", options.name,
      UInt32(options.port ?? 0), options.socket, 0)
    guard connected != nil else {
      // Lost during the handshake is no loss of anything: the server was not reached.
      let isLoss = MariaDBError.Kind(code: mysql_errno(pointer)) == .connectionLost
      throw MariaDBError(connection: pointer, operation: operation, kind: isLoss ? .unreachable : nil)
    }
    // Enforcing alone gives plain text, silently, where the server has no encryption.
    if options.tls != .off, mysql_get_ssl_cipher(pointer) == nil {
      throw MariaDBError(code: 2026, message: "the server offers no encryption", operation: operation)
    }
  }

  deinit { mysql_close(pointer) }

  /// Debian's file of the authorities that the system trusts.
  private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"
}
