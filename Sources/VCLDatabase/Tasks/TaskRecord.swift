import MariaDB
import Retention

/// What a task does. The raw value is the word in every output.
package enum TaskType: String, Sendable, CaseIterable {
  case run, purge, prune, clean, reclaim, upload, cleanup
}

/// How far a task is.
package enum TaskStatus: String, Sendable, CaseIterable {
  /// Nobody has begun it.
  case pending
  case processing, success, failure

  package var isEnd: Bool { self == .success || self == .failure }
}

/// A task as its row tells it. Times are the database server's local ones.
package struct TaskRecord: Sendable {
  package let id: Int
  package let type: TaskType
  package let status: TaskStatus
  /// `imagerevision.imagename`; nil: it is about no single image.
  package let imageName: String?
  package let revisionID: Int?
  package let rootID: Int?
  /// The name that its root had.
  package let root: String?
  /// The management node that has to do it.
  package let node: String
  /// An account of the machine, or a VCL user.
  package let requestedBy: String
  package let userID: Int?
  package let requestID: String
  /// Of a cleanup: the upload that failed.
  package let parentID: Int?
  package let created: Moment?
  package let updated: Moment?
  package let ended: Moment?
  package let expires: Moment?
  package let deleted: Moment?
  package let bytesDone: Int
  package let bytesTotal: Int?
  /// One line for people.
  package let message: String
  /// JSON.
  package let input: String
  /// JSON; nil until it has ended.
  package let result: String?
  let scope: String?
  package let fence: Int
  /// How many processes have begun it.
  package let attempts: Int
  /// The process that has it; nil: none has begun.
  package let holder: LeaseHolder?
  /// Since the last sign of life.
  package let idleSeconds: Int
  /// Of a pending one: no worker takes it earlier.
  package let notBefore: Moment?

  /// Idle for so long, a task counts as dead wherever it ran.
  package static let takeoverSeconds = 3600
  /// Idle for so long, a task that nobody has begun is given up.
  package static let pendingTakeoverSeconds = 7200

  /// Whether its holder is dead, or nobody has given a sign of life for too long.
  ///
  /// - Parameter isDead: whether a process is known to be dead.
  package func isStale(_ isDead: (LeaseHolder) -> Bool) -> Bool {
    switch status {
    case .pending: idleSeconds >= Self.pendingTakeoverSeconds
    case .processing: idleSeconds >= Self.takeoverSeconds || holder.map(isDead) ?? false
    case .success, .failure: false
    }
  }

  /// Until somebody else may take it over, if it gives no sign of life.
  package var secondsUntilTakeover: Int {
    max(0, (status == .pending ? Self.pendingTakeoverSeconds : Self.takeoverSeconds) - idleSeconds)
  }

  /// Nil for a row without a task, and for one of another version of the program.
  ///
  /// - Parameter first: the column of its id.
  init?(_ row: borrowing Row, first: Int = 0) {
    guard let id = row.optionalInt(first), let type = TaskType(rawValue: row.string(first + 1)),
      let status = TaskStatus(rawValue: row.string(first + 2))
    else { return nil }
    self.id = id
    self.type = type
    self.status = status
    imageName = row.optionalString(first + 3)
    revisionID = row.optionalInt(first + 4)
    rootID = row.optionalInt(first + 5)
    root = row.optionalString(first + 6)
    node = row.string(first + 7)
    requestedBy = row.string(first + 8)
    userID = row.optionalInt(first + 9)
    requestID = row.string(first + 10)
    parentID = row.optionalInt(first + 11)
    created = row.moment(first + 12)
    updated = row.moment(first + 13)
    ended = row.moment(first + 14)
    expires = row.moment(first + 15)
    deleted = row.moment(first + 16)
    bytesDone = row.int(first + 17)
    bytesTotal = row.optionalInt(first + 18)
    message = row.string(first + 19)
    input = row.string(first + 20)
    result = row.optionalString(first + 21)
    scope = row.optionalString(first + 22)
    fence = row.int(first + 23)
    attempts = row.int(first + 24)
    holder = row.optionalString(first + 25).map { worker in
      LeaseHolder(
        node: worker, pid: row.optionalInt(first + 26) ?? 0, processStart: row.optionalInt(first + 27) ?? 0,
        bootID: row.optionalString(first + 28) ?? "")
    }
    idleSeconds = row.optionalInt(first + 29) ?? 0
    notBefore = row.moment(first + 30)
  }
}

/// A task that is to be added.
package struct NewTask: Sendable {
  package var type: TaskType
  package var imageName: String?
  package var revisionID: Int?
  package var rootID: Int?
  package var root: String?
  package var node: String
  package var requestedBy: String
  package var userID: Int?
  package var requestID: String
  package var parentID: Int?
  /// Before a worker may begin it; nil: at once.
  package var waitSeconds: Int?
  package var bytesTotal: Int?
  package var message: String
  /// JSON.
  package var input: String

  package init(
    type: TaskType, imageName: String? = nil, revisionID: Int? = nil, rootID: Int? = nil, root: String? = nil,
    node: String, requestedBy: String, userID: Int? = nil, requestID: String, parentID: Int? = nil,
    waitSeconds: Int? = nil, bytesTotal: Int? = nil, message: String = "", input: String = "{}"
  ) {
    self.type = type
    self.imageName = imageName
    self.revisionID = revisionID
    self.rootID = rootID
    self.root = root
    self.node = node
    self.requestedBy = requestedBy
    self.userID = userID
    self.requestID = requestID
    self.parentID = parentID
    self.waitSeconds = waitSeconds
    self.bytesTotal = bytesTotal
    self.message = message
    self.input = input
  }

  /// The one that cleans up after an upload: of exactly its name, on its node.
  static func cleanup(after upload: TaskRecord) -> NewTask {
    NewTask(
      type: .cleanup, imageName: upload.imageName, revisionID: upload.revisionID, rootID: upload.rootID,
      root: upload.root, node: upload.node, requestedBy: upload.requestedBy, userID: upload.userID,
      requestID: upload.requestID, parentID: upload.id,
      message: "Cleans up after upload \(upload.id)", input: upload.input)
  }
}

/// What comes after an upload that failed, when the cleanup after it has ended.
package enum UploadSequel: Sendable {
  /// Nobody left it to a worker: who called it tries again, or does not.
  case notQueued
  /// It waits for a worker again, with the lock on its name.
  case again(NewTask)
  /// It is not tried again; why.
  case last(String)
}

/// A task with what VCL knows of its revision.
package struct ListedTask: Sendable {
  package let task: TaskRecord
  /// Whether VCL has that revision.
  package let hasRevision: Bool
  /// `image.ownerid` of its image; nil: nobody owns it.
  package let ownerID: Int?
  package let owner: Owner?

  init?(_ row: borrowing Row) {
    guard let task = TaskRecord(row) else { return nil }
    self.task = task
    ownerID = row.optionalInt(31)
    hasRevision = row.optionalInt(32) != nil
    if let id = ownerID, let name = row.optionalString(33) {
      owner = Owner(id: id, account: Account(userName: name, affiliation: row.optionalString(34) ?? ""))
    } else {
      owner = nil
    }
  }
}
