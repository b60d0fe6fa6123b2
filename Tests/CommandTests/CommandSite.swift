import Campus
import Foundation
import MariaDB
import TestSupport

/// A migrated VCL database, a mail server, and the built program that works with both.
final class CommandSite {
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

  /// What a call came to.
  struct Call {
    let status: Int32
    let output: String
    let errors: String

    var errorLines: [Substring] { errors.split(separator: "\n") }
    var outputLines: [Substring] { output.split(separator: "\n", omittingEmptySubsequences: false) }
    var json: JSON { get throws { try JSON(output) } }
  }

  /// Calls the program with these words.
  func call(_ arguments: [String], _ extra: [String: String] = [:], input: [UInt8] = []) throws -> Call {
    try Self.call(arguments, environment.merging(extra) { $1 }, input: input)
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

  /// `run --json` as of a day, in a mode.
  @discardableResult
  func run(_ day: String = today, mode: String, set settings: [String] = []) throws -> RunDocument {
    try RunDocument(simulate(day, mode: mode, set: settings).json)
  }

  func simulate(_ day: String = today, mode: String, set settings: [String] = []) throws -> Call {
    try call(Self.runArguments(day, mode: mode, set: settings), Self.simulation)
  }

  static let simulation = ["EXPIREIMAGE_SIMULATE": "1"]

  static func runArguments(_ day: String = today, mode: String, set settings: [String] = []) -> [String] {
    ["run", "--json", "--today", day] + options(["expireimage_mode=\(mode)"] + settings)
  }

  private static func options(_ settings: [String]) -> [String] { settings.flatMap { ["--set", $0] } }

  /// A checksum of every table: two are equal exactly when nothing was written between them.
  func checksums() throws -> [String: String] { try site.checksums() }

  /// The expire date of a revision, as the database has it.
  func date(_ revision: Int) throws -> String? {
    try connection.first("SELECT expiredate FROM imagerevision WHERE id = ?", [Value(revision)]) {
      $0.optionalString(0)
    } ?? nil
  }

  func isDeleted(_ revision: Int) throws -> Bool {
    try connection.first("SELECT deleted FROM imagerevision WHERE id = ?", [Value(revision)]) { $0.bool(0) }
      ?? true
  }

  func count(_ table: String, where condition: String = "TRUE") throws -> Int {
    try connection.first("SELECT COUNT(*) FROM `\(table)` WHERE \(condition)") { $0.int(0) } ?? -1
  }

  /// A day of the real calendar, as the database server reads it.
  func realDay(_ offset: Int) throws -> String {
    try connection.first("SELECT CURDATE() + INTERVAL ? DAY", [Value(offset)]) { $0.string(0) } ?? ""
  }

  /// The mails that the server took, as Python reads them.
  func mails() throws -> [PythonEmail] { try PythonEmail.parse(mailServer.messages.map(\.data)) }
}

// MARK: - What is on the campus

extension CommandSite {
  /// An image and its revisions.
  struct Pair {
    let image: Int
    let older: Int
    let production: Int
  }

  /// An image with a production revision in use and an older one that nobody has reserved for a year.
  @discardableResult
  func forgotten(_ name: String, owner: Int? = CampusBuilder.admin, lastUse: String = longAgo) throws -> Pair
  {
    let image = try campus.image(name, owner: owner)
    let older = try campus.revision(of: image, 1)
    let production = try campus.revision(of: image, 2, production: true)
    try campus.use(older, from: lastUse)
    try campus.use(production, from: Self.recently)
    return Pair(image: image, older: older, production: production)
  }

  /// Usage data that reaches far back and is fresh, without anything to expire.
  func history() throws {
    let image = try campus.image("Everyday", owner: campus.user("everyday"))
    let revision = try campus.revision(of: image, 1, production: true)
    try campus.use(revision, from: "2020-01-07")
    try campus.use(revision, from: Self.recently)
  }
}
