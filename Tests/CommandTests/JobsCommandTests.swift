import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("Jobs, tasks and work")
struct JobsCommandTests {
  private func site() throws -> (CommandSite, TestRoot) {
    let site = try CommandSite()
    let root = try TestRoot(site.connection)
    try root.write("source/disk", bytes: 2_000_000)
    return (site, root)
  }

  private static let jobKeys: Set = [
    "id", "type", "status", "image_name", "revision_id", "root", "node", "user", "request_id", "parent_id",
    "created_at", "updated_at", "not_before", "ended_at", "expires_at", "deleted", "attempts", "worker",
    "pid",
    "age_seconds", "idle_seconds", "bytes_done", "bytes_total", "message", "input", "result",
  ]

  @Test("an upload, a cleanup and a run are jobs, the newest first, each with its log and its answer")
  func all() throws {
    let (site, root) = try site()
    #expect(try site.call(["jobs"]).output == "There is no job.\n")
    let upload = try site.call(["image", "upload", "x-v1", root.folder + "/source", "--json"])
    #expect(upload.status == 0)
    #expect(upload.errors.contains("x-v1 is unmanaged until VCL knows it"), "\(upload.errors)")
    let answer = try upload.json
    #expect(try answer["task_id"].integer == 1 && answer["bytes"].integer == 2_000_000)
    #expect(try answer["files"].array.first?["path"].text == "x-v1/disk")
    let cleanup = try site.call(["image", "cleanup", "x-v1", "--json"])
    #expect(cleanup.status == 0)
    #expect(try cleanup.json["total_bytes_removed"].integer == 2_000_000)
    #expect(try cleanup.json["removed"].array.count == 1)
    try site.history()
    #expect(try site.simulate(mode: "report").status == 0)

    let jobs = try site.call(["jobs", "--json"]).json["jobs"].array
    #expect(try jobs.map { try $0["type"].text } == ["run", "cleanup", "upload"])
    for job in jobs { _ = try job.members(Self.jobKeys) }
    #expect(try jobs[2]["result"]["bytes"].integer == 2_000_000)
    #expect(try jobs[1]["result"]["task_id"].integer == 2)
    let table = try site.call(["jobs"]).output
    #expect(table.hasPrefix("ID  Type") && table.contains("x-v1") && table.contains("1.9 MiB"), "\(table)")

    let one = try site.call(["jobs", "1", "--log"])
    #expect(one.status == 0 && one.output.contains("type:") && one.output.contains("Begun by process"))
    let json = try site.call(["jobs", "1", "--log", "--json"]).json
    #expect(try json["jobs"].array.count == 1 && json["log"].array.count == 2)
    _ = try json["log"].array[0].members(["id", "logged_at", "level", "line"])
    #expect(try site.call(["jobs", "1", "--follow"]).status == 0)
    #expect(try site.call(["jobs", "99"]).status == 1)
    #expect(try site.call(["jobs", "99", "--follow"]).status == 1)
    #expect(try site.call(["jobs", "--log"]).status == 64)
  }

  @Test("--follow waits for the end, shows the log as it grows, and tells success from failure by the status")
  func follow() throws {
    let (site, root) = try site()
    for (source, status) in [("source", Int32(0)), ("gone", 1)] {
      if source == "gone" { try root.write("gone/disk") }
      #expect(try site.call(["image", "upload", source, "\(root.folder)/\(source)", "--queue"]).status == 0)
      let id = try site.connection.first("SELECT MAX(id) FROM expireimage_task") { $0.int(0) } ?? 0
      let follower = try RunningCommand(["jobs", "\(id)", "--follow"], site.environment)
      usleep(300_000)
      #expect(follower.isRunning)
      if source == "gone" { try FileManager.default.removeItem(atPath: "\(root.folder)/gone") }
      #expect(try site.call(["work", "--quiet"]).status == (status == 0 ? 0 : 2))
      let call = try follower.result()
      #expect(call.status == status)
      #expect(call.output.contains("Waits for a worker") && call.output.contains("Begun by process"))
    }
  }

  @Test("work says what it did; quietly nothing while all is well; it stays until SIGTERM with --follow")
  func work() throws {
    let (site, root) = try site()
    #expect(try site.call(["work"]).output == "0 jobs done\n")
    #expect(try site.call(["work", "--quiet"]).output == "")
    let queued = try site.call(["image", "upload", "a", root.folder + "/source", "--queue", "--json"])
    #expect(try queued.json["status"].text == "pending")
    let json = try site.call(["work", "--json"]).json
    #expect(try json["done"].integer == 1 && json["failed"].integer == 0)
    _ = try json["tasks"].array[0].members(["id", "type", "status", "image_name", "message"])

    let script =
      "'\(try Executable.path)' work --follow --interval 1 & child=$!; sleep 4; kill -TERM $child; wait $child"
    let worker = try RunningCommand(shell: script, site.environment)
    usleep(500_000)
    #expect(try site.call(["image", "cleanup", "a", "--queue"]).status == 0)
    let call = try worker.result()
    #expect(call.status == 0, "\(call.errors)")
    #expect(call.output.contains("cleanup of a: success"), "\(call.output)")
    #expect(try root.names() == [])
  }

  @Test("tasks of an image that is not there, or that a user may not know of, are no such image: status 1")
  func tasks() throws {
    let (site, root) = try site()
    _ = try site.call(["image", "upload", "x-v1", root.folder + "/source"])
    #expect(try site.call(["tasks", "x-v1", "--json"]).json["tasks"].array.count == 1)
    #expect(try site.call(["tasks", "x-v1"]).output.contains("upload"))
    let none = try site.call(["tasks", "none", "--json"])
    #expect(none.status == 1 && none.output == "" && none.errors.contains("no such image 'none'"))
    #expect(try site.call(["tasks", "x-v1", "--user", "nobody@Nowhere"]).status == 1)
  }

  @Test("a dry run of a cleanup and a refused upload write nothing at all")
  func nothing() throws {
    let (site, root) = try site()
    try root.write("root/x/disk")
    let before = try site.checksums()
    let plan = try site.call(["image", "cleanup", "x", "--dry-run", "--json"]).json
    #expect(try plan["task_id"] == .null && plan["dry_run"].bool && plan["total_files_removed"].integer == 1)
    #expect(try site.call(["image", "upload", "x", root.folder + "/source"]).status == 1)
    #expect(try site.call(["image", "upload", "../x", root.folder + "/source"]).status == 1)
    #expect(try site.call(["image", "upload", "y", root.folder + "/none"]).status == 1)
    #expect(try site.checksums() == before)
    #expect(try root.names() == ["x", "x/disk"])
  }
}
