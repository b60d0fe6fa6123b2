import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

/// Runs the program and kills it at one of its system calls that change something, on disk or in the database.
private enum KillingTracer {
  static let program = "/usr/bin/strace"

  /// Renames, unlinks, new directories, writes, waits for the disk, and statements to the database.
  static let changes = [
    "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdirat", "write", "pwrite64", "fsync",
    "fdatasync", "fallocate", "ftruncate", "sendto",
  ].joined(separator: ",")

  static var isThere: Bool { access(program, X_OK) == 0 }

  /// - Parameter number: of the change at whose beginning it is killed.
  /// - Returns: its exit status; nil: it was killed.
  static func run(
    _ arguments: [String], _ environment: [String: String], killedAt number: Int
  ) throws -> Int32? {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments =
      [
        "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(changes)", "-e",
        "inject=\(changes):signal=KILL:when=\(number)", try Executable.path,
      ] + arguments
    let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("EXPIREIMAGE_") }
    process.environment = inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationReason == .uncaughtSignal { return nil }
    return process.terminationStatus
  }
}

@Suite(
  "A removal that is killed at any of its changes",
  .enabled(if: KillingTracer.isThere, "it takes strace"))
struct KilledRemovalTests {
  /// A cache of five revisions, of which one is reserved, and one item that nobody writes any more.
  private struct World {
    static let names = ["a-v1", "b-v1", "c-v1", "d-v1", "e-v1"]
    static let reserved = "b-v1"

    let site: CommandSite
    let root: TestRoot
    let revisions: [String: Int]

    init() throws {
      site = try CommandSite()
      root = try TestRoot(site.connection, name: "cache", role: .cache, layout: "kvm")
      var revisions: [String: Int] = [:]
      for name in Self.names {
        let image = try site.campus.image("Image \(name)")
        revisions[name] = try site.campus.revision(of: image, 1, imagename: name)
      }
      self.revisions = revisions
      try site.campus.semaphore(of: revisions[Self.reserved] ?? 0, expires: "2037-01-01 00:00:00")
    }

    /// Files of every revision, the oldest first.
    func fill() throws {
      for (index, name) in Self.names.enumerated() {
        for end in ["qcow2", "xml"] {
          let path = try root.write("root/\(name).\(end)", bytes: end == "xml" ? 100 : 5000)
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000 + Double(index))],
            ofItemAtPath: path)
        }
      }
      try root.write("root/invalid/broken", bytes: 700)
    }

    /// The revisions with files in the root; each has all of them.
    func present() throws -> Set<String> {
      let files = Set(try root.names())
      return Set(
        Self.names.filter { name in
          let found = ["qcow2", "xml"].filter { files.contains("\(name).\($0)") }
          #expect(found.isEmpty || found.count == 2, "half of \(name): \(files)")
          return !found.isEmpty
        })
    }

    /// Apparent bytes of all files below the root but those of the program's own.
    func bytes() throws -> Int {
      try root.names().reduce(0) { sum, name in
        var status = stat()
        guard lstat(root.path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
          return sum
        }
        return name.hasSuffix(".manifest") ? sum : sum + Int(status.st_size)
      }
    }

    func recorded() throws -> Int {
      try site.connection.first(
        "SELECT CAST(COALESCE(SUM(apparent_bytes), 0) AS SIGNED) FROM expireimage_removal"
      ) {
        $0.int(0)
      } ?? -1
    }
  }

  /// A call, and what is left when it has been done.
  struct Removal: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let left: Set<String>
    let leavesInvalid: Bool
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let removals = [
    Removal(
      arguments: ["cache", "prune", "--root", "cache", "--limit", "8K"], left: ["b-v1"], leavesInvalid: true),
    Removal(
      arguments: ["cache", "clean"], left: ["a-v1", "b-v1", "c-v1", "d-v1", "e-v1"], leavesInvalid: false),
    Removal(
      arguments: ["image", "purge"], left: ["b-v1", "c-v1", "d-v1", "e-v1"], leavesInvalid: true),
  ]

  @Test(
    "leaves every revision whole or gone, and the next call finishes it with totals that are right",
    arguments: removals)
  func everywhere(_ removal: Removal) throws {
    let world = try World()
    let site = world.site
    if removal.arguments.contains("purge") { try flag(["a-v1", World.reserved], world) }
    var number = 0
    var isKilled = true
    while isKilled {
      number += 1
      try world.fill()
      let before = try world.bytes()
      let recorded = try world.recorded()
      isKilled = try KillingTracer.run(removal.arguments, site.environment, killedAt: number) == nil
      let note = "killed at change \(number)"
      #expect(try world.present().isSuperset(of: removal.left), "\(note)")

      let plan = try site.call(removal.arguments + ["--dry-run", "--json"])
      let next = try site.call(removal.arguments + ["--json"])
      #expect(next.status == 0, "\(note): \(next.errors)")
      #expect(try told(plan) == told(next), "\(note)")
      #expect(try world.present() == removal.left, "\(note)")
      let names = try world.root.names()
      #expect(names.contains("invalid/broken") == removal.leavesInvalid, "\(note)")
      #expect(!names.contains { $0.hasPrefix("trash/") }, "\(note): \(names)")
      #expect(try world.recorded() - recorded == before - world.bytes(), "\(note)")
      #expect(try site.count("expireimage_task", where: "ended IS NULL") == 0, "\(note)")
      #expect(try site.count("expireimage_lock", where: "task_id IS NOT NULL") == 0, "\(note)")
      // One for each time that the files went, none for a time at which they were put back.
      let purges = removal.arguments.contains("purge") ? number : 0
      #expect(try site.count("expireimage_event", where: "kind = 'purge'") == purges, "\(note)")
      // A call that goes wrong everywhere must not go on for ever.
      try #require(number < 1000)
    }
    #expect(number > 20)
  }

  /// What a dry run and its call must tell alike: all but the task, and the times of what has gone back.
  private func told(_ call: CommandSite.Call) throws -> [String: JSON] {
    guard case .object(var members) = try JSON(call.output) else { return [:] }
    for name in ["task_id", "dry_run"] { members[name] = nil }
    return members.mapValues { value in
      guard case .array(let list) = value else { return value }
      return .array(
        list.map { item in
          guard case .object(var fields) = item else { return item }
          fields["last_used"] = nil
          return .object(fields)
        })
    }
  }

  /// Flags revisions as the run does, long enough ago.
  private func flag(_ names: [String], _ world: World) throws {
    try world.site.site.store("purge_days", "30")
    for name in names {
      let id = Value(world.revisions[name] ?? 0)
      try world.site.connection.execute(
        """
        UPDATE imagerevision SET deleted = 1, datedeleted = NOW() - INTERVAL 40 DAY, expiredate = '2020-01-01'
        WHERE id = ?
        """, [id])
      try world.site.connection.execute(
        """
        INSERT INTO expireimage_event (run_id, revision_id, image_id, kind, happened, actor, reasons, old_date, new_date,
          datedeleted, whole_image, facts)
        SELECT 1, id, imageid, 'flag', datedeleted, 'test', 'due', expiredate, expiredate, datedeleted, 0, '{}'
        FROM imagerevision WHERE id = ?
        """, [id])
    }
  }
}
