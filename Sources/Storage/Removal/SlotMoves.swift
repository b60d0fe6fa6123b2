import Caches
import Glibc

/// Moves entries between their directory and a slot of `trash/`.
struct SlotMoves: ~Copyable {
  struct Taken {
    let candidate: RemovalCandidate
    /// Nil in `single/`.
    let number: Int?
  }

  /// What is in the slot, in the order in which it came.
  private(set) var taken: [Taken] = []
  private let slot: RemovalSlot
  private let root: RootDirectory
  private let trash: Int32
  private let source: Int32
  private let directory: Descriptor
  private let single: Descriptor
  private var count = 0
  /// Entries that could not be put back hold the whole slot.
  private var isStuck = false

  init(_ slot: RemovalSlot, root: RootDirectory, trash: Int32, source: Int32) throws(FileError) {
    try root.changes.makeDirectory(slot.name, in: trash, mode: 0o700)
    let directory = try Descriptor.directory(slot.name, in: trash)
    do throws(FileError) {
      try root.changes.makeDirectory(RemovalSlot.single, in: directory.number, mode: 0o700)
    } catch {
      try? root.changes.removeDirectory(slot.name, in: trash)
      throw error
    }
    let single = try Descriptor.directory(RemovalSlot.single, in: directory.number)
    self.directory = directory
    self.single = single
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
      let isThere: Bool
      if candidate.fileNames.count == 1 {
        isThere = try takeName(candidate.fileNames[0], to: single.number)
        if isThere { taken.append(Taken(candidate: candidate, number: nil)) }
      } else {
        isThere = try takeNames(candidate)
      }
      if !isThere { outcome.vanished.append(candidate.name) }
    } catch {
      if error.isFull { throw error }
      outcome.failed.append(RemovalFailure(name: candidate.name, error: error, isGone: false))
    }
  }

  private func takeName(_ name: FileName, to target: Int32) throws(FileError) -> Bool {
    do throws(FileError) {
      try root.changes.rename(name, in: source, to: name, in: target)
      return true
    } catch {
      if error.isMissing { return false }
      throw error
    }
  }

  private mutating func takeNames(_ candidate: RemovalCandidate) throws(FileError) -> Bool {
    let number = count
    count += 1
    let part = RemovalSlot.partName(number)
    try root.changes.makeDirectory(part, in: directory.number, mode: 0o700)
    let target = try Descriptor.directory(part, in: directory.number)
    do throws(FileError) {
      var isThere = false
      for name in candidate.fileNames where try takeName(name, to: target.number) { isThere = true }
      guard isThere else {
        try root.changes.removeDirectory(part, in: directory.number)
        return false
      }
      let whole = RemovalSlot.wholeName(number)
      try root.changes.rename(part, in: directory.number, to: whole, in: directory.number)
    } catch {
      // Half of an entry must not stay anywhere.
      if root.putBackNames(of: target.number, to: source) == nil {
        try? root.changes.removeDirectory(part, in: directory.number)
      } else {
        isStuck = true
      }
      throw error
    }
    taken.append(Taken(candidate: candidate, number: number))
    return true
  }

  /// Brings the moves to the disk: a half unlinked entry must not come back to its place after a power failure.
  func synchronize() throws(FileError) {
    try root.changes.synchronize(single.number, "trash/")
    try root.changes.synchronize(directory.number, "trash/")
    try root.changes.synchronize(source, root.path)
    try root.changes.synchronize(trash, "trash/")
  }

  /// Renames those named back to their place. One whose name is taken meanwhile stays in `trash/`, and with it the batch.
  mutating func putBack(_ reasons: [String: String], _ outcome: inout RemovalOutcome) {
    var staying: [Taken] = []
    for one in taken {
      guard let reason = reasons[one.candidate.name] else {
        staying.append(one)
        continue
      }
      do throws(FileError) {
        try putBack(one)
        outcome.putBack.append((one.candidate.name, reason))
      } catch {
        isStuck = true
        outcome.failed.append(RemovalFailure(name: one.candidate.name, error: error, isGone: true))
      }
    }
    taken = staying
    if isStuck { returnRest(&outcome, reason: "batch_held") }
  }

  /// Renames everything back, and removes the slot if that worked.
  mutating func putBackAll(_ outcome: inout RemovalOutcome) {
    returnRest(&outcome, reason: "interrupted")
    discard()
  }

  private mutating func returnRest(_ outcome: inout RemovalOutcome, reason: String) {
    for one in taken {
      do throws(FileError) {
        try putBack(one)
        outcome.putBack.append((one.candidate.name, reason))
      } catch {
        isStuck = true
        outcome.failed.append(RemovalFailure(name: one.candidate.name, error: error, isGone: true))
      }
    }
    taken = []
  }

  private func putBack(_ one: Taken) throws(FileError) {
    guard let number = one.number else {
      let name = one.candidate.fileNames[0]
      return try root.changes.rename(name, in: single.number, to: name, in: source)
    }
    let part = RemovalSlot.partName(number)
    let whole = RemovalSlot.wholeName(number)
    try root.changes.rename(whole, in: directory.number, to: part, in: directory.number)
    let target = try Descriptor.directory(part, in: directory.number)
    if let failure = root.putBackNames(of: target.number, to: source) { throw failure }
    try root.changes.removeDirectory(part, in: directory.number)
  }

  /// Removes the empty slot; a later start-up does what does not work now.
  func discard() {
    try? root.changes.removeDirectory(RemovalSlot.single, in: directory.number)
    try? root.changes.removeDirectory(slot.name, in: trash)
  }

  /// The entry that each name in the slot belongs to.
  var names: [FileName: String] {
    Dictionary(
      taken.flatMap { one in one.candidate.fileNames.map { ($0, one.candidate.name) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Writes the sizes down and makes the removal final.
  ///
  /// - Throws: when it is not; then everything can still be put back.
  func decide() throws(FileError) {
    var total = TreeMeasure()
    var entries: [RemovalRecord.Entry] = []
    for one in taken {
      let own = try measure(one)
      total.add(own)
      entries.append(
        RemovalRecord.Entry(name: one.candidate.name, area: one.candidate.area, size: own.size))
    }
    let manifest = RemovalManifest(total: total.size, entries: entries)
    let file = try root.changes.createFile(slot.manifestName, in: trash, mode: 0o600)
    do throws(FileError) {
      try root.changes.write(manifest.text, to: file.number, slot.manifestName)
      try root.changes.synchronize(file.number, "\(slot.manifestName)")
      try root.changes.rename(slot.name, in: trash, to: slot.asRemoving.name, in: trash)
    } catch {
      try? root.changes.removeFile(slot.manifestName, in: trash)
      throw error
    }
  }

  private func measure(_ one: Taken) throws(FileError) -> TreeMeasure {
    var measure = TreeMeasure()
    if let number = one.number {
      let parent = try Descriptor.directory(RemovalSlot.wholeName(number), in: directory.number)
      measure.addContents(of: parent.number, place: root.place)
    } else {
      measure.add(one.candidate.fileNames[0], in: single.number, place: root.place)
    }
    return measure
  }
}
