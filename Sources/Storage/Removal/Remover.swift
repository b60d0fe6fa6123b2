import Caches
import Glibc

/// Removes entries of one root so that a crash at any moment leaves each of them whole or gone.
///
/// An entry is first renamed into `trash/`: before that it is whole, after it gone. The renames are brought to the disk,
/// the caller checks once more, and what shall stay is renamed back. Then the sizes are written down, and only then is
/// anything unlinked. One process at a time removes from a root.
package final class Remover {
  /// Told what left the disk before the note about it is thrown away; may be told the same again after a crash.
  package typealias Ledger = (RemovalRecord) throws -> Void
  /// The last check, when the candidates have left the root: the reasons of those that must come back, by name.
  ///
  /// What it writes down of the others is premature until the removal is decided.
  package typealias Recheck = (RemovalBatch) throws -> [String: String]
  /// Told the id of a removal that was not decided, when all of it is back in its place: whatever the last check has
  /// written down of it is not true. May be told the same again after a crash, and of removals that were never checked.
  package typealias Undone = (_ id: String) throws -> Void

  let root: RootDirectory
  let trash: Descriptor
  private let lock: Descriptor
  let ledger: Ledger
  let undone: Undone

  static let lockName = FileName("lock")

  /// - Throws: ``RootProblem/busy(path:)`` when another process removes entries of this root; ``FileError``.
  package init(
    _ root: RootDirectory, ledger: @escaping Ledger, undone: @escaping Undone = { _ in }
  ) throws {
    try root.verify()
    try root.checkWritable()
    self.root = root
    self.ledger = ledger
    self.undone = undone
    trash = try root.area(.trash, makes: true)!
    if try FileStatus.ifPresent(Self.lockName, in: trash.number) == nil {
      do throws(FileError) {
        _ = try root.changes.createFile(Self.lockName, in: trash.number, mode: 0o600)
      } catch { if error.code != EEXIST { throw error } }
    }
    // Writable, because a lock over NFS needs that.
    let flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    let number = trash.number
    lock = Descriptor(
      owning: try checked("open the lock of trash/") {
        Self.lockName.withPointer { openat(number, $0, flags) }
      })
    try Self.take(lock.number, of: root)
    SpaceReserve.make(in: trash.number, changes: root.changes)
  }

  /// Who looks whether an interrupted removal waits, as a dry run does, has the lock for a moment.
  private static func take(_ lock: Int32, of root: RootDirectory) throws {
    var tries = 50
    while flock(lock, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK else { throw FileError("lock trash/", errno) }
      tries -= 1
      guard tries > 0 else { throw RootProblem.busy(path: root.path) }
      usleep(10_000)
    }
  }

  deinit {
    // Closing is not enough: a process that was just started has a copy of the descriptor until it runs its program.
    flock(lock.number, LOCK_UN)
  }

  /// Removes what a plan names, in batches.
  ///
  /// - Parameters:
  ///   - candidates: whose conditions the caller has checked.
  ///   - batchSize: so many share the waits for the disk and one call of `recheck`; fewer while the disk is full.
  ///   - outcome: takes what became of them, also of those before an error, and of those that the error concerns.
  ///   - recheck: after the candidates have left the root; when it throws, the whole batch is put back.
  /// - Throws: what `recheck`, the ledger or `undone` throws, or ``RootProblem`` when the root is not what it was.
  package func remove(
    _ candidates: [RemovalCandidate], batchSize: Int = 16_384, into outcome: inout RemovalOutcome,
    recheck: Recheck
  ) throws {
    var rest = candidates[...]
    let largest = max(1, batchSize)
    var size = largest
    while let first = rest.first {
      let batch = rest.prefix(size).prefix { $0.area == first.area }
      try root.verify()
      var part = RemovalOutcome()
      do {
        try removeBatch(Array(batch), from: first.area, &part, recheck)
      } catch {
        let isFull = (error as? FileError)?.isFull == true && part.records.isEmpty
        let hasRoom = isFull && SpaceReserve.release(in: trash.number, changes: root.changes)
        guard isFull, hasRoom || size > 1 else {
          outcome.append(part)
          throw error
        }
        // What one entry frees makes room for more.
        size = 1
        // What could not go back to its place is not there to be tried again.
        let lost = part.failed.filter(\.isGone)
        outcome.failed += lost
        let names = Set(lost.map(\.name))
        rest = rest.filter { !names.contains($0.name) || $0.area != first.area }[...]
        continue
      }
      outcome.append(part)
      rest = rest.dropFirst(batch.count)
      size = min(largest, 2 * size)
    }
    SpaceReserve.make(in: trash.number, changes: root.changes)
  }

  /// The same for those who need no outcome when it fails.
  package func remove(
    _ candidates: [RemovalCandidate], batchSize: Int = 16_384, recheck: Recheck
  ) throws -> RemovalOutcome {
    var outcome = RemovalOutcome()
    try remove(candidates, batchSize: batchSize, into: &outcome, recheck: recheck)
    return outcome
  }

  private func removeBatch(
    _ batch: [RemovalCandidate], from area: Area?, _ outcome: inout RemovalOutcome, _ recheck: Recheck
  ) throws {
    guard let source = try root.source(area) else {
      outcome.vanished = batch.map(\.name)
      return
    }
    let slot = RemovalSlot(area: area)
    var moves = try SlotMoves(slot, root: root, trash: trash.number, source: source.number)
    // Whether the last check may have written something down.
    var isWritten = false
    do {
      for candidate in batch { try moves.take(candidate, &outcome) }
      if !moves.taken.isEmpty {
        try moves.synchronize()
        isWritten = true
        let reasons = try recheck(RemovalBatch(id: slot.id, candidates: moves.taken.map(\.candidate)))
        isWritten = moves.taken.contains { reasons[$0.candidate.name] == nil }
        moves.putBack(reasons, &outcome)
      }
    } catch {
      moves.putBackAll(&outcome)
      try? moves.discard(isWritten ? undone : nil)
      throw error
    }
    guard !moves.taken.isEmpty else { return try moves.discard(isWritten ? undone : nil) }
    let taken = moves.taken.map(\.candidate)
    let manifest: RemovalManifest
    do throws(FileError) { manifest = try moves.decide() } catch {
      moves.putBackAll(&outcome)
      try? moves.discard(undone)
      throw error
    }
    // From here on the batch is gone, and what does not work now is done at the next start.
    do {
      try root.changes.synchronize(trash.number, "trash/")
      try finish(slot.asRemoving, manifest, of: taken, &outcome)
    } catch let error as FileError {
      if outcome.records.isEmpty {
        let known = Set(outcome.failed.map(\.name))
        outcome.failed += taken.filter { !known.contains($0.name) }
          .map { RemovalFailure(name: $0.name, error: error, isGone: true) }
      }
      throw error
    }
  }
}
