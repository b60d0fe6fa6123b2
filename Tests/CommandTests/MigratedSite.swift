import Campus
import MariaDB

/// A migrated VCL database that the built program works with.
protocol MigratedSite {
  /// As the server's root.
  var connection: Connection { get }
  var campus: CampusBuilder { get }
  /// What connects the program to the database and to a mail server.
  var environment: [String: String] { get }
}

// MARK: - Calls of the program

extension MigratedSite {
  /// Calls the program with these words.
  func call(_ arguments: [String], _ extra: [String: String] = [:], input: [UInt8] = []) throws
    -> CommandSite.Call
  {
    try CommandSite.call(arguments, environment.merging(extra) { $1 }, input: input)
  }

  /// `run --json` as of a day, in a mode.
  @discardableResult
  func run(_ day: String = CommandSite.today, mode: String, set settings: [String] = []) throws -> RunDocument
  {
    try RunDocument(simulate(day, mode: mode, set: settings).json)
  }

  func simulate(_ day: String = CommandSite.today, mode: String, set settings: [String] = []) throws
    -> CommandSite.Call
  {
    try call(CommandSite.runArguments(day, mode: mode, set: settings), CommandSite.simulation)
  }
}

// MARK: - Looking at the database

extension MigratedSite {
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
}

// MARK: - What is on the campus

extension MigratedSite {
  /// An image with a production revision in use and an older one that nobody has reserved for a year.
  @discardableResult
  func forgotten(_ name: String, owner: Int? = CampusBuilder.admin, lastUse: String = CommandSite.longAgo)
    throws -> CommandSite.Pair
  {
    let image = try campus.image(name, owner: owner)
    let older = try campus.revision(of: image, 1)
    let production = try campus.revision(of: image, 2, production: true)
    try campus.use(older, from: lastUse)
    try campus.use(production, from: CommandSite.recently)
    return CommandSite.Pair(image: image, older: older, production: production)
  }

  /// Usage data that reaches far back and is fresh, without anything to expire.
  func history() throws {
    let image = try campus.image("Everyday", owner: campus.user("everyday"))
    let revision = try campus.revision(of: image, 1, production: true)
    try campus.use(revision, from: "2020-01-07")
    try campus.use(revision, from: CommandSite.recently)
  }
}
