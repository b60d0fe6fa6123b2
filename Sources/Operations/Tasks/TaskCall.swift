import MariaDB
import Retention
import VCLDatabase

/// What one call works with that adds tasks, does them or looks at them.
struct TaskCall {
  let site: Site
  let connection: Connection
  let clock: Clock
  let queue: TaskQueue

  /// - Throws: ``PolicyError`` when `expireimage_task_days` cannot be read.
  init(_ site: Site) throws {
    connection = try site.connectReady()
    clock = try Clock.read(connection)
    self.site = site
    let policies = try PolicySet(stored: ParameterStore.read(connection), call: [])
    queue = site.tasks(connection, days: policies.site.taskDays)
  }
}

/// Who wants a task done.
struct Requester {
  /// An account of the machine, or a VCL user.
  let name: String
  /// `user.id` of that VCL user.
  let userID: Int?

  /// - Parameter user: `unityid@Affiliation`; nil: the admin who calls.
  init(_ user: String?, _ connection: Connection) throws {
    let owner = try user.map { try NamedUser.find($0, connection) }
    name = owner?.account.description ?? ProcessIdentity.account
    userID = owner?.id
  }
}

/// The user of VCL whom a call names.
enum NamedUser {
  /// - Parameter text: `unityid@Affiliation`.
  /// - Throws: ``Failure``.
  static func find(_ text: String, _ connection: Connection) throws -> Owner {
    guard let account = Account(text) else {
      throw Failure("'\(text)' is no user; give unityid@Affiliation, such as jdoe@NCSU", .wrongCommandLine)
    }
    guard let user = try People.user(account, connection) else {
      throw Failure(
        "VCL has no user \(account); give unityid@Affiliation as VCL writes it", .failed,
        isLasting: true)
    }
    return user
  }
}
