import Campus
import Foundation
import MariaDB
import TestSupport

/// A migrated VCL database, a mail server, and the built program that works with both.
final class CommandSite: MigratedSite {
  /// The day for which most tests decide: a Monday.
  static let today = "2026-03-02"
  static let recently = "2026-02-20 09:00:00"
  static let longAgo = "2025-03-01 09:00:00"

  let site: TestSite
  let mailServer: ScriptedSMTPServer
  var campus: CampusBuilder { site.campus }
  var connection: Connection { site.connection }

  init(_ mailServer: ScriptedSMTPServer = ScriptedSMTPServer()) throws {
    site = try TestSite(mailServer: mailServer, from: nil)
    self.mailServer = mailServer
  }

  var environment: [String: String] { site.environment }

  /// An image and its revisions.
  struct Pair {
    let image: Int
    let older: Int
    let production: Int
  }

  /// What a call came to.
  struct Call {
    let status: Int32
    let output: String
    let errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }
    var outputLines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }
    var json: JSON { get throws { try JSON(output) } }
  }

  static func call(
    _ arguments: [String], _ environment: [String: String] = [:], input: [UInt8] = []
  ) throws -> Call {
    let result = try Executable.run(arguments, environment: environment, input: input)
    return Call(status: result.status, output: result.output, errors: result.errors)
  }

  /// `plan --format json --all` for a day.
  func plan(_ day: String = today, set settings: [String] = []) throws -> PlanDocument {
    try PlanDocument(
      call(["plan", "--format", "json", "--all", "--today", day] + Self.options(settings)).json)
  }

  static let simulation = ["EXPIREIMAGE_SIMULATE": "1"]

  static func runArguments(_ day: String = today, mode: String, set settings: [String] = []) -> [String] {
    ["run", "--json", "--today", day] + options(["expireimage_mode=\(mode)"] + settings)
  }

  private static func options(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

  /// A checksum of every table: two are equal exactly when nothing was written between them.
  func checksums() throws -> [String: String] { try site.checksums() }

  /// A day of the real calendar, as the database server reads it.
  func realDay(_ offset: Int) throws -> String {
    try connection.first("SELECT CURDATE() + INTERVAL ? DAY", [Value(offset)]) { $0.string(0) } ?? ""
  }

  /// The mails that the server took, as Python reads them.
  func mails() throws -> [PythonEmail] { try PythonEmail.parse(mailServer.messages.map(\.data)) }
}
