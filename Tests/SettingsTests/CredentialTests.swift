import Foundation
import Testing

@testable import Settings

/// Passwords that systemd hands to a service.
@Suite struct CredentialTests {
  private static let variable = ["CREDENTIALS_DIRECTORY": "FOLDER"]

  @Test("a file with a secret's name is that secret", arguments: ["hunter2", "hunter2\n"])
  func secrets(content: String) throws {
    let folder = try TemporaryFolder()
    let database = try folder.write("database.password", content)
    _ = try folder.write("smtp.password", content)
    let settings = try folder.load("smtp.user = vcl", Self.variable)
    #expect(settings.database.password?.value == "hunter2")
    #expect(settings.mailServer.password?.value == "hunter2")
    #expect(
      settings.entry(.databasePassword)
        == SettingEntry(key: "database.password", value: "(hidden)", source: "credential \(database)"))
    var shown = "\(settings)"
    dump(settings, to: &shown)
    #expect(!shown.contains("hunter"))
  }

  @Test("an empty file, none, and a file of another name change nothing")
  func nothing() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("database.password", "")
    _ = try folder.write("database.user", "mallory")
    _ = try folder.write("README", "passwords\nfor the service\n")
    let settings = try folder.load("database.password = hunter2", Self.variable)
    #expect(settings.database.password?.value == "hunter2")
    #expect(settings.database.user == nil)
    #expect(try folder.load("", ["CREDENTIALS_DIRECTORY": "/nowhere"]).database.password == nil)
    #expect(try folder.load("", ["CREDENTIALS_DIRECTORY": ""]).database.password == nil)
  }

  @Test(
    "it overrules the configuration file and a password file named there, and the environment overrules it")
  func precedence() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("database.password", "handed over")
    _ = try folder.write("secret", "from a file")
    for line in ["database.password = written", "database.password_file = FOLDER/secret"] {
      #expect(try folder.load(line, Self.variable).database.password?.value == "handed over")
    }
    let environment = Self.variable.merging(["EXPIREIMAGE_DATABASE_PASSWORD": "said"]) { $1 }
    #expect(try folder.load("", environment).database.password?.value == "said")
  }

  @Test(
    "a file that is no password is one line that repeats nothing of it",
    arguments: [
      ("hunter2\nhunter3\n", "must hold one line; put the password in it and nothing else"),
      ("hun\u{7}ter2\n", "has a control character in it; remove it"),
    ])
  func broken(content: String, problem: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("database.password", content)
    #expect(try folder.error("", Self.variable) == "credential FOLDER/database.password: \(problem)")
  }

  @Test("something that cannot be read is one line")
  func unreadable() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/smtp.password", withIntermediateDirectories: false)
    #expect(
      try folder.error("", Self.variable)
        == "credential FOLDER/smtp.password: cannot be read: Is a directory; correct its permissions")
  }

  @Test("without systemd the folder from which it takes the passwords is read, as the service has it")
  func usualFolder() throws {
    let folder = try TemporaryFolder()
    let database = try folder.write("database.password", "hunter2")
    _ = try folder.write("vcld.conf", "database=stray\n")
    let configuration = try folder.write("expireimage.conf", "database.user = expireimage\n")
    func load(_ environment: [String: String] = [:]) throws -> Settings {
      try Settings.load(
        configFile: configuration, environment: environment,
        usualFiles: SettingFiles(credentials: folder.path))
    }
    let byHand = try load()
    #expect(
      byHand.entries
        == (try folder.load("database.user = expireimage", Self.variable).entries.map { entry in
          // systemd's own folder would hold VCL's file, this one does not.
          entry.key == "database.name" ? SettingEntry(key: entry.key, value: "vcl", source: "default") : entry
        }))
    #expect(byHand.entry(.databasePassword)?.source == "credential \(database)")
    #expect(try load(["CREDENTIALS_DIRECTORY": ""]).database.password == nil)
    // Another account has another password.
    let other = try load(["EXPIREIMAGE_DATABASE_USER": "root"])
    #expect(other.database.password == nil)
    #expect(
      other.entry(.databasePassword)?.source
        == "credential \(database) (not used: it is the password of 'expireimage')")
  }

  @Test(
    "the usual folder is no error where it is kept from this account, and a warning where nothing keeps it")
  func usualFolderPermissions() throws {
    let folder = try TemporaryFolder()
    let database = try folder.write("database.password", "hunter2", mode: 0o644)
    // What is no folder is kept from every account, root included.
    let kept = try Settings.load(
      configFile: nil, environment: [:], usualFiles: SettingFiles(credentials: database))
    #expect(kept.files == [.notRead(database, "kept from this account")])
    for (mode, isOpen) in [(0o755, true), (0o750, false)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
      let settings = try Settings.load(
        configFile: nil, environment: [:], usualFiles: SettingFiles(credentials: folder.path))
      #expect(
        settings.warnings
          == (isOpen
            ? [
              "file \(database) holds database.password and every account can read it; run chmod o-r \(database)"
            ]
            : []))
    }
  }

  @Test("vcld.conf is read there where systemd has put one, and in its own place where it has put none")
  func managementNodeFile() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/handed", withIntermediateDirectories: false)
    let variable = ["CREDENTIALS_DIRECTORY": "FOLDER/handed"]
    _ = try folder.write("handed/vcld.conf", "\n")
    #expect(try folder.load("", variable, vcld: "database=own\n").database.name == "own")
    _ = try folder.write("handed/vcld.conf", "database=handed\n")
    let settings = try folder.load("", variable, vcld: "database=own\n")
    #expect(settings.database.name == "handed")
    #expect(settings.entry(.databaseName)?.source.contains("/handed/vcld.conf line 1") == true)
  }

  @Test("a password is used for the account of vcld.conf or of the configuration file alike")
  func account() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("database.password", "handed over")
    for (line, user) in [("", "vcl"), ("database.user = expireimage", "expireimage")] {
      let database = try folder.load(
        line, Self.variable, vcld: "LockerWrtUser=vcl\nwrtPass=written\n"
      ).database
      #expect(database.user == user)
      #expect(database.password?.value == "handed over")
    }
  }
}
