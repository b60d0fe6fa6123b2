import MariaDB
import Settings
import Synchronization
import VCLDatabase

/// Tasks that this process is done with and could not end, because the database was away.
///
/// For everybody they are at work in a process that lives, for an hour; it ends them itself as soon as it can.
enum UnendedTasks {
  enum Ending: Sendable {
    case done(TaskStatus, message: String, result: String)
    case failed(TaskFailure)

    var status: TaskStatus {
      switch self {
      case .done(let status, _, _): status
      case .failed: .failure
      }
    }
  }

  private struct Item: Sendable {
    let database: DatabaseSettings
    let hold: TaskHold
    let ending: Ending
  }

  private static let items = Mutex<[Item]>([])

  static func add(_ site: Site, _ hold: TaskHold, _ ending: Ending) {
    items.withLock { $0.append(Item(database: site.settings.database, hold: hold, ending: ending)) }
  }

  /// Ends those of the site; what cannot be ended waits for the next call.
  ///
  /// - Returns: the tasks as they ended.
  @discardableResult
  static func end(_ work: WorkContext) -> [TaskRecord] {
    let database = work.call.site.settings.database
    let waiting = items.withLock { items in
      let own = items.filter { $0.database == database }
      items.removeAll { $0.database == database }
      return own
    }
    return waiting.compactMap { item in
      do {
        do { try end(item, work) } catch is TaskLost {}
        return try work.call.queue.task(item.hold.taskID)
      } catch {
        add(work.call.site, item.hold, item.ending)
        return nil
      }
    }
  }

  private static func end(_ item: Item, _ work: WorkContext) throws {
    let queue = work.call.queue
    switch item.ending {
    case .done: try queue.finish(item.hold, item.ending)
    case .failed(let failure):
      guard let record = try queue.task(item.hold.taskID), let runner = TaskRunners.of(record.type) else {
        return try queue.finish(item.hold, item.ending)
      }
      try runner.fail(record, item.hold, failure, work)
    }
  }
}

extension TaskQueue {
  /// - Throws: ``TaskLost``.
  func finish(_ hold: TaskHold, _ ending: UnendedTasks.Ending) throws {
    switch ending {
    case .done(let status, let message, let result):
      try finish(hold, status, message: message, result: result)
    case .failed(let failure): try finish(hold, .failure, message: failure.failure.description)
    }
  }
}
