import Caches
import Foundation
import Storage
import Testing

@Suite("What will be in a root after an interrupted removal is ended")
struct AftermathTests {
  private static let slot = "trash/0123456789abcdef.root.leaving"

  /// Of entries of these names, with their files and bytes.
  private static func lines(_ root: RootDirectory, after: Bool) throws -> [String] {
    let aftermath = after ? try root.aftermath(node: "here") : Aftermath()
    let known = KnownNames(["a-v1", "b-v1", "c-v1"])
    return try RootScan(root, layout: .kvm, known: known, after: aftermath).entries.map {
      "\($0.entry.name) \($0.fileNames) \($0.entry.size)"
    }
  }

  private func root() throws -> TemporaryRoot {
    let temporary = try TemporaryRoot()
    try temporary.write("\(Self.slot)/0.whole/a-v1.qcow2", 5000)
    try temporary.write("\(Self.slot)/0.whole/a-v1.xml", 50)
    try temporary.write("\(Self.slot)/1.single/b-v1.qcow2", 500)
    try temporary.write("b-v1.xml", 5)
    try temporary.write("c-v1.qcow2", 7)
    return temporary
  }

  @Test("A scan that is told of it finds the same as one after it, by names and sizes, and changes nothing")
  func scan() throws {
    let temporary = try root()
    let before = try temporary.names()
    let expected = try Self.lines(temporary.open(), after: true)
    #expect(try temporary.names() == before)
    #expect(try Self.lines(temporary.open(), after: false) != expected)
    _ = try Remover(temporary.open(), ledger: { _ in }).finishInterrupted()
    #expect(try Self.lines(temporary.open(), after: false) == expected)
    #expect(try Self.lines(temporary.open(), after: true) == expected)
  }

  @Test("Nothing is made, not even a lock, where there was no removal yet")
  func untouched() throws {
    let temporary = try TemporaryRoot()
    try FileManager.default.removeItem(atPath: temporary.path + "/trash")
    #expect(try temporary.open().aftermath(node: "here").failed.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: temporary.path + "/trash"))
    try temporary.write("\(Self.slot)/0.single/a-v1.qcow2")
    #expect(try Self.lines(temporary.open(), after: true).count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/trash").count == 1)
  }

  @Test("An account that may not look into trash/ is told so, and sees the rest", .enabled(if: getuid() == 0))
  func hidden() throws {
    let temporary = try root()
    chmod(temporary.path + "/trash", 0o700)
    let path = temporary.path
    let seen = Unprivileged.run { () -> (isHidden: Bool, lines: [String])? in
      guard let root = try? RootDirectory.open(path: path, expecting: nil),
        let aftermath = try? root.aftermath(node: "here"), let lines = try? Self.lines(root, after: true)
      else { return nil }
      return (aftermath.isHidden, lines)
    }
    #expect(seen?.isHidden == true && seen?.lines.count == 2)
  }

  @Test("While a process is at it the root is busy")
  func busy() throws {
    let temporary = try root()
    let remover = try Remover(temporary.open(), ledger: { _ in })
    #expect(problem { _ = try temporary.open().aftermath(node: "here") } == "busy")
    withExtendedLifetime(remover) {}
  }
}
