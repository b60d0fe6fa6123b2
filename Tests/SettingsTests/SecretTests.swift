import Foundation
import Testing

@testable import Settings

@Suite struct SecretTests {
  @Test(
    "a password file gives its one line without the line's end",
    arguments: ["hunter2", "hunter2\n", "hunter2\r\n"])
  func passwordFile(content: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("secret", content)
    let settings = try folder.load("database.password_file = FOLDER/secret")
    #expect(settings.database.password?.value == "hunter2")
    #expect(
      settings.entry(.databasePassword)
        == SettingEntry(key: "database.password", value: "(hidden)", source: "password file \(path)"))
    #expect(settings.warnings.isEmpty)
  }

  @Test("a password in the environment overrules a password file in the file, and the other way round")
  func precedence() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("secret", "from a file\n")
    let direct = try folder.load(
      "database.password_file = FOLDER/secret", ["EXPIREIMAGE_DATABASE_PASSWORD": "direct"])
    #expect(direct.database.password?.value == "direct")
    let inFile = try folder.load(
      "database.password = direct", ["EXPIREIMAGE_DATABASE_PASSWORD_FILE": "FOLDER/secret"])
    #expect(inFile.database.password?.value == "from a file")
    let none = try folder.load(
      "database.password_file = FOLDER/secret", ["EXPIREIMAGE_DATABASE_PASSWORD": ""])
    #expect(none.database.password == nil)
  }

  @Test("a file with a password that every account can read is a warning")
  func readableByAll() throws {
    let folder = try TemporaryFolder()
    let secret = try folder.write("secret", "hunter2\n", mode: 0o644)
    let lines = "database.password_file = \(secret)\nsmtp.user = a\nsmtp.password = hunter2\n"
    let open = try folder.write("open.conf", lines, mode: 0o604)
    #expect(
      try Settings.load(configFile: open, environment: [:]).warnings == [
        "file \(open) holds smtp.password and every account can read it; run chmod o-r \(open)",
        "file \(secret) holds a password and every account can read it; run chmod o-r \(secret)",
      ])
    let harmless = try folder.write("harmless.conf", "database.name = x\ndatabase.password =\n", mode: 0o644)
    #expect(try Settings.load(configFile: harmless, environment: [:]).warnings.isEmpty)
  }

  @Test("a password shows in no entry, warning, print or dump")
  func hidden() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      "open.conf", "database.password = hunter2\nsmtp.user = a\nsmtp.password = hunter2\n", mode: 0o644)
    let settings = try Settings.load(
      configFile: path, environment: ["EXPIREIMAGE_DATABASE_PASSWORD": "hunter3"])
    #expect(settings.database.password?.value == "hunter3")
    #expect(settings.entry(.mailServerPassword)?.value == "(hidden)")
    var shown = "\(settings) \(String(reflecting: settings)) \(settings.entries) \(settings.warnings)"
    dump(settings, to: &shown)
    #expect(shown.contains("(hidden)"))
    #expect(!shown.contains("hunter"))
  }
}
