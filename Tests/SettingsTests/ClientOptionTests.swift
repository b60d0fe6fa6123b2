import Foundation
import Testing

@testable import Settings

@Suite("Options of MariaDB's clients") struct ClientOptionTests {
  @Test("set the connection, whatever way they are written")
  func values() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(
      nil,
      options: """
        [client]
        host=db.example.edu
        port=3307
        user="ex pire"
        password = "p#1"
        socket=/run/db.sock
        loose-ssl_ca=FOLDER/ca
        default-character-set=utf8mb4
        max-allowed-packet=32M
        [expireimage]
        database=vcl2
        """)
    #expect(settings.database.endpoint == .network(host: "db.example.edu", port: 3307))
    #expect(settings.database.user == "ex pire")
    #expect(settings.database.password?.value == "p#1")
    #expect(settings.database.name == "vcl2")
    #expect(settings.database.requiresTLS)
    #expect(settings.database.authorityFile == folder.path + "/ca")
    #expect(settings.line(.databasePassword, folder) == "(hidden) file my.cnf line 5 ([client] password)")
    #expect(
      settings.line(.databaseSocket, folder)
        == "/run/db.sock file my.cnf line 6 ([client] socket) (not used: database.host is another one)")
    #expect(settings.notes.isEmpty)
    #expect(settings.warnings.isEmpty)
  }

  @Test(
    "switch encryption on and off; the last one counts",
    arguments: [
      ("ssl", "required"), ("ssl=1", "required"), ("ssl=TRUE", "required"), ("enable-ssl", "required"),
      ("skip-ssl=0", "required"), ("ssl=0", "off"), ("ssl=OFF", "off"), ("skip_ssl", "off"),
      ("disable-ssl", "off"),
      ("ssl-verify-server-cert", "required"), ("ssl-verify-server-cert=0", "automatic"),
      ("disable-ssl-verify-server-cert", "automatic"), ("ssl-ca=FOLDER/ca", "automatic"),
      ("skip-ssl\nssl-ca=FOLDER/ca", "automatic"), ("ssl\nssl-ca=FOLDER/ca", "required"),
      ("ssl-ca=FOLDER/ca\nskip-ssl", "off"), ("ssl-ca=", "automatic"),
    ])
  func encryption(lines: String, mode: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(nil, options: "[client]\n" + lines)
    #expect(settings.entry(.databaseTLS)?.value == mode)
  }

  @Test(
    "that concern the connection and are not used are noted",
    arguments: [
      ("protocol=tcp", "protocol): is not used; host = 127.0.0.1 means TCP, localhost the socket"),
      ("ssl-cert=/x", "ssl-cert): is not used; the account must do without a client's certificate"),
      ("ssl_capath=/x", "ssl_capath): is not used; ssl-ca is"),
      (
        "skip-ssl-verify-server-cert",
        "skip-ssl-verify-server-cert): is not used; with encryption the server's certificate is always checked"
      ),
      ("pass=hunter2", "pass): is not used, because it is short for password; write it in full"),
      ("password", "password): is not used, because it has no value"),
    ])
  func notes(line: String, note: String) throws {
    let folder = try TemporaryFolder()
    #expect(
      try folder.load(nil, options: "[client]\n" + line).notes == [
        "file \(folder.path)/my.cnf line 2 ([client] \(note)"
      ])
  }

  @Test("leave the default in place where they are empty, and take user and password away")
  func empty() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.load(
      nil, vcld: "LockerWrtUser=a\nwrtPass=hunter2",
      options: "[client]\nhost=\nport=0\ndatabase=\nuser=\npassword=\n")
    #expect(settings.database.endpoint == .socket(path: nil))
    #expect(settings.database.name == "vcl")
    #expect(settings.database.user == nil)
    #expect(settings.database.password == nil)
  }

  @Test("with a value that cannot be used are an error with their place")
  func errors() throws {
    let folder = try TemporaryFolder()
    #expect(
      try folder.error(nil, options: "[client]\nssl=maybe\n")
        == "file FOLDER/my.cnf line 2 ([client] ssl): is 'maybe'; allowed: 0 or 1")
    #expect(
      try folder.error(nil, options: "[client]\nport=many\n")
        == "file FOLDER/my.cnf line 2 ([client] port): database.port is 'many'; allowed: 1 to 65535; or set database.port in expireimage.conf"
    )
  }

  @Test("a file that every account can read is a warning where it holds a password that is read")
  func readable() throws {
    let folder = try TemporaryFolder()
    func warnings(_ content: String) throws -> [String] {
      let path = try folder.write("my.cnf", content, mode: 0o644)
      return try Settings.load(
        configFile: nil, environment: [:], usualFiles: SettingFiles(options: [path])
      ).warnings.map { $0.replacing(path, with: "FILE") }
    }
    #expect(
      try warnings("[client]\npassword=x\n") == [
        "file FILE holds the password of a database account and every account can read it; run chmod o-r FILE"
      ])
    #expect(try warnings("[mysqld]\npassword=x\n[client]\nuser=a\n").isEmpty)
  }
}
