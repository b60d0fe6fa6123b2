import Caches
import Foundation
import Storage
import Testing

@Suite("Removing from a full disk", .enabled(if: PrivateMounts.isPossible, "needs root, to mount"))
struct FullDiskTests {
  /// What is full, in a file system made for it.
  enum Full: CaseIterable {
    case space, files

    func mount(_ path: String) throws {
      switch self {
      case .space: try PrivateMounts.memory(at: path, bytes: 512 << 10)
      case .files: try PrivateMounts.memory(at: path, bytes: 64 << 20, files: 60)
      }
    }
  }

  /// An image of one file takes another way than one of several.
  @Test("it is emptied", arguments: Full.allCases, [1, 2])
  func emptied(full: Full, filesOfImage: Int) throws {
    let result = try Self.removed(full, filesOfImage, hasReserve: true)
    #expect(result.first == "no error")
    #expect(result.left.isEmpty && result.later.isEmpty)
  }

  @Test("without the reserve nothing is half done, and a little room is enough", arguments: Full.allCases)
  func withoutReserve(full: Full) throws {
    let result = try Self.removed(full, 2, hasReserve: false)
    #expect(result.first.hasSuffix("No space left on device"))
    #expect(result.left == result.before && result.later.isEmpty)
  }

  @Test("a reserve that was not written to its end is made anew, of bytes that no file system can compress")
  func reserveCutShort() throws {
    let temporary = try TemporaryRoot()
    let reserve = temporary.path + "/trash/reserve"
    let size = FileManager.default.contents(atPath: reserve)?.count
    for length in [0, 4096] {
      #expect(truncate(reserve, length) == 0)
      _ = try Remover(temporary.open(), ledger: { _ in })
      let bytes = try Data(contentsOf: URL(fileURLWithPath: reserve))
      #expect(bytes.count == size && Set(bytes).count == 256)
    }
  }

  private struct Result {
    let first: String
    let before: [String]
    let left: [String]
    /// What is left by another removal, for which there was a little room.
    let later: [String]
  }

  private static func removed(_ full: Full, _ filesOfImage: Int, hasReserve: Bool) throws -> Result {
    try PrivateMounts.run {
      let base = try TemporaryRoot(marks: false)
      try full.mount(base.folder + "/full")
      let temporary = try TemporaryRoot(in: base.folder + "/full")
      let names = (0..<12).map { "image\($0)-v1" }
      for name in names {
        try temporary.write("\(name).qcow2", 4096)
        if filesOfImage == 2 { try temporary.write("\(name).xml", 1) }
      }
      let reserve = try FileManager.default.contentsOfDirectory(atPath: temporary.path + "/trash")
        .filter { $0.hasPrefix("reserve") }
      #expect(reserve.count == 4)
      if !hasReserve { for file in reserve { unlink("\(temporary.path)/trash/\(file)") } }
      var number = 0
      while (try? temporary.write("fill\(number)", full == .space ? 4096 : 0)) != nil { number += 1 }
      func left() throws -> [String] { try temporary.names().filter { !$0.hasPrefix("fill") } }
      let before = try left()
      let first = thrown { _ = try RemovalTests.remove(temporary, names) }
      let after = try left()
      for number in 0..<4 { unlink("\(temporary.path)/fill\(number)") }
      _ = try RemovalTests.remove(temporary, names)
      let later = try left()
      try PrivateMounts.detach(base.folder + "/full")
      return Result(first: first, before: before, left: after, later: later)
    }
  }
}
