import Assets
import MariaDB

/// The tasks of all nodes, and the locks that they are.
///
/// Every call is one transaction: a task and its lock change together. Only the database server's clock counts. Processes
/// compare the number of a task's holder (its fence), which grows with each, so that of several who want the same thing
/// at the same time one gets it.
package struct TaskQueue {
  let connection: Connection
  /// Whether a process is known to be dead.
  let isDead: (LeaseHolder) -> Bool
  /// Days for which an ended task stays on record.
  package let days: Int
  /// What comes after an upload that failed, from its row and its result (JSON).
  private let sequel: (TaskRecord, String?) throws -> UploadSequel

  package init(
    _ connection: Connection, days: Int, isDead: @escaping (LeaseHolder) -> Bool,
    sequel: @escaping (TaskRecord, String?) throws -> UploadSequel = { _, _ in .notQueued }
  ) {
    self.connection = connection
    self.days = days
    self.isDead = isDead
    self.sequel = sequel
  }

  // MARK: Beginning

  /// Adds a task together with its lock.
  ///
  /// - Parameter holder: the process that begins it at once; nil: it waits for a worker.
  /// - Throws: ``TaskConflict`` when another task has the lock and is alive. One that is dead is ended first, as
  ///   ``endStale()`` does.
  package func add(_ new: NewTask, _ scope: LockScope?, by holder: LeaseHolder?) throws -> TaskHold {
    guard let scope else {
      return try connection.transaction { try insert(new, scope: nil, fence: 1, by: holder) }
    }
    // By itself: inside the transaction two of them could wait for each other.
    try connection.execute(Assets.Queries.makeLock, [Value(scope.description)])
    while true {
      let hold = try connection.transaction { () -> TaskHold? in
        let (fence, present) = try lock(scope.description)
        if let present {
          guard present.isStale(isDead) else { throw TaskConflict(task: present, scope: scope) }
          try end(stale: present)
          return nil
        }
        let hold = try insert(new, scope: scope.description, fence: fence + 1, by: holder)
        try give(scope.description, to: hold)
        return hold
      }
      if let hold { return hold }
    }
  }

  /// Begins a task that waits, or takes one over whose process is dead.
  ///
  /// - Parameter task: as it was read; it is looked at again.
  /// - Returns: nil when somebody else was faster, or has it.
  package func claim(_ task: TaskRecord, by holder: LeaseHolder) throws -> TaskHold? {
    try connection.transaction {
      guard let found = try lock(task), found.hasLock, found.task.fence == task.fence,
        found.task.status == .pending || found.task.isStale(isDead)
      else { return nil }
      let hold = TaskHold(taskID: task.id, fence: max(found.fence, task.fence) + 1)
      let claimed = try connection.execute(
        Assets.Queries.claimTask,
        [
          Value(hold.fence), Value(holder.node), Value(holder.pid), Value(holder.processStart),
          Value(holder.bootID), Value(task.id), Value(task.fence),
        ])
      guard claimed == 1 else { return nil }
      if let scope = task.scope { try give(scope, to: hold) }
      let words = task.status == .pending ? "Begun" : "Taken over"
      try TaskLine.write(
        connection, task: task.id, .info, "\(words) by process \(holder.pid) on \(holder.node)")
      return hold
    }
  }

  /// Does something while no task has a scope, and none can begin.
  ///
  /// - Parameter body: part of a transaction, which may be done again.
  /// - Throws: ``TaskConflict`` when a task has it.
  package func whileFree<T>(_ scope: LockScope, _ body: () throws -> T) throws -> T {
    try connection.execute(Assets.Queries.makeLock, [Value(scope.description)])
    return try connection.transaction {
      if let present = try lock(scope.description).present, !present.isStale(isDead) {
        throw TaskConflict(task: present, scope: scope)
      }
      return try body()
    }
  }

  // MARK: Ending

  /// Ends a task, and frees its lock; that of a cleanup passes to the upload that is tried again after it.
  ///
  /// - Parameter result: JSON.
  /// - Throws: ``TaskLost``.
  package func finish(
    _ hold: TaskHold, _ status: TaskStatus, message: String, result: String? = nil
  ) throws {
    try connection.transaction {
      let task = try lock(heldBy: hold)
      try end(hold, status, message: message, result: result)
      try passOn(lockOf: task)
    }
  }

  /// Ends an upload that failed: its record goes, and its lock passes to a cleanup of exactly its name.
  ///
  /// - Parameters:
  ///   - result: JSON; with it the end of the cleanup knows what comes next.
  ///   - holder: the process that begins the cleanup at once; nil: it waits for a worker.
  /// - Returns: the cleanup.
  /// - Throws: ``TaskLost``.
  package func failUpload(
    _ hold: TaskHold, message: String, result: String? = nil, by holder: LeaseHolder?
  ) throws -> TaskHold {
    try connection.transaction {
      try fail(upload: try lock(heldBy: hold), hold, message: message, result: result, by: holder)
    }
  }

  /// Ends every task that gives no sign of life, whatever its node, and queues the cleanups and uploads that this calls
  /// for.
  ///
  /// - Parameter mayEnd: which of them; a worker leaves those that it takes over.
  /// - Returns: the tasks as they were.
  /// - Throws: the first error; the others are ended all the same.
  @discardableResult
  package func endStale(_ mayEnd: (TaskRecord) -> Bool = { _ in true }) throws -> [TaskRecord] {
    var ended: [TaskRecord] = []
    var failure: (any Error)?
    for (task, _) in try open() where task.isStale(isDead) && mayEnd(task) {
      do {
        if try endIfStale(task) { ended.append(task) }
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
    return ended
  }

  /// - Returns: false when it has given a sign of life since it was read, or somebody else was faster.
  private func endIfStale(_ task: TaskRecord) throws -> Bool {
    try connection.transaction {
      guard let found = try lock(task), found.task.fence == task.fence, found.task.isStale(isDead) else {
        return false
      }
      try end(stale: found.task)
      return true
    }
  }

  /// Ends tasks of the run that are older than one that has the lease: their processes are gone.
  package func endRuns(before hold: TaskHold) throws {
    for (task, _) in try open() where task.type == .run && task.id < hold.taskID {
      let message = "Ended without a word; its process was killed, or cut off from the database"
      do {
        try connection.transaction {
          try end(TaskHold(taskID: task.id, fence: task.fence), .failure, message: message, result: nil)
        }
      } catch is TaskLost {}
    }
  }

  /// Throws away what expired.
  package func deleteExpired() throws {
    // One moment for all: a task that expires between two statements would leave its log behind.
    let now = try Clock.read(connection).now
    try connection.transaction {
      try connection.execute(Assets.Queries.deleteLinesOfExpiredTasks, [Value(now)])
      try connection.execute(Assets.Queries.deleteRemovalsOfExpiredTasks, [Value(now)])
      try connection.execute(Assets.Queries.deleteExpiredTasks, [Value(now)])
    }
  }

  // MARK: Reading

  package func task(_ id: Int) throws -> TaskRecord? {
    try connection.first(Assets.Queries.task, [Value(id)]) { TaskRecord($0) } ?? nil
  }

  /// The tasks that have not ended, the oldest first, and whether each may begin now.
  ///
  /// - Parameter node: only those of that node; nil: of all.
  package func open(node: String? = nil) throws -> [(task: TaskRecord, mayBegin: Bool)] {
    try connection.rows(Assets.Queries.openTasks, [Value(node), Value(node)]) { row in
      TaskRecord(row).map { ($0, row.bool(31)) }
    }.compactMap { $0 }
  }

  /// What tasks are listed.
  package enum Selection: Sendable {
    case all
    /// Of an image name, or of the revision with that id.
    case image(name: String?, revisionID: Int?)
  }

  /// Tasks on record, the newest first.
  ///
  /// - Parameter includingDeleted: also those that are deleted or expired.
  package func list(
    _ selection: Selection, includingDeleted: Bool = false, atMost limit: Int = 10_000
  ) throws -> [ListedTask] {
    var name: String?
    var revisionID: Int?
    var isAll = true
    if case .image(let image, let revision) = selection {
      (name, revisionID, isAll) = (image, revision, false)
    }
    return try connection.rows(
      Assets.Queries.tasks,
      [
        Value(name), Value(name), Value(revisionID), Value(revisionID), Value(isAll), Value(includingDeleted),
        Value(limit),
      ]
    ) { row in ListedTask(row) }.compactMap { $0 }
  }

  /// The image names that tasks have locked.
  package func lockedNames() throws -> Set<String> {
    Set(try connection.rows(Assets.Queries.lockedNames) { $0.string(0) })
  }

  // MARK: Parts of the transactions

  /// Locks a scope until the transaction ends.
  private func lock(_ scope: String) throws -> (fence: Int, present: TaskRecord?) {
    try connection.first(Assets.Queries.lockAndHolder, [Value(scope)]) {
      ($0.int(0), TaskRecord($0, first: 1))
    }
      ?? (0, nil)
  }

  /// Locks a task that has not ended, after its lock, until the transaction ends. Every transaction takes the two in this
  /// order.
  ///
  /// - Returns: the number of the lock, and the task as it is; nil when it has ended.
  private func lock(_ task: TaskRecord) throws -> (fence: Int, task: TaskRecord, hasLock: Bool)? {
    if let scope = task.scope {
      let (fence, present) = try lock(scope)
      if let present, present.id == task.id { return (fence, present, true) }
    }
    let present = try connection.first(Assets.Queries.lockTask, [Value(task.id)]) { TaskRecord($0) } ?? nil
    return present.map { ($0.fence, $0, task.scope == nil) }
  }

  /// Locks a task of ours.
  ///
  /// - Throws: ``TaskLost``.
  private func lock(heldBy hold: TaskHold) throws -> TaskRecord {
    guard let task = try task(hold.taskID), let present = try lock(task), present.task.fence == hold.fence
    else { throw TaskLost(id: hold.taskID) }
    return present.task
  }

  private func give(_ scope: String, to hold: TaskHold) throws {
    try connection.execute(Assets.Queries.takeLock, [Value(hold.fence), Value(hold.taskID), Value(scope)])
  }

  private func insert(
    _ new: NewTask, scope: String?, fence: Int, by holder: LeaseHolder?
  ) throws -> TaskHold {
    let status: TaskStatus = holder == nil ? .pending : .processing
    try connection.execute(
      Assets.Queries.insertTask,
      [
        Value(new.type.rawValue), Value(status.rawValue), Value(new.imageName), Value(new.revisionID),
        Value(new.rootID), Value(new.root), Value(new.node), Value(new.requestedBy, scalars: 255),
        Value(new.userID), Value(new.requestID), Value(new.parentID), Value(new.waitSeconds),
        Value(new.bytesTotal), Value(new.message, scalars: 1000), Value(new.input), Value(scope),
        Value(fence), Value(holder == nil ? 0 : 1), Value(holder?.node), Value(holder?.pid),
        Value(holder?.processStart), Value(holder?.bootID),
      ])
    let id = Int(connection.lastInsertID)
    let words =
      holder.map { "Begun by process \($0.pid) on \($0.node)" } ?? "Waits for a worker on \(new.node)"
    try TaskLine.write(connection, task: id, .info, words)
    return TaskHold(taskID: id, fence: fence)
  }

  private func end(
    _ hold: TaskHold, _ status: TaskStatus, message: String, result: String?, isDeleted: Bool = false
  ) throws {
    let ended = try connection.execute(
      Assets.Queries.finishTask,
      [
        Value(status.rawValue), Value(message, scalars: 1000), Value(result), Value(days), Value(isDeleted),
        Value(hold.taskID), Value(hold.fence),
      ])
    guard ended == 1 else { throw TaskLost(id: hold.taskID) }
    try TaskLine.write(connection, task: hold.taskID, status == .failure ? .error : .info, message)
  }

  /// Ends a task whose process is dead; its lock, which the transaction holds, is free afterwards, or has what comes next:
  /// after an upload its cleanup, after that the upload again.
  private func end(stale task: TaskRecord) throws {
    let hold = TaskHold(taskID: task.id, fence: task.fence)
    let minutes = task.idleSeconds / 60
    let message =
      task.status == .pending
      ? "Given up: nobody began it for \(minutes) minutes"
      : "Given up: its process is dead, or gave no sign of life for \(minutes) minutes"
    if task.type == .upload, task.status == .processing {
      _ = try fail(upload: task, hold, message: message, result: nil, by: nil)
    } else {
      try end(hold, .failure, message: message, result: nil)
      try passOn(lockOf: task)
    }
  }

  /// However a cleanup ends, what comes after its upload is queued with it, or nothing of both happens.
  ///
  /// - Parameter task: has ended in this transaction.
  private func passOn(lockOf task: TaskRecord) throws {
    guard let scope = task.scope, let next = try next(afterCleanup: task), try lock(scope).present == nil
    else {
      try connection.execute(Assets.Queries.freeLock, [Value(task.id)])
      return
    }
    let hold = try insert(next, scope: scope, fence: task.fence + 1, by: nil)
    try give(scope, to: hold)
    let upload = next.parentID.map { " \($0)" } ?? ""
    try TaskLine.write(
      connection, task: task.id, .info, "Upload\(upload) is tried again as job \(hold.taskID)")
  }

  /// The upload that comes next; nil: none does, or the task is no cleanup after one.
  private func next(afterCleanup task: TaskRecord) throws -> NewTask? {
    guard task.type == .cleanup, let parentID = task.parentID, let upload = try self.task(parentID),
      case .again(let next) = try sequel(upload, upload.result)
    else { return nil }
    return next
  }

  private func fail(
    upload: TaskRecord, _ hold: TaskHold, message: String, result: String?, by holder: LeaseHolder?
  ) throws -> TaskHold {
    var message = message
    if case .last(let reason) = try sequel(upload, result) { message += "; \(reason)" }
    try end(hold, .failure, message: message, result: result, isDeleted: true)
    let cleanup = try insert(
      .cleanup(after: upload), scope: upload.scope, fence: hold.fence + 1, by: holder)
    if let scope = upload.scope { try give(scope, to: cleanup) }
    return cleanup
  }
}
