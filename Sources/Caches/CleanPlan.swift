/// What is known of the process that writes an incomplete entry.
package enum WriterState: String, Sendable, Hashable {
  case alive
  case dead
  /// It left no trace, or runs on another node.
  case unknown
}

/// One item of `incomplete/` or `invalid/`.
package struct AreaItem: Sendable, Hashable {
  /// As it is shown; the directory entry itself may hold other bytes.
  package let name: String
  package let size: EntrySize
  /// The newest time at which anything of it was written.
  package let modified: FileTime
  package let writer: WriterState
  package let obstacle: Obstacle?

  package init(
    name: String, size: EntrySize, modified: FileTime, writer: WriterState = .unknown,
    obstacle: Obstacle? = nil
  ) {
    self.name = name
    self.size = size
    self.modified = modified
    self.writer = writer
    self.obstacle = obstacle
  }
}

/// What of a root's `incomplete/` and `invalid/` goes. `queue/` and good entries are never part of it.
package struct CleanPlan: Sendable, Equatable {
  /// Why something goes, or stays. The raw value is the code in every output.
  package enum Reason: String, Sendable, Hashable, CaseIterable {
    case invalid
    case writerDead = "writer_dead"
    /// Not written for longer than the stall time, by nobody who is known.
    case stalled
    case writerAlive = "writer_alive"
    /// Written within the stall time.
    case recent
    case obstacle
  }

  /// One item and what is done with it.
  package struct Decision: Sendable, Hashable {
    package let area: Area
    package let item: AreaItem
    package let reason: Reason
  }

  package let removals: [Decision]
  package let kept: [Decision]

  /// - Parameter stallSeconds: an incomplete item goes when it is strictly older.
  package init(invalid: [AreaItem], incomplete: [AreaItem], stallSeconds: Int64, now: FileTime) {
    var removals: [Decision] = []
    var kept: [Decision] = []
    func decide(_ area: Area, _ item: AreaItem, _ reason: Reason, goes: Bool) {
      let decision = Decision(area: area, item: item, reason: reason)
      if goes { removals.append(decision) } else { kept.append(decision) }
    }
    func byName(_ left: AreaItem, _ right: AreaItem) -> Bool { left.name < right.name }
    for item in invalid.sorted(by: byName) {
      decide(.invalid, item, item.obstacle == nil ? .invalid : .obstacle, goes: item.obstacle == nil)
    }
    for item in incomplete.sorted(by: byName) {
      switch item.writer {
      case _ where item.obstacle != nil: decide(.incomplete, item, .obstacle, goes: false)
      case .alive: decide(.incomplete, item, .writerAlive, goes: false)
      case .dead: decide(.incomplete, item, .writerDead, goes: true)
      case .unknown:
        let isStalled = item.modified.isOlder(than: stallSeconds, at: now)
        decide(.incomplete, item, isStalled ? .stalled : .recent, goes: isStalled)
      }
    }
    self.removals = removals
    self.kept = kept
  }
}
