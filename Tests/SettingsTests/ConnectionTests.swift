import Foundation
import Testing

@testable import Settings

@Suite struct ConnectionTests {
  @Test(
    "the database's end and encryption follow from what is set",
    arguments: [
      ("", .socket(path: nil), false),
      ("database.socket = /run/db.sock", .socket(path: "/run/db.sock"), false),
      ("database.host = localhost\ndatabase.socket = /s", .socket(path: "/s"), false),
      ("database.host = 127.0.0.1", .network(host: "127.0.0.1", port: 3306), false),
      ("database.host = 127.0.0.1\ndatabase.port = 3307", .network(host: "127.0.0.1", port: 3307), false),
      ("database.host = ::1", .network(host: "::1", port: 3306), false),
      ("database.host = 127.example.edu", .network(host: "127.example.edu", port: 3306), true),
      ("database.host = db.example.edu", .network(host: "db.example.edu", port: 3306), true),
      ("database.host = db\ndatabase.tls = off", .network(host: "db", port: 3306), false),
      ("database.host = 127.0.0.1\ndatabase.tls = required", .network(host: "127.0.0.1", port: 3306), true),
      (
        "database.host = 127.0.0.1\ndatabase.tls_ca = FOLDER/ca", .network(host: "127.0.0.1", port: 3306),
        true
      ),
      ("database.tls = required", .socket(path: nil), true),
    ] as [(String, DatabaseSettings.Endpoint, Bool)])
  func database(lines: String, endpoint: DatabaseSettings.Endpoint, requiresTLS: Bool) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(lines)
    #expect(settings.database.endpoint == endpoint)
    #expect(settings.database.requiresTLS == requiresTLS)
    #expect(settings.warnings.isEmpty)
  }

  @Test("a host in the environment overrules a socket in the file, and the other way round")
  func hostAgainstSocket() throws {
    let folder = try TemporaryFolder()
    let byHost = try folder.load("database.socket = /s", ["EXPIREIMAGE_DATABASE_HOST": "127.0.0.1"])
    #expect(byHost.database.endpoint == .network(host: "127.0.0.1", port: 3306))
    #expect(
      byHost.entry(.databaseSocket)?.source
        == "file \(folder.path)/expireimage.conf line 1 (overruled by database.host)")
    let bySocket = try folder.load("database.host = db", ["EXPIREIMAGE_DATABASE_SOCKET": "/s"])
    #expect(bySocket.database.endpoint == .socket(path: "/s"))
    #expect(
      bySocket.entry(.databaseHost)?.source
        == "file \(folder.path)/expireimage.conf line 1 (overruled by database.socket)")
  }

  @Test("a port beside localhost is not used, which is a warning")
  func portOfLocalhost() throws {
    let folder = try TemporaryFolder()
    #expect(
      try folder.load("database.port = 3307").warnings == [
        "file \(folder.path)/expireimage.conf line 1: database.port is not used, because database.host is localhost, which means the socket; use 127.0.0.1 for TCP"
      ])
  }

  @Test(
    "the mail server's address and encryption follow from what is set",
    arguments: [
      ("", "smtp://localhost:25", .none),
      ("smtp.url = smtp://127.0.0.1:2525/", "smtp://127.0.0.1:2525", .none),
      ("smtp.url = smtp://[::1]", "smtp://[::1]:25", .none),
      ("smtp.url = smtp://mail.example.edu", "smtp://mail.example.edu:25", .startTLS),
      ("smtp.url = smtp://mail.example.edu\nsmtp.tls = off", "smtp://mail.example.edu:25", .none),
      ("smtp.url = SMTPS://mail.example.edu", "smtps://mail.example.edu:465", .implicit),
      ("smtp.url = smtps://localhost\nsmtp.tls = required", "smtps://localhost:465", .implicit),
      ("smtp.tls = required", "smtp://localhost:25", .startTLS),
      ("smtp.ca_file = FOLDER/ca", "smtp://localhost:25", .startTLS),
      ("smtp.user = a\nsmtp.password = x", "smtp://localhost:25", .none),
      ("smtp.user = a\nsmtp.password = x\nsmtp.url = smtp://mail:587", "smtp://mail:587", .startTLS),
    ] as [(String, String, MailServerSettings.Encryption)])
  func mailServer(lines: String, url: String, encryption: MailServerSettings.Encryption) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(lines)
    #expect(settings.mailServer.url == url)
    #expect(settings.mailServer.encryption == encryption)
  }

  @Test("all values arrive where they belong")
  func values() throws {
    let folder = try TemporaryFolder()
    let authority = try folder.write("ca", TemporaryFolder.certificate)
    let settings = try folder.load(
      """
      [database]
      name = a
      user = b
      password = c
      tls_ca = FOLDER/ca
      [smtp]
      user = d
      password = e
      ca_file = FOLDER/ca
      [mail]
      from = f@example.edu
      admin = g@example.edu
      site_url = https://vcl.example.edu
      """)
    #expect(settings.database.name == "a")
    #expect(settings.database.user == "b")
    #expect(settings.database.password?.value == "c")
    #expect(settings.database.authorityFile == authority)
    #expect(settings.mailServer.user == "d")
    #expect(settings.mailServer.password?.value == "e")
    #expect(settings.mailServer.authorityFile == authority)
    #expect(settings.mail.from == "f@example.edu")
    #expect(settings.mail.admin == "g@example.edu")
    #expect(settings.mail.siteAddress == "https://vcl.example.edu")
  }
}
