import Caches
import Glibc

/// What a root will be like when a call has ended what was interrupted there, told without changing anything: so a dry run
/// plans with what the call itself would find.
package struct Aftermath: Sendable {
  /// What will not go back to its place, as the call will tell it.
  package fileprivate(set) var failed: [RemovalFailure] = []
  /// The ids of the removals that will be undone.
  package fileprivate(set) var undone: [String] = []
  /// What comes free where removals are ended that are decided.
  package fileprivate(set) var freedBytes: Int64 = 0
  /// Whether this account may not look into `trash/`, so that nobody knows.
  package fileprivate(set) var isHidden = false
  /// Names that go to their place.
  fileprivate(set) var arrivals: [Arrival] = []
  /// Names of `incomplete/` that become entries.
  fileprivate(set) var completed: Set<FileName> = []
  /// How many names of a file that has several will be gone.
  fileprivate(set) var goneLinks: [FileStatus.Identity: UInt32] = [:]
  /// Directories of which nothing stays.
  fileprivate(set) var goneDirectories: Set<FileStatus.Identity> = []
  /// Where what is in a directory will be.
  fileprivate(set) var places: [FileStatus.Identity: String] = [:]

  struct Arrival: Sendable {
    /// Nil: the root's own directory.
    let area: Area?
    /// The directories on the way to them, from the root's on.
    let parents: [FileName]
    let names: [FileName]
  }

  /// Where nothing was interrupted.
  package init() {}

  /// Of all of them, what concerns virtual disks.
  package init(disksOf all: some Sequence<Aftermath>) {
    for one in all {
      goneDirectories.formUnion(one.goneDirectories)
      places.merge(one.places) { first, _ in first }
    }
  }
}

extension RootDirectory {
  /// What will be here after ``IncompleteEntry/finishReady(in:node:)`` and ``Remover/finishInterrupted()``.
  ///
  /// - Parameter node: as for the former.
  /// - Throws: ``RootProblem/busy(path:)`` while another process is at what waits; ``FileError``.
  package func aftermath(node: String) throws -> Aftermath {
    var reading = AftermathReading(self)
    try reading.complete(node: node)
    do throws(FileError) {
      switch try interrupted() {
      case .nothing: break
      case .atWork: throw FileError("end a removal", EWOULDBLOCK)
      case .waiting: try reading.endRemovals()
      }
    } catch {
      if error.code == EWOULDBLOCK { throw RootProblem.busy(path: path) }
      // Whoever may not look there cannot remove anything either, and plans with what can be seen.
      guard error.code == EACCES else { throw error }
      reading.aftermath.isHidden = true
    }
    return reading.aftermath
  }

  /// Calls for each name that will arrive in an area, with the directory where it is now.
  ///
  /// - Parameter area: nil: the root's own directory.
  func forEachArrival(
    of aftermath: Aftermath, in area: Area?, _ body: (FileName, Int32) throws(FileError) -> Void
  ) throws(FileError) {
    for arrival in aftermath.arrivals where arrival.area == area {
      let directory = try directory(of: arrival)
      for name in arrival.names { try body(name, directory.number) }
    }
  }

  /// Opens where names are that will arrive elsewhere.
  fileprivate func directory(of arrival: Aftermath.Arrival) throws(FileError) -> Descriptor {
    var directory = try openBelow(arrival.parents[0], in: number)
    for parent in arrival.parents.dropFirst() { directory = try openBelow(parent, in: directory.number) }
    return directory
  }
}

/// Goes the way of those who end what was interrupted, and notes what they would do.
private struct AftermathReading {
  private struct Place: Hashable {
    let area: Area?
    let name: FileName
  }

  private let root: RootDirectory
  private var taken: Set<Place> = []
  var aftermath = Aftermath()

  init(_ root: RootDirectory) { self.root = root }

  private func isFree(_ name: FileName, _ area: Area?, in source: Int32) throws(FileError) -> Bool {
    if taken.contains(Place(area: area, name: name)) { return false }
    if area == .incomplete, aftermath.completed.contains(name) { return true }
    return try FileStatus.ifPresent(name, in: source) == nil
  }

  private mutating func arrive(_ arrival: Aftermath.Arrival) throws(FileError) {
    guard !arrival.names.isEmpty else { return }
    let directory = try root.directory(of: arrival)
    aftermath.arrivals.append(arrival)
    for name in arrival.names { taken.insert(Place(area: arrival.area, name: name)) }
    aftermath.places[try FileStatus(of: directory.number).identity] =
      root.path + (arrival.area.map { "/\($0.rawValue)" } ?? "")
  }

  /// Entries that were ready go to their place, all of one or nothing.
  mutating func complete(node: String) throws(FileError) {
    for entry in try IncompleteEntry.ready(in: root, node: node) {
      var isPossible = true
      for name in entry.names where try !isFree(name, nil, in: root.number) { isPossible = false }
      guard isPossible else { continue }
      try arrive(.init(area: nil, parents: entry.parents, names: entry.names))
      if !entry.hasMore { aftermath.completed.insert(entry.item) }
    }
  }

  mutating func endRemovals() throws(FileError) {
    guard let trash = try root.area(.trash, makes: false) else { return }
    var measure = TreeMeasure()
    var keepsManifest: Set<FileName> = []
    let found = try names(in: trash.number).map(\.name).sorted()
    for name in found {
      guard let slot = RemovalSlot(name), try FileStatus.ifPresent(name, in: trash.number)?.kind == .directory
      else { continue }
      switch slot.state {
      case .leaving:
        let failures = aftermath.failed.count
        try undo(slot, in: trash.number)
        if aftermath.failed.count == failures {
          aftermath.undone.append(slot.id)
        } else {
          keepsManifest.insert(slot.manifestName)
        }
      case .removing:
        let directory = try root.openBelow(name, in: trash.number)
        aftermath.goneDirectories.insert(try FileStatus(of: directory.number).identity)
        measure.add(name, in: trash.number, place: root.place)
      }
    }
    for name in found where Remover.isManifest(name) && !keepsManifest.contains(name) {
      measure.add(name, in: trash.number, place: root.place)
    }
    aftermath.freedBytes = measure.size.freedBytes
    aftermath.goneLinks = measure.linkedNames
  }

  private mutating func undo(_ slot: RemovalSlot, in trash: Int32) throws(FileError) {
    do throws(FileError) {
      guard let source = try root.source(slot.area) else { throw FileError("put back \(slot.name)", ENOENT) }
      let directory = try root.openBelow(slot.name, in: trash)
      for (group, _) in try names(in: directory.number) {
        do throws(FileError) {
          try undo(group, of: slot, in: directory.number, to: source.number)
        } catch {
          if error.code == EACCES { throw error }
          fail("\(slot.name)/\(group)", error, at: "trash/\(slot.name)/\(group)")
        }
      }
    } catch {
      if error.code == EACCES { throw error }
      fail("\(slot.name)", error, at: "trash/\(slot.name)")
    }
  }

  private mutating func undo(
    _ group: FileName, of slot: RemovalSlot, in directory: Int32, to source: Int32
  ) throws(FileError) {
    let below = try root.openBelow(group, in: directory)
    let found = try names(in: below.number).map(\.name).sorted()
    // There may be thousands.
    var free: [FileName] = []
    var held: [(name: FileName, isFree: Bool)] = []
    for name in found {
      if try isFree(name, slot.area, in: source) { free.append(name) } else { held.append((name, false)) }
    }
    let staysWhole = RemovalSlot.isWhole(group) && !held.isEmpty
    if staysWhole { held = (held + free.map { ($0, true) }).sorted { $0.name < $1.name } }
    for (name, isFree) in held {
      let error =
        isFree ? RootDirectory.heldBack(name, EEXIST) : FileError("rename \(name) to \(name)", EEXIST)
      fail("\(name)", error, at: "trash/\(slot.name)/\(group)/\(name)")
    }
    if staysWhole { return }
    let parents = [FileName(Area.trash.rawValue), slot.name, group]
    try arrive(.init(area: slot.area, parents: parents, names: free))
  }

  private mutating func fail(_ name: String, _ error: FileError, at path: String) {
    aftermath.failed.append(RemovalFailure(name: name, error: error, isGone: true, waitingAt: path))
  }
}
