import Caches
import Glibc

extension Remover {
  /// Ends what a process left that died, or could not finish: to be called at every start.
  ///
  /// What had not been decided is put back, and told as undone before its slot goes. What had been is unlinked and told to the ledger, with the sizes of the whole
  /// removal. Whatever else lies in `trash/` is somebody else's, and stays.
  ///
  /// One that cannot be worked on is a failure and does not stop the others.
  ///
  /// - Throws: what the ledger or `undone` throws; ``RootProblem``; ``FileError`` when `trash/` itself cannot be read.
  package func finishInterrupted() throws -> RemovalOutcome {
    try root.verify()
    var outcome = RemovalOutcome()
    for (name, _) in try names(in: trash.number).sorted(by: { $0.name < $1.name })
    where !Self.isOwn(name) {
      if let slot = RemovalSlot(name), try FileStatus.ifPresent(name, in: trash.number)?.kind == .directory {
        do {
          switch slot.state {
          case .leaving: try undo(slot, &outcome)
          case .removing: try finish(slot, try manifest(of: slot), of: [], &outcome)
          }
        } catch let error as FileError {
          let waitingAt = slot.state == .leaving ? "trash/\(name)" : nil
          outcome.failed.append(
            RemovalFailure(name: "\(name)", error: error, isGone: true, waitingAt: waitingAt))
        }
      }
    }
    try removeManifestsWithoutSlot(&outcome)
    return outcome
  }

  /// Whether anything of a removal waits in `trash/` that could not be ended.
  package func hasUnfinished() throws(FileError) -> Bool {
    try Self.hasUnfinished(in: trash.number)
  }

  static func hasUnfinished(in trash: Int32) throws(FileError) -> Bool {
    try names(in: trash).contains { RemovalSlot($0.name) != nil || isManifest($0.name) }
  }

  /// Notes of what could not be put back where it waits: to be called when a removal is over.
  ///
  /// - Parameter candidates: of the removal.
  package func noteWaiting(_ candidates: [RemovalCandidate], in outcome: inout RemovalOutcome) {
    guard outcome.failed.contains(where: \.isGone), let waiting = try? waiting(), !waiting.isEmpty else {
      return
    }
    var places: [String: String] = [:]
    for candidate in candidates {
      places[candidate.name] = candidate.fileNames.lazy.compactMap { waiting[$0] }.first
    }
    for (index, failure) in outcome.failed.enumerated() where failure.isGone && failure.waitingAt == nil {
      outcome.failed[index].waitingAt = places[failure.name]
    }
  }

  /// Where names wait whose removal is not decided.
  private func waiting() throws(FileError) -> [FileName: String] {
    var places: [FileName: String] = [:]
    for (name, _) in try names(in: trash.number) where RemovalSlot(name)?.state == .leaving {
      let slot = try root.openBelow(name, in: trash.number)
      for (group, _) in try names(in: slot.number) {
        let below = try root.openBelow(group, in: slot.number)
        for (file, _) in try names(in: below.number) { places[file] = "trash/\(name)/\(group)/\(file)" }
      }
    }
    return places
  }

  /// Whether something in `trash/` is none of what was removed.
  static func isOwn(_ name: FileName) -> Bool {
    name == lockName || SpaceReserve.names.contains(name) || isManifest(name)
  }

  static func isManifest(_ name: FileName) -> Bool {
    name.text?.hasSuffix(RemovalSlot.manifestSuffix) ?? false
  }

  /// A manifest is the last of a removal to go.
  private func removeManifestsWithoutSlot(_ outcome: inout RemovalOutcome) throws(FileError) {
    let found = try names(in: trash.number).map(\.name)
    let needed = Set(found.compactMap { RemovalSlot($0)?.manifestName })
    for name in found where Self.isManifest(name) && !needed.contains(name) {
      do throws(FileError) { try root.remove(name, in: trash.number) } catch {
        outcome.failed.append(RemovalFailure(name: "\(name)", error: error, isGone: true))
      }
    }
  }

  /// Puts all of a slot back; what cannot be stays there and is a failure.
  private func undo(_ slot: RemovalSlot, _ outcome: inout RemovalOutcome) throws {
    let failures = outcome.failed.count
    do {
      guard let source = try root.source(slot.area) else {
        throw FileError("put back \(slot.name)", ENOENT)
      }
      let directory = try root.openBelow(slot.name, in: trash.number)
      for (group, _) in try names(in: directory.number) {
        do throws(FileError) {
          try undo(group, of: slot, in: directory.number, to: source.number, &outcome)
        } catch {
          outcome.failed.append(
            RemovalFailure(
              name: "\(slot.name)/\(group)", error: error, isGone: true,
              waitingAt: "trash/\(slot.name)/\(group)"))
        }
      }
      try root.changes.synchronize(source.number, root.path)
      guard outcome.failed.count == failures else { return }
      try undone(slot.id)
      try root.changes.removeDirectory(slot.name, in: trash.number)
    } catch let error as FileError {
      outcome.failed.append(
        RemovalFailure(
          name: "\(slot.name)", error: error, isGone: true, waitingAt: "trash/\(slot.name)"))
    }
  }

  private func undo(
    _ group: FileName, of slot: RemovalSlot, in directory: Int32, to source: Int32,
    _ outcome: inout RemovalOutcome
  ) throws(FileError) {
    let below = try root.openBelow(group, in: directory)
    let found = try names(in: below.number).map(\.name).sorted()
    var failures: [FileName: FileError] = [:]
    if RemovalSlot.isWhole(group) {
      if let failure = root.putBackNames(of: below.number, to: source, isAllOrNone: true) {
        for (name, _) in try names(in: below.number) {
          failures[name] = try error(of: name, goingTo: source, with: failure)
        }
      }
    } else {
      for name in found {
        do throws(FileError) {
          try root.changes.rename(name, in: below.number, to: name, in: source)
        } catch { if !error.isMissing { failures[name] = error } }
      }
    }
    for name in found {
      if let error = failures[name] {
        outcome.failed.append(
          RemovalFailure(
            name: "\(name)", error: error, isGone: true,
            waitingAt: "trash/\(slot.name)/\(group)/\(name)"))
      } else {
        outcome.putBack.append(("\(name)", "interrupted"))
      }
    }
    if failures.isEmpty { try root.changes.removeDirectory(group, in: directory) }
  }

  /// Why one of several files of an image stays, of which another's failure holds all back.
  private func error(
    of name: FileName, goingTo source: Int32, with failure: FileError
  ) throws(FileError) -> FileError {
    if failure.code == EEXIST, try FileStatus.ifPresent(name, in: source) != nil {
      return FileError("rename \(name) to \(name)", EEXIST)
    }
    return RootDirectory.heldBack(name, failure.code)
  }

  /// Unlinks what is in a slot whose removal is decided, and tells the ledger what that has freed in all.
  ///
  /// - Parameters:
  ///   - manifest: without one only what is still there is known.
  ///   - candidates: what is in the slot, where that is known.
  func finish(
    _ slot: RemovalSlot, _ manifest: RemovalManifest?, of candidates: [RemovalCandidate],
    _ outcome: inout RemovalOutcome
  ) throws {
    let directory = try root.openBelow(slot.name, in: trash.number)
    let manifest = try manifest ?? RemovalManifest(total: try left(in: directory.number), entries: [])
    var failures: [(name: FileName, error: FileError)] = []
    for (group, _) in try names(in: directory.number) {
      do throws(FileError) {
        failures += try emptyGroup(group, in: directory.number)
      } catch {
        failures.append((group, error))
      }
    }
    if !failures.isEmpty {
      let owners = Dictionary(
        candidates.flatMap { one in one.fileNames.map { ($0, one.name) } },
        uniquingKeysWith: { first, _ in first })
      outcome.failed += failures.map {
        RemovalFailure(name: owners[$0.name] ?? "\($0.name)", error: $0.error, isGone: true)
      }
    }
    // Nothing is told as long as it cannot be measured what is left; the manifest stays.
    let left = failures.isEmpty ? EntrySize() : try? left(in: directory.number)
    guard let left else { return }
    let record = manifest.record(id: slot.id, left: left)
    outcome.records.append(record)
    try ledger(record)
    if failures.isEmpty {
      try root.changes.removeDirectory(slot.name, in: trash.number)
      do throws(FileError) { try root.changes.removeFile(slot.manifestName, in: trash.number) } catch {
        if !error.isMissing { throw error }
      }
    }
  }

  /// Unlinks what is in a group, and the group when nothing is left.
  ///
  /// - Returns: the names that stayed, and why.
  private func emptyGroup(
    _ group: FileName, in slot: Int32
  ) throws(FileError) -> [(name: FileName, error: FileError)] {
    var failures: [(name: FileName, error: FileError)] = []
    let below = try root.openBelow(group, in: slot)
    for (name, isKnownDirectory) in try names(in: below.number, isFresh: true) {
      do throws(FileError) {
        try root.remove(name, in: below.number, isKnownDirectory: isKnownDirectory)
      } catch {
        if !error.isMissing { failures.append((name, error)) }
      }
    }
    if failures.isEmpty { try root.changes.removeDirectory(group, in: slot) }
    return failures
  }

  private func manifest(of slot: RemovalSlot) throws(FileError) -> RemovalManifest? {
    do throws(FileError) {
      let file = try Descriptor.file(slot.manifestName, in: trash.number)
      let size = try FileStatus(of: file.number).size
      let bytes = try file.contents(atMost: Int(clamping: size), of: slot.manifestName)
      return RemovalManifest(bytes, area: slot.area)
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
      measure.addContents(of: below.number, isFresh: true, place: root.place)
    }
    if measure.obstacle == .unreadable { throw FileError("measure what is left", EACCES) }
    return measure.size
  }
}

extension RootDirectory {
  /// Why one of several files of an image stays that could go back itself.
  static func heldBack(_ name: FileName, _ code: Int32) -> FileError {
    FileError("put back \(name) together with the others of its image", code)
  }

  /// What waits in `trash/` of removals.
  package enum Interrupted {
    case nothing
    /// A process works on it.
    case atWork
    /// Nobody does.
    case waiting
  }

  /// Looks whether an interrupted removal waits; changes nothing.
  ///
  /// Only where something waits, the lock is tried, shared and for a moment.
  package func interrupted() throws(FileError) -> Interrupted {
    guard let trash = try area(.trash, makes: false), try Remover.hasUnfinished(in: trash.number) else {
      return .nothing
    }
    guard try FileStatus.ifPresent(Remover.lockName, in: trash.number) != nil else { return .waiting }
    let lock = try Descriptor.file(Remover.lockName, in: trash.number)
    guard flock(lock.number, LOCK_SH | LOCK_NB) == 0 else {
      if errno == EWOULDBLOCK { return .atWork }
      throw FileError("try the lock of trash/", errno)
    }
    flock(lock.number, LOCK_UN)
    // Who had the lock until just now may have ended it.
    return try Remover.hasUnfinished(in: trash.number) ? .waiting : .nothing
  }
}
