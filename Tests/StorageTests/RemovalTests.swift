import Caches
import Foundation
import Storage
import Synchronization
import Testing

@Suite struct RemovalTests {
  /// What became of it, one line each.
  static func lines(_ outcome: RemovalOutcome) -> [String] {
    outcome.removedNames.map { "removed \($0)" } + outcome.putBack.map { "back \($0.name): \($0.reason)" }
      + outcome.vanished.map { "vanished \($0)" }
      + outcome.failed.map { "failed \($0.name): \($0.error.code)\($0.isGone ? ", gone" : "")" }
  }

  static func remove(
    _ temporary: TemporaryRoot, _ names: [String], changes: Changes = Changes(), batchSize: Int = 256,
    recheck: Remover.Recheck = { _ in [:] }
  ) throws -> RemovalOutcome {
    let root = try temporary.open(changes)
    let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
    let candidates = scan.entries.map { RemovalCandidate($0) }
    return try Remover(root, ledger: { _ in }).remove(candidates, batchSize: batchSize, recheck: recheck)
  }

  @Test("entries go, all else stays, and the total is what the disk got back", arguments: [1, 2, 256])
  func removes(batchSize: Int) throws {
    let temporary = try TemporaryRoot()
    try temporary.write("a-v1/disk", 9000)
    link(temporary.path + "/a-v1/disk", temporary.path + "/a-v1/same")
    try temporary.write("b-v1.qcow2", 5000)
    try temporary.write("b-v1.xml", 5)
    try temporary.write("c-v1", 1)
    try temporary.write("a-v10/disk", 1)
    let before = try DiskWalk.entries(of: temporary)
    let outcome = try Self.remove(temporary, ["a-v1", "b-v1", "c-v1"], batchSize: batchSize)
    #expect(Self.lines(outcome) == ["removed a-v1", "removed b-v1", "removed c-v1"])
    #expect(try temporary.names() == ["a-v10", "a-v10/disk"])
    #expect(outcome.total == before - (try DiskWalk.entries(of: temporary)))
    #expect(outcome.total.files == 5 && outcome.total.apparentBytes == 14006)
  }

  @Test("symbolic links in every place go themselves; what they lead to stays")
  func links() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../outside/precious", 100)
    try temporary.write("a-v1/disk", 1)
    symlink("../../outside", temporary.path + "/a-v1/directory")
    symlink("../../outside/precious", temporary.path + "/a-v1/file")
    symlink("nowhere", temporary.path + "/a-v1/dangling")
    symlink("..", temporary.path + "/a-v1/up")
    mkfifo(temporary.path + "/a-v1/pipe", 0o600)
    #expect(Self.lines(try Self.remove(temporary, ["a-v1"])) == ["removed a-v1"])
    #expect(try temporary.names().isEmpty)
    #expect(FileManager.default.fileExists(atPath: temporary.folder + "/outside/precious"))
  }

  @Test("an entry that became a symbolic link after the scan goes as the link that it is")
  func swapped() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../outside/precious", 100)
    try temporary.write("a-v1/disk", 1)
    let root = try temporary.open()
    let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1"]))
    try FileManager.default.removeItem(atPath: temporary.path + "/a-v1")
    symlink("../outside", temporary.path + "/a-v1")
    _ = try Remover(root, ledger: { _ in }).remove(scan.entries.map { RemovalCandidate($0) }) { _ in [:] }
    #expect(FileManager.default.fileExists(atPath: temporary.folder + "/outside/precious"))
    #expect(try temporary.names().isEmpty)
  }

  @Test("an area that is a symbolic link stops everything")
  func linkedTrash() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("a-v1/disk", 1)
    rename(temporary.path + "/trash", temporary.folder + "/outside")
    symlink("../outside", temporary.path + "/trash")
    #expect(thrown { _ = try Self.remove(temporary, ["a-v1"]) }.contains("/trash is no directory"))
    let outside = try FileManager.default.contentsOfDirectory(atPath: temporary.folder + "/outside")
    #expect(outside.sorted() == ["lock", "reserve", "reserve.2", "reserve.3", "reserve.4"])
    #expect(try temporary.names().contains("a-v1/disk"))
  }

  @Test("who looks for a moment whether a removal waits stops none")
  func lookedAt() throws {
    let temporary = try TemporaryRoot()
    let lock = open(temporary.path + "/trash/lock", O_RDONLY)
    defer { close(lock) }
    #expect(flock(lock, LOCK_SH) == 0)
    let root = try temporary.open()
    #expect(throws: RootProblem.busy(path: temporary.path)) { _ = try Remover(root, ledger: { _ in }) }
    Thread.detachNewThread {
      usleep(50_000)
      flock(lock, LOCK_UN)
    }
    _ = try Remover(root, ledger: { _ in })
  }

  @Test("what the last check wants back is put back, whole")
  func putBack() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1/disk", "b-v1.qcow2", "b-v1.xml", "c-v1/disk"] { try temporary.write(name, 100) }
    nonisolated(unsafe) var seen: [String] = []
    let outcome = try Self.remove(temporary, ["a-v1", "b-v1", "c-v1"]) { _ in
      seen = try temporary.names().filter { !$0.hasPrefix("trash/") }
      return ["a-v1": "reservation", "b-v1": "loaded"]
    }
    #expect(seen.isEmpty, "the check comes after the entries have left")
    #expect(Self.lines(outcome) == ["removed c-v1", "back a-v1: reservation", "back b-v1: loaded"])
    #expect(try temporary.names() == ["a-v1", "a-v1/disk", "b-v1.qcow2", "b-v1.xml"])
  }

  @Test(
    "an entry whose name was taken meanwhile waits alone in trash, whole, and comes back when the name is free",
    arguments: ["a-v1/old", "a-v1.qcow2"])
  func nameTaken(file: String) throws {
    let temporary = try TemporaryRoot()
    let top = String(file.prefix { $0 != "/" })
    try temporary.write(file, 100)
    try temporary.write("b-v1/disk", 5000)
    try temporary.write("c-v1.qcow2", 5000)
    let outcome = try Self.remove(temporary, ["a-v1", "b-v1", "c-v1"]) { _ in
      try temporary.write(file + ".new", 7)
      if top == file { try temporary.write(file, 7) }
      return ["a-v1": "reservation"]
    }
    #expect(Self.lines(outcome) == ["removed b-v1", "removed c-v1", "failed a-v1: \(EEXIST), gone"])
    #expect(outcome.total.files == 2)
    #expect(try temporary.names().filter { $0.hasPrefix("b-") || $0.hasPrefix("c-") }.isEmpty)
    let second = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(Self.lines(second) == ["failed \(top): \(EEXIST), gone"])
    try FileManager.default.removeItem(atPath: temporary.path + "/" + top)
    let later = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(Self.lines(later) == ["back \(top): interrupted"])
    #expect(try temporary.names().filter { !$0.hasSuffix(".new") } == (top == file ? [file] : [top, file]))
  }

  @Test("an entry of several files one of whose names was taken stays whole in trash")
  func oneNameTaken() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1.qcow2", "a-v1.raw", "a-v1.xml"] { try temporary.write(name, 100) }
    try temporary.write("b-v1.qcow2", 5000)
    let outcome = try Self.remove(temporary, ["a-v1", "b-v1"]) { _ in
      try temporary.write("a-v1.raw", 7)
      return ["a-v1": "reservation"]
    }
    #expect(Self.lines(outcome) == ["removed b-v1", "failed a-v1: \(EEXIST), gone"])
    for _ in 0..<2 {
      let names = try temporary.names()
      #expect(names.filter { !$0.hasPrefix("trash/") } == ["a-v1.raw"])
      #expect(names.filter { $0.contains("/a-v1.") }.count == 3)
      _ = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    }
    try FileManager.default.removeItem(atPath: temporary.path + "/a-v1.raw")
    _ = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(try temporary.names() == ["a-v1.qcow2", "a-v1.raw", "a-v1.xml"])
  }

  @Test("what vanished is no failure, and its missing part neither")
  func vanished() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1/disk", "b-v1.qcow2", "b-v1.xml", "c-v1.qcow2", "c-v1.xml"] {
      try temporary.write(name, 100)
    }
    let root = try temporary.open()
    let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1", "b-v1", "c-v1"]))
    for name in ["a-v1", "b-v1.xml", "c-v1.qcow2", "c-v1.xml"] {
      try FileManager.default.removeItem(atPath: temporary.path + "/" + name)
    }
    let outcome = try Remover(root, ledger: { _ in }).remove(scan.entries.map { RemovalCandidate($0) }) { _ in
      [:]
    }
    #expect(Self.lines(outcome) == ["removed b-v1", "vanished a-v1", "vanished c-v1"])
    #expect(outcome.total.files == 1)
    #expect(try temporary.names().isEmpty)
  }

  @Test(
    "a file that cannot be unlinked does not stop the rest; the total is what left, and the next start goes on",
    arguments: [1, 2, 3, 4, 5, 6])
  func undeletable(failing: Int) throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1/1", "a-v1/2", "b-v1/1", "c-v1.qcow2", "c-v1.xml", "d-v1/1"] {
      try temporary.write(name, 5000)
    }
    let before = try DiskWalk.entries(of: temporary)
    let count = Mutex(0)
    let changes = Changes(before: { (kind) throws(FileError) in
      guard kind == .removeFile else { return }
      let isTheOne = count.withLock {
        $0 += 1
        return $0 == failing
      }
      if isTheOne { throw FileError("remove", EIO) }
    })
    let outcome = try Self.remove(temporary, ["a-v1", "b-v1", "c-v1", "d-v1"], changes: changes)
    #expect(outcome.failed.count == 1 && outcome.failed[0].isGone)
    #expect(outcome.total == before - (try DiskWalk.entries(of: temporary)))
    #expect(outcome.total.files == 5)
    #expect(try temporary.names().allSatisfy { $0.hasPrefix("trash/") })
    let later = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(later.failed.isEmpty)
    // The same id: what it has freed in all.
    #expect(later.records.map(\.id) == outcome.records.map(\.id))
    #expect(later.total == before - (try DiskWalk.entries(of: temporary)))
    #expect(try temporary.names().isEmpty)
  }

  @Test(
    "a change that fails before the decision leaves every entry whole, and what was written of it is taken back",
    arguments: 1...40)
  func failingChange(failing: Int) throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1/1", "a-v1/2", "c-v1.qcow2", "c-v1.xml", "d-v1/1"] { try temporary.write(name, 5000) }
    let before = try DiskWalk.entries(of: temporary)
    let names = try temporary.names()
    let count = Mutex(0)
    let changes = Changes(before: { (kind) throws(FileError) in
      let number = count.withLock {
        $0 += 1
        return $0
      }
      if number == failing { throw FileError("\(kind)", EIO) }
    })
    var told = EntrySize()
    let ledger = Mutex([String: EntrySize]())
    // What a purge writes down in its last check.
    let written = Mutex(Set<String>())
    func remover(_ root: RootDirectory) throws -> Remover {
      try Remover(root) { record in
        ledger.withLock { $0[record.id] = record.total }
      } undone: { id in
        written.withLock { _ = $0.remove(id) }
      }
    }
    do {
      let root = try temporary.open(changes)
      let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1", "c-v1", "d-v1"]))
      _ = try remover(root).remove(scan.entries.map { RemovalCandidate($0) }) { batch in
        written.withLock { _ = $0.insert(batch.id) }
        return [:]
      }
    } catch is FileError {
    }
    #expect(try remover(temporary.open()).finishInterrupted().failed.isEmpty)
    #expect(written.withLock { $0 } == ledger.withLock { Set($0.keys) })
    told = ledger.withLock { $0.values.total() }
    #expect(told == before - (try DiskWalk.entries(of: temporary)))
    let left = try temporary.names()
    for group in ["a-v1", "c-v1", "d-v1"] {
      let own = left.filter { $0.hasPrefix(group) }
      #expect(own.isEmpty || own == names.filter { $0.hasPrefix(group) }, "\(group): \(own)")
    }
  }

  @Test("items of areas are removed the same way, by their bytes")
  func areas() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("invalid/a\nb/disk", 100)
    try temporary.write("invalid/x", 100)
    try temporary.write("incomplete/x", 100)
    let remover = try Remover(temporary.open(), ledger: { _ in })
    let outcome = try remover.remove([
      RemovalCandidate(area: .invalid, name: "a", fileNames: [FileName("a\nb")]),
      RemovalCandidate(area: .incomplete, name: "x", fileNames: [FileName("x")]),
      RemovalCandidate(area: .queue, name: "none", fileNames: [FileName("none")]),
    ]) { _ in [:] }
    #expect(Self.lines(outcome) == ["removed a", "removed x", "vanished none"])
    #expect(try temporary.names() == ["invalid/x"])
  }

  @Test("whatever else lies in trash stays")
  func strangers() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("trash/somebody/disk", 5000)
    try temporary.write("trash/0123456789abcdef.manifest", 10)
    symlink("/etc", temporary.path + "/trash/link")
    let outcome = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(Self.lines(outcome) == [])
    #expect(try temporary.names() == ["trash/link", "trash/somebody", "trash/somebody/disk"])
  }

  @Test("one slot that cannot be worked on stops no other, and is told")
  func damagedSlots() throws {
    let temporary = try TemporaryRoot()
    // In a slot there are directories only; something else was put there by hand.
    try temporary.write("trash/0000000000000001.root.leaving/file", 10)
    try temporary.write("trash/0000000000000002.root.removing/file", 10)
    try temporary.write("trash/0000000000000003.incomplete.leaving/single/x", 10)
    try temporary.write("trash/0000000000000004.root.removing/0.whole/b-v1/disk", 5000)
    mkdir(temporary.path + "/trash/0000000000000004.manifest", 0o755)
    try temporary.write("trash/0000000000000005.root.leaving", 10)
    symlink("/etc", temporary.path + "/trash/0000000000000006.root.removing")
    try temporary.write("trash/0000000000000007.root.leaving/single/a-v1", 10)
    try temporary.write("trash/0000000000000008.root.removing/single/c-v1", 10)
    try temporary.write("trash/0000000000000009.manifest/x", 10)
    let outcome = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(
      outcome.failed.map { "\($0.name): \($0.error.code)" } == [
        "0000000000000001.root.leaving/file: \(ENOTDIR)", "0000000000000002.root.removing: \(ENOTDIR)",
        "0000000000000003.incomplete.leaving: \(ENOENT)", "0000000000000004.root.removing: \(EISDIR)",
      ])
    #expect(outcome.putBack.map(\.name) == ["a-v1"])
    #expect(outcome.removedNames == [])
    let names = try temporary.names()
    #expect(names.contains("a-v1") && FileManager.default.fileExists(atPath: "/etc/passwd"))
    #expect(!names.contains { $0.contains("c-v1") || $0.hasPrefix("trash/0000000000000009") })
    #expect(names.contains("trash/0000000000000004.root.removing/0.whole/b-v1/disk"))
  }

  @Test("one process at a time removes from a root")
  func busy() throws {
    let temporary = try TemporaryRoot()
    let first = try Remover(temporary.open(), ledger: { _ in })
    #expect(problem { _ = try Remover(temporary.open(), ledger: { _ in }) } == "busy")
    withExtendedLifetime(first) {}
  }

  @Test("a root that is replaced between two batches stops the rest")
  func replaced() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1/disk", "b-v1/disk"] { try temporary.write(name, 100) }
    var checks = 0
    let code = problem {
      _ = try Self.remove(temporary, ["a-v1", "b-v1"], batchSize: 1) { _ in
        checks += 1
        rename(temporary.path, temporary.folder + "/away")
        mkdir(temporary.path, 0o755)
        return [:]
      }
    }
    #expect(code == "changed" && checks == 1)
    #expect(FileManager.default.fileExists(atPath: temporary.folder + "/away/b-v1/disk"))
  }

  @Test("a file system mounted inside an entry is never entered", .enabled(if: PrivateMounts.isPossible))
  func mounted() throws {
    let result = try PrivateMounts.run {
      () -> (lines: [String], isSafe: Bool, total: EntrySize, walk: EntrySize) in
      let temporary = try TemporaryRoot()
      try temporary.write("../outside/precious", 1)
      try temporary.write("a-v1/disk", 5000)
      try temporary.write("b-v1/disk", 5000)
      let root = try temporary.open()
      let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1", "b-v1"]))
      let before = try DiskWalk.entries(of: temporary)
      // After the scan, so that only the removal itself can notice; the same device, so that only the mount tells.
      try PrivateMounts.bind(temporary.folder + "/outside", at: temporary.path + "/a-v1/sub")
      let outcome = try Remover(root, ledger: { _ in }).remove(scan.entries.map { RemovalCandidate($0) }) {
        _ in [:]
      }
      let isSafe = FileManager.default.fileExists(atPath: temporary.folder + "/outside/precious")
      let slots = try temporary.names().filter { $0.hasSuffix("a-v1/sub") }
      for slot in slots { try PrivateMounts.detach(temporary.path + "/" + slot) }
      let later = try Remover(root, ledger: { _ in }).finishInterrupted()
      return (
        Self.lines(outcome) + Self.lines(later).filter { $0.hasPrefix("failed") }, isSafe, later.total,
        before - (try DiskWalk.entries(of: temporary))
      )
    }
    #expect(result.isSafe)
    #expect(result.lines == ["removed a-v1", "removed b-v1", "failed a-v1: \(EXDEV), gone"])
  }
}
