/// Every connection setting: its name, what it may hold, its default, and one sentence for people.
///
/// This is the only table of settings. A key `database.socket` is the line `database.socket = …` of the
/// configuration file and the variable `EXPIREIMAGE_DATABASE_SOCKET`; the README's table repeats it.
package enum SettingKey: String, CaseIterable, Sendable {
  case databaseHost = "database.host"
  case databasePort = "database.port"
  case databaseSocket = "database.socket"
  case databaseName = "database.name"
  case databaseUser = "database.user"
  case databasePassword = "database.password"
  case databasePasswordFile = "database.password_file"
  case databaseTLS = "database.tls"
  case databaseAuthority = "database.tls_ca"
  case mailServer = "smtp.url"
  case mailServerUser = "smtp.user"
  case mailServerPassword = "smtp.password"
  case mailServerPasswordFile = "smtp.password_file"
  case mailServerTLS = "smtp.tls"
  case mailServerAuthority = "smtp.ca_file"
  case mailServerGreeting = "smtp.helo_name"
  case mailServerConnections = "smtp.connections"
  case mailServerRate = "smtp.rate_per_minute"
  case mailServerTimeout = "smtp.timeout_seconds"
  case mailServerDeadline = "smtp.deadline_minutes"
  case mailFrom = "mail.from"
  case mailAdmin = "mail.admin"
  case mailSummary = "mail.summary"
  case mailLifetime = "mail.lifetime_days"
  case returnPath = "mail.return_path"
  case bounceAddress = "mail.bounce_address"
  case templateFolder = "mail.template_folder"
  case siteAddress = "mail.site_url"
  case keepServer = "server.url"
  case nodeName = "node.name"

  /// What the table says about this key.
  package var definition: SettingDefinition {
    switch self {
    case .databaseHost:
      .init(
        .host, "localhost",
        "The database server; `localhost` always means the socket on this machine, `127.0.0.1` means TCP.")
    case .databasePort:
      .init(.port, "3306", "Port of the database server, for connections over TCP.")
    case .databaseSocket:
      .init(.path, nil, "Socket of a database server on this machine, in place of host and port.")
    case .databaseName:
      .init(.text, "vcl", "Name of VCL's database.")
    case .databaseUser:
      .init(.text, nil, "Database account; without it the account that runs the program.")
    case .databasePassword:
      .init(.secret, nil, "Password of the database account.")
    case .databasePasswordFile:
      .init(.file, nil, "File that holds nothing but that password, in place of it.")
    case .databaseTLS:
      .init(
        .tls, "automatic",
        "Encryption to the database, with a checked certificate; `automatic` requires it over TCP to another machine, and over any TCP where `tls_ca` is set."
      )
    case .databaseAuthority:
      .init(
        .certificates, nil,
        "Certificates (PEM) of the authorities that may vouch for the database server; without it the system's."
      )
    case .mailServer:
      .init(.mailServer, "smtp://localhost:25", "The mail server that takes the notices.")
    case .mailServerUser:
      .init(.text, nil, "Account at the mail server, where it asks for one.")
    case .mailServerPassword:
      .init(.secret, nil, "Password of the mail account.")
    case .mailServerPasswordFile:
      .init(.file, nil, "File that holds nothing but that password, in place of it.")
    case .mailServerTLS:
      .init(
        .tls, "automatic",
        "Encryption to the mail server; `automatic` requires it for another machine, with `smtps`, or where `ca_file` is set."
      )
    case .mailServerAuthority:
      .init(
        .certificates, nil,
        "Certificates (PEM) of the authorities that may vouch for the mail server, in place of the system's.")
    case .mailServerGreeting:
      .init(.host, nil, "Name that this machine gives the mail server; without it its host name.")
    case .mailServerConnections:
      .init(.number(1...64), "1", "Connections to the mail server that are used at the same time.")
    case .mailServerRate:
      .init(
        .number(1...100_000), nil,
        "Most mails handed over in a minute, by all connections; without it no limit.")
    case .mailServerTimeout:
      .init(
        .number(1...600), "300",
        "Seconds for one mail; where it is too short, the mail may have arrived and is sent again.")
    case .mailServerDeadline:
      .init(.number(1...1440), "60", "Minutes that one run may spend on delivery; the rest waits.")
    case .mailFrom:
      .init(
        .address, nil,
        "Sender of the notices where neither the owner's affiliation nor Global has a help address.")
    case .mailAdmin:
      .init(.address, nil, "The admin's address where no management node has one.")
    case .mailSummary:
      .init(
        .choice(SummaryFrequency.allCases.map(\.rawValue)), "always",
        "Whether the admins get a summary after `always` each run, only after `changes` or trouble, or `never`."
      )
    case .mailLifetime:
      .init(
        .number(1...30), "5",
        "Days for which a mail is tried that the server does not take yet; then it has failed.")
    case .returnPath:
      .init(
        .address, nil,
        "Envelope sender of the mails, to which reports come that they did not arrive; without it the sender."
      )
    case .bounceAddress:
      .init(
        .address, nil,
        "Envelope sender, marked with the mail's number (`local+expireimage-7@domain`), whose mail goes to `mail bounce`, in place of `return_path`."
      )
    case .templateFolder:
      .init(
        .folder, nil, "Folder with the site's own templates, in place of those that come with the program.")
    case .siteAddress:
      .init(
        .webAddress, nil,
        "Address of VCL's web site where neither the owner's affiliation nor Global has one.")
    case .keepServer:
      .init(
        .webAddress, nil,
        "Address of the page on which owners keep revisions; with it every notice has a keep link.")
    case .nodeName:
      .init(
        .host, nil,
        "Name of this management node, to which its roots and their tasks belong; without it its host name.")
    }
  }

  /// The variable of the environment that sets this key.
  package var environmentVariable: String {
    SettingKey.environmentPrefix + rawValue.uppercased().replacing(".", with: "_")
  }

  /// How every variable of this program begins.
  package static let environmentPrefix = "EXPIREIMAGE_"

  /// Variables of this program that set no key: a simulated day for `run`, and the files to read.
  package static let otherVariables = [
    "EXPIREIMAGE_SIMULATE", configurationFileVariable, managementNodeVariable, optionFileVariable,
  ]

  /// Names the configuration file where `--config` does not.
  package static let configurationFileVariable = "EXPIREIMAGE_CONFIG"

  /// Names the `vcld.conf`; empty for none.
  package static let managementNodeVariable = "EXPIREIMAGE_VCLD_CONF"

  /// Names the one MariaDB option file to read; empty for none.
  package static let optionFileVariable = "EXPIREIMAGE_OPTION_FILE"
}

/// One row of the table of settings.
package struct SettingDefinition: Sendable {
  /// What the value must look like.
  package let kind: SettingKind
  /// The value where nobody sets one, as it would be written in the file; `nil` for none.
  package let defaultValue: String?
  /// What the setting is for, in one sentence of Markdown.
  package let sentence: String

  init(_ kind: SettingKind, _ defaultValue: String?, _ sentence: String) {
    self.kind = kind
    self.defaultValue = defaultValue
    self.sentence = sentence
  }

  /// Whether the value is never shown.
  package var isSecret: Bool { kind == .secret }
}
