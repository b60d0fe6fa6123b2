import Campus
import Foundation
import MariaDB
import Settings
import TestSupport
import Testing
import VCLDatabase

@testable import Operations

@Suite("The check of everything")
struct CheckTests {
  /// A site in order: used today, run today, with a mail server.
  static func soundSite(
    _ server: ScriptedSMTPServer = ScriptedSMTPServer(), from: String? = "vcl@example.edu",
    environment: [String: String] = [:]
  ) throws -> TestSite {
    let site = try TestSite(mailServer: server, from: from, environment: environment)
    let image = try site.campus.image("Everyday", owner: IdleImage.owner(site))
    let revision = try site.campus.revision(of: image, 1, production: true)
    let today = try site.rows("SELECT CURDATE()")[0]
    try site.campus.use(revision, from: "2020-01-07")
    try site.campus.use(revision, from: "\(today) 00:00:00", to: "\(today) 00:00:01")
    #expect(try site.run().exitStatus == .done)
    return site
  }

  private func result(_ site: TestSite, _ name: String) throws -> CheckResult {
    try #require(CheckOperation(site.site).check().checks.first { $0.name == name })
  }

  @Test("Of a site in order every check is ok, with a message")
  func sound() throws {
    let site = try Self.soundSite()
    let report = CheckOperation(site.site).check()
    #expect(report.checks.map(\.name) == CheckName.allCases.map(\.rawValue))
    #expect(report.checks.filter { $0.status != .ok || $0.message.isEmpty || !$0.details.isEmpty } == [])
    #expect(report.exitStatus == .done)
    #expect(report.text().hasSuffix("\n\nAll is well."))
  }

  @Test("Checking changes nothing and sends nothing")
  func changesNothing() throws {
    let server = ScriptedSMTPServer()
    let site = try Self.soundSite(server)
    let before = try site.checksums()
    _ = CheckOperation(site.site).check()
    #expect(try site.checksums() == before)
    #expect(server.messages.isEmpty && !server.commands.contains { $0.hasPrefix("MAIL") })
  }

  struct Trouble: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let check: String
    let status: CheckResult.Status
    /// What the message says, or one of its details.
    let words: [String]
    let make: @Sendable (TestSite) throws -> Void

    init(
      _ sentence: String, _ check: String, _ status: CheckResult.Status, _ words: [String],
      _ make: @escaping @Sendable (TestSite) throws -> Void
    ) {
      testDescription = sentence
      self.check = check
      self.status = status
      self.words = words
      self.make = make
    }
  }

  static let troubles: [Trouble] = [
    Trouble("a parameter that is none", "parameters", .error, ["expireimage_grace_days is 'soon'"]) {
      try $0.store("grace_days", "soon")
    },
    Trouble(
      "parameters that contradict each other", "parameters", .error,
      ["raise the grace or lower the minimum notice"]
    ) { try $0.store("min_notice_days", "60") },
    Trouble("a notice before the mark", "parameters", .warning, ["the step of 60 days", "policy set"]) {
      try $0.store("notice_days", "60")
    },
    Trouble("a value of an affiliation that is gone", "parameters", .warning, ["no affiliation Moon"]) {
      try $0.store("grace_days|Moon", "60")
    },
    Trouble("mode off", "parameters", .warning, ["mode is off", "policy set expireimage_mode"]) {
      try $0.store("mode", "off")
    },
    Trouble("a pattern that matches no image", "exclusions", .warning, ["no image.name matches 'win*'"]) {
      try $0.store("exclude_images", "*,win*")
    },
    Trouble(
      "a pattern of an affiliation without such an image", "exclusions", .warning,
      ["expireimage_exclude_images|Global: no image.name matches '*'"]
    ) { try $0.store("exclude_images|Global", "*") },
    Trouble(
      "an owner without an image", "exclusions", .warning,
      ["expireimage_only_owners: ada@Local owns no image"]
    ) {
      try $0.store("only_owners", "jdoe@Local,ada@Local")
    },
    Trouble(
      "an account that VCL has not", "exclusions", .warning,
      ["no account nagios@Local", "no account \u{1F600}@X"]
    ) {
      try $0.connection.execute("ALTER TABLE variable CONVERT TO CHARACTER SET utf8mb4")
      try $0.store("ignore_users", "JDOE@local,nagios@Local,\u{1F600}@X")
    },
    Trouble(
      "no reservation for long", "usage_data", .error,
      ["usage data not trusted", "expireimage_usage_max_age_days"]
    ) {
      try $0.connection.execute("DELETE FROM sublog")
      try $0.connection.execute("DELETE FROM expireimage_usage")
    },
    Trouble("an image without production", "corrupt_images", .warning, ["(Broken): no production revision"]) {
      let image = try $0.campus.image("Broken", owner: IdleImage.owner($0))
      try $0.campus.revision(of: image, 1)
    },
    Trouble(
      "no help address and no mail.from", "sender", .error, ["set mail.from", "owners of affiliation Local"]
    ) {
      try $0.connection.execute("UPDATE affiliation SET helpaddress = NULL")
    },
    Trouble("a help address that is none", "sender", .warning, ["affiliation Local: call 555 1234"]) {
      try $0.connection.execute("UPDATE affiliation SET helpaddress = 'call 555 1234' WHERE name = 'Local'")
    },
    Trouble("nobody to tell", "admin_addresses", .warning, ["sysadminEmailAddress", "mail.admin"]) {
      try $0.campus.managementNodeAddresses(sysadmin: nil, shared: nil)
    },
    Trouble("an admin's address that is none", "admin_addresses", .warning, ["root at mgmt"]) {
      try $0.campus.managementNodeAddresses(sysadmin: "root at mgmt,vcl-admin@example.edu", shared: nil)
    },
    Trouble("an edited message that cannot be read", "messages", .warning, ["Site Configuration"]) {
      try $0.connection.execute(
        "UPDATE variable SET value = '- a list' WHERE name = 'adminmessage|image_expire_summary'")
    },
    Trouble(
      "a mail that waits for days", "stuck_mails", .warning,
      ["to jdoe@example.edu: deferred, 451 later", "mail retry"]
    ) {
      try mail($0, "deferred", daysAgo: 2)
    },
    Trouble(
      "a mail that a killed run has left", "stuck_mails", .warning,
      ["for jdoe@Local: composing", "mode notify or flag"]
    ) {
      try mail($0, "composing", daysAgo: 2)
    },
    Trouble(
      "a mail that failed and nothing followed", "stuck_mails", .warning,
      ["failed, 451 later", "mail show N"]
    ) {
      try mail($0, "failed", daysAgo: 0, marked: true)
    },
    Trouble("a mail of today that waits", "stuck_mails", .ok, ["no mail has failed"]) {
      try mail($0, "deferred", daysAgo: 0)
    },
    Trouble("a failed mail about what has no mark any more", "stuck_mails", .ok, []) {
      try mail($0, "failed", daysAgo: 3)
    },
    Trouble("a failed mail that a later one replaces", "stuck_mails", .ok, []) {
      try mail($0, "failed", daysAgo: 3, marked: true)
      try mail($0, "accepted", daysAgo: 0)
    },
    Trouble("mails that failed night after night", "stuck_mails", .warning, ["1 mail waited"]) {
      try mail($0, "failed", daysAgo: 3, marked: true)
      try mail($0, "deferred", daysAgo: 2)
    },
    Trouble("no run ever", "last_run", .warning, ["no run yet", "schedule"]) {
      try $0.connection.execute("DELETE FROM expireimage_run")
    },
    Trouble("a run that was killed", "last_run", .error, ["was killed"]) {
      try $0.connection.execute("UPDATE expireimage_run SET finished = NULL, exit_status = NULL")
    },
    Trouble("a run that failed", "last_run", .error, ["exit status 1"]) {
      try $0.connection.execute("UPDATE expireimage_run SET exit_status = 1")
    },
    Trouble("a run with mail left over", "last_run", .warning, ["exit status 2"]) {
      try $0.connection.execute("UPDATE expireimage_run SET exit_status = 2")
    },
    Trouble("a run over the limit", "last_run", .warning, ["expireimage_max_flag_count"]) {
      try $0.connection.execute("UPDATE expireimage_run SET exit_status = 3")
    },
    Trouble("no run for two nights", "last_run", .warning, ["2 days ago", "scheduled"]) {
      try $0.connection.execute("UPDATE expireimage_run SET started = NOW() - INTERVAL 50 HOUR")
    },
    Trouble("no run for more than a week", "last_run", .error, ["8 days ago"]) {
      try $0.connection.execute("UPDATE expireimage_run SET started = NOW() - INTERVAL 8 DAY")
    },
    Trouble("a run of a day that was made up", "last_run", .ok, []) {
      try $0.connection.execute(
        "INSERT INTO expireimage_run (day, simulated, mode, started, node, pid, policy) VALUES ('2030-01-01', 1, 'flag', '2030-01-01', '', 1, '')"
      )
    },
  ]

  /// An outbox row to the owner of the site's image.
  private static func mail(_ site: TestSite, _ status: String, daysAgo: Int, marked: Bool = false) throws {
    let owner = try IdleImage.owner(site)
    try site.connection.execute(
      """
      INSERT INTO expireimage_mail (owner_id, recipient, status, recipients, blind_recipients, queued_on, queued_at, reply)
      VALUES (?, 'owner', ?, 'jdoe@example.edu', '', CURDATE(), NOW() - INTERVAL ? DAY, '451 later')
      """, [Value(owner), Value(status), Value(daysAgo)])
    let id = Int(site.connection.lastInsertID)
    guard marked else { return }
    try site.connection.execute(
      "INSERT INTO expireimage_mark (revision_id, expiredate, marked_on, origin) VALUES (7, '2030-01-01', CURDATE(), 'person')"
    )
    try site.connection.execute(
      """
      INSERT INTO expireimage_notice (mail_id, revision_id, mark_id, kind, reasons)
      VALUES (?, 7, LAST_INSERT_ID(), 'announced', '')
      """, [Value(id)])
  }

  @Test(
    "Each trouble is told by its check, with what to do, and by no other but those that depend on it",
    arguments: troubles)
  func trouble(_ trouble: Trouble) throws {
    let site = try Self.soundSite(from: nil)
    try trouble.make(site)
    let report = CheckOperation(site.site).check()
    let result = try #require(report.checks.first { $0.name == trouble.check })
    #expect(result.status == trouble.status, "\(result)")
    let said = ([result.message] + result.details).joined(separator: "\n")
    for words in trouble.words { #expect(said.contains(words), "\(said)") }
    let others = report.checks.filter { $0.name != trouble.check && $0.status != .ok }
    #expect(others.allSatisfy { $0.status == .notChecked }, "\(others)")
    let expected: Operations.ExitStatus =
      trouble.status == .error ? .failed : trouble.status == .warning ? .doneInPart : .done
    #expect(report.exitStatus == expected)
  }

  @Test("In mode off nobody misses the runs")
  func modeOff() throws {
    let site = try Self.soundSite()
    try site.store("mode", "off")
    try site.connection.execute("UPDATE expireimage_run SET started = NOW() - INTERVAL 8 DAY")
    let late = try result(site, "last_run")
    #expect(late.status == .ok && late.message.contains("mode is off") && !late.message.contains("scheduled"))
    try site.connection.execute("DELETE FROM expireimage_run")
    #expect(try result(site, "last_run").message == "there was no run yet; mode is off")
  }

  @Test("A run at work is no trouble")
  func atWork() throws {
    let site = try Self.soundSite()
    try site.connection.execute("UPDATE expireimage_run SET finished = NULL, exit_status = NULL")
    let fence = try Lease.take(site.connection, by: ProcessIdentity.own, isDead: { _ in false })
    #expect(try result(site, "last_run").message.contains("is at work"))
    try Lease.release(site.connection, fence)
    #expect(try result(site, "last_run").status == .error)
  }

  @Test("Without a connection the mail server and the templates are checked all the same, the rest is listed")
  func noConnection() throws {
    let site = try TestSite(
      mailServer: ScriptedSMTPServer(), environment: ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
    let report = CheckOperation(site.site).check()
    #expect(report.exitStatus == .failed)
    #expect(report.checks.filter { $0.status == .error }.map(\.name) == ["connection"])
    #expect(
      report.checks.filter { $0.status == .ok }.map(\.name) == ["settings", "templates", "mail_server"])
    let rest = report.checks.filter { $0.status == .notChecked }
    #expect(rest.count == 14)
    #expect(rest.allSatisfy { $0.message == "not checked: there is no connection to the database" })
    #expect(report.text().hasSuffix("\n\n1 error, 14 not checked."))
  }

  @Test("A connection that is lost on the way is one error, and what follows is listed")
  func lostConnection() {
    var sequence = CheckSequence()
    sequence.perform(.clock, unless: nil) {
      throw MariaDBError(code: 2013, message: "Lost connection to server during query", operation: "clock")
    }
    sequence.perform(.lastRun, unless: nil) { CheckResult(.lastRun, .ok, "x") }
    #expect(sequence.results.map(\.status) == [.error, .notChecked])
    #expect(sequence.results[1].message == "not checked: the connection to the database was lost")
  }

  @Test("Settings that cannot be used are one error, and the reason why nothing else is checked")
  func noSettings() {
    let report = CheckOperation {
      try Settings.load(
        configFile: nil, environment: ["EXPIREIMAGE_DATABASE_PORT": "many"], usualFiles: .none)
    }.check()
    #expect(report.exitStatus == .failed)
    #expect(report.checks.filter { $0.status != .notChecked }.map(\.name) == ["settings"])
    #expect(report.checks[0].message.contains("database.port"))
  }

  @Test("What is unusual in the settings is a warning, and what only explains them a line below")
  func unusualSettings() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "my.cnf").path
    func result(mode: Int) throws -> CheckResult {
      try Data("[client]\nuser=vcl\npassword=secret\nprotocol=tcp\n".utf8).write(to: URL(filePath: file))
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      return NodeChecks.settings(
        try Settings.load(configFile: nil, environment: [:], usualFiles: SettingFiles(options: [file])))
    }
    let sound = try result(mode: 0o600)
    #expect(sound.status == .ok)
    #expect(sound.message == "read from \(file) and the environment")
    #expect(sound.details.count == 1)
    #expect(sound.details.first?.hasPrefix("note: file \(file) line 4") == true, "\(sound)")
    #expect(sound.details.first?.contains("is not used") == true)
    let readable = try result(mode: 0o644)
    #expect(readable.status == .warning)
    #expect(readable.details.count == 2)
    #expect(readable.details.first?.contains("\(file)") == true)
    #expect(readable.details.last == sound.details.first)
    #expect(
      NodeChecks.settings(try Settings.load(configFile: nil, environment: [:], usualFiles: .none)).message
        == "read from the environment; no file was found")
  }

  @Test("At a terminal the labels have colors, and the columns are the same")
  func colors() throws {
    let site = try Self.soundSite(from: nil)
    try site.store("exclude_images", "win*")
    try site.connection.execute("UPDATE affiliation SET helpaddress = NULL")
    let report = CheckOperation(site.site).check()
    let seen = report.text(on: Screen(width: nil, isColored: true))
    for label in ["\u{1B}[32mok\u{1B}[0m       schema", "\u{1B}[33mwarning\u{1B}[0m  exclusions"] {
      #expect(seen.contains("\n" + label), "\(seen)")
    }
    #expect(seen.contains("\n\u{1B}[31merror\u{1B}[0m    sender"))
    #expect(seen.replacing(/\x1B\[\d+m/, with: "") == report.text())
  }

  @Test("A template that cannot be used is named, and the rest is checked")
  func templates() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "templates-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "owner_digest.text.mustache")
    let site = try Self.soundSite(environment: ["EXPIREIMAGE_MAIL_TEMPLATE_FOLDER": folder.path])
    #expect(try result(site, "templates").message.contains("holds none"))
    try Data("{{greeting}}".utf8).write(to: file)
    #expect(try result(site, "templates").message.contains("owner_digest.text.mustache"))
    try Data("{{greting}}".utf8).write(to: file)
    let report = CheckOperation(site.site).check()
    #expect(report.checks.filter { $0.status != .ok }.map(\.name) == ["templates"])
    #expect(try result(site, "templates").message.contains("greting"))
  }

  @Test("A mail server that refuses is one error")
  func mailServer() throws {
    let site = try Self.soundSite(ScriptedSMTPServer(replies: [.banner: [.reply("554 5.7.1 go away")]]))
    let result = try result(site, "mail_server")
    #expect(result.status == .error)
    #expect(result.message.contains("554 5.7.1 go away; check smtp.url"))
  }

  @Test("What data says cannot begin another line of the answer")
  func oneLine() throws {
    let site = try Self.soundSite()
    let image = try site.campus.image("x\nerror  connection: forged\u{1B}[31m", owner: IdleImage.owner(site))
    try site.campus.revision(of: image, 1)
    let text = CheckOperation(site.site).check().text()
    #expect(!text.contains("\nerror") && !text.contains("\u{1B}"))
    #expect(text.contains("x error connection: forged [31m"))
  }
}
