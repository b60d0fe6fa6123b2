import Campus
import MariaDB
import TestSupport
import Testing

@Suite("expireimage check")
struct CheckCommandTests {
  private static let keys: Set<String> = ["name", "status", "message", "details"]

  /// The status of each check by its name.
  private func statuses(_ call: CommandSite.Call) throws -> [String: String] {
    let checks = try call.json.members(["checks"])["checks"]!.array
    return try Dictionary(
      uniqueKeysWithValues: checks.map { check in
        let members = try check.members(Self.keys)
        #expect(try !members["message"]!.text.isEmpty)
        _ = try members["details"]!.array.map { try $0.text }
        return (try members["name"]!.text, try members["status"]!.text)
      })
  }

  /// A site that is used today, and that a run has run on.
  private func soundSite() throws -> CommandSite {
    let site = try CommandSite()
    try site.history()
    let image = try site.campus.image("Popular", owner: site.campus.user("popular"))
    try site.campus.use(
      site.campus.revision(of: image, 1, production: true), from: "\(site.realDay(0)) 00:00:00")
    #expect(try site.call(["run", "--quiet"]).status == 0)
    return site
  }

  @Test("A site in order: every check with its name, status, message and details, and exit status 0")
  func sound() throws {
    let site = try soundSite()
    let call = try site.call(["check", "--json"])
    #expect(call.status == 0, "\(call.output)")
    let statuses = try statuses(call)
    #expect(statuses.count == 23)
    #expect(Set(statuses.values) == ["ok"])
    let text = try site.call(["check"])
    #expect(text.output.contains("\nok       triggers: 3 triggers are there\n"))
    #expect(text.output.hasSuffix("\nAll is well.\n"))
  }

  @Test("Warnings alone: exit status 2, each with what to do, its details below it")
  func warnings() throws {
    let site = try soundSite()
    try site.site.store("exclude_images", "nothing-*,nobody-?")
    let call = try site.call(["check"])
    #expect(call.status == 2)
    #expect(call.errors == "")
    let line = try #require(call.outputLines.firstIndex { $0.hasPrefix("warning  exclusions: ") })
    #expect(call.outputLines[line].contains("expireimage policy set"))
    #expect(
      call.outputLines[line + 1] == "           expireimage_exclude_images: no image.name matches 'nothing-*'"
    )
    #expect(call.output.hasSuffix("\n1 warning.\n"))
  }

  @Test("A mail server with a wrong password is one error, exit status 1, and the password is not shown")
  func password() throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [
        .hello: [.reply("250-x\r\n250 AUTH PLAIN")],
        .authentication: [.reply("334 "), .reply("535 5.7.8 no: secret-word")],
      ]))
    let call = try site.call(
      ["check"], ["EXPIREIMAGE_SMTP_USER": "vcl", "EXPIREIMAGE_SMTP_PASSWORD": "secret-word"])
    #expect(call.status == 1)
    let line = call.outputLines.first { $0.hasPrefix("error    mail_server: ") }
    #expect(line?.contains("535 5.7.8 no: ***") == true)
    #expect(line?.contains("check smtp.user and its password") == true)
    #expect(!(call.output + call.errors).contains("secret-word"))
  }

  @Test("A dropped trigger: an error, the line says which and what to do; the run warns and reports it")
  func dropped() throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute("DROP TRIGGER expireimage_sublog_insert")
    let call = try site.call(["check"])
    #expect(call.status == 1)
    #expect(call.errors.isEmpty)
    let fault = call.outputLines.first {
      $0.hasPrefix("error    triggers: expireimage_sublog_insert is missing")
    }
    #expect(fault?.contains("expireimage migrate up") == true)
    let run = try site.simulate(mode: "report")
    #expect(run.status == 2)
    #expect(run.errors.contains("expireimage_sublog_insert is missing"))
    #expect(try RunDocument(run.json).faults.count == 1)
    let up = try site.call(["migrate", "up"])
    let made = up.outputLines.filter { !$0.isEmpty }
    #expect(made.first == "made the trigger expireimage_sublog_insert")
    // Of the account that made the trigger; with a new procedure the right to call it is gone.
    #expect(made.dropFirst().count == 2)
    #expect(made.dropFirst().allSatisfy { $0.contains("sql/grants.sql") })
    #expect(try statuses(site.call(["check", "--json"]))["triggers"] == "ok")
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
    #expect(try statuses(site.call(["check", "--json"]))["triggers"] == "ok")
    let run = try site.simulate(mode: "report")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try site.call(["migrate", "up"]).outputLines.count { $0.hasPrefix("made the trigger ") } == 3)
    #expect(try site.connection.rows("SHOW TRIGGERS") { $0.string(0) }.count == 3)
  }

  @Test(
    "No database, no tables, no settings: an error each, exit status 1, and the mail server is checked all the same"
  )
  func nothingThere() throws {
    let database = try TestDatabase(exclusive: true)
    let server = ScriptedSMTPServer()
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": database.name,
      "EXPIREIMAGE_DATABASE_USER": "root", "EXPIREIMAGE_SMTP_URL": server.url,
    ]
    func errors(_ more: [String: String]) throws -> [String] {
      let call = try CommandSite.call(["check", "--json"], environment.merging(more) { $1 })
      #expect(call.status == 1)
      #expect(call.errors == "")
      let statuses = try statuses(call)
      #expect(statuses["mail_server"] == (more["EXPIREIMAGE_DATABASE_PORT"] == nil ? "ok" : "not_checked"))
      return statuses.filter { $0.value == "error" }.keys.sorted()
    }
    #expect(try errors([:]) == ["schema"])
    #expect(try errors(["EXPIREIMAGE_DATABASE_NAME": "nowhere"]) == ["connection"])
    #expect(try errors(["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"]) == ["connection"])
    #expect(try errors(["EXPIREIMAGE_DATABASE_PORT": "many"]) == ["settings"])
  }
}
