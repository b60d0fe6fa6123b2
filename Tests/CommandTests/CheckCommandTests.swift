import Campus
import MariaDB
import TestSupport
import Testing

@Suite("expireimage check")
struct CheckCommandTests {
  private static let keys: Set<String> = ["name", "ok", "message"]

  @Test("A site in order: every check with its name, ok and a message, and exit status 0")
  func sound() throws {
    let site = try CommandSite()
    let call = try site.call(["check", "--json"])
    #expect(call.status == 0, "\(call.errors)")
    let checks = try call.json.members(["checks"])["checks"]!.array
    #expect(
      try checks.map { try $0.members(Self.keys)["name"]!.text } == [
        "schema", "triggers", "triggers_unchanged", "trigger_definer", "trigger_statements",
        "expiring_revisions", "ignored_accounts",
      ])
    for check in checks {
      #expect(check.keys == ["name", "ok", "message"])
      #expect(try !check.members(Self.keys)["message"]!.text.isEmpty)
    }
    #expect(try site.call(["check"]).output.contains("ok     triggers: "))
  }

  @Test("A dropped trigger: exit status 2, the line says which and what to do; the run warns and reports it")
  func dropped() throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute("DROP TRIGGER expireimage_sublog_insert")
    let call = try site.call(["check"])
    #expect(call.status == 2)
    #expect(call.errors.isEmpty)
    let fault = call.outputLines.first {
      $0.hasPrefix("FAULT  triggers: expireimage_sublog_insert is missing")
    }
    #expect(fault?.contains("expireimage migrate up") == true)
    let run = try site.simulate(mode: "report")
    #expect(run.status == 2)
    #expect(run.errors.contains("expireimage_sublog_insert is missing"))
    #expect(try RunDocument(run.json).faults.count == 1)
    let up = try site.call(["migrate", "up"])
    #expect(up.output == "made the trigger expireimage_sublog_insert\n")
    #expect(try site.call(["check"]).status == 0)
    #expect(try site.simulate(mode: "report").status == 0)
  }

  @Test("Without triggers by choice nothing complains; the choice is remembered")
  func noTriggers() throws {
    let site = try CommandSite()
    try site.history()
    let up = try site.call(["migrate", "up", "--no-triggers"])
    #expect(up.status == 0, "\(up.errors)")
    #expect(up.output.contains("without triggers: the nightly run clears"))
    #expect(try site.connection.rows("SHOW TRIGGERS") { $0.string(0) }.isEmpty)
    #expect(try site.call(["check"]).status == 0)
    let run = try site.simulate(mode: "report")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try site.call(["migrate", "up"]).outputLines.count { $0.hasPrefix("made the trigger ") } == 3)
    #expect(try site.connection.rows("SHOW TRIGGERS") { $0.string(0) }.count == 3)
  }

  @Test("A database that is not migrated is a fault, one that cannot be reached is exit status 7")
  func noSchema() throws {
    let database = try TestDatabase(exclusive: true)
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": database.name,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
    let call = try CommandSite.call(["check", "--json"], environment)
    #expect(call.status == 2)
    let check = try call.json.members(["checks"])["checks"]!.array[0]
    #expect(try check.members(Self.keys)["message"]!.text.contains("expireimage migrate up"))
    let unreachable = try CommandSite.call(
      ["check"], environment.merging(["EXPIREIMAGE_DATABASE_NAME": "nowhere"]) { $1 })
    #expect(unreachable.status == 7)
    #expect(unreachable.errorLines.count == 1)
  }
}
