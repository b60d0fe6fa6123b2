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
  package typealias Recheck = ([RemovalCandidate]) throws -> [String: String]

  let root: RootDirectory
  let trash: Descriptor
  private let lock: Descriptor
  let ledger: Ledger

  static let lockName = FileName("lock")

  /// - Throws: ``RootProblem/busy(path:)`` when another process removes entries of this root; ``FileError``.
  package init(_ root: RootDirectory, ledger: @escaping Ledger) throws {
    try root.verify()
    try root.checkWritable()
    self.root = root
    self.ledger = ledger
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
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { throw RootProblem.busy(path: root.path) }
      throw FileError("lock trash/", errno)
    }
    SpaceReserve.make(in: trash.number, changes: root.changes)
  }

  deinit {
    // Closing is not enough: a process that was just started has a copy of the descriptor until it runs its program.
    flock(lock.number, LOCK_UN)
  }

  /// Removes what a plan names, in batches.
  ///
  /// - Parameters:
  ///   - candidates: whose conditions the caller has checked.
  ///   - batchSize: so many share the waits for the disk and one call of `recheck`.
  ///   - recheck: after the candidates have left the root; when it throws, the whole batch is put back.
  /// - Throws: what `recheck` or the ledger throws, or ``RootProblem`` when the root is not what it was. What was done
  ///   before is in the ledger.
  package func remove(
    _ candidates: [RemovalCandidate], batchSize: Int = 16_384, recheck: Recheck
  ) throws -> RemovalOutcome {
    var outcome = RemovalOutcome()
    var rest = candidates[...]
    var size = max(1, batchSize)
    while let first = rest.first {
      let batch = rest.prefix(size).prefix { $0.area == first.area }
      try root.verify()
      do {
        outcome.append(try removeBatch(Array(batch), from: first.area, recheck))
      } catch let error as FileError
        where error.isFull && SpaceReserve.release(in: trash.number, changes: root.changes)
      {
        // What this batch frees makes room for the next.
        size = min(size, SpaceReserve.batchSize)
        continue
      }
      rest = rest.dropFirst(batch.count)
    }
    SpaceReserve.make(in: trash.number, changes: root.changes)
    return outcome
  }

  func removeBatch(
    _ batch: [RemovalCandidate], from area: Area?, _ recheck: Recheck
  ) throws -> RemovalOutcome {
    var outcome = RemovalOutcome()
    guard let source = try root.source(area) else {
      outcome.vanished = batch.map(\.name)
      return outcome
    }
    let slot = RemovalSlot(area: area)
    var moves = try SlotMoves(slot, root: root, trash: trash.number, source: source.number)
    do {
      for candidate in batch { try moves.take(candidate, &outcome) }
      if !moves.taken.isEmpty {
        try moves.synchronize()
        let reasons = try recheck(moves.taken.map(\.candidate))
        moves.putBack(reasons, &outcome)
      }
    } catch {
      moves.putBackAll(&outcome)
      throw error
    }
    guard !moves.taken.isEmpty else {
      moves.discard()
      return outcome
    }
    let taken = moves.taken
    let manifest: RemovalManifest
    do throws(FileError) { manifest = try moves.decide() } catch {
      moves.putBackAll(&outcome)
      throw error
    }
    // From here on the batch is gone, and what does not work now is done at the next start.
    try root.changes.synchronize(trash.number, "trash/")
    outcome.append(try finish(slot.asRemoving, manifest, of: taken.map(\.candidate)))
    return outcome
  }
}
