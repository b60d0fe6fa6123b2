import Foundation
import Testing

@testable import Settings

@Suite("vcld.conf") struct ManagementNodeFileTests {
  /// As VCL ships it, filled in.
  static let usual = """
    # FQDN: DNS name of the management node
    FQDN=node1.example.edu
    processname=vcld
    database=vcl
    server=db.example.edu
    LockerWrtUser=vcluser
    wrtPass=hunter2
    xmlrpc_pass=hunter3
    enable_mysql_ssl=no
    mysql_ssl_cert=/etc/vcl/cert/my_ca.crt
    RETURNPATH=errors@example.edu
    """

  @Test("connects as vcld does, and gives each setting its line and its name in that file")
  func usual() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(nil, vcld: Self.usual)
    #expect(settings.database.endpoint == .network(host: "db.example.edu", port: 3306))
    #expect(settings.database.password?.value == "hunter2")
    let expected: [(SettingKey, String)] = [
      (.databaseHost, "db.example.edu file vcld.conf line 5 (server)"),
      (.databasePort, "3306 default"),
      (.databaseName, "vcl file vcld.conf line 4 (database)"),
      (.databaseUser, "vcluser file vcld.conf line 6 (LockerWrtUser)"),
      (.databasePassword, "(hidden) file vcld.conf line 7 (wrtPass)"),
      (.databaseTLS, "off file vcld.conf line 9 (enable_mysql_ssl)"),
      (.databaseAuthority, "- default"),
      (.mailServerGreeting, "node1.example.edu file vcld.conf line 2 (FQDN)"),
      (.nodeName, "node1.example.edu file vcld.conf line 2 (FQDN)"),
      (.returnPath, "errors@example.edu file vcld.conf line 11 (RETURNPATH)"),
    ]
    for (key, line) in expected { #expect(settings.line(key, folder) == line) }
    #expect(settings.notes.isEmpty)
    #expect(settings.files.map(\.state) == ["read"])
  }

  @Test(
    "a line is taken apart as vcld does it",
    arguments: [
      ("LockerWrtUser=a", "a"), ("  LockerWrtUser \t=  a  ", "a"), ("LockerWrtUser=a\r", "a"),
      ("lockerwrtuser=a", "a"), ("LOCKERWRTUSER=a", "a"), ("LockerWrtUser=\"a\"", "\"a\""),
      ("LockerWrtUser='a b'", "'a b'"), ("LockerWrtUser=a # b", "a # b"), ("LockerWrtUser=#a", "#a"),
      ("LockerWrtUser=a=b", "a=b"), ("LockerWrtUser==a", "=a"), ("=LockerWrtUser=a", "a"),
      ("LockerWrtUser=a\nLockerWrtUser=b", "a"), ("LockerWrtUser=\nLockerWrtUser=b", "b"),
      ("LockerWrtUser=  \nLockerWrtUser=b", "b"), ("LockerWrtUser = a\\n", "a\\n"),
      ("LockerWrtUser=ä", "ä"), ("# caf\u{e9}\n\n[x]\nLockerWrtUser=a", "a"),
      ("#LockerWrtUser=a", nil), ("  # LockerWrtUser=a", nil), ("LockerWrtUser", nil),
      ("LockerWrtUser=", nil),
      ("LockerWrtUser: a", nil), ("export LockerWrtUser=a", nil), ("\u{FEFF}LockerWrtUser=a", nil),
      ("Locker Wrt User=a", nil), (" =LockerWrtUser=a", nil), ("", nil), ("\u{0}\u{1}", nil),
    ] as [(String, String?)])
  func lines(line: String, user: String?) throws {
    #expect(try TemporaryFolder().load(nil, vcld: line).database.user == user)
  }

  @Test(
    "a server is a host, or a host and its port",
    arguments: [
      ("server=db", .network(host: "db", port: 3306)), ("server=db:3307", .network(host: "db", port: 3307)),
      ("server=127.0.0.1", .network(host: "127.0.0.1", port: 3306)),
      ("server=[::1]:3307", .network(host: "::1", port: 3307)),
      ("server=[::1]", .network(host: "::1", port: 3306)), ("server=::1", .network(host: "::1", port: 3306)),
      ("server=localhost", .socket(path: nil)), ("server=LOCALHOST:3307", .socket(path: nil)),
      ("server=db\nserver=other:3307", .network(host: "db", port: 3306)), ("server=", .socket(path: nil)),
    ] as [(String, DatabaseSettings.Endpoint)])
  func server(line: String, endpoint: DatabaseSettings.Endpoint) throws {
    let settings = try TemporaryFolder().load(nil, vcld: line)
    #expect(settings.database.endpoint == endpoint)
    #expect(settings.warnings.isEmpty)
  }

  @Test(
    "encryption is required or not as vcld reads the word",
    arguments: [
      ("yes", true), ("YES", true), ("1", true), ("true", true), ("off", true), ("no", false), ("No", false),
      ("0", false), ("none", false),
    ])
  func encryption(word: String, isRequired: Bool) throws {
    let folder = try TemporaryFolder()
    let authority = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(
      nil, vcld: "server=db\nenable_mysql_ssl=\(word)\nmysql_ssl_cert=FOLDER/ca")
    #expect(settings.database.requiresTLS == isRequired)
    #expect(settings.database.authorityFile == (isRequired ? authority : nil))
  }

  @Test(
    "a connection that leaves this machine without encryption is a warning until somebody says that it is meant"
  )
  func plain() throws {
    let folder = try TemporaryFolder()
    let vcld = "server=db.example.edu\nenable_mysql_ssl=no"
    #expect(
      try folder.load(nil, vcld: vcld).warnings == [
        "file \(folder.path)/vcld.conf line 2 (enable_mysql_ssl): the connection to db.example.edu is not encrypted; set database.tls = required, or off if that is meant"
      ])
    let meant = try folder.load("database.tls = off", vcld: vcld)
    #expect(meant.warnings.isEmpty)
    #expect(!meant.database.requiresTLS)
    #expect(try folder.load(nil, vcld: "server=127.0.0.1\nenable_mysql_ssl=no").warnings.isEmpty)
    #expect(try folder.load(nil, vcld: "server=db.example.edu").database.requiresTLS)
    #expect(try folder.load("database.tls = required", vcld: vcld).database.requiresTLS)
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let authority = try folder.load("database.tls_ca = FOLDER/ca", vcld: vcld)
    #expect(authority.database.requiresTLS)
    #expect(authority.warnings.isEmpty)
    #expect(
      authority.line(.databaseTLS, folder)
        == "off file vcld.conf line 2 (enable_mysql_ssl) (overruled by database.tls_ca)")
  }

  @Test(
    "a value that cannot be used gives one line with its place and two ways out",
    arguments: [
      (
        "server=db;mysql_socket=/x",
        "line 1 (server): database.host is 'db;mysql_socket=/x'; allowed: host name or address; or set database.host in expireimage.conf"
      ),
      (
        "server=\"db\"",
        "line 1 (server): database.host is '\"db\"'; allowed: host name or address; or set database.host in expireimage.conf"
      ),
      (
        "server=db:port",
        "line 1 (server): database.port is 'port'; allowed: 1 to 65535; or set database.port in expireimage.conf"
      ),
      (
        "enable_mysql_ssl=yes\nmysql_ssl_cert=FOLDER/none",
        "line 2 (mysql_ssl_cert): database.tls_ca is 'FOLDER/none', which cannot be read: No such file or directory; correct the path or its permissions; or set database.tls_ca in expireimage.conf"
      ),
      (
        "RETURNPATH=VCL <a@b.edu>",
        "line 1 (RETURNPATH): mail.return_path is 'VCL <a@b.edu>'; allowed: one mail address, such as vcl@example.edu; or set mail.return_path in expireimage.conf"
      ),
      (
        "wrtPass=hunter2\u{7}",
        "line 1 (wrtPass): database.password has a control character in it; remove it; or set database.password in expireimage.conf"
      ),
    ])
  func errors(lines: String, error: String) throws {
    let line = try TemporaryFolder().error(nil, vcld: lines)
    #expect(line == "file FOLDER/vcld.conf \(error)")
    #expect(!line.contains("hunter"))
  }

  @Test("bytes that are no UTF-8 are an error only in a value that is used")
  func encoding() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("vcld.conf", Data("# caf\u{e9}\nwrtPass=".utf8) + [0xe9, 10])
    let files = SettingFiles(managementNode: [path])
    func load(_ environment: [String: String] = [:]) throws(SettingsError) -> Settings {
      try Settings.load(configFile: nil, environment: environment, usualFiles: files)
    }
    let refused = SettingsError(
      "file \(path) line 2 (wrtPass)",
      "is not UTF-8; set database.password in expireimage.conf, and do not change vcld.conf")
    #expect(throws: refused) { _ = try load() }
    let overridden = try load(["EXPIREIMAGE_DATABASE_PASSWORD": "ours"])
    #expect(overridden.database.password?.value == "ours")
    _ = try folder.write("vcld.conf", Data("LockerWrtUser=vcl\nwrtPass=".utf8) + [0xe9, 10])
    #expect(throws: refused) { _ = try load() }
    #expect(try load(["EXPIREIMAGE_DATABASE_USER": "other"]).database.password == nil)
    _ = try folder.write("vcld.conf", Data("jabPass=".utf8) + [0xe9, 10] + Data("database=x".utf8))
    #expect(try load().database.name == "x")
  }

  @Test("what vcld would read otherwise than its writer meant, and what it lacks, is noted without the value")
  func notes() throws {
    let folder = try TemporaryFolder()
    let place = "file \(folder.path)/vcld.conf"
    #expect(
      try folder.load(nil, vcld: "database=vcl\nserver=db\nLockerWrtUser='me'\nwrtPass=hunter2 # old").notes
        == [
          "\(place) line 3 (LockerWrtUser): vcld takes the quotes as part of the value, and so does this program",
          "\(place) line 4 (wrtPass): vcld takes what follows the '#' as part of the value, and so does this program",
        ])
    #expect(
      try folder.load(nil, vcld: "database=vcl\nwrtPass=\n").notes == [
        "\(place) has no value for server, LockerWrtUser, wrtPass, which vcld needs"
      ])
  }

  @Test(
    "a file that cannot be read is an error; a warning where later sources name the server and the account; nothing where they say all of the database"
  )
  func unreadable() throws {
    let folder = try TemporaryFolder()
    // A folder cannot be read by any account, root included.
    let files = SettingFiles(managementNode: [folder.path])
    func load(_ environment: [String: String]) throws(SettingsError) -> Settings {
      try Settings.load(configFile: nil, environment: environment, usualFiles: files)
    }
    let refused = SettingsError(
      "file \(folder.path)",
      "cannot be read: Is a directory; let this account read it, or set database.host (or database.socket) and database.user in expireimage.conf"
    )
    let user = ["EXPIREIMAGE_DATABASE_USER": "a"]
    for environment in [[:], user, ["EXPIREIMAGE_DATABASE_HOST": "db"]] {
      #expect(throws: refused) { _ = try load(environment) }
    }
    for (server, missing) in [
      (["HOST": "db"], ["NAME", "PORT", "PASSWORD", "TLS"]),
      (["HOST": "db", "TLS": "off"], ["NAME", "PORT", "PASSWORD"]),
      (["HOST": "localhost"], ["NAME"]), (["SOCKET": "/db"], ["NAME"]),
    ] {
      let known = Dictionary(uniqueKeysWithValues: server.map { ("EXPIREIMAGE_DATABASE_" + $0, $1) })
      let settings = try load(user.merging(known) { $1 })
      let names = missing.map { "database." + $0.lowercased() }.joined(separator: ", ")
      #expect(settings.files == [.notRead(folder.path, "Is a directory")])
      #expect(
        settings.warnings == [
          "file \(folder.path) is not read: Is a directory; let this account read it, or set \(names) in expireimage.conf, else the services may see other settings than this call"
        ])
      let values = ["NAME": "vcl", "PORT": "3307", "PASSWORD": "x", "TLS": "required"]
      let rest = missing.map { ("EXPIREIMAGE_DATABASE_" + $0, values[$0] ?? "") }
      let complete = try load(user.merging(known) { $1 }.merging(rest) { $1 })
      #expect(complete.files == [.notRead(folder.path, "Is a directory; nor needed")])
      #expect(complete.warnings.isEmpty)
    }
  }

  @Test("EXPIREIMAGE_VCLD_CONF names the file, which must be there then, or none")
  func variable() throws {
    let folder = try TemporaryFolder()
    let other = try folder.write("other.conf", "database=other")
    func name(_ variable: String?) throws -> String {
      try folder.load(nil, variable.map { ["EXPIREIMAGE_VCLD_CONF": $0] } ?? [:], vcld: "database=usual")
        .database.name
    }
    #expect(try name(nil) == "usual")
    #expect(try name(other) == "other")
    #expect(try name("") == "vcl")
    #expect(
      try folder.error(nil, ["EXPIREIMAGE_VCLD_CONF": "FOLDER/none", "EXPIREIMAGE_DATABASE_USER": "a"])
        == "file FOLDER/none: cannot be read: No such file or directory; correct EXPIREIMAGE_VCLD_CONF")
  }

  @Test("a file that every account can read or change is a warning")
  func permissions() throws {
    let folder = try TemporaryFolder()
    func warnings(_ content: String, _ mode: Int) throws -> [String] {
      let path = try folder.write("vcld.conf", content, mode: mode)
      return try Settings.load(
        configFile: nil, environment: [:], usualFiles: SettingFiles(managementNode: [path])
      ).warnings.map { $0.replacing(path, with: "FILE") }
    }
    #expect(try warnings("wrtPass=hunter2", 0o640).isEmpty)
    #expect(try warnings("database=vcl", 0o644).isEmpty)
    #expect(
      try warnings("wrtPass=hunter2", 0o646) == [
        "file FILE holds wrtPass and every account can read it; run chmod o-r FILE",
        "file FILE can be changed by every account; run chmod o-w FILE",
      ])
  }
}
