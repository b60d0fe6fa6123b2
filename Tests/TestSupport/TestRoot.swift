import Caches
import Foundation
import MariaDB
import Storage
import VCLDatabase

/// A root on record with a temporary directory of its own, gone with it.
package final class TestRoot {
  /// The directory that holds the root, with room beside it.
  package let folder: String
  package let path: String
  package let record: RootRecord

  /// - Parameter node: nil: this machine.
  package init(
    _ connection: Connection, name: String = "repository", node: String? = nil, role: RootRole = .repository,
    layout: String = "vmware", diskPaths: [String] = []
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "root-\(UUID().uuidString)").path
    path = folder + "/root"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let directory = try RootDirectory.add(path: path, others: [:])
    var record = RootRecord(
      node: node ?? ProcessInfo.processInfo.hostName, name: name, path: path, role: role.rawValue,
      layout: layout, limitBytes: nil, timeToLiveSeconds: nil, stallSeconds: 86_400, priority: 1,
      isEnabled: true, diskPaths: diskPaths, marker: directory.marker.id)
    record.id = try record.insert(connection, by: "test")
    self.record = record
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Writes a file below the folder, with the directories on its way.
  ///
  /// - Returns: its path.
  @discardableResult
  package func write(_ name: String, bytes: Int = 5000) throws -> String {
    let file = URL(filePath: folder).appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data((0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }).write(to: file)
    return file.path
  }

  /// Everything below the root, without the marker, the areas themselves and what `trash/` needs for itself.
  package func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).filter {
      $0 != RootMarker.fileName && Area(rawValue: $0) == nil && $0 != "trash/lock"
        && !$0.hasPrefix("trash/reserve")
    }.sorted()
  }

  /// Whether two files or directories, named below the folder, hold the same.
  package func areEqual(_ left: String, _ right: String) -> Bool {
    FileManager.default.contentsEqual(atPath: folder + "/" + left, andPath: folder + "/" + right)
  }
}
