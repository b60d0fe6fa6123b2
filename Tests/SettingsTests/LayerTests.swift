import Foundation
import Testing

@testable import Settings

@Suite("Sources that say different things") struct LayerTests {
  @Test("the later source wins, and what it overrides is shown with its place, nearest first")
  func order() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(
      "database.host = conf.example.edu\n",
      ["MYSQL_HOST": "client.example.edu", "EXPIREIMAGE_DATABASE_HOST": "environment.example.edu"],
      vcld: "server=vcld.example.edu\nserver=second.example.edu",
      options: "[client]\nhost=one.example.edu\n[expireimage]\nhost=two.example.edu\n")
    let entry = try #require(settings.entry(.databaseHost))
    let lines = entry.overridden.map {
      "\($0.value ?? "-") \($0.source)".replacing(folder.path + "/", with: "")
    }
    #expect(
      [settings.line(.databaseHost, folder)] + lines == [
        "environment.example.edu environment EXPIREIMAGE_DATABASE_HOST",
        "conf.example.edu file expireimage.conf line 1",
        "two.example.edu file my.cnf line 4 ([expireimage] host)",
        "one.example.edu file my.cnf line 2 ([client] host)",
        "vcld.example.edu file vcld.conf line 1 (server)",
        "second.example.edu file vcld.conf line 2 (server)",
        "client.example.edu environment MYSQL_HOST",
      ])
  }

  @Test("what MariaDB's clients take from the environment counts least, and is shown")
  func clientEnvironment() throws {
    let folder = try TemporaryFolder()
    let variables = [
      "MYSQL_HOST": "127.0.0.1", "MYSQL_TCP_PORT": "3307", "MYSQL_UNIX_PORT": "/run/db.sock",
      "MYSQL_PWD": "hunter2",
    ]
    let settings = try folder.load(nil, variables)
    #expect(settings.database.endpoint == .network(host: "127.0.0.1", port: 3307))
    #expect(settings.database.password?.value == "hunter2")
    #expect(settings.line(.databasePassword, folder) == "(hidden) environment MYSQL_PWD")
    #expect(try folder.load(nil, variables, vcld: "wrtPass=other").database.password?.value == "other")
    #expect(try folder.load("database.password =", variables).database.password == nil)
  }

  @Test("overridden secrets are hidden, too")
  func secrets() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(
      "database.password = hunter4", ["MYSQL_PWD": "hunter1", "EXPIREIMAGE_DATABASE_PASSWORD": "hunter5"],
      vcld: "wrtPass=hunter2", options: "[client]\npassword=hunter3")
    #expect(
      settings.entry(.databasePassword)?.overridden.map(\.value) == Array(repeating: "(hidden)", count: 4))
    var shown = "\(settings) \(settings.notes) \(settings.warnings)"
    dump(settings, to: &shown)
    #expect(!shown.contains("hunter"))
  }

  /// A management node of Debian: its option files always name the socket of this machine.
  static let debian = "[client-server]\nsocket = /run/mysqld/mysqld.sock\n"

  @Test(
    "a socket of the option files is for this machine's server only",
    arguments: [
      ("server=db", nil, .network(host: "db", port: 3306)),
      ("server=127.0.0.1", nil, .network(host: "127.0.0.1", port: 3306)),
      ("server=localhost", nil, .socket(path: "/run/mysqld/mysqld.sock")),
      ("", nil, .socket(path: "/run/mysqld/mysqld.sock")),
      ("server=db", "database.host = localhost", .socket(path: "/run/mysqld/mysqld.sock")),
      ("server=db", "database.socket = /own", .socket(path: "/own")),
      ("server=db", "database.host = other", .network(host: "other", port: 3306)),
    ] as [(String, String?, DatabaseSettings.Endpoint)])
  func socket(vcld: String, lines: String?, endpoint: DatabaseSettings.Endpoint) throws {
    let settings = try TemporaryFolder().load(lines, vcld: vcld, options: Self.debian)
    #expect(settings.database.endpoint == endpoint)
  }

  @Test(
    "a port stays with the host it was written for",
    arguments: [
      ("server=db:3307", nil, nil, .network(host: "db", port: 3307)),
      ("server=db:3307", nil, "database.host = db", .network(host: "db", port: 3307)),
      ("server=db:3307", nil, "database.host = other", .network(host: "other", port: 3306)),
      ("server=db:3307", nil, "database.port = 3308", .network(host: "db", port: 3308)),
      ("server=db", "port=3309", nil, .network(host: "db", port: 3309)),
      ("server=db", "host=x\nport=3309", "database.host = y", .network(host: "y", port: 3306)),
      ("server=localhost", "port=3309", nil, .socket(path: nil)),
    ] as [(String, String?, String?, DatabaseSettings.Endpoint)])
  func port(vcld: String, options: String?, lines: String?, endpoint: DatabaseSettings.Endpoint) throws {
    let settings = try TemporaryFolder().load(lines, vcld: vcld, options: options.map { "[client]\n" + $0 })
    #expect(settings.database.endpoint == endpoint)
    #expect(settings.warnings.isEmpty)
  }

  @Test("the password of one account is not used for another")
  func passwordOfAnotherUser() throws {
    let folder = try TemporaryFolder()
    let vcld = "LockerWrtUser=vcluser\nwrtPass=hunter2"
    let other = try folder.load("database.user = expireimage", vcld: vcld)
    #expect(other.database.user == "expireimage")
    #expect(other.database.password == nil)
    #expect(
      other.line(.databasePassword, folder)
        == "(hidden) file vcld.conf line 2 (wrtPass) (not used: it is the password of 'vcluser')")
    #expect(try folder.load("database.user = vcluser", vcld: vcld).database.password?.value == "hunter2")
    #expect(
      try folder.load(nil, ["EXPIREIMAGE_DATABASE_PASSWORD": "new"], vcld: vcld).database.password?.value
        == "new")
    _ = try folder.write("secret", "from a file\n")
    let file = try folder.load(
      "database.user = a\ndatabase.password_file = FOLDER/secret", ["EXPIREIMAGE_DATABASE_USER": "root"],
      vcld: vcld)
    #expect(file.database.password == nil)
    #expect(file.line(.databasePasswordFile, folder).contains("it is the password of 'a'"))
    #expect(file.entry(.databasePassword)?.source.contains("password file") == false)
  }

  @Test("a password of the option files for the user of vcld.conf is a warning")
  func mixed() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(
      nil, vcld: "LockerWrtUser=vcluser\nwrtPass=hunter2", options: "[client]\npassword=hunter3")
    #expect(settings.database.password?.value == "hunter3")
    #expect(
      settings.warnings == [
        "file \(folder.path)/my.cnf line 2 ([client] password): the password for database.user comes from here, but the user from file \(folder.path)/vcld.conf line 1 (LockerWrtUser); set both in one file"
      ])
  }

  @Test("only the file in force is listed as read; the others say why not")
  func files() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(
      "database.name = x", ["HOME": "FOLDER/nobody"], vcld: "database=y", options: "")
    #expect(
      settings.files.map { "\($0.path) \($0.state)".replacing(folder.path, with: "F") } == [
        "F/vcld.conf read", "F/my.cnf read", "F/nobody/.my.cnf not there", "F/expireimage.conf read",
      ])
  }
}
