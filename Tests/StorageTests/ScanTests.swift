import Caches
import Foundation
import Storage
import Testing

@Suite struct ScanTests {
  /// `name: files apparent, reason`, one line an entry.
  private static func lines(_ scan: RootScan) -> [String] {
    scan.entries.map { scanned in
      let entry = scanned.entry
      let reason = entry.protection.map { ", \($0.code)" } ?? ""
      return "\(entry.name): \(entry.size.files) files, \(entry.size.apparentBytes) bytes\(reason)"
    }
  }

  @Test("directories are entries with all that is in them; other names are shown and never entries")
  func directories() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("win-v1/win-v1.vmdk", 9000)
    try temporary.write("win-v1/logs/vmware.log", 10)
    try temporary.write("win-v10/win-v10.vmdk", 1)
    try temporary.write("other/file", 77)
    try temporary.write("win-v1.vmdk", 5)
    for area in Area.allCases { try temporary.write("\(area.rawValue)/win-v1/x", 3) }
    let scan = try temporary.scan(.vmware, ["win-v1", "win-v2"] + Area.allCases.map(\.rawValue))
    #expect(Self.lines(scan) == ["win-v1: 2 files, 9010 bytes"])
    #expect(
      scan.unmanaged.map { "\($0.name) \($0.size.apparentBytes)" } == [
        "other 77", "win-v1.vmdk 5", "win-v10 1",
      ])
    let entry = scan.entries[0].entry
    #expect(entry.size.allocatedBytes == entry.size.freedBytes)
    let walk = try DiskWalk(temporary.path + "/win-v1")
    var own = stat()
    lstat(temporary.path + "/win-v1", &own)
    #expect(entry.size.allocatedBytes == walk.allocatedBytes + Int64(own.st_blocks) * 512)
    #expect(scan.entries[0].fileNames == [FileName("win-v1")])
  }

  @Test("flat files of one image are one entry")
  func flat() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("foo-v1.qcow2", 100)
    try temporary.write("foo-v1.xml", 10)
    try temporary.write("foo-v10.qcow2", 1)
    try temporary.write("bar-v1.qcow2", 7)
    let scan = try temporary.scan(.kvm, ["foo-v1", "bar-v1"])
    #expect(Self.lines(scan) == ["bar-v1: 1 files, 7 bytes", "foo-v1: 2 files, 110 bytes"])
    #expect(scan.entries[1].fileNames == [FileName("foo-v1.qcow2"), FileName("foo-v1.xml")])
    #expect(scan.unmanaged.map(\.name) == [FileName("foo-v10.qcow2")])
  }

  @Test("a shortened directory belongs to its image, beside the full one too")
  func shortened() throws {
    let temporary = try TemporaryRoot()
    let full = "vmwarewin10enterprise-Statistics2251-v3"
    try temporary.write("vmwarewin10enterprise-2251-v3/a.vmdk", 1)
    #expect(
      try temporary.scan(.vmware, [full]).entries.map(\.fileNames) == [
        [FileName("vmwarewin10enterprise-2251-v3")]
      ])
    try temporary.write("\(full)/b.vmdk", 2)
    let both = try temporary.scan(.vmware, [full])
    #expect(Self.lines(both) == ["\(full): 2 files, 3 bytes"])
    #expect(both.entries[0].fileNames == [FileName("vmwarewin10enterprise-2251-v3"), FileName(full)])
  }

  @Test("a symbolic link is no entry, is not followed, and counts as itself inside one")
  func links() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("../outside/big", 100_000)
    symlink("../outside", temporary.path + "/a-v1")
    symlink("nowhere", temporary.path + "/b-v1")
    try temporary.write("c-v1/disk", 10)
    symlink("../../outside", temporary.path + "/c-v1/out")
    symlink("/", temporary.path + "/c-v1/root")
    symlink(".", temporary.path + "/c-v1/loop")
    let scan = try temporary.scan(.plain, ["a-v1", "b-v1", "c-v1"])
    #expect(Self.lines(scan) == ["c-v1: 4 files, \(10 + 13 + 1 + 1) bytes"])
    #expect(scan.unmanaged.map(\.name) == [FileName("a-v1"), FileName("b-v1")])
  }

  @Test("names of any bytes are read as they are")
  func names() throws {
    let temporary = try TemporaryRoot()
    let long = String(repeating: "x", count: 255)
    let odd = ["a\nb", " ", "..x", "\\", "-rf", "tab\there", long]
    for name in odd { try temporary.write("\(name)/disk", 1) }
    // A byte that is no text.
    let raw: [CChar] = Array((temporary.path + "/").utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    #expect(raw.withUnsafeBufferPointer { mkdir($0.baseAddress!, 0o755) } == 0)
    let scan = try temporary.scan(.plain, odd + ["../outside", "a/b", "\u{fffd}"])
    #expect(Set(scan.entries.map(\.entry.name)) == Set(odd.filter { !$0.hasPrefix(".") }))
    #expect(scan.unmanaged.map { "\($0.name)" } == ["..x", "\\xff"])
    #expect("\(FileName("a\nb"))" == "a\\x0ab")
    #expect("\(FileName("\\x0a"))" == "\\\\x0a")
    _ = raw.withUnsafeBufferPointer { rmdir($0.baseAddress!) }
  }

  @Test("hard links inside an entry count once; a link outside means in use and frees nothing")
  func hardLinks() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("inside-v1/disk", 8000)
    link(temporary.path + "/inside-v1/disk", temporary.path + "/inside-v1/same")
    try temporary.write("shared-v1/disk", 8000)
    link(temporary.path + "/shared-v1/disk", temporary.path + "/elsewhere")
    try temporary.write("flat-v1.qcow2", 8000)
    link(temporary.path + "/flat-v1.qcow2", temporary.path + "/flat-v1.raw")
    let scan = try temporary.scan(.plain, ["inside-v1", "shared-v1", "flat-v1"])
    #expect(
      Self.lines(scan) == [
        "flat-v1: 2 files, 8000 bytes", "inside-v1: 2 files, 8000 bytes",
        "shared-v1: 1 files, 8000 bytes, extra_hard_links",
      ])
    #expect(scan.entries[0].entry.size.freedBytes == scan.entries[0].entry.size.allocatedBytes)
    let shared = scan.entries[2].entry.size
    #expect(shared.freedBytes < shared.allocatedBytes)
  }

  @Test("a sparse file has its apparent size, and frees only what it has")
  func sparse() throws {
    let temporary = try TemporaryRoot()
    let file = try temporary.write("sparse-v1.raw", 0)
    truncate(file, 1 << 40)
    let size = try temporary.scan(.kvm, ["sparse-v1"]).entries[0].entry.size
    #expect(size.apparentBytes == 1 << 40)
    #expect(size.freedBytes == 0)
  }

  @Test("last used is the newest time of any file, and a scan is no use")
  func lastUsed() throws {
    let temporary = try TemporaryRoot()
    let file = try temporary.write("a-v1/disk", 1)
    var before = try temporary.scan(.plain, ["a-v1"]).entries[0].entry.lastUsed
    #expect(before == (try temporary.scan(.plain, ["a-v1"]).entries[0].entry.lastUsed))
    // A time in the future, of access alone.
    var times = [timespec(tv_sec: 5_000_000_000, tv_nsec: 7), timespec(tv_sec: 1000, tv_nsec: 0)]
    utimensat(AT_FDCWD, file, &times, 0)
    #expect(
      try temporary.scan(.plain, ["a-v1"]).entries[0].entry.lastUsed
        == FileTime(seconds: 5_000_000_000, nanoseconds: 7))
    // A directory's own access time says nothing.
    times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
    utimensat(AT_FDCWD, file, &times, 0)
    before = try temporary.scan(.plain, ["a-v1"]).entries[0].entry.lastUsed
    times = [timespec(tv_sec: 6_000_000_000, tv_nsec: 0), timespec(tv_sec: 0, tv_nsec: Int((1 << 30) - 2))]
    utimensat(AT_FDCWD, temporary.path + "/a-v1", &times, 0)
    #expect(try temporary.scan(.plain, ["a-v1"]).entries[0].entry.lastUsed < FileTime(seconds: 6_000_000_000))
  }

  @Test("an entry that holds another root, or lies too deep, has an obstacle")
  func obstacles() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("rooted-v1/sub/.expireimage-root", 1)
    try temporary.write("deep-v1/" + Array(repeating: "d", count: 100).joined(separator: "/") + "/x", 1)
    try temporary.write("good-v1/x", 1)
    let scan = try temporary.scan(.plain, ["rooted-v1", "deep-v1", "good-v1"])
    #expect(
      scan.entries.map { "\($0.entry.name) \($0.entry.protection?.code ?? "-")" } == [
        "deep-v1 too_deep", "good-v1 -", "rooted-v1 contains_root",
      ])
  }

  @Test(
    "another file system inside an entry, or the same one a second time, is an obstacle",
    .enabled(if: PrivateMounts.isPossible))
  func mounted() throws {
    let lines = try PrivateMounts.run { () -> [String] in
      let temporary = try TemporaryRoot()
      try temporary.write("../outside/x", 1)
      try temporary.write("a-v1/x", 1)
      try temporary.write("b-v1/x", 1)
      try PrivateMounts.memory(at: temporary.path + "/a-v1/sub", bytes: 1 << 20)
      try PrivateMounts.bind(temporary.folder + "/outside", at: temporary.path + "/b-v1/sub")
      try PrivateMounts.memory(at: temporary.path + "/c-v1", bytes: 1 << 20)
      let scan = try temporary.scan(.plain, ["a-v1", "b-v1", "c-v1"])
      for name in ["a-v1/sub", "b-v1/sub", "c-v1"] { try PrivateMounts.detach(temporary.path + "/" + name) }
      return Self.lines(scan)
    }
    #expect(
      lines == [
        "a-v1: 1 files, 1 bytes, other_file_system", "b-v1: 1 files, 1 bytes, other_file_system",
        "c-v1: 0 files, 0 bytes, other_file_system",
      ])
  }

  @Test("what this account may not read is an obstacle of that entry alone", .enabled(if: getuid() == 0))
  func unreadable() throws {
    let temporary = try TemporaryRoot()
    try temporary.write("closed-v1/x", 1)
    try temporary.write("open-v1/x", 1)
    chmod(temporary.path + "/closed-v1", 0o700)
    let path = temporary.path
    let lines = Unprivileged.run {
      (try? RootScan(
        RootDirectory.open(path: path, expecting: nil), layout: .plain,
        known: KnownNames(["closed-v1", "open-v1"])))
        .map(Self.lines) ?? []
    }
    #expect(lines == ["closed-v1: 0 files, 0 bytes, unreadable", "open-v1: 1 files, 1 bytes"])
  }

  @Test("files that come and go during a scan do no harm")
  func churn() throws {
    let temporary = try TemporaryRoot()
    let names = (0..<50).map { "image\($0)-v1" }
    for name in names + ["calm-v1"] { try temporary.write("\(name)/disk", 1) }
    let path = temporary.path
    let stop = DispatchSemaphore(value: 0)
    let stopped = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var round = 0
      while stop.wait(timeout: .now()) != .success {
        let name = path + "/image\(round % 50)-v1"
        unlink(name + "/disk")
        rmdir(name)
        mkdir(name, 0o755)
        close(creat(name + "/disk", 0o644))
        round += 1
      }
      stopped.signal()
    }
    for _ in 0..<100 {
      let scan = try temporary.scan(.plain, names + ["calm-v1"])
      #expect(scan.entries.contains { $0.entry.name == "calm-v1" && $0.entry.size.files == 1 })
      #expect(scan.entries.allSatisfy { $0.entry.obstacle == nil })
    }
    stop.signal()
    stopped.wait()
  }
}
