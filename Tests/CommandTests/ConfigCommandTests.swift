import Settings
import TestSupport
import Testing

@Suite("expireimage config")
struct ConfigCommandTests {
  @Test("shows every key with its value and where it came from, in text and in JSON")
  func sources() throws {
    let file = try TemporaryFile("[database]\nuser = vcl_reader\nname = from_file\n")
    let environment = [
      "EXPIREIMAGE_CONFIG": file.path, "EXPIREIMAGE_DATABASE_NAME": "from_environment",
      "EXPIREIMAGE_MAIL_SITE_URL": "https://vcl.example.edu",
    ]
    let document = try CommandSite.call(["config", "--json"], environment).json
    let parts = try document.members(["settings", "files", "warnings", "notes"])
    let rows = try parts["settings"]!.array.map { row in
      let members = try row.members(["key", "value", "source", "overridden"])
      return (
        key: try members["key"]!.text, value: try members["value"]!.optionalText,
        source: try members["source"]!.text
      )
    }
    #expect(rows.map(\.key) == SettingKey.allCases.map(\.rawValue))
    func row(_ key: String) -> [String?] {
      rows.filter { $0.key == key }.flatMap { [$0.value, $0.source] }
    }
    #expect(row("database.user") == ["vcl_reader", "file \(file.path) line 2"])
    #expect(row("database.name") == ["from_environment", "environment EXPIREIMAGE_DATABASE_NAME"])
    #expect(row("database.socket") == [nil, "default"])
    #expect(row("smtp.url") == ["smtp://localhost:25", "default"])
    #expect(row("mail.site_url") == ["https://vcl.example.edu", "environment EXPIREIMAGE_MAIL_SITE_URL"])

    let text = try CommandSite.call(["config"], environment)
    #expect(text.status == 0)
    for key in SettingKey.allCases {
      #expect(text.outputLines.contains { $0.hasPrefix(key.rawValue + " ") }, "\(key.rawValue)")
    }
  }

  @Test("hides every secret, wherever it comes from, and says when there is none")
  func secrets() throws {
    let passwordFile = try TemporaryFile("file-s3cret\n")
    let file = try TemporaryFile("[database]\npassword = conf-s3cret\n")
    let environment = [
      "EXPIREIMAGE_CONFIG": file.path, "EXPIREIMAGE_SMTP_USER": "mailer",
      "EXPIREIMAGE_SMTP_PASSWORD_FILE": passwordFile.path,
    ]
    for arguments in [["config"], ["config", "--json"]] {
      let call = try CommandSite.call(arguments, environment)
      #expect(call.status == 0)
      #expect(!(call.output + call.errors).contains("s3cret"))
      #expect(call.output.contains("(hidden)"))
      #expect(call.output.contains("password file \(passwordFile.path)"))
    }
    let empty = try TemporaryFile("")
    let withoutSecrets = try CommandSite.call(["config"], ["EXPIREIMAGE_CONFIG": empty.path])
    #expect(!withoutSecrets.output.contains("(hidden)"))
    let fromEnvironment = try CommandSite.call(
      ["config", "--json"], ["EXPIREIMAGE_DATABASE_PASSWORD": "env-s3cret"])
    #expect(!(fromEnvironment.output + fromEnvironment.errors).contains("s3cret"))
    #expect(fromEnvironment.output.contains("environment EXPIREIMAGE_DATABASE_PASSWORD"))
  }

  @Test(
    "hides an overridden value that is not what its key takes, because a password may be in it",
    arguments: [
      ("smtp.url", "smtp://vcl:s3cret@mail.example.edu", "smtp://mail.example.edu"),
      ("mail.site_url", "https://vcl:s3cret@vcl.example.edu", "https://vcl.example.edu"),
      ("database.port", "s3cret", "3306"),
    ])
  func overridden(key: String, written: String, inForce: String) throws {
    let file = try TemporaryFile("\(key) = \(written)\n")
    let environment = [
      "EXPIREIMAGE_CONFIG": file.path, "EXPIREIMAGE_DATABASE_HOST": "127.0.0.1",
      "EXPIREIMAGE_" + key.uppercased().replacing(".", with: "_"): inForce,
    ]
    for arguments in [["config"], ["config", "--json"]] {
      let call = try CommandSite.call(arguments, environment)
      #expect(call.status == 0)
      #expect(!(call.output + call.errors).contains("s3cret"))
      #expect(call.output.contains("(hidden)"))
      #expect(call.output.contains(inForce))
    }
  }

  @Test("warns of a file with a password that every account can read, on standard error")
  func readableByAll() throws {
    let file = try TemporaryFile("[database]\npassword = conf-s3cret\n", permissions: 0o644)
    let call = try CommandSite.call(["config", "--json", "--config", file.path])
    #expect(call.status == 0)
    #expect(call.errors.contains("expireimage: warning: file \(file.path) holds database.password"))
    #expect(call.errors.contains("chmod o-r"))
    _ = try call.json
  }

  @Test("needs no database")
  func withoutDatabase() throws {
    let call = try CommandSite.call(["config"], ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"])
    #expect(call.status == 0)
    #expect(call.output.contains("/nowhere/mariadb.sock"))
  }
}
