import Foundation
import Storage
import Testing

@Suite("The backing files of virtual disks")
struct BackingFileTests {
  /// A disk of the format qcow2, as far as its header goes.
  private static func qcow2(_ backing: String, at offset: UInt64 = 600) -> [UInt8] {
    var bytes: [UInt8] = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]
    bytes += withUnsafeBytes(of: (backing.isEmpty ? 0 : offset).bigEndian, Array.init)
    bytes += withUnsafeBytes(of: UInt32(backing.utf8.count).bigEndian, Array.init)
    bytes += [UInt8](repeating: 0, count: Int(offset) - bytes.count)
    return bytes + Array(backing.utf8) + [0, 1, 2]
  }

  private static let descriptor = Array(
    "# Disk DescriptorFile\nversion=1\nparentCID=1a2b\nparentFileNameHint=\"../base-v2/base-v2.vmdk\"\n".utf8)

  /// An extent whose descriptor is in its third sector.
  private static func extent(_ parent: String) -> [UInt8] {
    var bytes = Array("KDMV".utf8) + [UInt8](repeating: 0, count: 1020)
    bytes[28] = 2
    bytes[36] = 20
    return bytes + Array("# Disk DescriptorFile\nCID=1\nparentFileNameHint=\"\(parent)\"\n".utf8)
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let words: String
    let bytes: [UInt8]
    let names: Set<String>
    var testDescription: String { words }
  }

  /// The disk is `vms/vm1/disk` beside the root; `ROOT` stands for the root's path.
  static let cases = [
    Case(words: "an absolute path", bytes: qcow2("ROOT/base-v2.qcow2"), names: ["base-v2.qcow2"]),
    Case(
      words: "a path from the disk's directory", bytes: qcow2("../../root/base-v2.qcow2"),
      names: ["base-v2.qcow2"]),
    Case(words: "a name of a protocol", bytes: qcow2("file:ROOT/base-v2.qcow2"), names: ["base-v2.qcow2"]),
    Case(
      words: "a JSON name",
      bytes: qcow2(#"json:{"driver":"qcow2","file":{"driver":"file","filename":"ROOT/base-v2.qcow2"}}"#),
      names: ["base-v2.qcow2"]),
    Case(
      words: "a JSON name with joined keys",
      bytes: qcow2(
        #"json:{"driver": "qcow2", "file.driver": "file", "file.filename": "ROOT/base-v2.qcow2"}"#),
      names: ["base-v2.qcow2"]),
    Case(
      words: "a JSON name with escapes, in a list",
      bytes: qcow2(
        #"json:{"children":[{"filename":"ROOT\/a\"-\u0076\u0031"},{"n":[1,null,true,"filename"]}]}"#),
      names: [#"a"-v1"#]),
    Case(words: "a sparse extent of VMware", bytes: extent("ROOT/base-v2/base-v2.vmdk"), names: ["base-v2"]),
    Case(words: "a name far behind the header", bytes: qcow2("ROOT/a/b", at: 70_000), names: ["a"]),
    Case(
      words: "a file that is not there any more", bytes: qcow2("ROOT/gone-v1.qcow2"), names: ["gone-v1.qcow2"]
    ),
    Case(words: "a disk of VMware", bytes: descriptor, names: []),
    Case(words: "a disk of its own", bytes: qcow2(""), names: []),
    Case(words: "a path elsewhere", bytes: qcow2("ROOT-2/base-v2.qcow2"), names: []),
    Case(words: "no disk", bytes: Array("QFI, but text".utf8), names: []),
    Case(words: "a header that is cut off", bytes: [0x51, 0x46, 0x49, 0xfb, 0], names: []),
  ]

  @Test("are read from the headers", arguments: cases)
  func header(_ item: Case) throws {
    let temporary = try TemporaryRoot()
    try temporary.write("base-v2.qcow2")
    let disks = temporary.folder + "/vms/vm1"
    try FileManager.default.createDirectory(atPath: disks, withIntermediateDirectories: true)
    try Data(Self.filled(item.bytes, temporary.path)).write(to: URL(filePath: disks + "/disk"))
    let backing = BackingFiles(below: [temporary.folder + "/vms"])
    #expect(backing.problems == [])
    #expect(backing.names(in: temporary.path) == item.names)
  }

  /// The bytes with the root's path in them; the length in the header goes along.
  private static func filled(_ bytes: [UInt8], _ path: String) -> [UInt8] {
    guard let place = bytes.firstRange(of: Array("ROOT".utf8)) else { return bytes }
    var filled = bytes
    filled.replaceSubrange(place, with: Array(path.utf8))
    guard bytes.starts(with: [0x51]) else { return filled }
    let length = filled[16..<20].reduce(0) { $0 << 8 | Int($1) } + path.utf8.count - 4
    filled.replaceSubrange(16..<20, with: withUnsafeBytes(of: UInt32(length).bigEndian, Array.init))
    return filled
  }

  @Test("of VMware are named beside the disk's own directory")
  func vmware() throws {
    let temporary = try TemporaryRoot()
    let clone = temporary.path + "/clone"
    try FileManager.default.createDirectory(atPath: clone, withIntermediateDirectories: true)
    try Data(Self.descriptor).write(to: URL(filePath: clone + "/clone.vmdk"))
    try temporary.write("base-v2/base-v2.vmdk")
    let backing = BackingFiles(below: [temporary.path])
    #expect(backing.names(in: temporary.path) == ["base-v2"])
  }

  private func folder(_ temporary: TemporaryRoot) throws -> String {
    try FileManager.default.createDirectory(
      atPath: temporary.folder + "/vms", withIntermediateDirectories: true)
    return temporary.folder + "/vms"
  }

  @Test(
    "are unknown where a disk has one and does not tell which",
    arguments: [
      [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3] + [UInt8](repeating: 0xff, count: 64),
      [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3] + [0, 0, 0, 0, 0, 1, 0, 0] + [0, 0, 0, 9, 0],
      qcow2(#"json:{"file":{"filename":"/base-v1.qcow2""#),
    ])
  func broken(_ bytes: [UInt8]) throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    try Data(bytes).write(to: URL(filePath: disks + "/disk"))
    #expect(BackingFiles(below: [disks]).problems.count == 1)
    #expect(BackingFiles(below: [], andPerhapsBelow: [disks]).problems == [])
  }

  @Test("are found through symbolic links, to disks and to directories, which may lead back")
  func links() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    let elsewhere = temporary.folder + "/elsewhere/below"
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    try Data(Self.filled(Self.qcow2("ROOT/a-v1"), temporary.path)).write(
      to: URL(filePath: elsewhere + "/disk"))
    try Data(Self.filled(Self.qcow2("ROOT/b-v1"), temporary.path)).write(
      to: URL(filePath: temporary.folder + "/single"))
    symlink("../elsewhere", disks + "/more")
    symlink("../single", disks + "/disk")
    symlink("../../vms", elsewhere + "/back")
    symlink("/nowhere", disks + "/dangling")
    let backing = BackingFiles(below: [disks])
    #expect(backing.problems == [])
    #expect(backing.names(in: temporary.path) == ["a-v1", "b-v1"])
  }

  @Test("are followed from one to the next, wherever they lie, and also in a circle")
  func chain() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    let elsewhere = temporary.folder + "/elsewhere"
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    for (path, backing) in [
      (disks + "/disk", "../elsewhere/linked"), (elsewhere + "/middle", "ROOT/b-v1.qcow2"),
      (temporary.path + "/b-v1.qcow2", "c-v1.qcow2"), (temporary.path + "/c-v1.qcow2", "../vms/disk"),
      (disks + "/self", "../vms/../vms/self"),
    ] {
      try Data(Self.filled(Self.qcow2(backing), temporary.path)).write(to: URL(filePath: path))
    }
    symlink("middle", elsewhere + "/linked")
    let backing = BackingFiles(below: [disks])
    #expect(backing.problems == [])
    #expect(backing.names(in: temporary.path) == ["b-v1.qcow2", "c-v1.qcow2"])
  }

  @Test("are not looked for where a link leads upwards, which would be the whole machine")
  func upwards() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    try Data(Self.filled(Self.qcow2("ROOT/a-v1"), temporary.path)).write(
      to: URL(filePath: temporary.folder + "/above"))
    symlink("/", disks + "/machine")
    symlink("..", disks + "/up")
    let backing = BackingFiles(below: [disks])
    #expect(backing.problems == [] && backing.paths == [])
  }

  @Test("leave the time of last access of a disk as it was")
  func accessTime() throws {
    let temporary = try TemporaryRoot()
    let path = temporary.path + "/disk"
    try Data(Self.qcow2("/nowhere/a-v1")).write(to: URL(filePath: path))
    // Older than the time of change, so that any file system would renew it.
    var times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 2000, tv_nsec: 0)]
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    #expect(BackingFiles(below: [temporary.path]).paths == ["/nowhere/a-v1"])
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(status.st_atim.tv_sec == 1000)
  }

  @Test("are unknown behind one that cannot be read, and that is told")
  func unreadableLink() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    let broken = [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3] + [UInt8](repeating: 0xff, count: 64)
    try Data(broken).write(to: URL(filePath: temporary.folder + "/broken"))
    try Data(Self.qcow2("../broken")).write(to: URL(filePath: disks + "/disk"))
    let problems = BackingFiles(below: [disks]).problems
    #expect(problems.count == 1 && problems.allSatisfy { $0.contains("/broken cannot be read (") })
    #expect(BackingFiles(below: [], andPerhapsBelow: [disks]).problems == [])
  }

  @Test("are found in a root that has another path in the disk", .enabled(if: getuid() == 0))
  func secondMount() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    let second = temporary.folder + "/second"
    try FileManager.default.createDirectory(atPath: second, withIntermediateDirectories: true)
    try temporary.write("a-v1/disk")
    try Data(Self.filled(Self.qcow2("ROOT/a-v1/disk"), second)).write(to: URL(filePath: disks + "/disk"))
    try #require(mount(temporary.path, second, nil, UInt(MS_BIND), nil) == 0)
    defer { umount2(second, Int32(MNT_DETACH)) }
    #expect(BackingFiles(below: [disks]).names(in: temporary.path) == ["a-v1"])
  }

  @Test("An empty directory is told from others")
  func empty() throws {
    let temporary = try TemporaryRoot()
    let disks = try folder(temporary)
    #expect(BackingFiles.isEmpty(disks))
    #expect(!BackingFiles.isEmpty(temporary.path) && !BackingFiles.isEmpty(disks + "/missing"))
  }

  @Test("are unknown where a directory cannot be read, and that is told")
  func unreadable() throws {
    let temporary = try TemporaryRoot()
    let backing = BackingFiles(below: [temporary.path + "/" + RootMarker.fileName])
    #expect(backing.problems.count == 1)
    #expect(BackingFiles(below: [temporary.folder + "/missing"]).problems == [])
  }
}
