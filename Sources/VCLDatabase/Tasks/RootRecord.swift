import Assets
import MariaDB

/// A directory under management, as it is on record; what its words mean is not known here.
package struct RootRecord: Sendable {
  /// 0 until it is on record.
  package var id: Int
  /// The management node that the directory belongs to.
  package let node: String
  package let name: String
  package let path: String
  package let role: String
  package let layout: String
  package var limitBytes: Int64?
  package var timeToLiveSeconds: Int64?
  package var stallSeconds: Int64
  package var priority: Int
  package var isEnabled: Bool
  /// Directories with virtual disks whose backing files must stay.
  package var diskPaths: [String]
  /// What the marker file in the directory holds.
  package let marker: String

  package init(
    id: Int = 0, node: String, name: String, path: String, role: String, layout: String, limitBytes: Int64?,
    timeToLiveSeconds: Int64?, stallSeconds: Int64, priority: Int, isEnabled: Bool, diskPaths: [String],
    marker: String
  ) {
    self.id = id
    self.node = node
    self.name = name
    self.path = path
    self.role = role
    self.layout = layout
    self.limitBytes = limitBytes
    self.timeToLiveSeconds = timeToLiveSeconds
    self.stallSeconds = stallSeconds
    self.priority = priority
    self.isEnabled = isEnabled
    self.diskPaths = diskPaths
    self.marker = marker
  }

  /// Those of all nodes, by node and name.
  package static func all(_ connection: Connection) throws -> [RootRecord] {
    try connection.rows(Assets.Queries.roots) { row in
      RootRecord(
        id: row.int(0), node: row.string(1), name: row.string(2), path: row.string(3), role: row.string(4),
        layout: row.string(5), limitBytes: row.optionalInt(6).map(Int64.init),
        timeToLiveSeconds: row.optionalInt(7).map(Int64.init), stallSeconds: Int64(row.int(8)),
        priority: row.int(9), isEnabled: row.bool(10),
        diskPaths: row.string(11).split(separator: "\n").map(String.init), marker: row.string(12))
    }
  }

  /// - Parameter actor: who adds it.
  /// - Returns: its id.
  /// - Throws: ``MariaDBError`` of kind duplicate when the node has a root of that name, or another root that marker.
  package func insert(_ connection: Connection, by actor: String) throws -> Int {
    try connection.execute(
      Assets.Queries.insertRoot,
      [
        Value(node), Value(name), Value(path), Value(role), Value(layout), Value(limitBytes.map(Int.init)),
        Value(timeToLiveSeconds.map(Int.init)), Value(Int(stallSeconds)), Value(priority), Value(isEnabled),
        Value(diskPaths.joined(separator: "\n")), Value(marker), Value(actor, scalars: 255),
      ])
    return Int(connection.lastInsertID)
  }

  /// Writes what can change of it: limit, times, priority, disk paths, whether it is enabled.
  package func update(_ connection: Connection) throws {
    try connection.execute(
      Assets.Queries.updateRoot,
      [
        Value(limitBytes.map(Int.init)), Value(timeToLiveSeconds.map(Int.init)), Value(Int(stallSeconds)),
        Value(priority), Value(isEnabled), Value(diskPaths.joined(separator: "\n")), Value(id),
      ])
  }

  package func delete(_ connection: Connection) throws {
    try connection.execute(Assets.Queries.deleteRoot, [Value(id)])
  }

  /// Writes down what a batch of removed entries took off the disk; the same batch again replaces what was written.
  ///
  /// - Parameters:
  ///   - removal: the batch.
  ///   - taskID: nil: finished after its task had ended.
  package func record(
    _ connection: Connection, removal: String, taskID: Int?, _ total: RemovedTotal
  ) throws {
    try connection.execute(
      Assets.Queries.recordRemoval,
      [
        Value(id), Value(removal), Value(taskID), Value(total.entries), Value(total.files),
        Value(total.apparentBytes), Value(total.allocatedBytes), Value(total.freedBytes),
      ])
  }
}

/// What left a disk.
package struct RemovedTotal: Sendable, Hashable {
  package var entries: Int
  package var files: Int
  package var apparentBytes: Int
  package var allocatedBytes: Int
  package var freedBytes: Int

  package init(
    entries: Int = 0, files: Int = 0, apparentBytes: Int = 0, allocatedBytes: Int = 0, freedBytes: Int = 0
  ) {
    self.entries = entries
    self.files = files
    self.apparentBytes = apparentBytes
    self.allocatedBytes = allocatedBytes
    self.freedBytes = freedBytes
  }

  /// All that a task took, those of its attempts too that were cut off.
  package static func of(_ connection: Connection, task: Int) throws -> RemovedTotal {
    try connection.first(Assets.Queries.removedByTask, [Value(task)]) { row in
      RemovedTotal(
        entries: row.int(0), files: row.int(1), apparentBytes: row.int(2), allocatedBytes: row.int(3),
        freedBytes: row.int(4))
    } ?? RemovedTotal()
  }
}
