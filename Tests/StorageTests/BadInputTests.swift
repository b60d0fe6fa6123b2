import Caches
import Foundation
import Storage
import Synchronization
import Testing

/// What a root may be full of, and what may happen to it, that nobody planned.
@Suite struct BadInputTests {
  private static func lines(_ outcome: RemovalOutcome) -> [String] {
    outcome.removedNames.map { "removed \($0)" }
      + outcome.failed.map { "failed \($0.name): \($0.error.code)\($0.isGone ? ", gone" : "")" }
  }

  private static func remove(
    _ root: RootDirectory, _ names: [String], batchSize: Int = 256, recheck: Remover.Recheck = { _ in [:] }
  ) throws -> RemovalOutcome {
    let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
    return try Remover(root, ledger: { _ in }).remove(
      scan.entries.map { RemovalCandidate($0) }, batchSize: batchSize, recheck: recheck)
  }

  /// An empty file with a name of any bytes.
  private static func makeFile(_ path: String, _ name: [UInt8]) {
    let whole = Array((path + "/").utf8) + name + [0]
    whole.withUnsafeBytes { _ = close(creat($0.baseAddress!.assumingMemoryBound(to: CChar.self), 0o644)) }
  }

  @Test("names of any bytes and of every length go with their entry, and are measured")
  func oddNames() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("a-v1/disk", 5000)
    for name in ["a\nb", " ", "-rf", "\\", String(repeating: "x", count: 255)] {
      try temporary.write("a-v1/\(name)", 1)
    }
    // The walk below does not see these two.
    Self.makeFile(temporary.path + "/a-v1", [0xFF, 0xFE])
    Self.makeFile(temporary.path + "/a-v1", [UInt8](repeating: 0x80, count: 255))
    let long = String(repeating: "y", count: 255)
    // A blank that an accent follows is one letter to Swift, and two to a manifest.
    let accent = "\u{301}x-v1"
    for name in [long, accent, "a\nb-v1"] { try temporary.write(name, 100) }
    let before = try DiskWalk.entries(of: temporary)
    let names = ["a-v1", long, accent, "a\nb-v1"]
    let outcome = try Self.remove(temporary.open(), names)
    #expect(Set(outcome.removedNames) == Set(names))
    var walk = before - (try DiskWalk.entries(of: temporary))
    walk.files += 2
    #expect(outcome.total == walk)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).count == 2)
  }

  @Test("what a crash left of oddly named entries is told by the names that they had")
  func oddManifest() throws {
    struct DatabaseGone: Error {}
    let temporary = try TemporaryRoot()
    let names = ["a\nb-v1", "a b-v1", "\u{301}x-v1"]
    for name in names { try temporary.write(name, 100) }
    #expect(throws: DatabaseGone.self) {
      let root = try temporary.open()
      let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
      _ = try Remover(root, ledger: { _ in throw DatabaseGone() }).remove(
        scan.entries.map { RemovalCandidate($0) }
      ) { _ in [:] }
    }
    let later = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(
      later.removedNames.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(later.total.files == 3)
  }

  @Test(
    "a suffix that is no text belongs to no image, and an accent in its other spelling is another image's")
  func spellings() throws {
    let temporary = try TemporaryRoot()
    for name in ["caf\u{e9}-v1.qcow2", "cafe\u{301}-v1.qcow2"] { try temporary.write(name, 1) }
    Self.makeFile(temporary.path, Array("caf\u{e9}-v1.".utf8) + [0xFF])
    let scan = try temporary.scan(.kvm, ["caf\u{e9}-v1", "cafe\u{301}-v1"])
    #expect(scan.entries.map { Array($0.entry.name.utf8).count } == [9, 8])
    #expect(scan.entries.allSatisfy { $0.entry.size.files == 1 })
    #expect(scan.unmanaged.map { "\($0.name)" } == ["caf\\xc3\\xa9-v1.\\xff"])
  }

  @Test("an exhausted quota is like a full disk: what the reserve gives is enough")
  func quota() throws {
    let temporary = try TemporaryRoot()
    let names = (0..<20).map { "image\($0)-v1" }
    for name in names {
      try temporary.write("\(name).qcow2", 5000)
      try temporary.write("\(name).xml", 10)
    }
    // Only what is begun after the start needs space.
    let hasRoom = Mutex(true)
    let changes = Changes(
      before: { (kind) throws(FileError) in
        let takesSpace = [.makeDirectory, .createFile, .write].contains(kind)
        if takesSpace, !hasRoom.withLock({ $0 }) { throw FileError("\(kind)", EDQUOT) }
      },
      after: { kind in if kind == .removeFile { hasRoom.withLock { $0 = true } } })
    let root = try temporary.open(changes)
    let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
    let remover = try Remover(root, ledger: { _ in })
    hasRoom.withLock { $0 = false }
    let outcome = try remover.remove(scan.entries.map { RemovalCandidate($0) }) { _ in [:] }
    #expect(outcome.failed.isEmpty && outcome.total.files == 40)
    #expect(try temporary.names().isEmpty)
  }

  @Test("times before 1970 and in the future are read as they are, and decide as they say")
  func times() throws {
    let temporary = try TemporaryRoot()
    let seconds = ["old": -5, "future": 5_000_000_000, "recent": 1_000_000]
    for (name, time) in seconds {
      let file = try temporary.write("incomplete/\(name)", 1)
      let times = [timespec(tv_sec: time, tv_nsec: 7), timespec(tv_sec: time, tv_nsec: 7)]
      #expect(utimensat(AT_FDCWD, file, times, 0) == 0)
    }
    let items = try temporary.open().items(of: .incomplete, node: "here").map(\.item)
    #expect(items.map(\.name) == ["future", "old", "recent"])
    #expect(
      items.map(\.modified)
        == ["future", "old", "recent"].map {
          FileTime(seconds: Int64(seconds[$0]!), nanoseconds: 7)
        })
    // The clock may be set back, to before everything too.
    for (now, gone) in [(1_000_100, ["old"]), (2_000_000, ["old", "recent"]), (-6, []), (0, [])] {
      let plan = CleanPlan(
        invalid: [], incomplete: items, stallSeconds: 1000, now: FileTime(seconds: Int64(now)))
      #expect(plan.removals.map(\.item.name) == gone, "at \(now)")
    }
  }

  @Test(
    "a root unmounted in the middle stops the removal, and what lies under its mount point stays",
    .enabled(if: PrivateMounts.isPossible, "needs root and mounts"))
  func unmounted() throws {
    let result = try PrivateMounts.run { () -> (code: String, checks: Int, below: [String]) in
      let base = try TemporaryRoot(marks: false)
      let mounted = try TemporaryRoot(in: base.folder + "/mounted", marks: false)
      for name in ["a-v1", "b-v1", "c-v1"] { try mounted.write("\(name)/below", 1) }
      let before = try mounted.names()
      try PrivateMounts.memory(at: mounted.path, bytes: 1 << 20)
      _ = try RootDirectory.add(path: mounted.path, others: [:])
      for name in ["a-v1", "b-v1", "c-v1"] { try mounted.write("\(name)/disk", 100) }
      var checks = 0
      let code = problem {
        _ = try Self.remove(mounted.open(), ["a-v1", "b-v1", "c-v1"], batchSize: 1) { _ in
          checks += 1
          try PrivateMounts.detach(mounted.path)
          return [:]
        }
      }
      let names = try mounted.names()
      let isSame = names == before
      return withExtendedLifetime(base) { (code, checks, isSame ? [] : names) }
    }
    #expect(result.code == "changed" && result.checks == 1 && result.below.isEmpty)
  }

  @Test(
    "a directory that is part of another root by a second mount is refused, and one beside it is not",
    .enabled(if: PrivateMounts.isPossible, "needs root and mounts"))
  func boundRoots() throws {
    let codes = try PrivateMounts.run { () -> [String] in
      let temporary = try TemporaryRoot()
      let root = try temporary.open()
      let folder = temporary.folder
      try temporary.write("deep/below/x", 1)
      try temporary.write("../beside/x", 1)
      try temporary.write("../rootlike/x", 1)
      try PrivateMounts.bind(temporary.path + "/deep", at: folder + "/a b\\c")
      try PrivateMounts.bind(folder, at: folder + "/above")
      try PrivateMounts.bind(folder + "/beside", at: folder + "/other")
      try PrivateMounts.bind(folder + "/rootlike", at: folder + "/third")
      func adding(_ name: String) -> String {
        problem { _ = try RootDirectory.add(path: folder + "/" + name, others: ["first": root]) }
      }
      let codes = ["a b\\c", "a b\\c/below", "above", "above/root/deep", "other", "third"].map(adding)
      // And the other way about: the first root's own path is the second mount.
      try PrivateMounts.bind(temporary.path, at: folder + "/seen")
      let seen = try RootDirectory.open(path: folder + "/seen", expecting: nil)
      let turned = problem {
        _ = try RootDirectory.add(path: temporary.path + "/deep/below", others: ["seen": seen])
      }
      for name in ["seen", "third", "other", "above", "a b\\c"] {
        try PrivateMounts.detach(folder + "/" + name)
      }
      return codes + [turned]
    }
    #expect(codes == ["nested", "nested", "nested", "nested", "none", "none", "nested"])
  }

  @Test("symbolic links in the place of areas and of trash's own files are never followed")
  func linkedAreas() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../outside/x", 1)
    // They come when the root is in use already; a later call refuses it.
    let root = try temporary.open()
    for area in [Area.incomplete, .invalid, .queue] {
      symlink("../outside", temporary.path + "/" + area.rawValue)
      #expect(
        thrown { _ = try root.items(of: area, node: "here") }
          == "open directory \(area.rawValue): Not a directory")
    }
    let writer = WriterIdentity(node: "here", pid: 1, processStart: 2, bootID: "3")
    #expect(
      thrown { _ = try IncompleteEntry("new-v1", in: root, writer: writer) }
        == "open directory incomplete: Not a directory")
    let item = RemovalCandidate(area: .invalid, name: "x", fileNames: [FileName("x")])
    #expect(
      thrown { _ = try Remover(root, ledger: { _ in }).remove([item]) { _ in [:] } }
        == "open directory invalid: Not a directory")
    unlink(temporary.path + "/trash/reserve")
    symlink("../../outside/x", temporary.path + "/trash/reserve")
    _ = try Remover(root, ledger: { _ in }).finishInterrupted()
    unlink(temporary.path + "/trash/lock")
    symlink("../../outside/x", temporary.path + "/trash/lock")
    #expect(
      thrown { _ = try Remover(root, ledger: { _ in }) }.hasPrefix("open the lock of trash/"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.folder + "/outside") == ["x"])
    var status = stat()
    #expect(stat(temporary.folder + "/outside/x", &status) == 0 && status.st_size == 1)
  }

  @Test(
    "what this account may not move stays whole, what it may not unlink is told and done later",
    .enabled(if: getuid() == 0, "needs root, to give files to others"))
  func noPermission() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("foreign-v1/disk", 5000)
    try temporary.write("closed-v1/inner/disk", 5000)
    try temporary.write("own-v1/disk", 5000)
    let own = ["", "/trash", "/trash/lock", "/trash/reserve", "/closed-v1", "/own-v1", "/own-v1/disk"]
    for name in own { #expect(chown(temporary.path + name, 65534, 65534) == 0) }
    let before = try DiskWalk.entries(of: temporary)
    let path = temporary.path
    let outcome = Unprivileged.run {
      try? Self.remove(
        RootDirectory.open(path: path, expecting: nil), ["foreign-v1", "closed-v1", "own-v1"])
    }
    #expect(
      outcome.map(Self.lines) == [
        "removed closed-v1", "removed own-v1", "failed foreign-v1: \(EACCES)",
        "failed closed-v1: \(EACCES), gone",
      ])
    #expect(outcome?.total == before - (try DiskWalk.entries(of: temporary)))
    #expect(try temporary.names().contains("foreign-v1/disk"))
    let denied = Unprivileged.run {
      problem {
        chmod(path, 0o555)
        _ = try Remover(RootDirectory.open(path: path, expecting: nil), ledger: { _ in })
      }
    }
    #expect(denied == "no_permission")
    _ = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(try temporary.names() == ["foreign-v1", "foreign-v1/disk"])
  }

  @Test(
    "several that remove and write in one directory at once leave each entry whole or gone, and count right")
  func together() throws {
    let temporary = try TemporaryRoot()
    let folder = temporary.folder
    let path = temporary.path
    try temporary.write("../source/disk", 5000)
    try temporary.write("../source/index", 10)
    let names = (0..<8).map { "image\($0)-v1" }
    let wanted = Set(names.prefix(4))
    let ledger = Mutex([String: EntrySize]())
    let written = Mutex(0)
    let busy = Mutex(0)
    let unexpected = Mutex([String]())
    let writing = Mutex(3)
    let done = DispatchGroup()
    func start(_ body: @escaping @Sendable () throws -> Void) {
      done.enter()
      Thread.detachNewThread {
        do { try body() } catch { unexpected.withLock { $0.append("\(error)") } }
        done.leave()
      }
    }
    for node in 0..<3 {
      start {
        defer { writing.withLock { $0 -= 1 } }
        for round in 0..<40 {
          let root = try RootDirectory.open(path: path, expecting: nil)
          let writer = WriterIdentity(node: "node\(node)", pid: 1, processStart: 2, bootID: "3")
          do {
            let name = names[(round * 3 + node) % names.count]
            let entry = try IncompleteEntry(name, in: root, writer: writer)
            do {
              _ = try entry.copy(from: folder + "/source", as: name)
              try entry.complete()
              written.withLock { $0 += 1 }
            } catch let problem as WritingProblem where problem.code == "exists" {
              // As an upload does that came too late: it clears what it began.
              try? FileManager.default.removeItem(atPath: path + "/incomplete/\(name)")
            }
          } catch let problem as WritingProblem where problem.code == "being_written" {
          }
        }
      }
    }
    for _ in 0..<2 {
      start {
        while writing.withLock({ $0 }) > 0 {
          do {
            let root = try RootDirectory.open(path: path, expecting: nil)
            let remover = try Remover(root) { record in
              ledger.withLock { $0[record.id] = record.total }
            }
            _ = try remover.finishInterrupted()
            let scan = try RootScan(root, layout: .plain, known: KnownNames(names))
            _ = try remover.remove(scan.entries.map { RemovalCandidate($0) }, batchSize: 3) { batch in
              Dictionary(
                batch.candidates.filter { wanted.contains($0.name) }.map { ($0.name, "reservation") },
                uniquingKeysWith: { first, _ in first })
            }
          } catch let problem as RootProblem where problem.code == "busy" {
            busy.withLock { $0 += 1 }
          }
        }
      }
    }
    done.wait()
    #expect(unexpected.withLock { $0 }.isEmpty)
    // An entry that was wanted back while a new one took its name waits in trash.
    let names2 = try temporary.names().filter { !$0.hasPrefix("incomplete/") }
    let files = names2.filter { $0.hasSuffix("/disk") || $0.hasSuffix("/index") }
    for name in names {
      let own = names2.filter { $0 == name || $0.hasPrefix(name + "/") }
      #expect(own.isEmpty || own == [name, name + "/disk", name + "/index"], "\(own)")
    }
    let gone = ledger.withLock { $0.values.total() }
    #expect(gone.files + files.count == written.withLock { $0 } * 2)
    #expect(written.withLock { $0 } > 8 && gone.files > 0)
  }
}
