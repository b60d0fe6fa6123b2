import Campus
import MariaDB
import Retention
import Settings
import VCLDatabase

/// The demonstration's own VCL site: a private database server with the made-up campus, migrated, and a mail sink.
final class DemoSite {
  /// The last night is the database server's today, so that a plan made afterwards goes on from there.
  static let nights = 60

  let server: PrivateServer
  let sink: MailSink
  let campus: DemoCampus
  let site: Site
  let firstNight: Day

  /// Starts the server and makes the campus. The server is gone with this object, or with this process.
  init(mailFolder: String) throws {
    server = try PrivateServer()
    sink = try MailSink(folder: mailFolder)
    let connection = try DemoCampus.makeDatabase(on: server)
    firstNight = try Clock.read(connection).today - (Self.nights - 1)
    let (year, month, day) = firstNight.components
    campus = try DemoCampus.create(on: connection, firstNight: (year, month, day))
    var environment = Self.databaseVariables(server)
    environment.append(("EXPIREIMAGE_SMTP_URL", sink.url))
    // Nothing of this machine's own configuration is read.
    site = Site(
      try Settings.load(
        configFile: nil, environment: Dictionary(environment) { $1 }, usualFiles: .none))
  }

  /// What connects the program to this site's database.
  static func databaseVariables(_ server: PrivateServer) -> [(name: String, value: String)] {
    [("EXPIREIMAGE_DATABASE_SOCKET", server.socket), ("EXPIREIMAGE_DATABASE_USER", "root")]
  }

  func day(ofNight number: Int) -> Day { firstNight + (number - 1) }

  /// Sets a parameter as `expireimage policy set` does.
  func set(_ key: String, _ value: String, affiliation: String? = nil) throws {
    try PolicyOperation(site).set(key, value, affiliation: affiliation)
  }

  /// The parameters in force.
  func policies(_ today: Day) throws -> PolicySet {
    try Preparation.policies(try site.connect(), CallOptions(), today: today)
  }

  /// The nightly run, as if today were that day.
  func run(_ day: Day) throws -> RunReport {
    try RunOperation(site, CallOptions(today: day), isDryRun: false).run(.silent)
  }

  /// What the next run would do.
  func plan() throws -> Plan {
    try PlanOperation(site, CallOptions()).plan(.silent).plan
  }
}
