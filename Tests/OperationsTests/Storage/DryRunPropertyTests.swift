import Campus
import Caches
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Operations

@Suite("A dry run after a removal that was killed anywhere")
struct DryRunPropertyTests {
  /// Lets so many changes be made, and none after.
  private final class Limit: Sendable {
    private let left: Mutex<Int>
    init(_ changes: Int) { left = Mutex(changes) }

    var changes: Storage.Changes {
      Storage.Changes(before: { (_) throws(FileError) in
        let isOver = self.left.withLock {
          $0 -= 1
          return $0 < 0
        }
        if isOver { throw FileError("go on after the end", EIO) }
      })
    }
  }

  private static let names = (0..<10).map { "n\($0)-v1" }

  private func fill(_ node: NodeSite, _ root: String, _ random: inout SplitMix64) throws {
    for name in Self.names where Bool.random(using: &random) {
      try node.write("\(name).qcow2", in: root, .random(in: 1...20_000, using: &random))
      if Bool.random(using: &random) { try node.write("\(name).xml", in: root, 100) }
    }
    for area in ["invalid", "incomplete"] {
      for item in ["x", "y", "z"] where Bool.random(using: &random) {
        let file = try node.write("\(area)/\(item)", in: root, .random(in: 1...9000, using: &random))
        if Int.random(in: 0..<4, using: &random) == 0 {
          try? FileManager.default.linkItem(
            atPath: file, toPath: node.path(root) + "/\(Self.names.randomElement(using: &random)!).qcow2")
        }
      }
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      let name = Self.names.randomElement(using: &random)!
      let workspace = "incomplete/\(name)"
      for end in ["qcow2", "xml"] { try node.write("\(workspace)/ready/\(name).\(end)", in: root) }
      try DeadWriter.write(to: try node.write("\(workspace)/writer", in: root))
    }
  }

  /// Removes some things, and ends like a process that is killed.
  private func killedRemoval(_ node: NodeSite, _ root: String, _ random: inout SplitMix64) throws {
    let limit = Limit(.random(in: 1...60, using: &random))
    let directory = try RootDirectory.open(path: node.path(root), expecting: nil, changes: limit.changes)
    var candidates: [RemovalCandidate]
    if Int.random(in: 0..<3, using: &random) > 0 {
      let scan = try RootScan(directory, layout: .kvm, known: KnownNames(Self.names))
      candidates = scan.entries.map { RemovalCandidate($0) }
    } else {
      let area = Bool.random(using: &random) ? Area.invalid : .incomplete
      candidates = try directory.items(of: area, node: "here").map {
        RemovalCandidate(area: area, name: $0.item.name, fileNames: [$0.fileName])
      }
    }
    candidates = candidates.filter { _ in Int.random(in: 0..<4, using: &random) > 0 }
    let staying = Set(candidates.map(\.name).filter { _ in Int.random(in: 0..<4, using: &random) == 0 })
    _ = try? Remover(directory, ledger: { _ in }).remove(
      candidates, batchSize: .random(in: 1...6, using: &random)
    ) { batch in
      Dictionary(
        batch.candidates.filter { staying.contains($0.name) }.map { ($0.name, "reservation") },
        uniquingKeysWith: { first, _ in first })
    }
  }

  @Test("plans what the call then does")
  func plansHold() throws {
    let node = try NodeSite()
    try node.revisions(Self.names)
    try node.vclLock("retrieve_\(Self.names[3])")
    var random = SplitMix64(seed: 20_261_122)
    var waiting = 0
    for round in 0..<90 {
      let root = "r\(round)"
      try node.connection.execute("DELETE FROM expireimage_root")
      try node.root(root, .cache, .kvm)
      try fill(node, root, &random)
      for _ in 0...Int.random(in: 0...1, using: &random) {
        try killedRemoval(node, root, &random)
        // Somebody writes some names again.
        if Int.random(in: 0..<3, using: &random) == 0 { try fill(node, root, &random) }
      }
      if try node.names(root).contains(where: { $0.hasPrefix("trash/") }) { waiting += 1 }
      let limit = Int64.random(in: 0...60_000, using: &random)
      func call(dryRun: Bool) throws -> [String] {
        switch round % 3 {
        case 0: return try node.prune(root, limit: limit, dryRun: dryRun).facts
        case 1: return try node.clean(root, dryRun: dryRun).facts
        default:
          return try ReclaimOperation(node.site.site).reclaim(
            path: node.path(root), bytes: ByteCount(1 << 50), isBestEffort: true, isDryRun: dryRun
          ).facts.filter { !$0.hasPrefix("skipped") }
        }
      }
      let before = try node.everything(root)
      let plan = try call(dryRun: true)
      #expect(try node.everything(root) == before, "round \(round) changed something")
      let done = try call(dryRun: false)
      #expect(
        done == plan,
        "round \(round) done \(Set(done).subtracting(plan)) planned \(Set(plan).subtracting(done)) of \(before)"
      )
    }
    #expect(waiting > 40, "\(waiting)")
  }
}
