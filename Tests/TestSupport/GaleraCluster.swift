import Campus
import Foundation
import MariaDB
import Synchronization

/// Three MariaDB servers that are one Galera cluster, on loopback and in memory, with VCL's tables and base rows in the
/// database `vcl`; nothing of this program is in it.
///
/// They begin with the same data, and as a cluster that all of them left at the same moment: so they find together
/// again, and no node has to be sent what it lacks, which takes programs that Debian's server package would install.
package final class GaleraCluster: Sendable {
  package static let database = "vcl"
  package static let size = 3

  package struct StartError: Error, CustomStringConvertible {
    package let description: String
  }

  /// The library that makes a cluster of servers: installed, or where `.ci/setup` has put it; nil: nowhere.
  package static let library: String? = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      "/usr/lib/galera/libgalera_smm.so",
      root.appending(path: ".build/debian/galera-4/usr/lib/libgalera_smm.so").path,
    ]
    return candidates.first(where: FileManager.default.isReadableFile(atPath:))
  }()

  /// Nodes by their index; one that was killed is gone.
  private let processes: Mutex<[Int: ChildProcess]>
  private let folders: [String]

  /// Starts the cluster, and waits until all nodes are of it.
  package init() throws {
    let template = try Self.template.get().folder
    let folders = try (0..<Self.size).map { _ in try Self.makeFolder() }
    let ports = (0..<Self.size).map { _ in (group: LoopbackPort.free(), transfer: LoopbackPort.free()) }
    var processes: [Int: ChildProcess] = [:]
    for (index, folder) in folders.enumerated() {
      try FileManager.default.copyItem(atPath: "\(template)/data", toPath: "\(folder)/data")
      try Self.writeState(of: index, folder: folder)
      processes[index] = try ChildProcess(
        "/usr/sbin/mariadbd", Self.arguments(of: index, folder: folder, ports: ports), folder: folder)
    }
    self.processes = Mutex(processes)
    self.folders = folders
    for index in folders.indices {
      try wait(for: index, until: "Synced in a cluster of \(Self.size)", seconds: 30) {
        $0["wsrep_local_state_comment"] == "Synced" && $0["wsrep_cluster_size"] == "\(Self.size)"
      }
    }
  }

  /// Where a node listens for clients.
  package func socket(_ node: Int) -> String { "\(folders[node])/server.sock" }

  /// Connects to a node as the server's root.
  package func connection(_ node: Int) throws -> Connection {
    try Connection(ConnectionOptions(socket: socket(node), name: Self.database, user: "root"))
  }

  /// Ends a node at once, as a power cut would; the others find out after some seconds.
  package func kill(_ node: Int) {
    processes.withLock { $0[node] = nil }
  }

  /// Waits until a node has lost the majority.
  package func waitForLostQuorum(_ node: Int) throws {
    try wait(for: node, until: "non-Primary", seconds: 20) { $0["wsrep_cluster_status"] == "non-Primary" }
  }

  /// Makes a node that has lost the others a cluster of its own, as an admin does who knows that they are dead.
  package func declareMajority(_ node: Int) throws {
    try Self.client(socket(node), "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'")
    try wait(for: node, until: "Primary", seconds: 20) {
      $0["wsrep_cluster_status"] == "Primary" && $0["wsrep_ready"] == "ON"
    }
  }

  private func wait(
    for node: Int, until what: String, seconds: Int, _ condition: ([String: String]) -> Bool
  ) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var status: [String: String] = [:]
    while !condition(status) {
      guard .now < deadline else {
        let log = try? String(contentsOfFile: "\(folders[node])/log", encoding: .utf8)
        let errors = log?.split(separator: "\n").filter { $0.contains("[ERROR]") }.joined(separator: " | ")
        throw StartError(
          description: "node \(node + 1) is not \(what) after \(seconds) s: \(status), \(errors ?? "no log")")
      }
      usleep(50_000)
      let lines = (try? Self.client(socket(node), "SHOW STATUS LIKE 'wsrep%'")) ?? ""
      status = Dictionary(
        lines.split(separator: "\n").map { line in
          let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
          return (parts[0], parts.count > 1 ? parts[1] : "")
        }, uniquingKeysWith: { $1 })
    }
  }

  /// Sends one statement with MariaDB's own client: ours demands more of a node than one without a majority answers.
  @discardableResult
  private static func client(_ socket: String, _ sql: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["mariadb", "--no-defaults", "--user=root", "--socket=\(socket)", "-NBe", sql]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let answer = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw StartError(description: "\(socket) refuses: \(sql)") }
    return String(decoding: answer, as: UTF8.self)
  }
}

// MARK: - What a node begins with

extension GaleraCluster {
  private struct Template: Sendable {
    let folder: String
    /// Removes the folder when the tests end, however they end.
    let keeper: ChildProcess
  }

  /// The data of every node.
  private static let template: Result<Template, any Error> = Result {
    let folder = try makeFolder()
    let keeper = try ChildProcess("sleep", ["infinity"], folder: folder)
    let server = try PrivateServer(directory: folder)
    defer { server.stop() }
    let connection = try Connection(server.options())
    try connection.executeScript("CREATE DATABASE `\(database)` CHARACTER SET latin1;\nUSE `\(database)`;")
    try TestDatabase.loadVCL(connection)
    try CampusBuilder(connection).loadBaseRows()
    return Template(folder: folder, keeper: keeper)
  }

  private static func makeFolder() throws -> String {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    let folder = "\(parent)/expireimage-galera-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    return folder
  }

  private static let cluster = "3f0c1a52-0d3e-11f0-9d4e-0a58a9feac02"
  private static func member(_ index: Int) -> String { "0000000\(index + 1)-0d3e-11f0-9d4e-0a58a9feac02" }

  /// Writes what the node would know of the cluster, had all nodes stopped at the same change.
  private static func writeState(of index: Int, folder: String) throws {
    try """
    # GALERA saved state
    version: 2.1
    uuid:    \(cluster)
    seqno:   0
    safe_to_bootstrap: 0

    """.write(toFile: "\(folder)/data/grastate.dat", atomically: true, encoding: .utf8)
    let members = (0..<size).map { "member: \(member($0)) 0\n" }.joined()
    try """
    my_uuid: \(member(index))
    #vwbeg
    view_id: 3 \(member(0)) \(size)
    bootstrap: 0
    \(members)#vwend

    """.write(toFile: "\(folder)/data/gvwstate.dat", atomically: true, encoding: .utf8)
  }

  private static func arguments(
    of index: Int, folder: String, ports: [(group: Int, transfer: Int)]
  ) throws -> [String] {
    guard let library else { throw StartError(description: "galera-4 is not there: run .ci/setup") }
    let address = "127.0.0.1:\(ports[index].group)"
    let provider = [
      "gmcast.listen_addr=tcp://\(address)", "ist.recv_addr=127.0.0.1:\(ports[index].transfer)",
      "base_port=\(ports[index].group)", "gcache.size=8M",
      // Short for the tests' sake, and long enough for a machine that is busy with other tests.
      "evs.suspect_timeout=PT2S", "evs.inactive_timeout=PT4S", "evs.keepalive_period=PT0.3S",
      "evs.inactive_check_period=PT0.2S",
    ]
    return [
      "--no-defaults", "--datadir=\(folder)/data", "--socket=\(folder)/server.sock",
      "--pid-file=\(folder)/pid",
      "--log-error=\(folder)/log", "--tmpdir=\(folder)", "--skip-networking", "--skip-name-resolve",
      "--performance-schema=0", "--max-connections=50", "--key-buffer-size=1M",
      "--aria-pagecache-buffer-size=1M",
      "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=4M", "--innodb-flush-method=nosync",
      "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0", "--binlog-format=ROW",
      "--innodb-autoinc-lock-mode=2", "--wsrep-on=ON", "--wsrep-provider=\(library)",
      "--wsrep-cluster-name=expireimage-\(ports[0].group)", "--wsrep-node-name=node\(index + 1)",
      "--wsrep-node-address=\(address)", "--wsrep-node-incoming-address=127.0.0.1", "--wsrep-sst-method=skip",
      "--wsrep-start-position=\(cluster):0",
      "--wsrep-cluster-address=gcomm://" + ports.map { "127.0.0.1:\($0.group)" }.joined(separator: ","),
      "--wsrep-provider-options=" + provider.joined(separator: ";"),
    ] + (getuid() == 0 ? ["--user=root"] : [])
  }
}
