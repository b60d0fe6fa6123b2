import Foundation

/// How to hand over mail.
package struct MailServerSettings: Sendable, Equatable {
  /// How the connection is encrypted.
  package enum Encryption: Sendable, Equatable {
    case none
    /// STARTTLS, and no mail without it.
    case startTLS
    /// From the first byte on (`smtps`).
    case implicit
  }

  /// Name or address of the server, an IPv6 address without brackets.
  package let host: String
  /// 25 for `smtp` and 465 for `smtps` where the address names none.
  package let port: Int
  /// What the program insists on.
  package let encryption: Encryption
  /// The account; set together with `password`, or `nil`.
  package let user: String?
  /// Its password.
  package let password: Secret?
  /// PEM file of the authorities to trust, `nil` for the system's.
  package let authorityFile: String?

  /// The server's address: scheme, host and port.
  package var url: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return "\(encryption == .implicit ? "smtps" : "smtp")://\(name):\(port)"
  }

  init(_ values: inout SettingsResolution) throws(SettingsError) {
    let address = URLComponents(string: values.text(.mailServer) ?? "")
    let isImplicit = address?.scheme?.lowercased() == "smtps"
    host = (address?.host ?? "localhost").trimmingCharacters(in: ["[", "]"])
    port = address?.port ?? (isImplicit ? 465 : 25)
    user = values.text(.mailServerUser)
    password = try values.password(.mailServerPassword, file: .mailServerPasswordFile)
    authorityFile = values.text(.mailServerAuthority)

    let mode = values.tls(.mailServerTLS)
    if isImplicit, mode == .off {
      throw SettingsError(
        values.source(.mailServerTLS).description,
        "smtp.tls is off, but smtp.url begins with smtps; use smtp in smtp.url, or remove smtp.tls")
    }
    let isRequired = mode == .required || mode == .automatic && (authorityFile != nil || !isLoopback(host))
    encryption = isImplicit ? .implicit : isRequired ? .startTLS : .none

    if let user, password == nil {
      throw SettingsError(
        values.source(.mailServerUser).description,
        "smtp.user is \(quoted(user)), but no password is set; set smtp.password_file")
    }
    if password != nil, user == nil {
      let key =
        values.text(.mailServerPassword) == nil ? SettingKey.mailServerPasswordFile : .mailServerPassword
      throw SettingsError(
        values.source(key).description, "\(key.rawValue) is set, but smtp.user is not; set smtp.user")
    }
    if password != nil, encryption == .none, !isLoopback(host) {
      throw SettingsError(
        values.source(.mailServerTLS).description,
        "smtp.tls is off, so the password would cross the network in clear; remove smtp.tls or smtp.user")
    }
  }
}

/// Addresses for mail where VCL's tables have none.
package struct MailSettings: Sendable, Equatable {
  /// Sender of the notices, `nil` if not set.
  package let from: String?
  /// The admin, `nil` if not set.
  package let admin: String?
  /// VCL's web site, `nil` if not set.
  package let siteAddress: String?

  init(_ values: SettingsResolution) {
    from = values.text(.mailFrom)
    admin = values.text(.mailAdmin)
    siteAddress = values.text(.siteAddress)
  }
}
