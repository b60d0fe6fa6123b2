import Caches
import Foundation
import Storage
import Synchronization
import Testing

@Suite struct WritingTests {
  private static let writer = WriterIdentity(node: "here", pid: 1, processStart: 2, bootID: "3")

  private static func begin(
    _ name: String, _ temporary: TemporaryRoot, _ changes: Changes = Changes(), node: String = "here"
  ) throws -> IncompleteEntry {
    try IncompleteEntry(
      name, in: temporary.open(changes),
      writer: WriterIdentity(node: node, pid: 1, processStart: 2, bootID: "3"))
  }

  private static func code(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch let problem as WritingProblem {
      return problem.code
    } catch {
      return "\(error)"
    }
  }

  @Test("a directory is copied whole, with its checksums and its progress, and appears at once")
  func directory() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source/disk.vmdk", 3_000_000)
    try temporary.write("../source/logs/a", 0)
    chmod(temporary.folder + "/source/disk.vmdk", 0o640)
    let entry = try Self.begin("new-v1", temporary)
    var told: [Int64] = []
    let files = try entry.copy(from: temporary.folder + "/source", as: "new-v1") { done, total in
      #expect(total == 3_000_000)
      let names = try temporary.names()
      #expect(names.allSatisfy { $0.hasPrefix("incomplete/") })
      told.append(done)
    }
    #expect(told == told.sorted() && told.last == 3_000_000 && told.count >= 3)
    try entry.complete()
    #expect(try temporary.names() == ["new-v1", "new-v1/disk.vmdk", "new-v1/logs", "new-v1/logs/a"])
    #expect(files.map { "\($0.path) \($0.bytes)" } == ["new-v1/disk.vmdk 3000000", "new-v1/logs/a 0"])
    #expect(files[1].checksum == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(files[0].checksum == (try Self.sha256sum(temporary.path + "/new-v1/disk.vmdk")))
    var status = stat()
    stat(temporary.path + "/new-v1/disk.vmdk", &status)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test("holes stay holes, and count in the checksum")
  func sparse() throws {
    let temporary = try TemporaryRoot()
    let source = try temporary.write("../source.raw", 4096)
    truncate(source, 5_000_000)
    let file = open(source, O_WRONLY)
    pwrite(file, "end", 3, 3_000_001)
    close(file)
    let entry = try Self.begin("new-v1", temporary)
    let files = try entry.copy(from: source, as: "new-v1.raw")
    try entry.complete()
    #expect(files[0].checksum == (try Self.sha256sum(source)))
    #expect(try Self.sha256sum(temporary.path + "/new-v1.raw") == files[0].checksum)
    var status = stat()
    stat(temporary.path + "/new-v1.raw", &status)
    #expect(Int64(status.st_blocks) * 512 < 1_000_000)
  }

  @Test(
    "what cannot be an entry's name is refused",
    arguments: ["", ".", "..", "a/b", "../x", "trash", ".hidden", String(repeating: "x", count: 256)])
  func names(name: String) throws {
    let temporary = try TemporaryRoot()
    #expect(Self.code { _ = try Self.begin(name, temporary) } == "impossible_name")
    #expect(try temporary.names().isEmpty)
  }

  @Test("a name of 255 bytes and one with a line break are written like any other")
  func oddNames() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    for name in [String(repeating: "x", count: 255), "a\nb", "-rf"] {
      let entry = try Self.begin(name, temporary)
      _ = try entry.copy(from: temporary.folder + "/source", as: name)
      try entry.complete()
      #expect(FileManager.default.fileExists(atPath: temporary.path + "/" + name))
    }
  }

  @Test(
    "the copy's name is the image's, with an extension at most",
    arguments: ["new-v10", "new", "other", "new-v1/x", "new-v1x"])
  func foreignName(name: String) throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    let entry = try Self.begin("new-v1", temporary)
    #expect(
      Self.code { _ = try entry.copy(from: temporary.folder + "/source", as: name) } == "impossible_name")
  }

  @Test(
    "a second writer of the same name is refused while the first lives, and after its death until it is cleaned up"
  )
  func secondWriter() throws {
    let temporary = try TemporaryRoot()
    var first: IncompleteEntry? = try Self.begin("new-v1", temporary)
    let alive = thrown { _ = try Self.begin("new-v1", temporary) }
    #expect(alive == "new-v1 is being written by process 1 on here; wait for its end")
    _ = try Self.begin("new-v10", temporary)
    func states() throws -> [String] {
      try temporary.open().items(of: .incomplete, node: "here").map {
        "\($0.item.name) \($0.item.writer.rawValue)"
      }
    }
    #expect(try states() == ["new-v1 alive", "new-v10 dead"])
    withExtendedLifetime(first) {}
    first = nil
    #expect(try states() == ["new-v1 dead", "new-v10 dead"])
    let dead = thrown { _ = try Self.begin("new-v1", temporary) }
    #expect(dead == "an unfinished new-v1 of process 1 on here is left in incomplete/; clean it up first")
    _ = try Remover(temporary.open(), ledger: { _ in }).remove([
      RemovalCandidate(area: .incomplete, name: "new-v1", fileNames: [FileName("new-v1")])
    ]) { _ in [:] }
    _ = try Self.begin("new-v1", temporary)
  }

  @Test("a writer of another node is known to live, never known to be dead")
  func otherNode() throws {
    let temporary = try TemporaryRoot()
    let root = try temporary.open()
    var entry: IncompleteEntry? = try Self.begin("new-v1", temporary, node: "there")
    #expect(try root.items(of: .incomplete, node: "here").map(\.item.writer) == [.alive])
    withExtendedLifetime(entry) {}
    entry = nil
    #expect(try root.items(of: .incomplete, node: "here").map(\.item.writer) == [.unknown])
  }

  @Test("what is in incomplete without a writer is of an unknown one, links and strange names too")
  func strangers() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("incomplete/file", 10)
    try temporary.write("incomplete/a\nb/disk", 10)
    try temporary.write("incomplete/odd/writer/file", 10)
    try temporary.write("incomplete/empty/writer", 0)
    symlink("/etc/passwd", temporary.path + "/incomplete/link")
    mkdir(temporary.path + "/incomplete/linked", 0o755)
    symlink("/etc/passwd", temporary.path + "/incomplete/linked/writer")
    let items = try temporary.open().items(of: .incomplete, node: "here")
    #expect(items.map(\.item.name) == ["a\nb", "empty", "file", "link", "linked", "odd"])
    #expect(items.allSatisfy { $0.item.writer == .unknown })
    #expect(try temporary.open().items(of: .queue, node: "here").isEmpty)
  }

  @Test("a source with links, pipes or devices is refused; a link to a source is followed")
  func sources() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source/disk", 10)
    symlink("source", temporary.folder + "/alias")
    let good = try Self.begin("good-v1", temporary)
    _ = try good.copy(from: temporary.folder + "/alias", as: "good-v1")
    try good.complete()
    #expect(try temporary.names().contains("good-v1/disk"))
    symlink("disk", temporary.folder + "/source/link")
    let bad = try Self.begin("bad-v1", temporary)
    #expect(
      Self.code { _ = try bad.copy(from: temporary.folder + "/source", as: "bad-v1") } == "unsupported_source"
    )
    #expect(Self.code { _ = try bad.copy(from: "/dev/null", as: "bad-v1") } == "unsupported_source")
    #expect(
      thrown { _ = try bad.copy(from: temporary.folder + "/none", as: "bad-v1") }.hasSuffix(
        "No such file or directory"))
  }

  @Test("a source that changes while it is copied is refused")
  func changingSource() throws {
    let temporary = try TemporaryRoot()
    let source = try temporary.write("../source", 3_000_000)
    let entry = try Self.begin("new-v1", temporary)
    var isFirst = true
    let code = Self.code {
      _ = try entry.copy(from: source, as: "new-v1") { _, _ in
        if isFirst { truncate(source, 2_500_000) }
        isFirst = false
      }
    }
    #expect(code == "source_changed")
  }

  @Test(
    "a source of which a file changes after it was copied is refused",
    arguments: ["written", "older", "removed", "moved", "untouched"])
  func changedAfterwards(change: String) throws {
    let temporary = try TemporaryRoot()
    let disk = try temporary.write("../source/below/disk", 10)
    try temporary.write("../source/notes", 10)
    let entry = try Self.begin("new-v1", temporary)
    _ = try entry.copy(from: temporary.folder + "/source", as: "new-v1")
    switch change {
    case "written": truncate(disk, 11)
    case "older":
      var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
      utimensat(AT_FDCWD, disk, &times, 0)
    case "removed": unlink(disk)
    case "moved": rename(temporary.folder + "/source", temporary.folder + "/away")
    default: break
    }
    #expect(Self.code { try entry.complete() } == (change == "untouched" ? "none" : "source_changed"))
    #expect(try temporary.names().contains("new-v1/notes") == (change == "untouched"))
  }

  @Test("what is there already is never overwritten, not even at the last moment")
  func exists() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    try temporary.write("old-v1/disk", 10)
    let old = try Self.begin("old-v1", temporary)
    #expect(Self.code { _ = try old.copy(from: temporary.folder + "/source", as: "old-v1") } == "exists")
    let entry = try Self.begin("new-v1", temporary)
    _ = try entry.copy(from: temporary.folder + "/source", as: "new-v1.qcow2")
    _ = try entry.copy(from: temporary.folder + "/source", as: "new-v1.xml")
    try temporary.write("new-v1.xml", 3)
    #expect(Self.code { try entry.complete() } == "exists")
    #expect(
      try temporary.names().filter { !$0.hasPrefix("incomplete/") } == [
        "new-v1.xml", "old-v1", "old-v1/disk",
      ])
  }

  @Test("an entry that was cleaned away meanwhile does not come back")
  func lost() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    let entry = try Self.begin("new-v1", temporary)
    _ = try entry.copy(from: temporary.folder + "/source", as: "new-v1")
    rename(temporary.path + "/incomplete/new-v1", temporary.folder + "/away")
    #expect(Self.code { try entry.complete() } == "lost")
    #expect(try temporary.names().isEmpty)
  }

  @Test("what progress throws ends the copy, and nothing appears")
  func cancelled() throws {
    struct LockLost: Error {}
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 3_000_000)
    let entry = try Self.begin("new-v1", temporary)
    #expect(throws: LockLost.self) {
      try entry.copy(from: temporary.folder + "/source", as: "new-v1") { _, _ in throw LockLost() }
    }
    #expect(try temporary.names().allSatisfy { $0.hasPrefix("incomplete/") })
  }

  @Test(
    "a full disk fails the copy, and after a cleanup it can be tried again",
    .enabled(if: PrivateMounts.isPossible))
  func fullDisk() throws {
    let result = try PrivateMounts.run { () -> (error: String, state: [WriterState], left: [String]) in
      let base = try TemporaryRoot(marks: false)
      try PrivateMounts.memory(at: base.folder + "/full", bytes: 256 << 10)
      let temporary = try TemporaryRoot(in: base.folder + "/full")
      try base.write("../source", 1 << 20)
      var entry: IncompleteEntry? = try Self.begin("new-v1", temporary)
      let error = thrown { _ = try entry!.copy(from: base.folder + "/source", as: "new-v1") }
      entry = nil
      let root = try temporary.open()
      let state = try root.items(of: .incomplete, node: "here").map(\.item.writer)
      let cleanup = RemovalCandidate(area: .incomplete, name: "new-v1", fileNames: [FileName("new-v1")])
      _ = try Remover(root, ledger: { _ in }).remove([cleanup]) { _ in [:] }
      truncate(base.folder + "/source", 10_000)
      let second = try Self.begin("new-v1", temporary)
      _ = try second.copy(from: base.folder + "/source", as: "new-v1")
      try second.complete()
      let left = try temporary.names()
      try PrivateMounts.detach(base.folder + "/full")
      return (error, state, left)
    }
    #expect(result.error.hasSuffix("No space left on device"))
    #expect(result.state == [.dead])
    #expect(result.left == ["new-v1"])
  }

  @Test(
    "a change that fails puts all of it in its place or nothing, and nothing appears later", arguments: 1...10
  )
  func failingChange(failing: Int) throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    let count = Mutex<Int?>(nil)
    let changes = Changes(before: { (kind) throws(FileError) in
      let number = count.withLock { count -> Int? in
        count = count.map { $0 + 1 }
        return count
      }
      if number == failing { throw FileError("\(kind)", EIO) }
    })
    var entry: IncompleteEntry? = try Self.begin("new-v1", temporary, changes)
    for name in ["new-v1.qcow2", "new-v1.xml"] {
      _ = try entry?.copy(from: temporary.folder + "/source", as: name)
    }
    count.withLock { $0 = 0 }
    var hasFailed = false
    do { try entry?.complete() } catch { hasFailed = true }
    let isInPlace = entry?.isInPlace ?? false
    #expect(hasFailed == (count.withLock { $0 ?? 0 } >= failing))
    #expect(isInPlace || hasFailed)
    entry = nil
    let whole = ["new-v1.qcow2", "new-v1.xml"]
    func placed() throws -> [String] { try temporary.names().filter { !$0.hasPrefix("incomplete/") } }
    #expect(try placed() == (isInPlace ? whole : []))
    _ = try IncompleteEntry.finishReady(in: temporary.open(), node: "here")
    #expect(try placed() == (isInPlace ? whole : []))
  }

  @Test("what cannot be finished does not keep the others from it")
  func finishOthers() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../source", 10)
    for name in ["a-v1", "b-v1"] {
      // From the move to the root's directory on everything fails, as where the process is killed.
      let renames = Mutex(0)
      let changes = Changes(before: { (kind) throws(FileError) in
        let number = renames.withLock {
          if kind == .rename { $0 += 1 }
          return $0
        }
        if number > 1 { throw FileError("\(kind)", EIO) }
      })
      let entry = try Self.begin(name, temporary, changes)
      _ = try entry.copy(from: temporary.folder + "/source", as: name)
      #expect(throws: (any Error).self) { try entry.complete() }
      #expect(try IncompleteEntry.isUnfinished(name, in: temporary.open()))
    }
    let isFirst = Mutex(true)
    let full = Changes(before: { (kind) throws(FileError) in
      if isFirst.withLock({ first in
        defer { first = false }; return first
      }) {
        throw FileError("\(kind)", ENOSPC)
      }
    })
    let result = try IncompleteEntry.finishReady(in: temporary.open(full), node: "here")
    #expect(result.blocked == ["a-v1"] && result.completed == ["b-v1"])
    #expect(try IncompleteEntry.finishReady(in: temporary.open(), node: "here").completed == ["a-v1"])
    #expect(try temporary.names() == ["a-v1", "b-v1"])
    #expect(try !IncompleteEntry.isUnfinished("a-v1", in: temporary.open()))
  }

  /// As the system's own program computes it.
  private static func sha256sum(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sha256sum")
    process.arguments = [path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(String(decoding: output, as: UTF8.self).prefix(64))
  }
}
