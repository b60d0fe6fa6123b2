import Foundation
import TestSupport
import Testing

@Suite("Commands for roots, caches and purge")
struct StorageCommandTests {
  /// A site, and a folder for its roots.
  private final class Node {
    let site: CommandSite
    let folder: String

    init() throws {
      site = try CommandSite()
      folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: folder + "/cache", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var cache: String { folder + "/cache" }

    func call(_ words: String...) throws -> CommandSite.Call {
      try site.call(words, ["EXPIREIMAGE_NODE_NAME": "mn1"])
    }

    func entry(_ name: String) throws {
      try site.campus.revision(of: site.campus.image("Image \(name)"), 1, imagename: name)
      try Data(repeating: 1, count: 3000).write(to: URL(fileURLWithPath: "\(cache)/\(name).img"))
    }

    func add() throws {
      let call = try call(
        "root", "add", "cache", cache, "--role", "cache", "--layout", "plain", "--limit", "4K")
      #expect(call.status == 0, "\(call.errors)")
    }
  }

  private static let removalKeys: Set = [
    "bytes_freed", "task_id", "dry_run", "roots", "skipped", "failed",
  ]

  @Test("A directory is added, listed, checked, changed and taken out again")
  func roots() throws {
    let node = try Node()
    try node.add()
    let keys: Set = [
      "id", "node", "this_node", "name", "path", "role", "layout", "limit_bytes", "ttl_seconds",
      "stall_seconds", "priority", "enabled", "disks", "marker",
    ]
    let listed = try node.call("root", "list", "--json").json["roots"].array
    #expect(listed.count == 1)
    let root = try listed[0].members(keys)
    #expect(root["limit_bytes"] == .integer(4096) && root["node"] == .text("mn1"))
    #expect(root["stall_seconds"] == .integer(86_400) && root["ttl_seconds"] == .null)
    let table = try node.call("root", "list")
    #expect(table.outputLines[0].hasPrefix("Root") && table.output.contains("4 KiB"), "\(table.output)")

    let check = try node.call("root", "check", "--json")
    #expect(check.status == 0)
    let checked = try check.json["roots"].array[0].members(
      keys.union(["ok", "free_bytes", "faults", "warnings"]))
    #expect(checked["ok"] == .bool(true) && checked["faults"] == .array([]))

    let set = try node.call("root", "set", "cache", "--no-limit", "--ttl", "30d", "--disks", node.folder)
    #expect(
      set.output
        == "root cache: limit none, ttl 30d, stall 1d, priority 1, enabled yes, disks \(node.folder)\n")

    try FileManager.default.removeItem(atPath: node.cache + "/.expireimage-root")
    let fault = try node.call("root", "check")
    #expect(fault.status == 1 && fault.output.hasPrefix("error  cache: "), "\(fault.output)")
    #expect(try node.call("check", "--json").output.contains("no marker file"))

    let removed = try node.call("root", "remove", "cache")
    #expect(removed.status == 0 && removed.errorLines.count == 1)
    #expect(try node.call("root", "list").output.hasPrefix("There is no root"))
  }

  @Test("What is in a cache is listed, and pruned as the dry run says")
  func prune() throws {
    let node = try Node()
    try node.add()
    try node.entry("a-v1")
    try node.entry("b-v1")
    try Data([1]).write(to: URL(fileURLWithPath: node.cache + "/foreign"))
    let list = try node.call("cache", "list", "--unmanaged", "--json")
    let document = try list.json.members(["entries", "roots", "warnings", "unmanaged"])
    let entries = try document["entries"]!.array
    #expect(entries.count == 2)
    _ = try entries[0].members([
      "root", "name", "revision_ids", "files", "bytes", "allocated_bytes", "freed_bytes", "last_used",
      "in_use",
      "in_use_by", "obstacle",
    ])
    #expect(try document["unmanaged"]!.array[0].keys.contains("name"))
    _ = try document["roots"]!.array[0].members([
      "name", "path", "role", "layout", "enabled", "limit_bytes", "entries", "in_use", "files", "bytes",
      "allocated_bytes", "freed_bytes", "incomplete", "invalid", "queue", "trash", "unmanaged", "problem",
    ])
    let text = try node.call("cache", "list")
    #expect(text.output.contains("cache: 2 revisions, 5.8 KiB of 4 KiB"), "\(text.output)")
    #expect(text.outputLines.allSatisfy { $0.count <= 80 }, "\(text.output)")

    let keys = Self.removalKeys.union([
      "total_files_pruned", "total_bytes_pruned", "total_revisions_pruned", "over_by_bytes", "unmanaged",
      "pruned",
    ])
    let plan = try node.call("cache", "prune", "--dry-run", "--json").json.members(keys)
    #expect(plan["task_id"] == .null && plan["dry_run"] == .bool(true))
    let dry = try node.call("cache", "prune", "--dry-run")
    #expect(dry.output.contains("1 revision, 1 file, 2.9 KiB would be pruned"), "\(dry.output)")
    #expect(dry.outputLines.allSatisfy { $0.count <= 80 }, "\(dry.output)")
    let done = try node.call("cache", "prune", "--root", "cache", "--json").json.members(keys)
    #expect(done["pruned"] == plan["pruned"] && done["total_bytes_pruned"] == .integer(3000))
    #expect(done["total_files_pruned"] == .integer(1) && done["unmanaged"] == .integer(1))
    #expect(done["task_id"] != .null && done["failed"] == .array([]))
    #expect(!FileManager.default.fileExists(atPath: node.cache + "/a-v1.img"))
    #expect(FileManager.default.fileExists(atPath: node.cache + "/b-v1.img"))
    #expect(try node.call("cache", "prune", "--limit", "1B").output.contains("1 revision, 1 file"))
  }

  @Test("Clean, reclaim and purge answer as documented")
  func others() throws {
    let node = try Node()
    try node.add()
    try node.entry("a-v1")
    try FileManager.default.createDirectory(
      atPath: node.cache + "/invalid", withIntermediateDirectories: true)
    try Data([1]).write(to: URL(fileURLWithPath: node.cache + "/invalid/x"))
    let clean = try node.call("cache", "clean", "--json").json.members(
      Self.removalKeys.union(["total_files_cleaned", "total_bytes_cleaned", "total_items_cleaned", "cleaned"])
    )
    #expect(clean["total_items_cleaned"] == .integer(1))

    let reclaimKeys = Self.removalKeys.union([
      "total_files_reclaimed", "total_bytes_reclaimed", "total_revisions_reclaimed", "reclaimed", "outcome",
      "requested_bytes", "free_bytes", "free_bytes_after", "reclaimable_bytes", "skipped_roots",
    ])
    let nothing = try node.call("cache", "reclaim", "--path", node.cache, "--bytes", "1", "--json")
    #expect(try nothing.json.members(reclaimKeys)["outcome"] == .text("nothing_to_do"))
    let much = try node.call("cache", "reclaim", "--path", node.cache, "--bytes", "7E", "--json")
    #expect(much.status == 1 && much.errors.contains("insufficient_space"), "\(much.errors)")
    #expect(try much.json.members(reclaimKeys)["outcome"] == .text("insufficient_space"))
    #expect(FileManager.default.fileExists(atPath: node.cache + "/a-v1.img"))

    let purge = try node.call("image", "purge")
    #expect(purge.status == 0 && purge.output.contains("expireimage_purge_days is 0"), "\(purge.output)")
    _ = try node.call("policy", "set", "expireimage_purge_days", "30")
    let purged = try node.call("image", "purge", "--dry-run", "--json").json.members(
      Self.removalKeys.union([
        "total_files_purged", "total_bytes_purged", "total_revisions_purged", "purged", "purge_days",
        "without_files", "other_roots",
      ]))
    #expect(purged["purge_days"] == .integer(30))
  }

  @Test(
    "Wrong words have status 64 and a hint",
    arguments: [
      (["root", "add", "x", "/x", "--role", "cache"], "--layout"),
      (["root", "add", "x", "/x", "--role", "store", "--layout", "plain"], "store"),
      (["root", "add", "x", "/x", "--role", "cache", "--layout", "tape"], "tape"),
      (["root", "add", "x", "/x", "--role", "cache", "--layout", "kvm", "--limit", "much"], "much"),
      (["root", "set", "x"], "what to change"), (["root", "set", "x", "--enable", "--disable"], "exclude"),
      (["root", "set", "x", "--limit", "1G", "--no-limit"], "exclude"),
      (["cache", "prune", "--limit=-5"], "-5"),
      (["cache", "reclaim", "--path", "/x"], "--bytes"), (["root", "set", "x", "--ttl", "1y"], "1y"),
    ])
  func wrong(_ words: [String], _ part: String) throws {
    let call = try CommandSite.call(words)
    #expect(call.status == 64 && call.errors.contains(part), "\(call.errors)")
  }

  @Test(
    "A removal that a signal stops says so, leaves all in its place and no job or lock behind",
    arguments: [SIGTERM, SIGINT, SIGHUP])
  func stopped(signal: Int32) throws {
    let node = try Node()
    try node.add()
    for name in ["a-v1", "b-v1", "c-v1"] { try node.entry(name) }
    try node.site.connection.execute(
      "CREATE TRIGGER slow BEFORE INSERT ON expireimage_task FOR EACH ROW DO SLEEP(1)")
    let prune = try RunningCommand(
      ["cache", "prune"], node.site.environment.merging(["EXPIREIMAGE_NODE_NAME": "mn1"]) { $1 })
    try prune.wait(until: "the job") {
      try node.site.connection.first(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE = 'User sleep' AND DB = DATABASE()",
        []
      ) { $0.int(0) } == 1
    }
    prune.signal(signal)
    let call = try prune.result()
    #expect(call.status == 1 && call.errors.contains("stopped by a signal"), "\(call.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: node.cache)
    #expect(names.filter { $0.hasSuffix(".img") }.sorted() == ["a-v1.img", "b-v1.img", "c-v1.img"])
    #expect(try node.site.count("expireimage_task", where: "status = 'failure'") == 1)
    #expect(try node.site.count("expireimage_lock", where: "task_id IS NOT NULL") == 0)
  }
}
