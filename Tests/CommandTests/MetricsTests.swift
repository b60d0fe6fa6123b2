import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@testable import Operations

@Suite("The metrics of a run", .serialized)
struct MetricsTests {
  /// A family of series as Prometheus's own client library reads it.
  private struct Family: Decodable {
    struct Sample: Decodable {
      let name: String
      let labels: [String: String]
      let value: Double
    }

    let name: String
    let type: String
    let help: String
    let samples: [Sample]
  }

  /// A folder with a metrics file.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "metrics-\(UUID().uuidString)")
    var file: String { url.appending(path: "expireimage.prom").path }

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false) }

    deinit { try? FileManager.default.removeItem(at: url) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }

    /// The values by name, or by name and label.
    func values() throws -> [String: Double] {
      let text = try String(contentsOfFile: file, encoding: .utf8)
      let families: [[Family]] = try PythonScript.run("parse_metrics.py", in: "CommandTests", [text])
      var values: [String: Double] = [:]
      for family in families[0] {
        #expect(family.type == "gauge")
        #expect(family.help == Metric(rawValue: family.name)?.sentence)
        for sample in family.samples {
          #expect(Array(sample.labels.keys) == [Metric(rawValue: family.name)?.label].compactMap { $0 })
          let label = sample.labels.values.first.map { " \($0)" } ?? ""
          #expect(values[sample.name + label] == nil, "twice: \(sample)")
          values[sample.name + label] = sample.value
        }
      }
      return values
    }
  }

  private static let simulated = ["run", "--today", CommandSite.today]

  @Test("are those of the table, each with help and type, for a parser that is not ours")
  func whole() throws {
    let site = try CommandSite(
      ScriptedSMTPServer(replies: [.recipientNamed("bob@example.edu"): [.reply("451 4.3.0 later")]]))
    try site.history()
    for owner in ["alice", "bob"] { try site.forgotten("Image of \(owner)", owner: site.campus.user(owner)) }
    let folder = try Folder()
    let begin = Date().timeIntervalSince1970.rounded(.down)
    let call = try site.call(
      Self.simulated + ["--set", "expireimage_mode=notify", "--metrics", folder.file], CommandSite.simulation)
    #expect(call.status == 2)
    let values = try folder.values()
    let names = Set(values.keys.map { String($0.split(separator: " ")[0]) })
    // Exit status 2 is no success, and there was none before.
    #expect(
      names
        == Set(Metric.allCases.map(\.rawValue)).subtracting(["expireimage_last_success_timestamp_seconds"]))
    #expect(values["expireimage_run_exit_status"] == 2)
    #expect(values["expireimage_changes mark"] == 2)
    #expect(values["expireimage_changes flag"] == 0)
    #expect(values["expireimage_decisions mark"] == 2)
    #expect(values["expireimage_decisions keep"] == 4)
    // With VCL's entry for an empty computer.
    #expect(values["expireimage_revisions"] == 6)
    #expect(values["expireimage_mails accepted"] == 1)
    #expect(values["expireimage_mails deferred"] == 1)
    #expect(values["expireimage_mails failed"] == 0)
    #expect(values["expireimage_limit_exceeded"] == 0)
    #expect(values["expireimage_mode notify"] == 1)
    #expect(values["expireimage_mode flag"] == 0)
    #expect(values["expireimage_run_problems warning"] ?? 0 >= 2)
    #expect(values["expireimage_run_problems error"] == 0)
    let end = try #require(values["expireimage_run_end_timestamp_seconds"])
    #expect(begin...(begin + 120) ~= end)
    #expect(values["expireimage_last_completed_timestamp_seconds"] == end)
    let duration = try #require(values["expireimage_run_duration_seconds"])
    let phases = values.filter { $0.key.hasPrefix("expireimage_run_phase_duration_seconds ") }
    #expect(phases.count == 6)
    #expect(duration > 0 && phases.values.reduce(0, +) <= duration + 0.01)
    #expect(folder.names == ["expireimage.prom"])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o644)
  }

  @Test("tell of a plan over the limit how much was due and allowed")
  func limit() throws {
    let site = try CommandSite()
    try site.history()
    for number in 1...3 { try site.forgotten("Image \(number)") }
    try site.run("2026-01-31", mode: "notify", set: ["expireimage_max_flag_percent=none"])
    let folder = try Folder()
    let call = try site.call(
      Self.simulated + ["--set", "expireimage_mode=flag", "--metrics", folder.file], CommandSite.simulation)
    #expect(call.status == 3)
    let values = try folder.values()
    #expect(values["expireimage_limit_exceeded"] == 1)
    #expect(values["expireimage_due_flags"] == 3)
    #expect(values["expireimage_flag_limit"] == 1)
    #expect(values["expireimage_run_exit_status"] == 3)
    #expect(values["expireimage_last_completed_timestamp_seconds"] != nil)
  }

  @Test("of a run that was stopped keep the last success, whatever stopped it")
  func stopped() throws {
    let site = try CommandSite()
    try site.history()
    let folder = try Folder()
    let well = ["run", "--set", "expireimage_usage_max_age_days=0", "--metrics", folder.file]
    #expect(try site.call(well).status == 0)
    let success = try #require(try folder.values()["expireimage_last_success_timestamp_seconds"])
    for (arguments, environment, status) in [
      (["--set", "expireimage_grace_days=soon"], [:], 5),
      ([], ["EXPIREIMAGE_DATABASE_SOCKET": "/nowhere/mariadb.sock"], 7),
      ([], ["EXPIREIMAGE_DATABASE_PORT": "many"], 5),
      ([], [:], 4),
    ] as [([String], [String: String], Int32)] {
      let call = try site.call(["run", "--metrics", folder.file] + arguments, environment)
      #expect(call.status == status, "\(call.errors)")
      #expect(call.errorLines.count { $0.contains(" error ") } == 1)
      let values = try folder.values()
      #expect(values["expireimage_run_exit_status"] == Double(status))
      #expect(values["expireimage_last_success_timestamp_seconds"] == success)
      #expect(values["expireimage_last_completed_timestamp_seconds"] == success)
      #expect(values["expireimage_run_problems error"] == 1)
      #expect(values["expireimage_revisions"] == nil && values["expireimage_changes mark"] == nil)
    }
  }

  @Test("know of a success of another node, and of one whose file is lost or broken, by the database")
  func otherNode() throws {
    let site = try CommandSite()
    try site.history()
    #expect(try site.call(["run", "--set", "expireimage_usage_max_age_days=0"]).status == 0)
    let ended =
      try site.connection.first("SELECT UNIX_TIMESTAMP(MAX(finished)) FROM expireimage_run") { $0.int(0) }
      ?? 0
    let folder = try Folder()
    for content in [nil, "", "expireimage_last_success_timestamp_seconds soon\n\u{0}", "x 1\n"] {
      if let content { try Data(content.utf8).write(to: URL(filePath: folder.file)) }
      #expect(try site.call(["run", "--metrics", folder.file]).status == 4)
      #expect(try folder.values()["expireimage_last_success_timestamp_seconds"] == Double(ended))
    }
  }

  @Test("of a node that finds a run at work say so, and no more")
  func leaseHeld() throws {
    let site = try CommandSite()
    try site.history()
    try site.connection.execute(
      "UPDATE expireimage_lease SET fence = 5, node = 'other-node', pid = 1, process_start = 1, boot_id = 'x', expires = NOW() + INTERVAL 5 MINUTE"
    )
    let folder = try Folder()
    let arguments = ["run", "--set", "expireimage_usage_max_age_days=0", "--metrics", folder.file]
    let call = try site.call(arguments)
    #expect(call.status == 6)
    #expect(call.errorLines.count == 1)
    #expect(
      call.errors.contains(
        " notice a restore or migration (process 1 on other-node) is at work and holds the lease"))
    let values = try folder.values()
    #expect(values["expireimage_run_exit_status"] == 6)
    #expect(values["expireimage_run_problems error"] == 0)
    #expect(try site.call(arguments + ["--quiet"]).errors == "")
  }

  @Test(
    "that cannot be written are one line, exit status 2 and nothing beside them; the run is done",
    arguments: ["nowhere/expireimage.prom", "folder", "pipe", "occupied/x.prom"])
  func unwritable(_ name: String) throws {
    let site = try CommandSite()
    try site.history()
    let pair = try site.forgotten("Forgotten")
    let folder = try Folder()
    mkfifo(folder.url.appending(path: "pipe").path, 0o644)
    try Data("x".utf8).write(to: folder.url.appending(path: "occupied"))
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "folder"), withIntermediateDirectories: false)
    let before = folder.names
    let path = "\(folder.url.path)/\(name)"
    let call = try site.call(
      Self.simulated + ["--set", "expireimage_mode=notify", "--metrics", path, "--json"],
      CommandSite.simulation)
    #expect(call.status == 2)
    #expect(call.errorLines.count { $0.contains("the metrics file '\(path)' cannot be written") } == 1)
    #expect(call.errors.contains("the run itself is not affected, correct --metrics"))
    let document = try RunDocument(call.json)
    #expect(document.exitStatus == 2 && document.faults.count == 1)
    #expect(try site.date(pair.older) == "2026-04-01")
    #expect(folder.names == before)
    // A run that was stopped keeps its own exit status.
    #expect(try site.call(["run", "--metrics", path]).status == 4)
    #expect(folder.names == before)
  }

  @Test("are whole or as they were when the disk is full")
  func fullDisk() throws {
    let site = try CommandSite()
    try site.history()
    let folder = try Folder()
    try Data("as it was\n".utf8).write(to: URL(filePath: folder.file))
    // A limit on the size of files stands for the disk; the output goes through a pipe, which has none.
    let command = try RunningCommand(
      shell: """
        { (trap '' XFSZ; ulimit -f 0; "$PROGRAM" run --quiet --set expireimage_usage_max_age_days=0 \
        --metrics "$FILE"; echo "status $?") 2>&1; } | cat
        """, site.environment.merging(["PROGRAM": try Executable.path, "FILE": folder.file]) { $1 })
    let call = try command.result()
    #expect(call.output.contains("status 2"), "\(call.output)")
    #expect(
      call.output.contains(
        " error run_id=1 the metrics file '\(folder.file)' cannot be written: File too large; the run itself is not affected, make room there"
      ))
    #expect(try String(contentsOfFile: folder.file, encoding: .utf8) == "as it was\n")
    #expect(folder.names == ["expireimage.prom"])
  }

  @Test(
    "are written by the account of the service where the folder is its own, and stay where it is not",
    .enabled(if: OtherAccount.canBeUsed, "it takes root and setpriv"))
  func otherAccount() throws {
    let site = try CommandSite()
    try site.history()
    let folder = try Folder()
    // What the service calls, and the folder that its unit lets it write to.
    let unit = try CommandSite.call(
      ["schedule", "systemd", "--unit", "expireimage.service", "--metrics", folder.file])
    #expect(unit.outputLines.contains("ReadWritePaths=-\(folder.url.path)"))
    let start = try #require(unit.outputLines.first { $0.hasPrefix("ExecStart=") })
    let words = start.split(separator: " ").dropFirst().map(String.init)
    #expect(words == ["run", "--metrics", folder.file])
    let environment = site.environment.merging(CommandSite.simulation) { $1 }
    let arguments = words + ["--today", CommandSite.today]
    let refused = try OtherAccount.call(arguments, environment)
    #expect(refused.status == 2, "\(refused.errors)")
    #expect(refused.errors.contains("the metrics file '\(folder.file)' cannot be written: Permission denied"))
    #expect(folder.names.isEmpty)
    #expect(chown(folder.url.path, uid_t(OtherAccount.id), gid_t(OtherAccount.id)) == 0)
    #expect(try OtherAccount.call(arguments, environment).status == 0)
    #expect(try folder.values()["expireimage_run_exit_status"] == 0)
    #expect(try OtherAccount.call(arguments, environment).status == 0)
    #expect(folder.names == ["expireimage.prom"])
  }

  @Test("take a file's name, or there is no run", arguments: ["", "/tmp/"])
  func noFile(_ path: String) throws {
    let site = try CommandSite()
    let call = try site.call(["run", "--metrics", path])
    #expect(call.status == 64)
    #expect(call.errors.contains("'--metrics \(path)' names no file"))
    #expect(try site.count("expireimage_run", where: "1") == 0)
  }

  @Test("count no success of a run whose log was lost, and none that is yet to come")
  func lostLog() throws {
    let site = try CommandSite()
    try site.history()
    let folder = try Folder()
    let command = try RunningCommand(
      shell: "exec \"$PROGRAM\" run --set expireimage_usage_max_age_days=0 --metrics \"$FILE\" 2>/dev/full",
      site.environment.merging(["PROGRAM": try Executable.path, "FILE": folder.file]) { $1 })
    #expect(try command.result().status == 2)
    #expect(try site.count("expireimage_run", where: "exit_status = 2") == 1)
    #expect(try folder.values()["expireimage_last_success_timestamp_seconds"] == nil)
    // A node whose file is lost asks the database.
    try FileManager.default.removeItem(atPath: folder.file)
    #expect(try site.call(["run", "--metrics", folder.file]).status == 4)
    #expect(try folder.values()["expireimage_last_success_timestamp_seconds"] == nil)
    try Data("expireimage_last_success_timestamp_seconds 99999999999\n".utf8).write(
      to: URL(filePath: folder.file))
    try site.connection.execute(
      "UPDATE expireimage_run SET exit_status = 0, finished = NOW() + INTERVAL 1 DAY")
    #expect(try site.call(["run", "--metrics", folder.file]).status == 4)
    #expect(try folder.values()["expireimage_last_success_timestamp_seconds"] == nil)
  }

  @Test("are for runs, not for dry ones")
  func dryRun() throws {
    let call = try CommandSite.call(["run", "--dry-run", "--metrics", "x.prom"])
    #expect(call.status == 64)
    #expect(call.errors.contains("--metrics"))
  }

  @Test("are never seen half written by a reader that looks all the time")
  func atomic() async throws {
    let folder = try Folder()
    let file = MetricsFile(path: folder.file)
    let whole = ["a", "b"].map { String(repeating: "\($0) 1\n", count: 50_000) }
    try file.write(whole[0])
    let path = folder.file
    let reader = Task.detached {
      var seen: Set<Int> = []
      while !Task.isCancelled {
        seen.insert(FileManager.default.contents(atPath: path)?.count ?? -1)
      }
      return seen
    }
    for turn in 0..<50 { try file.write(whole[turn % 2]) }
    reader.cancel()
    #expect(await reader.value.subtracting([whole[0].utf8.count]).isEmpty)
  }
}
