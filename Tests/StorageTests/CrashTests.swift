import Caches
import Foundation
import Storage
import Testing

/// Killed after every single change, the next start finds each entry whole or gone, and knows what left the disk.
@Suite struct CrashTests {
  /// Directories, flat files, links inside and across, things in `trash/` that nobody decided.
  private static func site() throws -> TemporaryRoot {
    let temporary = try TemporaryRoot()
    try temporary.write("go-v1/disk.vmdk", 9000)
    try temporary.write("go-v1/logs/a", 1)
    symlink("../../stays", temporary.path + "/go-v1/logs/out")
    link(temporary.path + "/go-v1/disk.vmdk", temporary.path + "/go-v1/same.vmdk")
    try temporary.write("go-v2.qcow2", 5000)
    try temporary.write("go-v2.xml", 10)
    try temporary.write("go-v3/sparse", 0)
    truncate(temporary.path + "/go-v3/sparse", 1 << 30)
    try temporary.write("back-v1/disk.vmdk", 5000)
    try temporary.write("back-v2.qcow2", 5000)
    try temporary.write("back-v2.xml", 20)
    try temporary.write("stays/file", 5000)
    return temporary
  }

  private static let groups = [
    "go-v1": ["go-v1", "go-v1/disk.vmdk", "go-v1/logs", "go-v1/logs/a", "go-v1/logs/out", "go-v1/same.vmdk"],
    "go-v2": ["go-v2.qcow2", "go-v2.xml"], "go-v3": ["go-v3", "go-v3/sparse"],
  ]
  private static let staying: Set = [
    "back-v1", "back-v1/disk.vmdk", "back-v2.qcow2", "back-v2.xml", "stays", "stays/file",
  ]

  private static func check(_ temporary: TemporaryRoot, _ ledger: String, _ before: DiskWalk, _ note: String)
    throws
  {
    let names = Set(try temporary.names())
    for (name, parts) in groups {
      let left = parts.filter(names.contains)
      #expect(left.isEmpty || left == parts, "\(name) is half gone \(note): \(left)")
    }
    #expect(names.subtracting(groups.values.flatMap(\.self)) == staying, "\(note)")
    let walk = before - (try DiskWalk.entries(of: temporary))
    #expect(try CrashProgram.total(of: ledger) == walk, "\(note)")
  }

  @Test("killed after every change of a removal, and after every change of what follows")
  func removal() throws {
    var kills = 0
    while true {
      let temporary = try Self.site()
      let ledger = temporary.folder + "/ledger"
      let before = try DiskWalk.entries(of: temporary)
      let isDone = try CrashProgram.run("remove", temporary.path, ledger: ledger, changes: kills + 1)
      if kills % 7 == 3 {
        // The start after the crash is killed too, and the next, each time one change later.
        var further = 1
        while try !CrashProgram.run("finish", temporary.path, ledger: ledger, changes: further) {
          further += 1
        }
      } else {
        #expect(try CrashProgram.run("finish", temporary.path, ledger: ledger, changes: 0))
      }
      try Self.check(temporary, ledger, before, "after \(kills + 1) changes")
      // Whatever happened: the next whole run ends the work, and no more than the work.
      if kills % 5 == 0 {
        #expect(try CrashProgram.run("remove", temporary.path, ledger: ledger, changes: 0))
        try Self.check(temporary, ledger, before, "after \(kills + 1) changes and another run")
        #expect(try Set(temporary.names()) == Self.staying)
      }
      if isDone { break }
      kills += 1
    }
    #expect(kills > 40, "only \(kills) changes")
  }

  /// Cleans as `cache clean` does, long after.
  private static func clean(_ temporary: TemporaryRoot) throws {
    let root = try temporary.open()
    let found = try root.items(of: .incomplete, node: "here")
    let plan = CleanPlan(
      invalid: [], incomplete: found.map(\.item), stallSeconds: 86_400, now: FileTime(seconds: 1 << 33))
    let candidates = plan.removals.map { decision in
      RemovalCandidate(
        area: decision.area, name: decision.item.name, fileNames: [FileName(decision.item.name)])
    }
    let outcome = try Remover(root, ledger: { _ in }).remove(candidates) { _ in [:] }
    #expect(outcome.failed.isEmpty)
  }

  @Test("killed after every change of a copy, there is the whole entry or none, and it can be written again")
  func writing() throws {
    let whole = [
      "new-v1": ["new-v1", "new-v1/disk", "new-v1/index"], "flat-v1": ["flat-v1.qcow2", "flat-v1.xml"],
    ]
    var kills = 0
    var outcomes: Set<[String]> = []
    while true {
      let temporary = try TemporaryRoot()
      let ledger = temporary.folder + "/ledger"
      try temporary.write("../source/disk", 5000)
      try temporary.write("../source/index", 10)
      let isDone = try CrashProgram.run("write", temporary.path, ledger: ledger, changes: kills + 1)
      let note = "after \(kills + 1) changes"
      // What was ready is put in its place, the rest cleaned.
      #expect(try CrashProgram.run("finish", temporary.path, ledger: ledger, changes: 0))
      try Self.clean(temporary)
      let names = try temporary.names()
      for (entry, parts) in whole {
        let left = parts.filter(names.contains)
        #expect(left.isEmpty || left == parts, "\(entry) is half there \(note): \(left)")
      }
      #expect(Set(names).isSubset(of: whole.values.flatMap(\.self)), "\(note): \(names)")
      outcomes.insert(names)
      if names.isEmpty { #expect(try CrashProgram.run("write", temporary.path, ledger: ledger, changes: 0)) }
      if isDone { break }
      kills += 1
    }
    #expect(kills > 40, "only \(kills) changes")
    #expect(outcomes.count == 3)
  }
}
