import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("An upload whose process ends", .serialized)
struct KilledUploadTests {
  private struct World {
    let site: CommandSite
    let root: TestRoot

    init(bytes: Int, layout: String = "vmware") throws {
      site = try CommandSite()
      root = try TestRoot(site.connection, layout: layout)
      let folder = layout == "vmware" ? "source/disk.vmdk" : "source/x.qcow2"
      try root.write(folder, bytes: bytes)
      try root.write(layout == "vmware" ? "source/notes" : "source/x.xml", bytes: 100)
    }

    var arguments: [String] { ["image", "upload", "x", root.folder + "/source"] }

    func start() throws -> RunningCommand { try RunningCommand(arguments, site.environment) }

    func open() throws -> Int { try site.count("expireimage_task", where: "ended IS NULL") }

    /// The entry is whole or gone, nothing is left beside it, and no job is at work or has the name.
    func expectWholeOrGone(_ note: String) throws -> Bool {
      let names = try root.names()
      let isThere = !names.isEmpty
      if FileManager.default.fileExists(atPath: root.path + "/x") {
        #expect(root.areEqual("source", "root/x"), "\(note): \(names)")
        #expect(names == ["x", "x/disk.vmdk", "x/notes"], "\(note)")
      } else if isThere {
        #expect(names == ["x.qcow2", "x.xml"], "\(note)")
        #expect(
          root.areEqual("source/x.qcow2", "root/x.qcow2") && root.areEqual("source/x.xml", "root/x.xml"))
      }
      #expect(try open() == 0, "\(note)")
      #expect(try site.count("expireimage_lock", where: "task_id IS NOT NULL") == 0, "\(note)")
      return isThere
    }
  }

  @Test(
    "by SIGKILL at any moment, is completed or cleaned up by the next call, which finds nothing half done",
    arguments: ["vmware", "kvm"])
  func anywhere(layout: String) throws {
    let world = try World(bytes: 40_000_000, layout: layout)
    // How long one takes in all.
    let begin = ContinuousClock.now
    #expect(try world.site.call(world.arguments).status == 0)
    let whole = (ContinuousClock.now - begin) / .seconds(1)
    var random = SplitMix64(seed: 20_261_121)
    var kills = 0
    for round in 0..<8 {
      for name in ["x", "x.qcow2", "x.xml"] {
        try? FileManager.default.removeItem(atPath: "\(world.root.path)/\(name)")
      }
      let upload = try world.start()
      usleep(UInt32(Double.random(in: 0...whole, using: &random) * 1_000_000))
      if upload.isRunning, (try? upload.killAtOnce()) != nil { kills += 1 }
      let next = try world.site.call(round % 2 == 0 ? ["work"] : world.arguments)
      if round % 2 == 0 { #expect([0, 2].contains(next.status), "\(next.errors)") }
      if round % 2 == 1 {
        #expect(next.status == 0 || next.errors.contains("is there already"), "\(next.errors)")
      }
      let isThere = try world.expectWholeOrGone("round \(round)")
      if round % 2 == 1 { #expect(isThere) }
    }
    #expect(kills > 0)
  }

  /// Where it is killed: at a change of a row of a task, and what a worker makes of it.
  struct Phase: Sendable, CustomTestStringConvertible {
    let change: String
    let fails: Bool
    /// The tasks afterwards.
    let tasks: [String]

    init(_ change: String, fails: Bool = false, _ tasks: [String]) {
      (self.change, self.fails, self.tasks) = (change, fails, tasks)
    }

    var testDescription: String { change }
  }

  @Test(
    "by SIGKILL between any two steps of its job, is completed or cleaned up by a worker",
    arguments: [
      Phase("INSERT NEW.type = 'upload'", []),
      Phase(
        "UPDATE NEW.status = 'processing' AND NEW.result IS NOT NULL", ["upload failure", "cleanup success"]),
      // In its place, and its job says nothing of that.
      Phase("UPDATE NEW.status = 'success'", ["upload success"]),
      Phase("UPDATE NEW.status = 'failure'", fails: true, ["upload failure", "cleanup success"]),
      Phase("INSERT NEW.type = 'cleanup'", fails: true, ["upload failure", "cleanup success"]),
      Phase(
        "UPDATE NEW.type = 'cleanup' AND NEW.status = 'success'", fails: true,
        ["upload failure", "cleanup success"]),
    ])
  func between(_ phase: Phase) throws {
    for command in ["work", "upload"] {
      let world = try World(bytes: 200_000)
      let connection = world.site.connection
      let fifo = world.root.folder + "/source/fifo"
      // It cannot be copied.
      if phase.fails { #expect(mkfifo(fifo, 0o600) == 0) }
      let words = phase.change.split(separator: " ", maxSplits: 1)
      try connection.executeScript(
        "CREATE TRIGGER hold BEFORE \(words[0]) ON expireimage_task FOR EACH ROW SET @hold = IF(\(words[1]), SLEEP(30), 0);"
      )
      func held() throws -> [Int] {
        try connection.rows(
          "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'"
        ) { $0.int(0) }
      }
      let upload = try world.start()
      try upload.wait(until: "the moment") { try !held().isEmpty }
      try upload.killAtOnce()
      for id in try held() { try connection.executeScript("KILL \(id);") }
      while try !held().isEmpty { usleep(20_000) }
      try connection.executeScript("DROP TRIGGER hold;")
      unlink(fifo)

      if command == "work" {
        let next = try world.site.call(["work"])
        #expect([0, 2].contains(next.status), "\(next.errors)")
        let isThere = try world.expectWholeOrGone(phase.change)
        #expect(isThere == (phase.tasks == ["upload success"]))
        #expect(
          try connection.rows("SELECT type, status FROM expireimage_task ORDER BY id") {
            "\($0.string(0)) \($0.string(1))"
          } == phase.tasks)
      } else {
        let next = try world.site.call(world.arguments)
        if phase.tasks == ["upload success"] {
          #expect(next.status == 1 && next.errors.contains("is there already"), "\(next.errors)")
        } else {
          #expect(next.status == 0, "\(next.errors)")
        }
        #expect(try world.expectWholeOrGone(phase.change))
      }
    }
  }

  @Test("by SIGKILL in the queue, and its cleanup by another, is queued again with one retry less")
  func twice() throws {
    let world = try World(bytes: 200_000)
    let connection = world.site.connection
    truncate(world.root.folder + "/source/disk.vmdk", 400_000_000)
    #expect(try world.site.call(world.arguments + ["--queue", "--retries", "20"]).status == 0)
    let first = try RunningCommand(["work"], world.site.environment)
    try first.wait(until: "the workspace") { try world.root.names().contains("incomplete/x/writer") }
    try first.killAtOnce()
    try connection.executeScript(
      "CREATE TRIGGER hold BEFORE UPDATE ON expireimage_task FOR EACH ROW SET @hold = IF(NEW.type = 'cleanup', SLEEP(30), 0);"
    )
    func held() throws -> [Int] {
      try connection.rows(
        "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User sleep'"
      ) { $0.int(0) }
    }
    let second = try RunningCommand(["work"], world.site.environment)
    try second.wait(until: "the cleanup") { try !held().isEmpty }
    try second.killAtOnce()
    for id in try held() { try connection.executeScript("KILL \(id);") }
    while try !held().isEmpty { usleep(20_000) }
    try connection.executeScript("DROP TRIGGER hold;")
    let third = try world.site.call(["work"])
    #expect(third.output.contains("cleanup of x: success"), "\(third.output)\(third.errors)")
    #expect(
      try connection.rows(
        "SELECT JSON_VALUE(input, '$.retries') FROM expireimage_task WHERE ended IS NULL AND type = 'upload'"
      ) { $0.string(0) } == ["19"])
    try connection.execute("UPDATE expireimage_task SET not_before = NULL")
    #expect(try world.site.call(["work"]).status == 0)
    #expect(try world.expectWholeOrGone("queued again"))
  }

  @Test("by SIGHUP below nohup goes on")
  func nohup() throws {
    let world = try World(bytes: 200_000)
    truncate(world.root.folder + "/source/disk.vmdk", 400_000_000)
    let words = ([try Executable.path] + world.arguments).map { "'\($0)'" }.joined(separator: " ")
    let call = try RunningCommand(
      shell: """
        trap '' HUP
        \(words) & child=$!
        while ! test -e '\(world.root.path)/incomplete/x/writer'; do sleep 0.02; done
        kill -HUP $child
        wait $child
        """, world.site.environment
    ).result()
    #expect(call.status == 0, "\(call.errors)")
    #expect(try world.expectWholeOrGone("nohup"))
  }

  @Test(
    "by SIGTERM, SIGINT or SIGHUP cleans up itself, says so, and ends with status 1",
    arguments: [SIGTERM, SIGINT, SIGHUP])
  func signals(signal: Int32) throws {
    let world = try World(bytes: 200_000)
    truncate(world.root.folder + "/source/disk.vmdk", 2_000_000_000)
    let script = """
      "$0" "$@" & child=$!
      while ! test -e '\(world.root.path)/incomplete/x/writer'; do sleep 0.02; done
      kill -\(signal) $child
      wait $child
      """
    let file = world.root.folder + "/script"
    try script.write(toFile: file, atomically: false, encoding: .utf8)
    let words = [file, try Executable.path] + world.arguments + ["--retries", "5"]
    let call = try RunningCommand(
      shell:
        "exec /bin/sh -c \"$(cat '\(file)')\" \(words.dropFirst().map { "'\($0)'" }.joined(separator: " "))",
      world.site.environment
    ).result()
    #expect(call.status == 1, "\(call.errors)")
    #expect(call.errors.contains("stopped by a signal"), "\(call.errors)")
    #expect(try !world.expectWholeOrGone("stopped"))
    #expect(try world.site.count("expireimage_task") == 2)
  }

  @Test(
    "on a full disk is cleaned up, and the name is free",
    .enabled(if: OtherAccount.canHideProcesses, "it takes root"))
  func fullDisk() throws {
    let world = try World(bytes: 5_000_000)
    let arguments = world.arguments.map { "'\($0)'" }.joined(separator: " ")
    let call = try RunningCommand(
      shell: """
        cp '\(world.root.path)/.expireimage-root' '\(world.root.folder)/marker'
        mount -t tmpfs -o size=2m tmpfs '\(world.root.path)' || exit 90
        cp '\(world.root.folder)/marker' '\(world.root.path)/.expireimage-root'
        '\(try Executable.path)' \(arguments) --retries 1
        status=$?
        ls '\(world.root.path)' '\(world.root.path)/incomplete'
        exit $status
        """, world.site.environment, inOwnMounts: true
    ).result()
    #expect(call.status == 1, "\(call.errors)")
    #expect(call.errors.contains("No space left"), "\(call.errors)")
    #expect(!call.output.split(separator: "\n").contains("x"), "\(call.output)")
    #expect(try world.open() == 0)
    #expect(try world.site.count("expireimage_task", where: "type = 'upload' AND deleted IS NOT NULL") == 2)
    #expect(try world.site.count("expireimage_task", where: "type = 'cleanup' AND status = 'success'") == 2)
  }

  @Test(
    "Of two that upload the same name at the same time, one is refused with status 6 and the job's number")
  func two() throws {
    let world = try World(bytes: 200_000)
    truncate(world.root.folder + "/source/disk.vmdk", 400_000_000)
    let first = try world.start()
    try first.wait(until: "the workspace") { try world.root.names().contains("incomplete/x/writer") }
    let second = try world.site.call(world.arguments)
    #expect(second.status == 6)
    #expect(second.errors.contains("x is locked by upload job 1"), "\(second.errors)")
    #expect(try first.result().status == 0)
    #expect(try world.expectWholeOrGone("the first"))
  }

  @Test("A lost database does not end a copy, and what was copied is in place when it is back")
  func lostConnection() throws {
    let world = try World(bytes: 200_000)
    truncate(world.root.folder + "/source/disk.vmdk", 800_000_000)
    let upload = try world.start()
    try upload.wait(until: "the workspace") { try world.root.names().contains("incomplete/x/writer") }
    let own = try world.site.connection.first("SELECT CONNECTION_ID()") { $0.int(0) } ?? 0
    let others = try world.site.connection.rows(
      "SELECT id FROM information_schema.processlist WHERE id <> ? AND db = DATABASE()", [Value(own)]
    ) { $0.int(0) }
    for id in others { try world.site.connection.executeScript("KILL \(id);") }
    let call = try upload.result()
    #expect(call.status == 0, "\(call.errors)")
    #expect(try world.expectWholeOrGone("after the loss"))
    #expect(try world.site.count("expireimage_task", where: "status = 'success'") == 1)
  }
}
