import Caches
import Foundation
import Storage
import Testing

@Suite struct RootTests {
  @Test("a marked root opens, and only with its own marker")
  func marked() throws {
    let temporary = try TemporaryRoot()
    let root = try temporary.open()
    try root.verify()
    #expect(try RootDirectory.open(path: temporary.path + "/", expecting: root.marker).marker == root.marker)
    #expect(
      problem { _ = try RootDirectory.open(path: temporary.path, expecting: RootMarker()) }
        == "foreign_marker")
    let text = try String(contentsOfFile: temporary.path + "/.expireimage-root", encoding: .utf8)
    #expect(text.contains("\nid = \(root.marker.id)\n"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: temporary.path).sorted() == [
        ".expireimage-root", "trash",
      ])
  }

  @Test("adding a marked directory again is refused with its id")
  func twice() throws {
    let temporary = try TemporaryRoot()
    let marker = try temporary.open().marker
    let error = thrown { _ = try RootDirectory.add(path: temporary.path, others: [:]) }
    #expect(error == "\(temporary.path) is a root already, with the id \(marker.id)")
  }

  @Test("what is not a marked directory is refused, each with its reason")
  func refused() throws {
    let temporary = try TemporaryRoot(marks: false)
    let folder = temporary.folder
    close(creat(folder + "/file", 0o644))
    try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: temporary.path)
    try FileManager.default.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: "nowhere")
    func opening(_ name: String) -> String {
      problem { _ = try RootDirectory.open(path: folder + "/" + name, expecting: nil) }
    }
    #expect(opening("root") == "unmarked")
    #expect(opening("missing") == "missing")
    #expect(opening("file") == "not_a_directory")
    #expect(opening("file/x") == "not_a_directory")
    #expect(opening("link") == "symbolic_link")
    #expect(opening("link/") == "symbolic_link")
    #expect(opening("dangling") == "symbolic_link")
    #expect(problem { _ = try RootDirectory.add(path: folder + "/link", others: [:]) } == "symbolic_link")
  }

  @Test(
    "a marker that root add did not write lets nothing be deleted",
    arguments: [
      "", "id = \n", "id = 00000000000000000000000000000000\nid = 1\n",
      "id = ../../../../../../../etc/passwd\n", "\u{0}",
    ])
  func unreadableMarker(text: String) throws {
    let temporary = try TemporaryRoot(marks: false)
    try text.write(toFile: temporary.path + "/.expireimage-root", atomically: false, encoding: .utf8)
    #expect(problem { _ = try temporary.open() } == "unreadable_marker")
  }

  @Test("a marker that is a symbolic link, a pipe or a directory is none")
  func markerKinds() throws {
    let good = try TemporaryRoot()
    for kind in ["link", "pipe", "directory"] {
      let temporary = try TemporaryRoot(marks: false)
      let marker = temporary.path + "/.expireimage-root"
      switch kind {
      case "link": symlink(good.path + "/.expireimage-root", marker)
      case "pipe": mkfifo(marker, 0o644)
      default: mkdir(marker, 0o755)
      }
      #expect(problem { _ = try temporary.open() } == "unreadable_marker", "\(kind)")
    }
  }

  @Test("one directory cannot be two roots, and no root lies in another, by whatever path")
  func apart() throws {
    let temporary = try TemporaryRoot()
    let root = try temporary.open()
    let folder = temporary.folder
    try FileManager.default.createDirectory(
      atPath: temporary.path + "/deep/below", withIntermediateDirectories: true)
    try FileManager.default.createDirectory(atPath: folder + "/beside", withIntermediateDirectories: true)
    symlink(temporary.path, folder + "/alias")
    func adding(_ path: String) -> String {
      problem { _ = try RootDirectory.add(path: path, others: ["first": root]) }
    }
    #expect(adding(folder + "/alias/deep/below") == "nested")
    #expect(adding(temporary.path + "/deep") == "nested")
    #expect(adding(folder) == "nested")
    #expect(problem { try root.checkApart(from: ["same": try temporary.open()]) } == "identical")
    #expect(adding(folder + "/beside") == "none")
    #expect(!FileManager.default.fileExists(atPath: folder + "/.expireimage-root"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/deep") == ["below"])
  }

  @Test("a root whose directory is replaced, or whose marker goes, is not the root any more")
  func replaced() throws {
    let temporary = try TemporaryRoot()
    let root = try temporary.open()
    let marker = temporary.path + "/.expireimage-root"
    rename(marker, temporary.folder + "/marker")
    #expect(problem { try root.verify() } == "changed")
    rename(temporary.folder + "/marker", marker)
    try root.verify()
    rename(temporary.path, temporary.folder + "/away")
    #expect(problem { try root.verify() } == "changed")
    mkdir(temporary.path, 0o755)
    try FileManager.default.copyItem(
      atPath: temporary.folder + "/away/.expireimage-root", toPath: marker)
    #expect(thrown { try root.verify() }.contains("another directory is there"))
    symlink(temporary.folder + "/away", temporary.folder + "/link")
    try FileManager.default.removeItem(atPath: temporary.path)
    rename(temporary.folder + "/link", temporary.path)
    #expect(problem { try root.verify() } == "changed")
  }

  @Test("no root has a link or a file in the place of one of its areas", arguments: Area.allCases)
  func areas(_ area: Area) throws {
    let new = try TemporaryRoot(marks: false)
    let old = try TemporaryRoot()
    for (root, isLink) in [(new, true), (old, true), (new, false), (old, false)] {
      let path = "\(root.path)/\(area.rawValue)"
      try? FileManager.default.removeItem(atPath: path)
      if isLink { symlink("..", path) } else { try Data().write(to: URL(filePath: path)) }
    }
    #expect(problem { _ = try RootDirectory.add(path: new.path, others: [:]) } == "no_area")
    #expect(!FileManager.default.fileExists(atPath: new.path + "/.expireimage-root"))
    #expect(problem { _ = try old.open() } == "no_area")
    unlink("\(old.path)/\(area.rawValue)")
    symlink("..", "\(old.path)/\(area.rawValue)")
    #expect(thrown { _ = try old.open() }.contains("/\(area.rawValue) is no directory"))
  }

  @Test("a failed write of the marker leaves nothing behind")
  func failedMarker() throws {
    let temporary = try TemporaryRoot(marks: false)
    let full = Changes(before: { (kind) throws(FileError) in
      if kind == .write { throw FileError("write", ENOSPC) }
    })
    #expect(
      problem { _ = try RootDirectory.add(path: temporary.path, others: [:], changes: full) } == "failed")
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path).isEmpty)
  }

  @Test("a path that does not exist yet belongs to the file system of what is above it")
  func relation() throws {
    let temporary = try TemporaryRoot()
    let root = try temporary.open()
    let inside = try root.relation(toPath: temporary.path + "/new/image.vmdk")
    #expect(inside.sharesFileSystem && inside.isInside)
    let outside = try root.relation(toPath: temporary.folder + "/other/x")
    #expect(outside.sharesFileSystem && !outside.isInside)
    #expect(try !root.relation(toPath: "/proc/self").sharesFileSystem)
    #expect(try root.freeBytes() > 0)
  }

  @Test(
    "a read-only file system, one unmounted in the middle and the same directory mounted twice are told",
    .enabled(if: PrivateMounts.isPossible))
  func mounts() throws {
    let results = try PrivateMounts.run { () -> [String] in
      let base = try TemporaryRoot(marks: false)
      let path = base.folder + "/mounted"
      try PrivateMounts.memory(at: path, bytes: 1 << 20)
      let root = try RootDirectory.add(path: path, others: [:])
      var results: [String] = []
      results.append(problem { try root.verify() })

      // A second mount of it is the same directory, and one of a directory in it lies in it.
      try PrivateMounts.bind(path, at: base.folder + "/twice")
      results.append(
        problem {
          try RootDirectory.open(path: base.folder + "/twice", expecting: nil).checkApart(from: ["a": root])
        })

      try PrivateMounts.detach(path)
      results.append(problem { try root.verify() })

      try PrivateMounts.memory(at: path, bytes: 1 << 20)
      results.append(problem { try root.verify() })
      try PrivateMounts.readOnly(path)
      results.append(problem { _ = try RootDirectory.add(path: path, others: [:]) })
      try PrivateMounts.detach(path)
      try PrivateMounts.detach(base.folder + "/twice")
      return results
    }
    #expect(results == ["none", "identical", "changed", "changed", "read_only"])
  }

  @Test("a directory of somebody else is refused before anything is written", .enabled(if: getuid() == 0))
  func noPermission() throws {
    let temporary = try TemporaryRoot(marks: false)
    chmod(temporary.path, 0o755)
    let result = Unprivileged.run { problem { _ = try RootDirectory.add(path: temporary.path, others: [:]) } }
    #expect(result == "no_permission")
  }
}
