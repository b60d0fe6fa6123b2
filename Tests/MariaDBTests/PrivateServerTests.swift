import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("A private server")
struct PrivateServerTests {
  @Test("It answers, and stopping it leaves no process and no directory")
  func lifetime() throws {
    let server = try PrivateServer(arguments: ["--log-bin", "--binlog-format=ROW"])
    let process = try #require(server.processIdentifier)
    let binary = try Connection(server.options(database: "mysql")).first("SELECT @@log_bin") { $0.bool(0) }
    #expect(binary == true)
    #expect(kill(process, 0) == 0)
    server.stop()
    server.stop()
    #expect(kill(process, 0) == -1)
    #expect(!FileManager.default.fileExists(atPath: server.directory))
  }

  @Test("Left running in a directory that was given, it and its data stay")
  func leftRunning() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let server = try PrivateServer(directory: directory, logPrefix: "demo")
    let process = try #require(server.processIdentifier)
    server.leaveRunning()
    server.stop()
    #expect(try Connection(server.options()).isAlive)
    kill(process, SIGTERM)
    waitpid(process, nil, 0)
    #expect(FileManager.default.fileExists(atPath: directory + "/data"))
    #expect(FileManager.default.fileExists(atPath: directory + "/demo.log"))
  }

  @Test("A process killed outright takes its server and the server's directory with it")
  func killedParent() async throws {
    let note = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: note) }
    await #expect(processExitsWith: .signal(SIGKILL)) { [note = note as String] in
      let server = try PrivateServer()
      try "\(server.processIdentifier ?? 0) \(server.directory)".write(
        toFile: note, atomically: true, encoding: .utf8)
      kill(getpid(), SIGKILL)
    }
    let words = try String(contentsOfFile: note, encoding: .utf8).split(separator: " ")
    let process = try #require(Int32(words[0]))
    let directory = String(words[1])
    let deadline = ContinuousClock.now + .seconds(15)
    while FileManager.default.fileExists(atPath: directory), .now < deadline {
      try await Task.sleep(for: .milliseconds(20))
    }
    #expect(!FileManager.default.fileExists(atPath: directory))
    #expect(!isRunning(process))
  }

  @Test("An option that the server does not know is an error that quotes its log")
  func badOption() {
    let error = #expect(throws: PrivateServerError.self) {
      try PrivateServer(arguments: ["--no-such-option"])
    }
    #expect(
      error?.description.contains("unknown option '--no-such-option'") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains("\n") == false)
  }

  @Test("A directory whose path is too long for a socket is refused")
  func longPath() {
    let directory = FileManager.default.temporaryDirectory.appending(path: String(repeating: "d", count: 110))
      .path
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let error = #expect(throws: PrivateServerError.self) { try PrivateServer(directory: directory) }
    #expect(error?.description.contains("too long") == true)
  }

  /// A process that has ended may stay in the table until somebody collects it.
  private func isRunning(_ process: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return !status.isEmpty && !status.contains(") Z ")
  }
}
