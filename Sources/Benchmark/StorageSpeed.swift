import ArgumentParser
import Caches
import Foundation
import Storage

/// Times the reading and the pruning of a root against bare loops of the same system calls.
struct StorageSpeed: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storage",
    abstract:
      "Times the scan and the prune of a root, each against a bare loop of the same system calls, in turn.")

  @Option(help: "Entries of the scan; a prune has a tenth of them, and all of them go.")
  var entries = 100_000

  @Option(help: "Rounds; each times everything.")
  var rounds = 5

  @Option(help: "An existing folder on the file system to measure; a root is made in it and removed.")
  var folder: String?

  /// Set for the processes that this one starts to measure their memory.
  @Option(help: .hidden)
  var memoryOf: StorageMemory?

  func validate() throws {
    guard entries >= 100, entries <= 10_000_000 else { throw ValidationError("--entries is 100 to 10000000") }
    guard rounds >= 1 else { throw ValidationError("--rounds is at least 1") }
  }

  func run() throws {
    if let memoryOf, let folder {
      return print(try memoryOf.bytes(root: folder, entries: entries))
    }
    print("\(entries) entries, \(rounds) rounds in turn, times in microseconds an entry")
    // Each with a site of its own: a directory keeps the depth of its index when it is emptied, and every call in it
    // takes longer from then on.
    for part in [scan, prune, pruneCommand, memory] {
      let site = try StorageSite(in: folder)
      defer { site.remove() }
      try part(site)
    }
  }

  private func scan(_ site: StorageSite) throws {
    try site.fill(site.path, 2 * entries)
    let twice = try StorageSite.openRoot(site)
    let allNames = KnownNames(StorageSite.names(2 * entries))
    _ = try RootScan(twice, layout: .kvm, known: allNames)
    let doubled = try (0..<rounds).map { _ in
      try StopWatch.time { _ = try RootScan(twice, layout: .kvm, known: allNames) }
    }
    try site.empty(site.path, from: entries, to: 2 * entries)

    let known = KnownNames(StorageSite.names(entries))
    let root = try StorageSite.openRoot(site)
    var mine: [StopWatch.Times] = []
    var bare: [StopWatch.Times] = []
    for _ in 0..<rounds {
      bare.append(try StopWatch.time { try site.bareScan(site.path) })
      mine.append(try StopWatch.time { _ = try RootScan(root, layout: .kvm, known: known) })
    }
    let seconds = Measured.median(mine.map(\.wall))
    show("bare loop: readdir, stat", bare, entries)
    show("scan", mine, entries)
    line("scan of all", String(format: "%.2f s", seconds), "below 0.5 s for 100000")
    ratio("scan to bare loop", mine, bare, "")
    let growth = Measured.median(doubled.map(\.processor)) / Measured.median(mine.map(\.processor))
    line("twice the entries", String(format: "%.2f times the processor time", growth), "about 2")
    try site.empty(site.path, from: 0, to: entries)
  }

  private func prune(_ site: StorageSite) throws {
    let count = entries / 10
    let known = KnownNames(StorageSite.names(count))
    let root = try StorageSite.openRoot(site)
    var mine: [StopWatch.Times] = []
    var unlinks: [StopWatch.Times] = []
    var moves: [StopWatch.Times] = []
    var removals: [StopWatch.Times] = []
    for _ in 0..<rounds {
      let bare = try site.folder("bare")
      try site.fill(bare, count)
      unlinks.append(try site.bareUnlink(bare))
      try site.fill(bare, count)
      moves.append(try site.bareMoveAndUnlink(bare, to: try site.folder("target")))
      try site.fill(bare, count)
      removals.append(try site.bareMoveAndUnlink(bare, to: try site.folder("target"), isSafe: true))
      try site.fill(site.path, count)
      let scanned = try RootScan(root, layout: .kvm, known: known).entries
      mine.append(
        try StopWatch.time {
          // Empty files are within any limit but one below nothing.
          let plan = PrunePlan(entries: scanned.lazy.map(\.entry), limitBytes: -1)
          let byName = Dictionary(uniqueKeysWithValues: scanned.map { ($0.entry.name, $0) })
          let candidates = plan.removals.compactMap { byName[$0.name].map { RemovalCandidate($0) } }
          let outcome = try Remover(root, ledger: { _ in }).remove(candidates) { _ in [:] }
          guard outcome.total.files == count else {
            throw Measured.Failed(description: "removed \(outcome.total.files) of \(count) files")
          }
        })
    }
    print("prune of \(count) empty entries")
    show("bare loop: unlink", unlinks, count)
    show("bare loop: rename, unlink", moves, count)
    show("and fsync, stat", removals, count)
    show("plan and remove", mine, count)
    ratio("prune to the same calls", mine, removals, "at most 1.5")
    ratio("prune to unlink", mine, unlinks, "")
    ratio("rename, unlink to unlink", moves, unlinks, "")
  }

  private func pruneCommand(_ site: StorageSite) throws {
    let command = try StorageCommand(revisions: entries / 10 * 4 / 3, in: site.path + "-of-command")
    defer { command.remove() }
    let times = try (0..<rounds).map { _ in try command.measured() }
    let count = Double(entries / 10)
    line(
      "cache prune, whole command",
      String(format: "%.2f", Measured.median(times.map(\.all)) / count * 1e6), "")
    line(
      "with nothing to do", String(format: "%.2f", Measured.median(times.map(\.nothing)) / count * 1e6), "")
  }

  private func memory(_ site: StorageSite) throws {
    try site.fill(site.path, entries)
    for (kind, wanted) in [(StorageMemory.scan, "about 100"), (.plan, "")] {
      let bytes = try kind.measured(root: site.path, entries: entries)
      line("peak memory, \(kind.shown)", "\(bytes) bytes an entry", wanted)
    }
  }

  private func show(_ name: String, _ times: [StopWatch.Times], _ count: Int) {
    let wall = Measured.median(times.map(\.wall)) / Double(count) * 1e6
    let processor = Measured.median(times.map(\.processor)) / Double(count) * 1e6
    line(name, String(format: "%.2f, processor %.2f", wall, processor), "")
  }

  private func ratio(
    _ name: String, _ mine: [StopWatch.Times], _ reference: [StopWatch.Times], _ wanted: String
  ) {
    let wall = Measured.median(zip(mine, reference).map { $0.wall / $1.wall })
    let processor = Measured.median(zip(mine, reference).map { $0.processor / $1.processor })
    line(name, String(format: "%.2f, of processor time %.2f", wall, processor), wanted)
  }

  private func line(_ name: String, _ value: String, _ wanted: String) {
    let padded = name.padding(toLength: 34, withPad: " ", startingAt: 0)
    print("  \(padded)\(value)\(wanted.isEmpty ? "" : "  (wanted: \(wanted))")")
    // A long measurement is read while it goes on.
    fflush(nil)
  }
}
