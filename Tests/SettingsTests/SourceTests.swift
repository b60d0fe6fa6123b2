import Foundation
import Testing

@testable import Settings

@Suite struct SourceTests {
  /// A value for each key that is neither its default nor a contradiction to the defaults.
  static let examples: [(key: SettingKey, value: String)] = [
    (.databaseHost, "db.example.edu"), (.databasePort, "3307"), (.databaseSocket, "/run/db.sock"),
    (.databaseName, "vcl_test"), (.databaseUser, "expire"), (.databasePassword, "p#1 = \"x"),
    (.databasePasswordFile, "FOLDER/secret"), (.databaseTLS, "required"),
    (.databaseAuthority, "FOLDER/ca"),
    (.mailServer, "smtps://mail.example.edu:4650"), (.mailServerUser, "expire"),
    (.mailServerPassword, "hunter2"), (.mailServerPasswordFile, "FOLDER/secret"), (.mailServerTLS, "off"),
    (.mailServerAuthority, "FOLDER/ca"), (.mailFrom, "vcl@example.edu"), (.mailAdmin, "root@localhost"),
    (.siteAddress, "https://vcl.example.edu/"), (.keepServer, "https://keep.example.edu/"),
    (.mailServerConnections, "4"), (.mailServerRate, "600"), (.mailServerTimeout, "60"),
    (.mailServerDeadline, "30"), (.mailSummary, "changes"), (.mailLifetime, "3"),
    (.mailServerGreeting, "node1.example.edu"), (.returnPath, "errors@example.edu"),
    (.bounceAddress, "bounces@example.edu"), (.templateFolder, "FOLDER"), (.nodeName, "node2.example.edu"),
  ]

  /// What a key needs beside it.
  static func companions(of key: SettingKey) -> [SettingKey: String] {
    switch key {
    case .databasePort: [.databaseHost: "127.0.0.1"]
    case .mailServerUser: [.mailServerPassword: "x"]
    case .mailServerPassword, .mailServerPasswordFile: [.mailServerUser: "expire"]
    default: [:]
    }
  }

  @Test("the examples below cover every key")
  func complete() {
    #expect(Set(Self.examples.map(\.key)) == Set(SettingKey.allCases))
  }

  @Test("a key is read from the file, and over that from the environment", arguments: examples)
  func everyKey(key: SettingKey, value: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("secret", "hunter3\n")
    _ = try folder.write("ca", TemporaryFolder.certificate)
    let others = Self.companions(of: key)
    let lines = others.map { "\($0.rawValue) = \($1)\n" }.joined() + "\(key.rawValue) = \(value)\n"
    let expected = key.definition.isSecret ? "(hidden)" : value.replacing("FOLDER", with: folder.path)

    let fromFile = try folder.load(lines)
    #expect(
      fromFile.entry(key)
        == SettingEntry(
          key: key.rawValue, value: expected,
          source: "file \(folder.path)/expireimage.conf line \(others.count + 1)"))

    var environment = [key.environmentVariable: value]
    for (other, text) in others { environment[other.environmentVariable] = text }
    let source = "environment \(key.environmentVariable)"
    #expect(
      try folder.load(nil, environment).entry(key)
        == SettingEntry(key: key.rawValue, value: expected, source: source))
    #expect(
      try folder.load(lines, environment).entry(key)
        == SettingEntry(
          key: key.rawValue, value: expected, source: source,
          overridden: [
            .init(
              value: expected, source: "file \(folder.path)/expireimage.conf line \(others.count + 1)")
          ]))
  }

  @Test("without any source every key has its default")
  func defaults() throws {
    let settings = try Settings.load(configFile: nil, environment: ["HOME": "/nowhere"], usualFiles: .none)
    #expect(
      settings.entries
        == SettingKey.allCases.map {
          SettingEntry(key: $0.rawValue, value: $0.definition.defaultValue, source: "default")
        })
    #expect(settings.configFile == nil)
    #expect(settings.warnings.isEmpty)
    #expect(settings.database.endpoint == .socket(path: nil))
    #expect(settings.database.name == "vcl")
    #expect(settings.database.user == nil)
    #expect(!settings.database.requiresTLS)
    #expect(settings.mailServer.url == "smtp://localhost:25")
    #expect(settings.mailServer.encryption == .none)
    #expect(settings.mail.from == nil)
  }

  @Test(
    "the variable of a key is its name in capitals",
    arguments: [
      (SettingKey.databasePasswordFile, "EXPIREIMAGE_DATABASE_PASSWORD_FILE"),
      (.databaseAuthority, "EXPIREIMAGE_DATABASE_TLS_CA"), (.siteAddress, "EXPIREIMAGE_MAIL_SITE_URL"),
    ])
  func variables(key: SettingKey, name: String) {
    #expect(key.environmentVariable == name)
  }

  @Test("--config wins over EXPIREIMAGE_CONFIG, that over the usual places, of which the first counts")
  func choiceOfFile() throws {
    let folder = try TemporaryFolder()
    let files = try ["a", "b", "c", "d"].map { try folder.write($0, "database.name = \($0)") }
    let usual = [folder.path + "/missing", files[2], files[3]]
    let variable = ["EXPIREIMAGE_CONFIG": files[1]]

    let named = try Settings.load(
      configFile: files[0], environment: variable, usualFiles: SettingFiles(configuration: usual))
    #expect(named.database.name == "a")
    let byVariable = try Settings.load(
      configFile: nil, environment: variable, usualFiles: SettingFiles(configuration: usual))
    #expect(byVariable.database.name == "b")
    #expect(byVariable.warnings.isEmpty)
    let found = try Settings.load(
      configFile: nil, environment: ["EXPIREIMAGE_CONFIG": ""], usualFiles: SettingFiles(configuration: usual)
    )
    #expect(found.database.name == "c")
    #expect(found.configFile == files[2])
    #expect(found.warnings == ["file \(files[3]) is not read, because \(files[2]) exists; keep one of them"])
  }

  @Test("the variable that allows a simulated day is no setting")
  func simulation() throws {
    #expect(try TemporaryFolder().load(nil, ["EXPIREIMAGE_SIMULATE": "1"]).database.name == "vcl")
  }
}
