import Campus
import MariaDB
import TestSupport
import Testing

/// Every command that works with a migrated database.
private let commands: [[String]] = [
  ["run"], ["run", "--dry-run"], ["run", "--json"], ["plan"], ["plan", "--format", "json"],
  ["policy", "show"], ["policy", "check"], ["policy", "set", "expireimage_grace_days", "40"],
  ["policy", "unset", "expireimage_grace_days"], ["expire", "5", "--on", "2099-01-01"],
]

@Suite("A database that cannot be worked with")
struct DatabaseErrorTests {
  /// One line that names what is wrong and the remedy, and exit status 7.
  private func expectRefused(
    _ environment: [String: String], _ parts: [String], commands: [[String]] = commands
  ) throws {
    for command in commands {
      let call = try CommandSite.call(command, environment)
      #expect(call.status == 7, "\(command)")
      #expect(call.output == "", "\(command)")
      #expect(call.errorLines.count == 1, "\(command): \(call.errors)")
      // What keeps a log has the time and the level in front.
      let isLogged = command[0] == "run"
      let start = isLogged ? #/\d{4}-\d\d-\d\dT\S+ error /# : #/expireimage: /#
      #expect(call.errors.prefixMatch(of: start) != nil, "\(call.errors)")
      for part in parts { #expect(call.errors.contains(part), "\(command): \(call.errors)") }
    }
  }

  private let migrations: [[String]] = [
    ["migrate", "up"], ["migrate", "down"], ["migrate", "status"], ["migrate", "check"],
  ]

  @Test("no server is there")
  func down() throws {
    try expectRefused(
      ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"],
      ["/nowhere/mariadb.sock", "check that the server runs", "database.socket"],
      commands: commands + migrations)
  }

  @Test("the password is wrong, and no part of it is shown")
  func wrongPassword() throws {
    let site = try CommandSite()
    let name = site.site.name
    try site.connection.execute("CREATE USER '\(name)'@'localhost' IDENTIFIED BY 'right-one'")
    defer { _ = try? site.connection.execute("DROP USER '\(name)'@'localhost'") }
    let environment = site.environment.merging([
      "EXPIREIMAGE_DATABASE_USER": name, "EXPIREIMAGE_DATABASE_PASSWORD": "s3cr3t-but-wrong",
    ]) { $1 }
    try expectRefused(
      environment, ["Access denied for user '\(name)'", "database.user and its password"],
      commands: [["run"], ["plan"], ["migrate", "up"]])
    #expect(try !CommandSite.call(["plan"], environment).errors.contains("s3cr3t"))
  }

  @Test("the account may read the database, but lacks what the run needs: it says what to grant")
  func missingGrants() throws {
    let site = try CommandSite()
    try site.history()
    let name = site.site.name
    try site.connection.execute("CREATE USER '\(name)'@'localhost' IDENTIFIED BY 'right-one'")
    defer { _ = try? site.connection.execute("DROP USER '\(name)'@'localhost'") }
    try site.connection.execute("GRANT SELECT ON `\(name)`.* TO '\(name)'@'localhost'")
    let account = ["EXPIREIMAGE_DATABASE_USER": name, "EXPIREIMAGE_DATABASE_PASSWORD": "right-one"]

    #expect(try site.call(["plan", "--today", CommandSite.today], account).status == 0)
    let call = try site.call(
      CommandSite.runArguments(mode: "notify"), account.merging(CommandSite.simulation) { $1 })
    #expect(call.status == 1)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("sql/grants.sql"))
    #expect(!call.errors.contains("right-one"))
  }

  @Test("there is no database of that name")
  func unknownDatabase() throws {
    let site = try CommandSite()
    let environment = site.environment.merging(["EXPIREIMAGE_DATABASE_NAME": "vcl_of_last_year"]) { $1 }
    try expectRefused(
      environment, ["vcl_of_last_year", "check database.name"], commands: commands + migrations)
  }

  @Test("VCL's database was never migrated")
  func notMigrated() throws {
    let site = try CommandSite()
    #expect(try site.call(["migrate", "down"]).status == 0)
    let before = try site.checksums()
    try expectRefused(
      site.environment, ["run `expireimage migrate up`"], commands: commands + [["migrate", "check"]])
    #expect(try site.checksums() == before)
  }

  @Test(
    "the migration is half done, whatever half that is; migrate up completes it",
    arguments: [
      ("UPDATE expireimage_migration SET completed = NULL", "was interrupted"),
      ("DROP TABLE expireimage_notice", "the table expireimage_notice is missing"),
      ("ALTER TABLE expireimage_mail DROP COLUMN reply", "the column expireimage_mail.reply is missing"),
      (
        "ALTER TABLE imagerevision DROP INDEX expiredate, DROP COLUMN expiredate",
        "the column imagerevision.expiredate is missing"
      ),
      ("DELETE FROM expireimage_migration", "migrate up"),
    ])
  func halfMigrated(_ damage: String, _ part: String) throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute(damage)
    try expectRefused(
      site.environment, [part, "expireimage migrate up"],
      commands: [["run"], ["plan"], ["migrate", "check"]])

    let up = try site.call(["migrate", "up"])
    #expect(up.status == 0, "\(up.errors)")
    let check = try site.call(["migrate", "check"])
    #expect(check.status == 0, "\(check.errors)")
    #expect(try site.simulate(mode: "notify").status == 0)
  }

  @Test("the schema is of a newer program, which this one does not touch")
  func newerSchema() throws {
    let site = try CommandSite()
    try site.connection.execute(
      "INSERT INTO expireimage_migration (version, name, begun, completed) VALUES (999, 'v999_future', NOW(), NOW())"
    )
    let before = try site.checksums()
    try expectRefused(
      site.environment, ["999", "newer program"],
      commands: [["run"], ["plan"], ["migrate", "up"], ["migrate", "down"], ["migrate", "check"]])
    #expect(try site.checksums() == before)
    #expect(try site.call(["migrate", "status"]).output.contains("version 999  of a newer program"))
  }

  @Test(
    "a table of VCL is missing, so that it is no VCL database",
    arguments: ["sublog", "semaphore", "blockComputers", "OS", "variable"])
  func tableMissing(_ table: String) throws {
    let site = try CommandSite()
    try site.connection.executeScript("SET foreign_key_checks = 0;\nDROP TABLE `\(table)`;")
    try expectRefused(
      site.environment, ["no table \(table)", "check database.name"],
      commands: [["run"], ["plan"]] + migrations.filter { $0[1] != "status" })
  }

  @Test("a database that is none of VCL's is not touched by migrate up")
  func foreignDatabase() throws {
    let database = try TestDatabase(schema: .empty, exclusive: true)
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": database.name,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
    try expectRefused(environment, ["it is not a VCL database"], commands: [["migrate", "up"]])
    #expect(try database.connection().rows("SHOW TABLES") { $0.string(0) }.isEmpty)
  }
}
