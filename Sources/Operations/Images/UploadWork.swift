import Caches
import MariaDB
import Storage
import VCLDatabase

/// Copies one source into a root as the entry of one image, whole or not at all.
struct UploadWork {
  let target: ImageTarget
  /// Absolute.
  let source: String
  let call: TaskCall
  let stop: StopRequest
  let progress: Progress

  private var name: String { target.name }

  /// Looks at everything that can be looked at before anything is written.
  ///
  /// - Returns: what is to be copied.
  /// - Throws: ``Failure``, ``RootProblem``; ``WritingProblem/exists(_:)`` when the root has the entry.
  func check() throws -> UploadSource {
    let directory = try target.root.directory.get()
    try directory.checkWritable()
    let layout = target.root.root.layout
    let known = KnownNames(try ImageOwners.allNames(call.connection) + [name])
    try UploadSource.checkOutside(source, root: target.root.root.path)
    let source = try UploadSource(source, name: name, layout: layout, known: known)
    try checkLocks(call.connection, call.clock)
    let scan = try RootScan(directory, layout: layout, known: known, measuresUnmanaged: false)
    if scan.entries.contains(where: { $0.entry.name.utf8.elementsEqual(name.utf8) }) {
      throw WritingProblem.exists(name)
    }
    return source
  }

  /// Does the task.
  ///
  /// - Throws: ``TaskLost``; ``Stopped``; whatever goes wrong, with nothing in the entry's place.
  func run(_ task: TaskAtWork) throws -> TaskOutcome<UploadResult> {
    let directory = try target.root.directory.get()
    try target.root.settle(task.connection)
    let source = try check()
    let entry = try begin(in: directory, task)
    let files = try copy(source, into: entry, task)
    guard !files.isEmpty else {
      throw Failure("\(FileName(self.source)) holds no file", .failed, isLasting: true)
    }
    let result = UploadResult(files)
    try stop.check()
    let connection = try task.hold.confirmed(over: task.connection, orNew: call.site.connectReady)
    try checkLocks(connection, try Clock.read(connection))
    // From here on whoever takes the task over knows what must be there.
    try task.hold.note(connection, result: try result.document)
    try place(entry)
    try? task.report(
      bytesDone: result.bytes, bytesTotal: result.bytes, isLast: true, result.message)
    return TaskOutcome(answer: result, message: result.message, result: try result.document)
  }

  /// What a dead process left of the same name is removed first: the name's lock is ours.
  private func begin(in directory: RootDirectory, _ task: TaskAtWork) throws -> IncompleteEntry {
    let writer = ProcessIdentity.own
    func entry() throws -> IncompleteEntry {
      try IncompleteEntry(
        name, in: directory,
        writer: WriterIdentity(
          node: writer.node, pid: writer.pid, processStart: writer.processStart, bootID: writer.bootID))
    }
    do { return try entry() } catch let problem as WritingProblem {
      guard case .beingWritten(_, _, isAlive: false) = problem else { throw problem }
      try task.log(.warning, "\(problem)")
      _ = try CleanupWork(target: target, call: call, keepsEntry: true, hasLock: true).run(task)
      return try entry()
    }
  }

  private func copy(
    _ source: UploadSource, into entry: IncompleteEntry, _ task: TaskAtWork
  ) throws -> [CopiedFile] {
    let allBytes = source.parts.map(\.bytes).reduce(0, +)
    var files: [CopiedFile] = []
    var before: Int64 = 0
    for part in source.parts {
      files += try entry.copy(from: part.path, as: part.newName) { [before] done, total in
        try stop.check()
        let (all, whole) = (before + done, source.parts.count > 1 ? allBytes : total)
        progress.status("copying \(FileName(name)): \(ByteCount(all)) of \(ByteCount(whole))")
        try writing {
          try task.report(bytesDone: all, bytesTotal: whole, "Copied \(ByteCount(all))")
        }
      }
      before += part.bytes
    }
    progress.clear()
    return files
  }

  /// Tells the database something that the copy can do without: when it cannot be told, the copy goes on.
  private func writing(_ body: () throws -> Void) throws {
    do { try body() } catch is MariaDBError {}
  }

  private func place(_ entry: IncompleteEntry) throws {
    // What of the workspace could not be removed is nothing but empty.
    do { try entry.complete() } catch { guard entry.isInPlace else { throw error } }
  }

  /// VCL may be about to write, move or read the very same files.
  ///
  /// - Throws: ``Failure``, worth another try.
  private func checkLocks(_ connection: Connection, _ clock: Clock) throws {
    let path = target.root.root.path
    let locks = try ImageFiles.locks(connection, now: clock.present)
    guard locks.isLockedByVCL(name) || locks.isLockedByVCL(directory: path) else { return }
    let words = locks.vclLocks.filter { lock in
      lock.hasSuffix(name) || (lock.hasPrefix("/") && (lock.hasPrefix(path) || path.hasPrefix(lock)))
    }.map { "\(FileName($0))" }.joined(separator: ", ")
    throw Failure(
      "VCL has a lock on \(FileName(name)) or its root (\(words)); try again when it is gone", .failed)
  }
}

extension ManagedRoot {
  /// Ends what dead processes left, and sees to it that there is room to clean up should the disk get full. Where another
  /// process removes entries, it has done the same.
  func settle(_ connection: Connection) throws {
    do { _ = try finishInterrupted(connection) } catch let problem as RootProblem {
      guard case .busy = problem else { throw problem }
    }
  }
}

extension TaskHold {
  /// Makes sure that the task is still ours, over a new connection where the first is gone.
  ///
  /// - Returns: the connection that works.
  fileprivate func confirmed(
    over connection: Connection, orNew connect: () throws -> Connection
  ) throws -> Connection {
    do { try check(connection) } catch is MariaDBError {
      let other = try connect()
      try check(other)
      return other
    }
    return connection
  }
}
