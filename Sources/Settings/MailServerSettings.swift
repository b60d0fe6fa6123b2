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
  /// Name for EHLO, `nil` for this machine's host name.
  package let greeting: String?
  /// Connections that are used at the same time.
  package let connections: Int
  /// Most mails handed over in a minute, `nil` for no limit.
  package let ratePerMinute: Int?
  /// Longest time for one mail.
  package let timeoutSeconds: Int
  /// Longest time that one run spends on delivery.
  package let deadlineMinutes: Int

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
    greeting = values.text(.mailServerGreeting)
    connections = values.number(.mailServerConnections) ?? 1
    ratePerMinute = values.number(.mailServerRate)
    timeoutSeconds = values.number(.mailServerTimeout) ?? 300
    deadlineMinutes = values.number(.mailServerDeadline) ?? 60

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

/// After which runs the admins get a summary.
package enum SummaryFrequency: String, CaseIterable, Sendable {
  case always
  /// After those that changed something, or that something was wrong with.
  case changes
  case never
}

/// What the mails are made with, and the addresses where VCL's tables have none.
package struct MailSettings: Sendable, Equatable {
  /// Sender of the notices, `nil` if not set.
  package let from: String?
  /// The admin, `nil` if not set.
  package let admin: String?
  /// VCL's web site, `nil` if not set.
  package let siteAddress: String?
  /// The page on which owners keep revisions, `nil` if there is none.
  package let keepServer: String?
  /// After which runs the admins get a summary.
  package let summary: SummaryFrequency
  /// How long a mail is tried that the server does not take yet.
  package let lifetimeDays: Int
  /// Envelope sender where `bounceAddress` gives none, `nil` for the sender of the mail.
  package let returnPath: String?
  /// Envelope sender that gets the mail's number, `nil` where it gets none.
  package let bounceAddress: String?
  /// Folder with the site's own templates, `nil` for none.
  package let templateFolder: String?

  init(_ values: SettingsResolution) {
    from = values.text(.mailFrom)
    admin = values.text(.mailAdmin)
    siteAddress = values.text(.siteAddress)
    keepServer = values.text(.keepServer)
    summary = values.text(.mailSummary).flatMap(SummaryFrequency.init) ?? .always
    lifetimeDays = values.number(.mailLifetime) ?? 5
    returnPath = values.text(.returnPath)
    bounceAddress = values.text(.bounceAddress)
    templateFolder = values.text(.templateFolder)
  }
}
