import Campus
import MariaDB
import TestSupport
import Testing

@Suite("expireimage migrate")
struct MigrateCommandTests {
  private let database: TestDatabase
  private let connection: Connection
  private let environment: [String: String]

  /// VCL's database as it was before this program.
  init() throws {
    database = try TestDatabase(exclusive: true)
    connection = try database.connection()
    let campus = try CampusBuilder(connection).loadBaseRows()
    let image = try campus.image("Statistics")
    try campus.use(campus.revision(of: image, production: true), from: "2026-02-01")
    environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": database.name,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
  }

  private func migrate(_ word: String) throws -> CommandSite.Call {
    try CommandSite.call(["migrate", word], environment)
  }

  /// How every table is made, and a checksum of its rows. The counters of tables may have moved.
  private func everything() throws -> [String] {
    let tables = try connection.rows("SHOW TABLES") { $0.string(0) }
    return try tables.map { table in
      let definition = try connection.first("SHOW CREATE TABLE `\(table)`") { $0.string(1) } ?? ""
      let sum = try connection.first("CHECKSUM TABLE `\(table)`") { $0.optionalString(1) } ?? nil
      return definition.replacing(/\sAUTO_INCREMENT=\d+/, with: "") + " \(sum ?? "")"
    }
  }

  @Test("up, up again, and down again leaves VCL as it was, table by table and row by row")
  func upAndDown() throws {
    let before = try everything()
    #expect(try migrate("status").output.contains("v001_expire_dates  missing"))
    #expect(try migrate("check").status == 7)

    let up = try migrate("up")
    #expect(up.status == 0, "\(up.errors)")
    #expect(up.output.hasPrefix("migrated up: v001_expire_dates\n"))
    #expect(
      try connection.first("SHOW COLUMNS FROM imagerevision LIKE 'expiredate'") {
        [$0.string(1), $0.string(2), $0.string(3), $0.optionalString(4) ?? "NULL"]
      } == ["date", "YES", "MUL", "NULL"])
    #expect(try connection.first("SELECT COUNT(*) FROM state WHERE name = 'expireimage'") { $0.int(0) } == 1)
    let migrated = try everything()

    let again = try migrate("up")
    #expect(again.status == 0)
    #expect(again.output == "nothing to do: the schema is up to date\n")
    #expect(try everything() == migrated)
    #expect(try migrate("check").output == "the schema is complete\n")
    #expect(try migrate("status").output.contains("v001_expire_dates  complete"))

    let down = try migrate("down")
    #expect(down.status == 0, "\(down.errors)")
    #expect(down.output.contains("migrated down: v001_expire_dates\n"))
    #expect(try everything() == before)
    #expect(try migrate("down").output == "nothing to do: nothing of this program is in the database\n")
    #expect(try everything() == before)
  }

  @Test("up keeps the values of parameters that are there, and puts defaults where there are none")
  func parameters() throws {
    #expect(try migrate("up").status == 0)
    try connection.execute("UPDATE variable SET value = '77' WHERE name = 'expireimage_grace_days'")
    try connection.execute("DELETE FROM variable WHERE name = 'expireimage_mode'")
    try connection.execute("UPDATE expireimage_migration SET completed = NULL")
    #expect(try migrate("up").status == 0)
    let values = try connection.rows(
      "SELECT value FROM variable WHERE name IN ('expireimage_grace_days', 'expireimage_mode') ORDER BY name"
    ) { $0.string(0) }
    #expect(values == ["77", "report"])
  }

  @Test("a column of that name and another type is somebody else's, and stays")
  func foreignColumn() throws {
    try connection.execute("ALTER TABLE imagerevision ADD COLUMN expiredate DATETIME NULL")
    let before = try everything()
    let call = try migrate("up")
    #expect(call.status == 7)
    #expect(call.errorLines.count == 1)
    #expect(call.errors.contains("imagerevision.expiredate exists already and is datetime"))
    #expect(try everything() == before)
  }

  @Test("down takes dates, marks and the audit trail with it, and up begins anew")
  func downAfterRuns() throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    try site.run(mode: "notify")
    #expect(try site.call(["migrate", "down"]).status == 0)
    #expect(try site.connection.rows("SHOW TABLES LIKE 'expireimage%'") { $0.string(0) }.isEmpty)
    #expect(try site.call(["migrate", "up"]).status == 0)
    #expect(try site.date(pair.older) == nil)
    #expect(try site.run(mode: "notify").runID == 1)
    #expect(try site.date(pair.older) == "2026-04-01")
  }

  @Test(
    "down by an account that may not drop procedures takes all else, says what may be left, and has status 2")
  func proceduresLeft() throws {
    #expect(try migrate("up").status == 0)
    let account = "limited\(UInt32.random(in: 0..<UInt32.max))"
    try connection.execute("CREATE USER \(account)@localhost IDENTIFIED BY 'secret'")
    defer { _ = try? connection.execute("DROP USER \(account)@localhost") }
    try connection.execute(
      """
      GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, TRIGGER ON `\(database.name)`.*
      TO \(account)@localhost
      """)
    let down = try CommandSite.call(
      ["migrate", "down"],
      environment.merging([
        "EXPIREIMAGE_DATABASE_USER": account, "EXPIREIMAGE_DATABASE_PASSWORD": "secret",
      ]) { $1 })
    #expect(down.status == 2)
    #expect(down.output.contains("migrated down: v001_expire_dates\n"))
    #expect(down.errorLines.count == 1)
    #expect(
      down.errors.hasPrefix("expireimage: not known whether the procedures expireimage_reset,"),
      "\(down.errors)")
    let again = try migrate("down")
    #expect(again.status == 0)
    #expect(again.output.contains("dropped the procedure expireimage_reset\n"))
  }

  @Test("up waits for a lock of VCL and is done when it is free, without keeping VCL waiting meanwhile")
  func lockedTable() throws {
    let vcl = try database.connection()
    try vcl.execute("LOCK TABLES imagerevision READ")
    let up = try RunningCommand(["migrate", "up"], environment)
    try up.wait(until: "the wait for the lock") {
      try connection.rows("SHOW PROCESSLIST") { $0.optionalString(6) ?? "" }.contains {
        $0.contains("metadata lock")
      }
    }
    try vcl.execute("UNLOCK TABLES")
    let result = try up.result()
    #expect(result.status == 0, "\(result.errors)")
    #expect(try migrate("check").status == 0)
  }
}
