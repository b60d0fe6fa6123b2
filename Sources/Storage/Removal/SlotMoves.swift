import Caches
import Glibc

/// Moves entries between their directory and a slot of `trash/`.
struct SlotMoves: ~Copyable {
  struct Taken {
    let candidate: RemovalCandidate
    /// The number of its group in the slot, where it has one for itself; nil for one name among the others.
    let group: Int?
  }

  /// What is in the slot, in the order in which it came.
  private(set) var taken: [Taken] = []
  private let slot: RemovalSlot
  private let root: RootDirectory
  private let trash: Int32
  private let source: Int32
  private let directory: Descriptor
  /// How many entries had a group for themselves.
  private var groups = 0
  /// The directory that takes entries of one name.
  private let single: Descriptor
  /// Groups that could not be emptied, by their names in the slot: they must not be unlinked with the others.
  private var stuckGroups: [FileName] = []

  init(_ slot: RemovalSlot, root: RootDirectory, trash: Int32, source: Int32) throws(FileError) {
    try root.changes.makeDirectory(slot.name, in: trash, mode: 0o700)
    let directory = try Descriptor.directory(slot.name, in: trash)
    do throws(FileError) {
      try root.changes.makeDirectory(RemovalSlot.singleName, in: directory.number, mode: 0o700)
      single = try Descriptor.directory(RemovalSlot.singleName, in: directory.number)
    } catch {
      try? root.changes.removeDirectory(slot.name, in: trash)
      throw error
    }
    self.directory = directory
    self.slot = slot
    self.root = root
    self.trash = trash
    self.source = source
  }

  /// Renames all names of a candidate into the slot, or none.
  ///
  /// - Throws: when the disk is full; other failures are the candidate's own.
  mutating func take(_ candidate: RemovalCandidate, _ outcome: inout RemovalOutcome) throws(FileError) {
    do throws(FileError) {
      let names = candidate.fileNames
      let isSingle = names.count == 1
      if isSingle ? try take(names[0], to: single.number) : try takeWhole(names) {
        taken.append(Taken(candidate: candidate, group: isSingle ? nil : groups - 1))
      } else {
        outcome.vanished.append(candidate.name)
      }
    } catch {
      if error.isFull { throw error }
      outcome.failed.append(RemovalFailure(name: candidate.name, error: error, isGone: false))
    }
  }

  private func take(_ name: FileName, to target: Int32) throws(FileError) -> Bool {
    do throws(FileError) {
      try root.changes.rename(name, in: source, to: name, in: target)
      return true
    } catch {
      if error.isMissing { return false }
      throw error
    }
  }

  private mutating func takeWhole(_ names: [FileName]) throws(FileError) -> Bool {
    let number = groups
    groups += 1
    let part = RemovalSlot.partName(number)
    try root.changes.makeDirectory(part, in: directory.number, mode: 0o700)
    let target = try Descriptor.directory(part, in: directory.number)
    do throws(FileError) {
      var isThere = false
      for name in names where try take(name, to: target.number) { isThere = true }
      guard isThere else {
        try root.changes.removeDirectory(part, in: directory.number)
        return false
      }
      let whole = RemovalSlot.wholeName(number)
      try root.changes.rename(part, in: directory.number, to: whole, in: directory.number)
      return true
    } catch {
      // Half of an entry must not stay anywhere.
      if root.putBackNames(of: target.number, to: source) == nil {
        try? root.changes.removeDirectory(part, in: directory.number)
      } else {
        stuckGroups.append(part)
      }
      throw error
    }
  }

  /// Brings the moves to the disk: a half unlinked entry must not come back to its place after a power failure.
  ///
  /// A rename is one transaction of the file system: with the directory that a name left, the one that has it is there.
  func synchronize() throws(FileError) {
    try root.changes.synchronize(directory.number, "trash/")
    try root.changes.synchronize(source, root.path)
    try root.changes.synchronize(trash, "trash/")
  }

  /// Renames those named back to their place.
  ///
  /// One whose name is taken meanwhile waits in a slot of its own in `trash/`, to be put back at a later start.
  mutating func putBack(_ reasons: [String: String], _ outcome: inout RemovalOutcome) {
    var staying: [Taken] = []
    var stuck: [Taken] = []
    for one in taken {
      guard let reason = reasons[one.candidate.name] else {
        staying.append(one)
        continue
      }
      if putBack(one, reason, &outcome) { continue }
      stuck.append(one)
    }
    taken = staying
    guard !stuck.isEmpty || !stuckGroups.isEmpty else { return }
    do throws(FileError) { try setAside(stuck) } catch {
      // Then the slot must stay as it is, and nothing of it be unlinked.
      returnRest(&outcome, reason: "batch_held")
    }
  }

  /// Moves what could not be put back to another slot, which stays when this one is unlinked.
  private mutating func setAside(_ stuck: [Taken]) throws(FileError) {
    let changes = root.changes
    let aside = RemovalSlot(area: slot.area)
    try changes.makeDirectory(aside.name, in: trash, mode: 0o700)
    let target = try Descriptor.directory(aside.name, in: trash)
    let singles = stuck.filter { $0.group == nil }
    if !singles.isEmpty {
      try changes.makeDirectory(RemovalSlot.singleName, in: target.number, mode: 0o700)
      let to = try Descriptor.directory(RemovalSlot.singleName, in: target.number)
      for one in singles {
        let name = one.candidate.fileNames[0]
        try changes.rename(name, in: single.number, to: name, in: to.number)
      }
    }
    for group in stuckGroups {
      try changes.rename(group, in: directory.number, to: group, in: target.number)
    }
    try changes.synchronize(target.number, "trash/")
    try changes.synchronize(trash, "trash/")
    stuckGroups = []
  }

  /// Renames everything back.
  mutating func putBackAll(_ outcome: inout RemovalOutcome) {
    returnRest(&outcome, reason: "interrupted")
  }

  private mutating func returnRest(_ outcome: inout RemovalOutcome, reason: String) {
    for one in taken { _ = putBack(one, reason, &outcome) }
    taken = []
  }

  /// - Returns: whether it is back; otherwise the failure is in the outcome.
  private mutating func putBack(
    _ one: Taken, _ reason: String, _ outcome: inout RemovalOutcome
  ) -> Bool {
    do throws(FileError) {
      if let group = one.group {
        try putBackWhole(group)
      } else {
        let name = one.candidate.fileNames[0]
        try root.changes.rename(name, in: single.number, to: name, in: source)
      }
      outcome.putBack.append((one.candidate.name, reason))
      return true
    } catch {
      outcome.failed.append(RemovalFailure(name: one.candidate.name, error: error, isGone: true))
      return false
    }
  }

  private mutating func putBackWhole(_ number: Int) throws(FileError) {
    let changes = root.changes
    let part = RemovalSlot.partName(number)
    let whole = RemovalSlot.wholeName(number)
    do throws(FileError) {
      try changes.rename(whole, in: directory.number, to: part, in: directory.number)
    } catch {
      stuckGroups.append(whole)
      throw error
    }
    do throws(FileError) {
      let target = try Descriptor.directory(part, in: directory.number)
      if let failure = root.putBackNames(of: target.number, to: source, isAllOrNone: true) { throw failure }
      try changes.removeDirectory(part, in: directory.number)
    } catch {
      let isWhole =
        (try? changes.rename(part, in: directory.number, to: whole, in: directory.number)) != nil
      stuckGroups.append(isWhole ? whole : part)
      throw error
    }
  }

  /// Removes the slot if it is empty; a later start-up does what does not work now.
  ///
  /// - Parameter undone: told before, when everything is back for good: as long as there is a slot, the next start tells it.
  /// - Throws: what that throws; ``FileError``. The slot stays.
  func discard(_ undone: Remover.Undone?) throws {
    try? root.changes.removeDirectory(RemovalSlot.singleName, in: directory.number)
    if let undone {
      guard try names(in: directory.number).isEmpty else { return }
      try root.changes.synchronize(source, root.path)
      try undone(slot.id)
    }
    try? root.changes.removeDirectory(slot.name, in: trash)
  }

  /// Writes the sizes down and makes the removal final.
  ///
  /// - Throws: when it is not; then everything can still be put back.
  func decide() throws(FileError) -> RemovalManifest {
    let manifest = try measured()
    let file = try root.changes.createFile(slot.manifestName, in: trash, mode: 0o600)
    do throws(FileError) {
      try root.changes.write(manifest.bytes, to: file.number, slot.manifestName)
      try root.changes.synchronize(file.number, "\(slot.manifestName)")
      try root.changes.rename(slot.name, in: trash, to: slot.asRemoving.name, in: trash)
    } catch {
      try? root.changes.removeFile(slot.manifestName, in: trash)
      throw error
    }
    return manifest
  }

  private func measured() throws(FileError) -> RemovalManifest {
    var total = TreeMeasure()
    var entries: [RemovalRecord.Entry] = []
    entries.reserveCapacity(taken.count)
    for one in taken {
      var own = TreeMeasure()
      if let group = one.group {
        let parent = try Descriptor.directory(RemovalSlot.wholeName(group), in: directory.number)
        own.addContents(of: parent.number, isFresh: true, place: root.place)
      } else {
        own.add(one.candidate.fileNames[0], in: single.number, place: root.place)
      }
      total.add(own)
      entries.append(
        RemovalRecord.Entry(name: one.candidate.name, area: one.candidate.area, size: own.size))
    }
    return RemovalManifest(total: total.size, entries: entries)
  }
}
