import Foundation
import Testing

@testable import Settings

@Suite struct ErrorTests {
  /// Lines of a file, and the error after `file FOLDER/expireimage.conf line `.
  static let fileErrors: [(lines: String, error: String)] = [
    ("databse.socket = /x", "1: unknown key 'databse.socket'; did you mean 'database.socket'?"),
    ("[database]\nsockt = /x", "2: unknown key 'database.sockt'; did you mean 'database.socket'?"),
    ("socket = /x", "1: unknown key 'socket'; did you mean 'database.socket'?"),
    ("password = hunter2", "1: unknown key 'password'; did you mean 'database.password' or 'smtp.password'?"),
    ("mail.colour = red", "1: unknown key 'mail.colour'; 'expireimage config' without it lists all names"),
    ("[mysql]\nuser = a", "2: unknown key 'mysql.user'; 'expireimage config' without it lists all names"),
    ("Mail.From = a@b.edu", "1: unknown key 'Mail.From'; 'expireimage config' without it lists all names"),
    ("\ndatabase.password hunter2", "2: has no '='; write key = value, or # before a comment"),
    ("= hunter2", "1: has no key before '='; write key = value"),
    ("hunter2/+x=", "1: has no key before '='; write key = value"),
    ("[database\nname = x", "1: is not a section; write [database]"),
    ("[]", "1: is not a section; write [database]"),
    (
      "database.name = a\n[database]\nname = b",
      "3: 'database.name' was set in line 1 already; remove one of them"
    ),
    (
      "database.password = \"hunter2",
      "1: 'database.password' must end with the quote it begins with; use the other kind of quote inside"
    ),
    (
      "database.password = 'hunter2'x'",
      "1: 'database.password' must end with the quote it begins with; use the other kind of quote inside"
    ),
    (
      "database.password = hunter2 #1",
      "1: 'database.password' has a '#' after a blank; put the comment on its own line, or the value in quotes"
    ),
    ("database.host =", "1: database.host is empty; remove it for the default, localhost"),
    ("database.host = /run/db.sock", "1: database.host is '/run/db.sock', a path; put it in database.socket"),
    ("database.host = db:3306", "1: database.host is 'db:3306'; put the port in database.port"),
    ("database.host = a b", "1: database.host is 'a b'; allowed: host name or address"),
    ("database.port = 0", "1: database.port is '0'; allowed: 1 to 65535"),
    ("database.port = 65536", "1: database.port is '65536'; allowed: 1 to 65535"),
    ("database.port = 3306x", "1: database.port is '3306x'; allowed: 1 to 65535"),
    ("database.socket = db.sock", "1: database.socket is 'db.sock'; allowed: path that starts with /"),
    ("database.tls = yes", "1: database.tls is 'yes'; allowed: automatic, required, off"),
    ("smtp.tls = on", "1: smtp.tls is 'on'; allowed: automatic, required, off"),
    (
      "database.tls_ca = FOLDER/none.pem",
      "1: database.tls_ca is 'FOLDER/none.pem', which cannot be read: No such file or directory; correct the path or its permissions"
    ),
    (
      "smtp.ca_file = FOLDER",
      "1: smtp.ca_file is 'FOLDER', which cannot be read: Is a directory; correct the path or its permissions"
    ),
    (
      "database.tls_ca = FOLDER/one",
      "1: database.tls_ca is 'FOLDER/one', which holds no certificate in PEM form; correct the path"
    ),
    (
      "database.password_file = FOLDER/none",
      "1: database.password_file is 'FOLDER/none', which cannot be read: No such file or directory; correct the path or its permissions"
    ),
    (
      "smtp.url = mail.example.edu",
      "1: smtp.url is 'mail.example.edu'; allowed: smtp://HOST:PORT or smtps://HOST:PORT"
    ),
    (
      "smtp.url = http://mail", "1: smtp.url is 'http://mail'; allowed: smtp://HOST:PORT or smtps://HOST:PORT"
    ),
    (
      "smtp.url = smtp://mail:99999",
      "1: smtp.url is 'smtp://mail:99999'; allowed: smtp://HOST:PORT or smtps://HOST:PORT"
    ),
    (
      "smtp.url = smtp://mail/x",
      "1: smtp.url is 'smtp://mail/x', with something after the port; allowed: smtp://HOST:PORT or smtps://HOST:PORT"
    ),
    (
      "smtp.url = smtp://a:hunter2@mail",
      "1: smtp.url has a user in it; put it in smtp.user, and the password in smtp.password_file"
    ),
    ("mail.from = VCL", "1: mail.from is 'VCL'; allowed: one mail address, such as vcl@example.edu"),
    ("mail.from = a@b@c", "1: mail.from is 'a@b@c'; allowed: one mail address, such as vcl@example.edu"),
    (
      "mail.admin = a@b, c@d",
      "1: mail.admin is 'a@b, c@d'; allowed: one mail address, such as vcl@example.edu"
    ),
    ("mail.admin = <a@b>", "1: mail.admin is '<a@b>'; allowed: one mail address, such as vcl@example.edu"),
    ("mail.admin = é@b", "1: mail.admin is 'é@b'; allowed: one mail address, such as vcl@example.edu"),
    (
      "mail.site_url = vcl.example.edu",
      "1: mail.site_url is 'vcl.example.edu'; allowed: web address, such as https://vcl.example.edu"
    ),
    (
      "mail.site_url = ftp://vcl",
      "1: mail.site_url is 'ftp://vcl'; allowed: web address, such as https://vcl.example.edu"
    ),
    (
      "mail.site_url = https://u:hunter2@vcl",
      "1: mail.site_url has a user in it; allowed: web address, such as https://vcl.example.edu"
    ),
    (
      "database.password = hunter2\ndatabase.password_file = FOLDER/one",
      "2: database.password_file and database.password are both set; remove one of them"
    ),
    (
      "database.host = db\ndatabase.socket = /run/db.sock",
      "1: database.host and database.socket are both set; remove one of them"
    ),
    (
      "database.password_file = FOLDER/two",
      "1: database.password_file is 'FOLDER/two', which must hold one line; put the password in it and nothing else"
    ),
    (
      "smtp.user = a\nsmtp.password_file = FOLDER/empty",
      "2: smtp.password_file is 'FOLDER/empty', which must hold one line; put the password in it and nothing else"
    ),
    (
      "database.password_file = FOLDER/binary",
      "1: database.password_file is 'FOLDER/binary', which is not a text file; put the password in it"
    ),
    (
      "database.password_file = FOLDER/control",
      "1: database.password_file is 'FOLDER/control', which has a control character in it; remove it"
    ),
    ("smtp.user = relay", "1: smtp.user is 'relay', but no password is set; set smtp.password_file"),
    ("smtp.password = hunter2", "1: smtp.password is set, but smtp.user is not; set smtp.user"),
    ("smtp.password_file = FOLDER/one", "1: smtp.password_file is set, but smtp.user is not; set smtp.user"),
    (
      "smtp.url = smtps://mail\nsmtp.tls = off",
      "2: smtp.tls is off, but smtp.url begins with smtps; use smtp in smtp.url, or remove smtp.tls"
    ),
    (
      "smtp.url = smtp://mail\nsmtp.tls = off\nsmtp.user = a\nsmtp.password = hunter2",
      "2: smtp.tls is off, so the password would cross the network in clear; remove smtp.tls or smtp.user"
    ),
  ]

  @Test("a file that cannot be used gives one line with its place and the remedy", arguments: fileErrors)
  func file(lines: String, error: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("one", "hunter2\n")
    _ = try folder.write("two", "hunter2\nhunter3\n")
    _ = try folder.write("empty", "\n")
    _ = try folder.write("binary", Data([0xff, 0xfe, 0x68]))
    _ = try folder.write("control", "hunter\u{0}2\n")
    let line = try folder.error(lines)
    #expect(line == "file FOLDER/expireimage.conf line \(error)")
    #expect(!line.contains("hunter"))
  }

  @Test(
    "a variable that cannot be used gives one line with its name",
    arguments: [
      (
        "EXPIREIMAGE_DATABASE_SOCKT", "/x",
        "EXPIREIMAGE_DATABASE_SOCKT: no such setting; did you mean 'EXPIREIMAGE_DATABASE_SOCKET'?"
      ),
      (
        "EXPIREIMAGE_COLOUR", "hunter2",
        "EXPIREIMAGE_COLOUR: no such setting; 'expireimage config' without it lists all names"
      ),
      (
        "EXPIREIMAGE_DATABASE_PORT", "many\nlines",
        "EXPIREIMAGE_DATABASE_PORT: database.port has a control character in it; remove it"
      ),
      (
        "EXPIREIMAGE_SMTP_URL", "",
        "EXPIREIMAGE_SMTP_URL: smtp.url is empty; remove it for the default, smtp://localhost:25"
      ),
      (
        "EXPIREIMAGE_DATABASE_PASSWORD", "hunter2\nx",
        "EXPIREIMAGE_DATABASE_PASSWORD: database.password has a control character in it; remove it"
      ),
    ])
  func environment(name: String, value: String, error: String) throws {
    #expect(try TemporaryFolder().error(nil, [name: value]) == "environment \(error)")
  }

  @Test("a file that is named and cannot be read is an error that names it and who named it")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    let missing = folder.path + "/none.conf"
    func error(_ file: String?, _ environment: [String: String], _ usual: [String]) -> String? {
      do {
        _ = try Settings.load(
          configFile: file, environment: environment, usualFiles: SettingFiles(configuration: usual))
        return nil
      } catch {
        return error.description.replacing(folder.path, with: "FOLDER")
      }
    }
    #expect(
      error(missing, [:], [])
        == "file FOLDER/none.conf: cannot be read: No such file or directory; correct --config")
    #expect(
      error(nil, ["EXPIREIMAGE_CONFIG": missing], [])
        == "file FOLDER/none.conf: cannot be read: No such file or directory; correct EXPIREIMAGE_CONFIG")
    #expect(
      error(nil, [:], [folder.path])
        == "file FOLDER: cannot be read: Is a directory; correct its permissions")
  }

  @Test("bytes that are no UTF-8 are an error with their line")
  func encoding() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("latin1.conf", Data("# one\nmail.admin = ".utf8) + [0xe9, 0x0a])
    #expect(throws: SettingsError("file \(path) line 2", "is not UTF-8; save the file as UTF-8")) {
      try Settings.load(configFile: path, environment: [:])
    }
  }

  @Test("an error stays on one line whatever the value holds")
  func oneLine() throws {
    let folder = try TemporaryFolder()
    let line = try folder.error("database.tls = " + String(repeating: "x", count: 5000))
    #expect(line.count < 400)
    #expect(!line.contains { $0.isNewline })
  }
}
