import Caches
import Foundation
import Storage
import Synchronization
import Testing

/// On a real file system that loses what is not on the disk, and then answers every call with an input/output error.
@Suite(.serialized) struct PowerFailureTests {
  private static let names = ["a-v1", "b-v1", "c-v1", "d-v1"]
  private static let groups = [
    "a-v1": ["a-v1", "a-v1/disk", "a-v1/logs", "a-v1/logs/a"], "b-v1": ["b-v1.qcow2", "b-v1.xml"],
    "c-v1": ["c-v1.qcow2"], "d-v1": ["d-v1.qcow2"],
  ]

  private static func fill(_ temporary: TemporaryRoot) throws {
    try temporary.write("a-v1/disk", 9000)
    try temporary.write("a-v1/logs/a", 1)
    try temporary.write("b-v1.qcow2", 5000)
    try temporary.write("b-v1.xml", 10)
    try temporary.write("c-v1.qcow2", 5000)
    try temporary.write("d-v1.qcow2", 0)
    sync()
  }

  /// What was found after the power came back, a line for each thing that is wrong.
  private static func cut(after changes: Int) throws -> (wrong: [String], isDone: Bool, message: String) {
    let base = try TemporaryRoot(marks: false)
    let disk = try LoopDisk(in: base.folder)
    defer {
      try? disk.unmount()
      withExtendedLifetime(base) {}
    }
    let ledger = Mutex([String: EntrySize]())
    let told = { @Sendable (record: RemovalRecord) in ledger.withLock { $0[record.id] = record.total } }
    var temporary: TemporaryRoot? = try TemporaryRoot(in: disk.path)
    try fill(temporary!)
    let before = try DiskWalk.entries(of: temporary!)
    let directory = Glibc.open(disk.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let left = Mutex(changes)
    let message = thrown {
      let cutting = Changes(after: { _ in
        let isNow = left.withLock {
          $0 -= 1
          return $0 == 0
        }
        if isNow { LoopDisk.cutPower(of: directory) }
      })
      let root = try temporary!.open(cutting)
      let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
      let outcome = try Remover(root, ledger: told).remove(
        scan.entries.map { RemovalCandidate($0) }, batchSize: 3
      ) { _ in ["d-v1": "reservation"] }
      for failure in outcome.failed where failure.error.code != EIO { throw failure.error }
    }
    let isDone = left.withLock { $0 > 0 }
    close(directory)
    temporary!.keepsFolder = true
    temporary = nil
    try disk.unmount()
    try disk.mount()

    let again = try TemporaryRoot(in: disk.path, marks: false)
    defer { again.keepsFolder = true }
    let outcome = try Remover(again.open(), ledger: told).finishInterrupted()
    var wrong = outcome.failed.map { "failed: \($0.name): \($0.error)" }
    let found = Set(try again.names())
    for (name, parts) in groups {
      let present = parts.filter(found.contains)
      if !present.isEmpty, present != parts { wrong.append("\(name) is half gone: \(present)") }
    }
    if !found.contains("d-v1.qcow2") { wrong.append("d-v1 is gone") }
    let strangers = found.subtracting(groups.values.flatMap(\.self))
    if !strangers.isEmpty { wrong.append("left: \(strangers.sorted())") }
    let walk = before - (try DiskWalk.entries(of: again))
    let sum = ledger.withLock { $0.values.total() }
    if sum != walk { wrong.append("told \(sum), gone \(walk)") }
    return (wrong, isDone, message)
  }

  @Test(
    "the power fails after every single change: each entry is whole or gone, and the totals are the disk's",
    .enabled(if: LoopDisk.isPossible, "needs root, loop devices and mkfs.ext4"))
  func everyChange() throws {
    let messages = try PrivateMounts.run { () -> Set<String> in
      var messages: Set<String> = []
      var changes = 1
      while true {
        let result = try Self.cut(after: changes)
        for line in result.wrong { Issue.record("after \(changes) changes: \(line)") }
        if result.isDone { break }
        messages.insert(result.message)
        changes += 1
      }
      if changes < 30 { Issue.record("only \(changes) changes") }
      return messages
    }
    // Every one of them says what is the matter; what is lost at the very end is done again.
    #expect(messages.allSatisfy { $0 == "no error" || $0.contains("Input/output error") }, "\(messages)")
    #expect(messages.contains { $0.contains("Input/output error") })
  }
}
