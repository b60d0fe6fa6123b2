import Foundation

/// `expireimage cache prune` as a whole process, on a large site.
struct StorageCommand {
  private let site: LargeSite
  private let folder: String
  private let revisions: Int

  /// - Parameter folder: on the file system to measure; made, and removed again.
  init(revisions: Int, in folder: String) throws {
    self.revisions = revisions
    self.folder = folder
    site = try LargeSite(revisions: revisions, reservations: 100_000)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try Measured([
      Measured.program, "root", "add", "benchmark", folder, "--role", "cache", "--layout", "kvm", "--limit",
      "0",
    ]).once()
  }

  func remove() {
    site.server.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// - Returns: the seconds of a prune that takes all, and of one that has nothing to do.
  func measured() throws -> (all: Double, nothing: Double) {
    for name in site.imageNames {
      let file = open("\(folder)/\(name).qcow2", O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
      // Over the limit by its length, with nothing on the disk.
      guard file >= 0, ftruncate(file, 1) == 0 else {
        throw Measured.Failed(description: "cannot make \(name) in \(folder)")
      }
      close(file)
    }
    let prune = Measured([Measured.program, "cache", "prune"])
    let all = try prune.once().seconds
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".qcow2") }
    guard left.isEmpty else { throw Measured.Failed(description: "\(left.count) entries were not pruned") }
    return (all, try prune.once().seconds)
  }
}
