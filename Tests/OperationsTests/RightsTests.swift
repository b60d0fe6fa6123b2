import Campus
import Foundation
import MariaDB
import Operations
import Settings
import TestSupport
import Testing
import VCLDatabase

@Suite("The check of rights")
struct RightsTests {
  private func report(_ site: TestSite, _ name: String = "rights") throws -> CheckResult {
    try #require(CheckOperation(site.site).check().checks.first { $0.name == name })
  }

  @Test("Knows every grant of the script that depends on nothing, column by column")
  func needed() {
    let needed = Set(Rights.needed.map(\.description))
    #expect(needed.count == Rights.needed.count)
    #expect(
      needed.isSuperset(of: [
        "SELECT on OS", "SELECT (helpaddress) on affiliation", "UPDATE (datedeleted) on imagerevision",
        "UPDATE (deleted) on image", "DELETE on variable", "INSERT on expireimage_event",
        "UPDATE on expireimage_lease",
        "EXECUTE on procedure expireimage_describe_trigger",
        "EXECUTE on procedure expireimage_probe_triggers",
      ]))
    #expect(needed.filter { $0.contains("configsubimage") } == ["SELECT on configsubimage"])
    #expect(!needed.contains { $0.contains("CREATE") || $0.contains("expireimage_reset") })
  }

  @Test("Nothing lacks with the script's grants, and none of the other checks needs more")
  func complete() throws {
    let (site, _) = try GrantsTests.site(ScriptedSMTPServer())
    #expect(try report(site).status == .ok)
    let errors = CheckOperation(site.site).check().checks.filter { $0.status == .error }
    // Nobody has ever reserved anything here.
    #expect(errors.map(\.name) == ["usage_data"])
  }

  @Test("Each right that is taken away is named, and no other")
  func each() throws {
    let (site, account) = try GrantsTests.site(ScriptedSMTPServer())
    let user = try #require(site.site.settings.database.user)
    func change(_ verb: String, _ right: Right) throws {
      let (privilege, object) = (
        "\(right)".components(separatedBy: " on ")[0], "\(right)".components(separatedBy: " on ")[1]
      )
      try site.connection.execute(
        "\(verb) \(privilege) ON \(object) \(verb == "GRANT" ? "TO" : "FROM") '\(user)'@'localhost'")
    }
    #expect(try Rights.lacking(account) == [])
    for right in Rights.needed {
      try change("REVOKE", right)
      #expect(try Rights.lacking(account) == [right])
      // A right on a table that is not there is given as the script does.
      if right.description.contains("configsubimage") {
        try site.connection.execute("GRANT SELECT, CREATE ON configsubimage TO '\(user)'@'localhost'")
      } else {
        try change("GRANT", right)
      }
    }
    #expect(try Rights.lacking(account) == [])
  }

  @Test(
    "Rights on all tables of the database, on a pattern of databases, on everything, and of a role do as well"
  )
  func otherWays() throws {
    let site = try TestSite()
    let database = site.name
    for grants in [
      ["GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `\(database)`.* TO {account}"],
      ["GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `site\\_%`.* TO {account}"],
      ["GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON *.* TO {account}"],
      [
        "CREATE OR REPLACE ROLE nightly",
        "GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON `\(database)`.* TO nightly",
        "GRANT nightly TO {account}", "SET DEFAULT ROLE nightly FOR {account}",
      ],
    ] {
      let user = "able\(UInt32.random(in: 0..<UInt32.max))"
      try site.connection.execute("CREATE USER '\(user)'@'localhost' IDENTIFIED BY 'secret'")
      for grant in grants {
        try site.connection.execute(grant.replacing("{account}", with: "'\(user)'@'localhost'"))
      }
      let account = try Connection(
        ConnectionOptions(socket: TestServer.shared.socket, name: database, user: user, password: "secret"))
      #expect(try Rights.lacking(account) == [], "\(grants)")
      try site.connection.execute("DROP USER '\(user)'@'localhost'")
    }
    try site.connection.execute("DROP ROLE IF EXISTS nightly")
  }

  @Test("An account that may do next to nothing gets the rights listed, and no other check blames the schema")
  func nothing() throws {
    let (site, _) = try GrantsTests.site(ScriptedSMTPServer())
    let user = try #require(site.site.settings.database.user)
    try site.connection.execute("REVOKE ALL PRIVILEGES, GRANT OPTION FROM '\(user)'@'localhost'")
    try site.connection.execute("GRANT SELECT ON OS TO '\(user)'@'localhost'")
    let checks = CheckOperation(site.site).check().checks
    let rights = try #require(checks.first { $0.name == "rights" })
    #expect(rights.status == .error)
    #expect(rights.message.contains("sql/grants.sql"))
    #expect(rights.details.contains("SELECT on log") && rights.details.contains("DELETE on expireimage_mark"))
    #expect(!rights.details.contains("SELECT on OS"))
    #expect(checks.filter { $0.status == .error }.map(\.name) == ["rights"])
    #expect(checks.first { $0.name == "schema" }?.status == .notChecked)
  }

  @Test("With some rights missing the checks that do not need them are done all the same")
  func some() throws {
    let (site, _) = try GrantsTests.site(ScriptedSMTPServer())
    let user = try #require(site.site.settings.database.user)
    try site.connection.execute("REVOKE SELECT ON log FROM '\(user)'@'localhost'")
    try site.connection.execute("REVOKE SELECT (email) ON user FROM '\(user)'@'localhost'")
    let checks = CheckOperation(site.site).check().checks
    func names(_ status: CheckResult.Status) -> [String] { checks.filter { $0.status == status }.map(\.name) }
    #expect(names(.error) == ["rights"])
    #expect(checks.first { $0.name == "rights" }?.details == ["SELECT on log", "SELECT (email) on user"])
    #expect(
      names(.notChecked) == [
        "schema", "usage_data", "exclusions", "corrupt_images", "sender", "admin_addresses",
      ])
    // There was no run yet.
    #expect(names(.warning) == ["last_run"])
  }

  @Test("Where the triggers' procedures were dropped, they are made anew before they are granted")
  func droppedProcedures() throws {
    let (site, _) = try GrantsTests.site(ScriptedSMTPServer())
    for name in ["describe_trigger", "probe_triggers"] {
      try site.connection.execute("DROP PROCEDURE expireimage_\(name)")
    }
    let lacking = try report(site)
    #expect(lacking.message.contains("run `expireimage migrate up`, then `mariadb vcl < sql/grants.sql`"))
    #expect(lacking.details.count == 2)
    #expect(
      try report(site, "triggers").message.contains("run `expireimage migrate up`, then sql/grants.sql"))
  }

  @Test("Of a database that is not migrated the schema is to blame, not the rights")
  func notMigrated() throws {
    let database = try TestDatabase(exclusive: true)
    let site = Site(
      try Settings.load(
        configFile: nil,
        environment: [
          "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_NAME": database.name,
          "EXPIREIMAGE_DATABASE_USER": "root",
        ], usualFiles: .none))
    let checks = CheckOperation(site).check().checks
    #expect(checks.first { $0.name == "rights" }?.status == .ok)
    let schema = try #require(checks.first { $0.name == "schema" })
    #expect(schema.status == .error)
    #expect(schema.message.contains("expireimage migrate up"))
    for name in ["triggers", "usage_data", "stuck_mails", "last_run"] {
      #expect(checks.first { $0.name == name }?.status == .notChecked)
    }
  }
}
