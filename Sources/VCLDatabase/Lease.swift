import Assets
import MariaDB

/// The process that holds the lease of the run, so that another one on its node can tell whether it lives.
package struct LeaseHolder: Sendable, Equatable {
  /// Host and process namespace.
  package let node: String
  package let pid: Int
  /// In clock ticks after boot: a reused pid has another start.
  package let processStart: Int
  package let bootID: String

  package init(node: String, pid: Int, processStart: Int, bootID: String) {
    self.node = node
    self.pid = pid
    self.processStart = processStart
    self.bootID = bootID
  }
}

/// One run at a time on the whole site: a row that a run takes, renews and gives back.
///
/// A row and not GET_LOCK, which does not reach the other nodes of a Galera cluster.
package enum Lease {
  /// Free so long after its last renewal.
  package static let seconds = 300
  package static let renewalSeconds = 30

  /// Takes the lease.
  ///
  /// - Parameter isDead: whether a holder is known to be dead; its lease is taken at once.
  /// - Throws: ``LeaseHeld`` when somebody else has it.
  package static func take(
    _ connection: Connection, by holder: LeaseHolder, isDead: (LeaseHolder) -> Bool
  ) throws -> Fence {
    // Two may read the same fence; the guarded update lets one of them win.
    let found = try connection.first(Assets.Queries.lease) { row in
      (
        fence: row.int(0),
        holder: Self.holder(of: row),
        isFree: row.bool(5)
      )
    }
    guard let found else { throw LeaseHeld(work: .unknown) }
    if let present = found.holder, !found.isFree, !isDead(present) { throw held(connection, by: present) }
    let taken = try connection.execute(
      Assets.Queries.takeLease,
      [
        Value(holder.node), Value(holder.pid), Value(holder.processStart), Value(holder.bootID),
        Value(seconds),
        Value(found.fence),
      ])
    guard taken == 1 else { throw LeaseHeld(work: .unknown) }
    return Fence(number: found.fence + 1)
  }

  /// - Throws: ``LeaseHeld`` while somebody has the lease; nobody takes it until the transaction ends.
  package static func checkFree(_ connection: Connection) throws {
    // The row is read whether or not it is held: only what a condition lets through stays locked.
    let lease = try connection.first(Assets.Queries.runAtWork, []) {
      (holder: holder(of: $0), isHeld: $0.bool(5))
    }
    if let lease, lease.isHeld { throw held(connection, by: lease.holder) }
    try connection.execute(Assets.Queries.checkFreeLease)
  }

  private static func held(_ connection: Connection, by holder: LeaseHolder?) -> LeaseHeld {
    guard let holder else { return LeaseHeld(work: .unknown) }
    do {
      let run = try connection.first(Assets.Queries.runOfHolder, [Value(holder.node), Value(holder.pid)]) {
        $0.int(0)
      }
      return LeaseHeld(work: run.map { .run($0, holder) } ?? .call(holder))
    } catch { return LeaseHeld(work: .unknown) }
  }

  /// Whether a run, or another call that needs the lease, is at work.
  ///
  /// - Parameter isDead: whether a holder is known to be dead.
  package static func isHeld(_ connection: Connection, isDead: (LeaseHolder) -> Bool) throws -> Bool {
    try connection.first(Assets.Queries.lease) { row in
      holder(of: row).map { !row.bool(5) && !isDead($0) } ?? false
    } ?? false
  }

  private static func holder(of row: borrowing Row) -> LeaseHolder? {
    row.optionalString(1).map { node in
      LeaseHolder(
        node: node, pid: row.optionalInt(2) ?? 0, processStart: row.optionalInt(3) ?? 0,
        bootID: row.optionalString(4) ?? "")
    }
  }

  /// - Returns: false when the lease is lost.
  package static func renew(_ connection: Connection, _ fence: Fence) throws -> Bool {
    try connection.execute(Assets.Queries.renewLease, [Value(seconds), Value(fence.number)]) == 1
  }

  package static func release(_ connection: Connection, _ fence: Fence) throws {
    try connection.execute(Assets.Queries.releaseLease, [Value(fence.number)])
  }
}

/// The number of one holding of the lease; every transaction that writes checks it.
package struct Fence: Sendable {
  package let number: Int

  /// Locks the lease until the transaction ends; on a Galera cluster the transaction is undone when it turns out at its
  /// end that another node let somebody take the lease.
  ///
  /// - Throws: ``LeaseLost`` when somebody else has taken it.
  package func check(_ connection: Connection) throws {
    guard try connection.execute(Assets.Queries.checkLease, [Value(number)]) == 1 else { throw LeaseLost() }
  }
}

/// Somebody else is at work.
package struct LeaseHeld: Error, CustomStringConvertible {
  package enum Work: Sendable, Equatable {
    case run(Int, LeaseHolder)
    /// What holds the lease without being a run: `expireimage restore` or `migrate`; for moments, a run that has just
    /// begun.
    case call(LeaseHolder)
    /// Somebody took it this very moment.
    case unknown
  }

  package let work: Work

  package var description: String {
    let death = "; if it was killed, the lease frees itself within \(Lease.seconds / 60) minutes"
    return switch work {
    case .run(let id, let holder):
      "run \(id) (\(holder.words)) is at work and holds the lease; try again when it has ended\(death)"
    case .call(let holder):
      "a restore or migration (\(holder.words)) is at work and holds the lease; it takes moments, try again\(death)"
    case .unknown:
      "another run, restore or migration has taken the lease this very moment; try again when it has ended"
    }
  }
}

extension LeaseHolder {
  fileprivate var words: String { "process \(pid) on \(node)" }
}

/// The lease went to another run or restore while this one was at work: it was stopped, or cut off, for too long.
package struct LeaseLost: Error, CustomStringConvertible {
  package var description: String {
    "the lease went to another run or restore meanwhile; this one stopped before its next change, and nothing is half done"
  }
}
