import Foundation
import TestSupport
import Testing

@Suite("The configuration file and the environment")
struct ConnectionFileTests {
  /// A file with this content, and what a call says of it.
  private func config(_ content: String, permissions: Int = 0o640) throws -> CommandSite.Call {
    let file = try TemporaryFile(content, permissions: permissions)
    return try CommandSite.call(["plan", "--config", file.path])
  }

  /// One line, and exit status 5.
  private func expectRefused(_ call: CommandSite.Call, _ parts: [String]) {
    #expect(call.status == 5)
    #expect(call.output == "")
    #expect(call.errorLines.count == 1, "\(call.errors)")
    for part in parts { #expect(call.errors.contains(part), "\(part) in \(call.errors)") }
  }

  @Test("a file that is not there")
  func missing() throws {
    expectRefused(
      try CommandSite.call(["run", "--config", "/nowhere/expireimage.conf"]),
      ["file /nowhere/expireimage.conf", "cannot be read", "correct --config"])
    expectRefused(
      try CommandSite.call(["run"], ["EXPIREIMAGE_CONFIG": "/nowhere/expireimage.conf"]),
      ["file /nowhere/expireimage.conf", "correct EXPIREIMAGE_CONFIG"])
  }

  @Test("a file that cannot be read")
  func unreadable() throws {
    expectRefused(
      try CommandSite.call(["plan", "--config", FileManager.default.temporaryDirectory.path]),
      ["cannot be read", "directory"])
    // The administrator reads every file.
    guard getuid() != 0 else { return }
    expectRefused(try config("[database]\nname = vcl\n", permissions: 0), ["cannot be read", "ermission"])
  }

  @Test(
    "a file with something that is no setting",
    arguments: [
      ("[database]\nsokcet = /x\n", ["line 2", "database.sokcet", "did you mean 'database.socket'?"]),
      ("[database]\nname = vcl\nname = other\n", ["line 3", "'database.name'", "line 2"]),
      ("grace_days = 30\n", ["line 1", "'grace_days'"]),
      ("[database]\njust words\n", ["line 2", "no '='"]),
      ("[database]\nport = many\n", ["line 2", "database.port", "'many'", "1 to 65535"]),
      ("[smtp]\nurl = http://mail\n", ["line 2", "smtp.url", "smtp://HOST:PORT"]),
      ("[mail]\nfrom = VCL <vcl@example.edu>\n", ["line 2", "mail.from", "one mail address"]),
    ])
  func invalid(_ content: String, _ parts: [String]) throws {
    expectRefused(try config(content), parts)
  }

  @Test("a variable of the environment that is no setting")
  func unknownVariable() throws {
    for command in [["run"], ["plan"], ["config"], ["migrate", "status"], ["policy", "show"]] {
      expectRefused(
        try CommandSite.call(command, ["EXPIREIMAGE_DATABASE_SOKCET": "/x"]),
        ["environment EXPIREIMAGE_DATABASE_SOKCET", "did you mean 'EXPIREIMAGE_DATABASE_SOCKET'?"])
    }
  }

  @Test("an error about a password never shows it")
  func secrets() throws {
    let call = try config("[smtp]\npassword = \"hunter2\nurl = smtp://user:hunter2@mail\n")
    expectRefused(call, ["'password' must end with the quote"])
    #expect(!call.errors.contains("hunter2"))
    let other = try config("[smtp]\nurl = smtp://user:hunter2@mail\n")
    expectRefused(other, ["smtp.url"])
    #expect(!other.errors.contains("hunter2"))
  }

  @Test("the file of --config connects a run, and the environment overrules it")
  func connects() throws {
    let site = try CommandSite()
    try site.history()
    let file = try TemporaryFile(
      """
      # Where VCL is.
      [database]
      socket = \(TestServer.shared.socket)
      user = root
      name = \(site.site.name)

      """)
    let day = ["--today", CommandSite.today]
    #expect(try CommandSite.call(["plan", "--config", file.path] + day).status == 0)
    #expect(try CommandSite.call(["plan"] + day, ["EXPIREIMAGE_CONFIG": file.path]).status == 0)
    let overruled = try CommandSite.call(
      ["plan", "--config", file.path] + day, ["EXPIREIMAGE_DATABASE_NAME": "another_one"])
    #expect(overruled.status == 7)
    #expect(overruled.errors.contains("another_one"))
  }
}

/// A file that goes with the object.
final class TemporaryFile {
  let path: String

  init(_ content: String, permissions: Int = 0o640) throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "expireimage-\(UUID().uuidString).conf").path
    try Data(content.utf8).write(to: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
