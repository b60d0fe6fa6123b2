import Caches
import Foundation
import Storage
import Synchronization
import Testing

@Suite("A removal that ends with an error")
struct RemovalErrorTests {
  @Test("a check that fails puts the whole batch back")
  func failingCheck() throws {
    struct DatabaseGone: Error {}
    let temporary = try TemporaryRoot()
    for name in ["a-v1/disk", "b-v1.qcow2", "b-v1.xml"] { try temporary.write(name, 100) }
    let before = try temporary.names()
    #expect(throws: DatabaseGone.self) {
      try RemovalTests.remove(temporary, ["a-v1", "b-v1"]) { _ in throw DatabaseGone() }
    }
    #expect(try temporary.names() == before)
  }

  @Test("a ledger that fails keeps the note, and is told again at the next start")
  func failingLedger() throws {
    struct DatabaseGone: Error {}
    let temporary = try TemporaryRoot()
    try temporary.write("a-v1/disk", 5000)
    let before = try DiskWalk.entries(of: temporary)
    #expect(throws: DatabaseGone.self) {
      let root = try temporary.open()
      let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1"]))
      _ = try Remover(root, ledger: { _ in throw DatabaseGone() }).remove(
        scan.entries.map { RemovalCandidate($0) }
      ) { _ in [:] }
    }
    nonisolated(unsafe) var told: [EntrySize] = []
    _ = try Remover(temporary.open(), ledger: { told.append($0.total) }).finishInterrupted()
    #expect(told == [before - (try DiskWalk.entries(of: temporary))])
    _ = try Remover(temporary.open(), ledger: { told.append($0.total) }).finishInterrupted()
    #expect(told.count == 1)
  }

  @Test("an error does not lose what became of the batches before it, and of its own")
  func outcomeOfFailure() throws {
    struct DatabaseGone: Error {}
    let temporary = try TemporaryRoot()
    let names = ["a-v1", "b-v1", "c-v1", "d-v1", "e-v1", "f-v1"]
    for name in names { try temporary.write(name, 100) }
    let root = try temporary.open()
    let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
    var outcome = RemovalOutcome()
    var checks = 0
    #expect(throws: DatabaseGone.self) {
      try Remover(root, ledger: { _ in }).remove(
        scan.entries.map { RemovalCandidate($0) }, batchSize: 3, into: &outcome
      ) { batch in
        checks += 1
        if checks == 1 {
          unlink(temporary.path + "/d-v1")
          return ["a-v1": "reservation"]
        }
        #expect(batch.candidates.map(\.name) == ["e-v1", "f-v1"])
        try temporary.write("f-v1", 7)
        throw DatabaseGone()
      }
    }
    #expect(
      RemovalTests.lines(outcome) == [
        "removed b-v1", "removed c-v1", "back a-v1: reservation", "back e-v1: interrupted", "vanished d-v1",
        "failed f-v1: \(EEXIST), gone",
      ])
  }

  @Test("what cannot be put back when the disk is full is told once, and the rest goes")
  func fullAndTaken() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1", "b-v1"] { try temporary.write(name, 100) }
    let isFull = Mutex(false)
    let changes = Changes(before: { (kind) throws(FileError) in
      guard kind == .write, isFull.withLock({ $0 }) else { return }
      isFull.withLock { $0 = false }
      throw FileError("write", ENOSPC)
    })
    var checks = 0
    let outcome = try RemovalTests.remove(temporary, ["a-v1", "b-v1"], changes: changes) { _ in
      checks += 1
      if checks == 1 {
        try temporary.write("a-v1", 7)
        isFull.withLock { $0 = true }
      }
      return [:]
    }
    #expect(RemovalTests.lines(outcome) == ["removed b-v1", "failed a-v1: \(EEXIST), gone"] && checks == 2)
  }

  @Test("an error after the decision names all of the batch as gone, and the next start ends it")
  func decidedInVain() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1", "b-v1"] { try temporary.write(name, 100) }
    // After the check: of the manifest, then of the decision.
    let left = Mutex(Int.max)
    let changes = Changes(before: { (kind) throws(FileError) in
      guard kind == .synchronize else { return }
      let isLast = left.withLock {
        $0 -= 1
        return $0 == 0
      }
      if isLast { throw FileError("synchronize", EIO) }
    })
    let root = try temporary.open(changes)
    let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1", "b-v1"]))
    var outcome = RemovalOutcome()
    #expect(throws: FileError.self) {
      try Remover(root, ledger: { _ in }).remove(
        scan.entries.map { RemovalCandidate($0) }, into: &outcome
      ) { _ in
        left.withLock { $0 = 2 }
        return [:]
      }
    }
    #expect(RemovalTests.lines(outcome) == ["failed a-v1: \(EIO), gone", "failed b-v1: \(EIO), gone"])
    let later = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(RemovalTests.lines(later) == ["removed a-v1", "removed b-v1"])
  }

  @Test("a decided removal is told when the disk is full afterwards, and tried no second time")
  func fullAfterwards() throws {
    let temporary = try TemporaryRoot()
    for name in ["a-v1", "b-v1"] { try temporary.write(name, 100) }
    let isFull = Mutex(false)
    let changes = Changes(before: { (kind) throws(FileError) in
      if kind == .removeDirectory, isFull.withLock({ $0 }) { throw FileError("remove", ENOSPC) }
    })
    let root = try temporary.open(changes)
    let scan = try RootScan(root, layout: .plain, known: KnownNames(["a-v1", "b-v1"]))
    var outcome = RemovalOutcome()
    #expect(throws: FileError.self) {
      // Told when the group is gone and its slot is not.
      try Remover(root, ledger: { _ in isFull.withLock { $0 = true } }).remove(
        scan.entries.map { RemovalCandidate($0) }, into: &outcome
      ) { _ in [:] }
    }
    #expect(RemovalTests.lines(outcome) == ["removed a-v1", "removed b-v1"])
    let later = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(later.records.map(\.id) == outcome.records.map(\.id))
    #expect(try temporary.names().isEmpty)
  }
}
