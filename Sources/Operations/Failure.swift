import Mail
import MariaDB
import Retention
import SMTP
import Settings
import VCLDatabase

/// An error as a person sees it: one line that says what failed, on what, and what to do, and the exit status.
package struct Failure: Error, CustomStringConvertible {
  package let description: String
  package let exitStatus: ExitStatus
  /// Further lines, where several things are wrong.
  package private(set) var more: [String] = []
  /// Whether it goes wrong each time until somebody asks for something else.
  let isLasting: Bool

  /// Several things that are wrong, one line each; there is at least one.
  package init(lines: [String], _ exitStatus: ExitStatus) {
    self.init(lines.first ?? "", exitStatus)
    more = lines.dropFirst().map { Failure($0, exitStatus).description }
  }

  package init(_ description: String, _ exitStatus: ExitStatus) {
    self.init(description, exitStatus, isLasting: exitStatus == .wrongCommandLine)
  }

  init(_ description: String, _ exitStatus: ExitStatus, isLasting: Bool) {
    self.description = description.split(whereSeparator: \.isNewline).joined(separator: " ")
    self.exitStatus = exitStatus
    self.isLasting = isLasting
  }

  /// Any error of the modules below.
  package init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as MariaDBError: self.init(database: error)
    case let error as SchemaError: self.init("\(error)", .databaseUnavailable)
    case let error as SettingsError: self.init("\(error)", .configurationInvalid)
    case let error as UnknownAffiliation: self.init("\(error)", .configurationInvalid)
    case let error as PolicyError: self.init("\(error)", .configurationInvalid)
    case let error as SMTPConfigurationError: self.init("\(error)", .configurationInvalid)
    case let error as TemplateError: self.init("\(error)", .configurationInvalid)
    case let error as UsageNotTrusted: self.init("\(error)", .usageNotTrusted)
    case let error as LeaseHeld: self.init("\(error)", .leaseHeld)
    case let error as LeaseLost: self.init("\(error)", .leaseHeld)
    case let error as TaskConflict: self.init("\(error)", .leaseHeld)
    case let error as TaskLost: self.init("\(error)", .leaseHeld)
    default: self.init("\(error)", .failed)
    }
  }

  private init(database error: MariaDBError) {
    switch error.kind {
    case .unreachable, .connectionLost:
      self.init(
        "\(error); check that the server runs, and database.host or database.socket", .databaseUnavailable)
    case .withoutQuorum:
      self.init(
        "\(error); this node of the Galera cluster is not part of a majority: look at its wsrep_cluster_status, or set database.host to another node",
        .databaseUnavailable)
    case .unencrypted:
      self.init(
        "\(error); check the server's certificate (authority, host name, dates) and database.tls_ca; database.tls = off does without encryption",
        .databaseUnavailable)
    case .accessDenied:
      self.init(
        "\(error); check database.user and its password, whose sources `expireimage config` shows",
        .databaseUnavailable)
    case .unknownDatabase:
      self.init("\(error); check database.name", .databaseUnavailable)
    case .missingTable, .missingColumn:
      self.init("\(error); run `expireimage migrate check`", .databaseUnavailable)
    case .denied:
      self.init("\(error); grant the account what sql/grants.sql lists", .failed)
    default:
      self.init("\(error); nothing is half done, the next run goes on", .failed)
    }
  }
}
