import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("On a management node")
struct ManagementNodeTests {
  @Test("vcld.conf alone connects a plan, and says in 'config' where everything comes from")
  func connects() throws {
    let site = try CommandSite()
    try site.history()
    let socket = try TemporaryFile("[client-server]\nsocket = \(TestServer.shared.socket)\n")
    let vcld = try TemporaryFile(
      "FQDN=node1.example.edu\nserver=localhost\ndatabase=\(site.site.name)\nLockerWrtUser=root\nwrtPass=s3cret\n",
      permissions: 0o644)
    let environment = ["EXPIREIMAGE_VCLD_CONF": vcld.path, "EXPIREIMAGE_OPTION_FILE": socket.path]
    // The server's root has no password, and this one is wrong: what VCL's file says is really used.
    let refused = try CommandSite.call(["plan", "--today", CommandSite.today], environment)
    #expect(refused.status == 7)
    #expect(refused.errors.contains("using password: YES"))
    let plan = try CommandSite.call(
      ["plan", "--today", CommandSite.today],
      environment.merging(["EXPIREIMAGE_DATABASE_PASSWORD": ""]) { $1 })
    #expect(plan.status == 0)
    #expect(
      plan.errorLines == [
        "expireimage: warning: file \(vcld.path) holds wrtPass and every account can read it; run chmod o-r \(vcld.path)"
      ])

    let config = try CommandSite.call(["config"], environment)
    #expect(config.status == 0)
    for line in [
      "file \(vcld.path) line 3 (database)", "file \(vcld.path) line 4 (LockerWrtUser)",
      "file \(vcld.path) line 5 (wrtPass)", "file \(socket.path) line 2 ([client-server] socket)", "(hidden)",
    ] {
      #expect(config.output.contains(line), "\(line)")
    }
    #expect(!(config.output + config.errors).contains("s3cret"))
  }

  @Test("mails go out under the node's name, and reports to the address that vcld.conf names")
  func mail() throws {
    let site = try CommandSite()
    let vcld = try TemporaryFile("FQDN=node1.example.edu\nRETURNPATH=errors@example.edu\n")
    let call = try site.call(
      ["mail", "test", "ada@example.edu"],
      ["EXPIREIMAGE_VCLD_CONF": vcld.path, "EXPIREIMAGE_MAIL_FROM": "vcl@example.edu"])
    #expect(call.status == 0, "\(call.errors)")
    #expect(site.mailServer.commands.first == "EHLO node1.example.edu")
    #expect(site.mailServer.messages.map(\.from) == ["errors@example.edu"])
    // Readers see the sender as ever.
    #expect(!String(decoding: site.mailServer.messages[0].data, as: UTF8.self).contains("errors@example.edu"))
  }

  @Test("contradicting sources are shown, the one in force first, in text and in JSON")
  func contradiction() throws {
    let vcld = try TemporaryFile("database=vcl\nserver=db1\nLockerWrtUser=vcluser\nwrtPass=s3cret\n")
    let file = try TemporaryFile("database.host = db2\ndatabase.user = expireimage\n")
    let environment = ["EXPIREIMAGE_VCLD_CONF": vcld.path, "EXPIREIMAGE_CONFIG": file.path]
    let text = try CommandSite.call(["config"], environment)
    #expect(text.errors == "")
    let lines = text.outputLines.map {
      $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
    let host = try #require(lines.firstIndex(of: "database.host db2 file \(file.path) line 1"))
    #expect(lines[host + 1] == "db1 overridden: file \(vcld.path) line 2 (server)")
    #expect(
      lines.contains(
        "database.password (hidden) file \(vcld.path) line 4 (wrtPass) (not used: it is the password of 'vcluser')"
      ))
    #expect(lines.contains("\(vcld.path) read"))
    #expect(
      lines.contains(
        "Database 'vcl' on db2, port 3306, as 'expireimage', without a password, encrypted, certificate checked."
      ))

    let document = try CommandSite.call(["config", "--json"], environment).json
    let members = try document.members(["settings", "files", "warnings", "notes"])
    let hosts = try members["settings"]!.array.map { row in
      try row.members(["key", "value", "source", "overridden"])
    }
    .filter { try $0["key"]!.text == "database.host" }
    let overridden = try hosts[0]["overridden"]!.array.map { try $0.members(["value", "source"]) }
    #expect(try overridden.map { try $0["value"]!.text } == ["db1"])
    #expect(try overridden.map { try $0["source"]!.text } == ["file \(vcld.path) line 2 (server)"])
    let files = try members["files"]!.array.map { row in try row.members(["path", "state"])["path"]!.text }
    #expect(files == [vcld.path, file.path])
  }

  @Test(
    "settings of others that cannot be used stop every command with one line and status 5",
    arguments: [
      (
        "EXPIREIMAGE_VCLD_CONF", "server=db;mysql_socket=/x\nwrtPass=s3cret\n",
        ["line 1 (server)", "database.host"]
      ),
      ("EXPIREIMAGE_VCLD_CONF", "wrtPass=s3cret\u{1}\n", ["line 1 (wrtPass)", "control character"]),
      ("EXPIREIMAGE_OPTION_FILE", "password=s3cret\n", ["line 1", "[client]"]),
      ("EXPIREIMAGE_OPTION_FILE", "[client]\n!includedir /nowhere/x\n", ["line 2", "'/nowhere/x'"]),
      ("EXPIREIMAGE_OPTION_FILE", "[client]\nssl-ca=/nowhere/ca.pem\n", ["line 2", "No such file"]),
    ])
  func broken(variable: String, content: String, parts: [String]) throws {
    let file = try TemporaryFile(content)
    for command in [["run"], ["config"], ["migrate", "up"]] {
      let call = try CommandSite.call(command, [variable: file.path])
      #expect(call.status == 5)
      #expect(call.output == "")
      #expect(call.errorLines.count == 1, "\(call.errors)")
      for part in parts { #expect(call.errors.contains(part), "\(part) in \(call.errors)") }
      #expect(!call.errors.contains("s3cret"))
    }
  }

  @Test("encryption to the database means a certificate of the authority, for that host, and in time")
  func encryption() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "node-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let authority = try TestAuthority("ca", in: folder)
    let other = try TestAuthority("other", in: folder)
    let valid = try authority.certificate("valid", for: "IP:127.0.0.1")
    let expired = try authority.certificate("expired", for: "IP:127.0.0.1", isExpired: true)

    /// What `plan` says of a server with this certificate, where vcld.conf asks for encryption.
    func plan(
      _ certificate: TestAuthority.Certificate?, host: String = "127.0.0.1", trusting file: String
    ) throws -> CommandSite.Call {
      let port = LoopbackPort.free()
      let encryption =
        certificate.map { ["--ssl-cert=\($0.file)", "--ssl-key=\($0.keyFile)"] } ?? ["--skip-ssl"]
      let server = try PrivateServer(
        arguments: ["--skip-networking=0", "--bind-address=127.0.0.1,127.0.0.2", "--port=\(port)"]
          + encryption)
      try Connection(server.options()).execute("GRANT ALL ON *.* TO 'vcluser'@'%' IDENTIFIED BY 's3cret'")
      let vcld = try TemporaryFile(
        "server=\(host):\(port)\nLockerWrtUser=vcluser\nwrtPass=s3cret\nenable_mysql_ssl=yes\nmysql_ssl_cert=\(file)\n"
      )
      let call = try CommandSite.call(["plan"], ["EXPIREIMAGE_VCLD_CONF": vcld.path])
      #expect(call.status == 7)
      #expect(call.output == "")
      #expect(call.errorLines.count == 1, "\(call.errors)")
      #expect(!call.errors.contains("s3cret"))
      return call
    }
    // It got in; there is no database of VCL's.
    #expect(try plan(valid, trusting: authority.file).errors.contains("Unknown database 'vcl'"))
    let remedy = "check the server's certificate (authority, host name, dates) and database.tls_ca"
    for (call, reason) in [
      (try plan(valid, trusting: other.file), "issuer certificate"),
      (try plan(valid, host: "127.0.0.2", trusting: authority.file), "Validation"),
      (try plan(expired, trusting: authority.file), "expired"),
      (try plan(nil, trusting: authority.file), "does not support it"),
    ] {
      #expect(call.errors.contains(reason), "\(reason) in \(call.errors)")
      #expect(call.errors.contains(remedy), "\(call.errors)")
    }
  }

  @Test("a password in MYSQL_PWD does not come in by the back door")
  func clientLibraryPassword() throws {
    let server = TestServer.shared
    let name = "pwd_\(UInt32.random(in: 0..<UInt32.max))"
    let connection = try Connection(server.options())
    try connection.execute("CREATE USER '\(name)'@'%' IDENTIFIED BY 's3cret'")
    defer { _ = try? connection.execute("DROP USER '\(name)'@'%'") }
    let environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": server.socket, "EXPIREIMAGE_DATABASE_USER": name, "MYSQL_PWD": "s3cret",
    ]
    let known = try CommandSite.call(["plan"], environment)
    #expect(known.errors.contains("error 1044"), "\(known.errors)")
    let none = try CommandSite.call(
      ["plan"], environment.merging(["EXPIREIMAGE_DATABASE_PASSWORD": ""]) { $1 })
    #expect(none.errors.contains("using password: NO"), "\(none.errors)")
  }
}
