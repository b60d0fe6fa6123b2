import Foundation
import MariaDB
import Synchronization

/// Why a private server could not be had, in one line.
package struct PrivateServerError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

/// A MariaDB server of our own in a directory of its own: no network, no root needed, gone with this process.
package final class PrivateServer: Sendable {
  /// Where its data, socket and log are; absolute.
  package let directory: String
  /// Whether the directory was made here, and goes with the server.
  private let ownsDirectory: Bool
  private let process: Mutex<GuardedProcess?>

  package var socket: String { Self.socket(in: directory) }
  package var log: String { directory + "/\(logPrefix).log" }
  /// The server's process id; nil once stopped.
  package var processIdentifier: Int32? { process.withLock { $0?.identifier } }
  private let logPrefix: String

  /// Starts a server and waits until it answers.
  ///
  /// - Parameters:
  ///   - directory: an empty or new directory, kept at the end; nil makes a temporary one, removed at the end.
  ///   - memory: whether a temporary directory may be in memory (/dev/shm), which is fast and small.
  ///   - logPrefix: name of the server's log in the directory, without ".log".
  ///   - arguments: options of mariadbd beyond the usual ones.
  /// - Throws: `PrivateServerError` when the server is not installed, does not start, or the path is too long.
  package init(
    directory: String? = nil, memory: Bool = true, logPrefix: String = "server", arguments: [String] = []
  ) throws {
    let path = try directory.map(Self.created) ?? Self.temporaryDirectory(memory: memory)
    let ownsDirectory = directory == nil
    do {
      process = Mutex(
        try Self.start(
          in: path, log: "\(path)/\(logPrefix).log", arguments: arguments, scratch: ownsDirectory ? path : nil
        ))
    } catch {
      if ownsDirectory { try? FileManager.default.removeItem(atPath: path) }
      throw error
    }
    self.directory = path
    self.ownsDirectory = ownsDirectory
    self.logPrefix = logPrefix
  }

  deinit { stop() }

  /// Options that connect as the server's root, optionally to a database.
  package func options(database: String? = nil) -> ConnectionOptions {
    ConnectionOptions(socket: socket, name: database, user: "root")
  }

  /// Stops the server, waits for its end, and removes the directory if it was made here. Twice is fine.
  package func stop() {
    let running = process.withLock { process in
      defer { process = nil }
      process?.stop()
      return process != nil
    }
    if running, ownsDirectory { try? FileManager.default.removeItem(atPath: directory) }
  }

  /// Leaves server and directory as they are; they stay when this process ends.
  package func leaveRunning() {
    process.withLock { process in
      process?.release()
      process = nil
    }
  }
}

extension PrivateServer {
  private static func socket(in directory: String) -> String { directory + "/server.sock" }

  private static func start(
    in directory: String, log: String, arguments: [String], scratch: String?
  ) throws -> GuardedProcess {
    let server = try program("mariadbd")
    let installer = try program("mariadb-install-db")
    let socket = socket(in: directory)
    guard socket.utf8.count <= 107 else {
      throw PrivateServerError("the path \(socket) is too long for a socket: choose a shorter directory")
    }
    try install(installer, into: directory, log: log)
    let process = try GuardedProcess(
      server, serverArguments(directory: directory) + arguments, log: log, scratch: scratch)
    let deadline = ContinuousClock.now + .seconds(30)
    while true {
      do {
        _ = try Connection(ConnectionOptions(socket: socket, user: "root"))
        return process
      } catch {
        let isRunning = process.isRunning
        guard isRunning, .now < deadline else {
          let reason = isRunning ? "does not answer in 30 seconds (\(error))" : "ended"
          throw PrivateServerError(
            "the private MariaDB server \(reason); its log \(log) says: \(tail(of: log))")
        }
        usleep(50_000)
      }
    }
  }

  /// Small and fast, because nothing in it has to survive a crash of the machine.
  private static func serverArguments(directory: String) -> [String] {
    [
      "--no-defaults", "--datadir=\(directory)/data", "--socket=\(socket(in: directory))",
      "--pid-file=\(directory)/server.pid", "--tmpdir=\(directory)", "--skip-networking",
      "--skip-name-resolve",
      "--skip-log-bin", "--performance-schema=0", "--max-connections=100", "--key-buffer-size=1M",
      "--aria-pagecache-buffer-size=1M", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=4M",
      "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0",
      "--innodb-buffer-pool-dump-at-shutdown=0", "--innodb-buffer-pool-load-at-startup=0",
    ] + asRoot
  }

  /// The server refuses to run as root without being told so.
  private static var asRoot: [String] { getuid() == 0 ? ["--user=root"] : [] }

  private static func install(_ installer: String, into directory: String, log: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: installer)
    process.arguments =
      [
        "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
        "--datadir=\(directory)/data",
        // A server that starts removes the temporary tables that it finds, also those of another one's installation.
        "--tmpdir=\(directory)",
        "--innodb-log-file-size=4M", "--innodb-flush-method=nosync", "--innodb-doublewrite=0",
      ] + asRoot
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw PrivateServerError("cannot write \(log)") }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    do { try process.run() } catch { throw PrivateServerError("cannot start \(installer): \(error)") }
    process.waitUntilExit()
    try output.close()
    guard process.terminationStatus == 0 else {
      throw PrivateServerError("mariadb-install-db failed; its log says: \(tail(of: log))")
    }
  }

  private static func program(_ name: String) throws -> String {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/libexec", "/usr/bin"]
    guard
      let found = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile(atPath:))
    else { throw PrivateServerError("\(name) is not installed: run .ci/setup") }
    return found
  }

  private static func created(_ directory: String) throws -> String {
    let url = URL(fileURLWithPath: directory).standardizedFileURL
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw PrivateServerError("cannot make the directory \(directory): \(error.localizedDescription)")
    }
    return url.path
  }

  private static func temporaryDirectory(memory: Bool) throws -> String {
    let inMemory = memory && access("/dev/shm", W_OK) == 0
    let parent = inMemory ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    var template = Array("\(parent)/expireimage-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw PrivateServerError("cannot make a directory in \(parent): \(errorText(errno))")
    }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// What a log says about a failure, as one line: the last errors in it, or else its last lines.
  private static func tail(of log: String) -> String {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? "(nothing)"
    let lines = text.split(whereSeparator: \.isNewline)
    let errors = lines.filter { $0.contains("[ERROR]") }
    return (errors.isEmpty ? lines : errors).suffix(5).joined(separator: " | ")
  }
}
