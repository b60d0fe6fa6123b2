import Glibc

/// When a connection to the mail server must be encrypted.
package enum TLSMode: String, Sendable, CaseIterable {
  /// Required, unless the server is this machine's own (`localhost`, 127.0.0.0/8, `::1`).
  case automatic
  /// Required everywhere: STARTTLS for `smtp://`, and no mail when the server does not offer it.
  case required
  /// Never STARTTLS. Refused together with a password, unless the server is this machine's own.
  case off
}

/// A setting of the mail server that cannot be used: one line that names the key and the remedy.
package struct SMTPConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  package let description: String
}

/// How to reach the mail server. A value of this type is always usable.
package struct SMTPOptions: Sendable {
  /// `smtp://host:port` or `smtps://host:port`, without a path.
  package let url: String
  package let user: String?
  package let password: String?
  package let tls: TLSMode
  /// A PEM file of the authorities that may have signed the server's certificate; nil: the system's.
  package let certificateAuthorityFile: String?
  /// The name this machine gives in EHLO; nil: its host name.
  package let heloName: String?
  /// Longest time for one mail, and for one reply. RFC 5321 wants 600 after the final dot; a value too
  /// short makes mails whose outcome is unknown.
  package let timeoutSeconds: Int
  package let connectTimeoutSeconds: Int

  /// Whether the mail server is this machine's own.
  package let isLoopback: Bool
  /// Whether the connection begins with TLS (`smtps`).
  package let isImplicitTLS: Bool

  /// Checks every value and every contradiction between them.
  /// - Throws: `SMTPConfigurationError`; never with a password in it.
  package init(
    url: String = "smtp://localhost:25", user: String? = nil, password: String? = nil,
    tls: TLSMode = .automatic, certificateAuthorityFile: String? = nil, heloName: String? = nil,
    timeoutSeconds: Int = 300, connectTimeoutSeconds: Int = 30
  ) throws(SMTPConfigurationError) {
    let server = try ServerURL(url)
    self.url = server.description
    self.isLoopback = server.isLoopback
    self.isImplicitTLS = server.isImplicitTLS
    self.user = user.flatMap { $0.isEmpty ? nil : $0 }
    self.password = password.flatMap { $0.isEmpty ? nil : $0 }
    self.tls = tls
    self.certificateAuthorityFile = certificateAuthorityFile
    self.heloName = heloName
    self.timeoutSeconds = timeoutSeconds
    self.connectTimeoutSeconds = connectTimeoutSeconds
    try check()
  }

  /// Whether STARTTLS is demanded before any mail is handed over.
  var requiresSTARTTLS: Bool {
    guard !isImplicitTLS else { return false }
    return tls == .required || (tls == .automatic && !isLoopback)
  }

  private func check() throws(SMTPConfigurationError) {
    if (user == nil) != (password == nil) {
      let (there, missing) = user == nil ? ("smtp.password", "smtp.user") : ("smtp.user", "smtp.password")
      throw SMTPConfigurationError(description: "\(there) is set but \(missing) is not: set both or none.")
    }
    for (key, value) in [("smtp.user", user), ("smtp.password", password)] {
      if let value, value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
        throw SMTPConfigurationError(description: "\(key) contains a control character: remove it.")
      }
    }
    if tls == .off, isImplicitTLS {
      throw SMTPConfigurationError(
        description: "smtp.tls is off but smtp.url begins with smtps: use smtp:// or another smtp.tls.")
    }
    if tls == .off, user != nil, !isLoopback {
      throw SMTPConfigurationError(
        description: "smtp.tls is off, so smtp.password would travel in clear: set smtp.tls to required.")
    }
    if let heloName, !Self.isHeloName(heloName) {
      throw SMTPConfigurationError(
        description:
          "smtp.helo_name \"\(Reply.line(heloName, limit: 100))\" is no host name: use letters, digits, "
          + "dots and hyphens, such as vcl.example.edu.")
    }
    if let file = certificateAuthorityFile, access(file, R_OK) != 0 {
      throw SMTPConfigurationError(
        description: "smtp.ca_file \(Reply.line(file, limit: 300)) cannot be read: "
          + "\(String(cString: strerror(errno))).")
    }
    for (key, value) in [
      ("smtp.timeout_seconds", timeoutSeconds), ("smtp.connect_timeout_seconds", connectTimeoutSeconds),
    ] where !(1...86_400).contains(value) {
      throw SMTPConfigurationError(description: "\(key) is \(value): use a number from 1 to 86400.")
    }
  }

  /// The name goes into the path of libcurl's URL and from there into the command line of EHLO.
  private static func isHeloName(_ name: String) -> Bool {
    (1...255).contains(name.utf8.count) && ServerURL.isHostName(name)
  }
}
