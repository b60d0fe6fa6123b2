import Caches
import Glibc

extension Remover {
  /// Ends what a process left that died, or could not finish: to be called at every start.
  ///
  /// What had not been decided is put back, what had been is unlinked and told to the ledger, with the sizes of the whole
  /// removal. Whatever else lies in `trash/` is removed too.
  package func finishInterrupted() throws -> RemovalOutcome {
    try root.verify()
    var outcome = RemovalOutcome()
    var others: [RemovalCandidate] = []
    for (name, _) in try names(in: trash.number).sorted(by: { $0.name < $1.name })
    where !Self.isOwn(name) {
      if let slot = RemovalSlot(name) {
        switch slot.state {
        case .leaving: outcome.append(undo(slot))
        case .removing: outcome.append(try finish(slot, names: [:]))
        }
      } else {
        others.append(RemovalCandidate(area: .trash, name: "\(name)", fileNames: [name]))
      }
    }
    try removeManifestsWithoutSlot()
    if !others.isEmpty { outcome.append(try remove(others) { _ in [:] }) }
    return outcome
  }

  /// Whether something in `trash/` is none of what was removed.
  static func isOwn(_ name: FileName) -> Bool {
    name == lockName || name == SpaceReserve.name || isManifest(name)
  }

  private static func isManifest(_ name: FileName) -> Bool {
    name.text?.hasSuffix(RemovalSlot.manifestSuffix) ?? false
  }

  /// A manifest is the last of a removal to go.
  private func removeManifestsWithoutSlot() throws(FileError) {
    let found = try names(in: trash.number).map(\.name)
    let needed = Set(found.compactMap { RemovalSlot($0)?.manifestName })
    for name in found where Self.isManifest(name) && !needed.contains(name) {
      try root.changes.removeFile(name, in: trash.number)
    }
  }

  /// Puts all of a slot back; what cannot be stays there and is a failure.
  private func undo(_ slot: RemovalSlot) -> RemovalOutcome {
    var outcome = RemovalOutcome()
    do throws(FileError) {
      guard let source = try root.source(slot.area) else {
        throw FileError("put back \(slot.name)", ENOENT)
      }
      let directory = try root.openBelow(slot.name, in: trash.number)
      for (group, _) in try names(in: directory.number) {
        let below = try root.openBelow(group, in: directory.number)
        let found = try names(in: below.number).map(\.name)
        let failure = root.putBackNames(of: below.number, to: source.number)
        let left = Set(try names(in: below.number).map(\.name))
        for name in found.sorted() {
          if left.contains(name), let failure {
            outcome.failed.append(RemovalFailure(name: "\(name)", error: failure, isGone: true))
          } else {
            outcome.putBack.append(("\(name)", "interrupted"))
          }
        }
        if left.isEmpty { try root.changes.removeDirectory(group, in: directory.number) }
      }
      guard outcome.failed.isEmpty else { return outcome }
      try root.changes.synchronize(source.number, root.path)
      try root.changes.removeDirectory(slot.name, in: trash.number)
    } catch {
      outcome.failed.append(RemovalFailure(name: "\(slot.name)", error: error, isGone: true))
    }
    return outcome
  }

  /// Unlinks what is in a slot whose removal is decided, and tells the ledger what that has freed in all.
  ///
  /// - Parameter names: the entry that each name belongs to, where it is known.
  func finish(_ slot: RemovalSlot, names entryNames: [FileName: String]) throws -> RemovalOutcome {
    var outcome = RemovalOutcome()
    let directory = try root.openBelow(slot.name, in: trash.number)
    // Without a manifest only what is still there is known.
    let manifest =
      try manifest(of: slot) ?? RemovalManifest(total: try left(in: directory.number), entries: [])
    var isEmpty = true
    for (group, _) in try names(in: directory.number) {
      let below = try root.openBelow(group, in: directory.number)
      for (name, isKnownDirectory) in try names(in: below.number) {
        do throws(FileError) {
          try root.remove(name, in: below.number, isKnownDirectory: isKnownDirectory)
        } catch {
          if error.isMissing { continue }
          isEmpty = false
          outcome.failed.append(
            RemovalFailure(name: entryNames[name] ?? "\(name)", error: error, isGone: true))
        }
      }
      if try names(in: below.number).isEmpty { try root.changes.removeDirectory(group, in: directory.number) }
    }
    let record = manifest.record(id: slot.id, left: isEmpty ? EntrySize() : try left(in: directory.number))
    try ledger(record)
    outcome.records.append(record)
    if isEmpty {
      try root.changes.removeDirectory(slot.name, in: trash.number)
      do throws(FileError) { try root.changes.removeFile(slot.manifestName, in: trash.number) } catch {
        if !error.isMissing { throw error }
      }
    }
    return outcome
  }

  private func manifest(of slot: RemovalSlot) throws(FileError) -> RemovalManifest? {
    do throws(FileError) {
      let file = try Descriptor.file(slot.manifestName, in: trash.number)
      let size = try FileStatus(of: file.number).size
      let bytes = try file.contents(atMost: Int(clamping: size), of: slot.manifestName)
      return RemovalManifest(text: String(decoding: bytes, as: UTF8.self), area: slot.area)
    } catch {
      if error.isMissing { return nil }
      throw error
    }
  }

  /// The size of what lies in a slot, without the slot's own directories.
  private func left(in slot: Int32) throws(FileError) -> EntrySize {
    var measure = TreeMeasure()
    for (group, _) in try names(in: slot) {
      let below = try root.openBelow(group, in: slot)
      measure.addContents(of: below.number, place: root.place)
    }
    return measure.size
  }
}
