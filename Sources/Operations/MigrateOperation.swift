import MariaDB
import Retention
import VCLDatabase

/// Brings our objects into a VCL database, and takes them out again.
package struct MigrateOperation {
  let site: Site

  package init(_ site: Site) {
    self.site = site
  }

  /// - Parameter withTriggers: false: without triggers; the nightly run alone clears the dates of reserved revisions.
  /// - Returns: what was done, one line each.
  /// - Throws: ``LeaseHeld`` while a run is at work and there is something to migrate.
  package func up(withTriggers: Bool = true) throws -> [String] {
    try asAdministrator { try bringUp(withTriggers: withTriggers) }
  }

  private func bringUp(withTriggers: Bool) throws -> [String] {
    let connection = try site.connect()
    let done = try Schema.migrateUp(
      connection,
      parameters: {
        let clock = try Clock.read(connection)
        try ParameterStore.insertDefaults(connection, by: "expireimage migrate", at: clock.now)
      }, alone: { migrate in try site.holdingLease(connection) { _ in try migrate() } })
    let procedures = try procedures(connection)
    var lines = done.map { "migrated up: \($0)" } + procedures.made.map { "made the procedure \($0)" }
    var unknown = procedures.unknown
    // Parameters that nobody can read stop a run, not a migration; the next run knows the accounts.
    let stored = try? PolicySet(stored: ParameterStore.read(connection))
    try IgnoredAccounts.refresh(connection, stored?.site.ignoredUsers ?? [], nil)
    try ExpiringRevisions(connection).heal(nil)
    if withTriggers {
      let installation = try Triggers.install(connection)
      unknown += installation.unknown
      if done.isEmpty {
        lines += installation.triggers.map { "made the trigger \($0)" }
        lines += installation.procedures.map {
          "made the procedure \($0); run sql/grants.sql again, so that the nightly run may call it"
        }
      }
    } else {
      lines += try Triggers.dispense(connection).map { "dropped the trigger \($0)" }
      lines.append("without triggers: the nightly run clears the dates of revisions that were reserved")
    }
    var open = procedures.forbidden
    if !unknown.isEmpty {
      open.append(
        "not known whether \(unknown.joined(separator: ", ")) \(unknown.count == 1 ? "is" : "are") of this version: this"
          + " account may not see what procedures of others do; run `expireimage migrate up` as the account that made"
          + " \(unknown.count == 1 ? "it" : "them")")
    }
    return (lines.isEmpty ? ["nothing to do: the schema is up to date"] : lines) + open
  }

  /// Does what takes an administrator's account.
  private func asAdministrator<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as MariaDBError where error.kind == .denied {
      throw Failure(
        "\(error); `expireimage migrate` needs an account that may alter tables, triggers and routines",
        .failed)
    }
  }

  /// The frontend's procedures are a help that a site can do without: one line says what is not known of them, or not
  /// as it should be, where the account may not make them.
  private func procedures(
    _ connection: Connection
  ) throws -> (made: [String], unknown: [String], forbidden: [String]) {
    do {
      let (made, unknown) = try FrontendProcedures.install(connection)
      return (made, unknown, [])
    } catch let error as ProceduresForbidden {
      return ([], [], ["\(error)"])
    }
  }

  /// - Returns: what was done, and what is perhaps left behind, one line each.
  /// - Throws: ``LeaseHeld`` while a run is at work.
  package func down() throws -> (lines: [String], problems: [String]) {
    let done = try asAdministrator { try takeDown(try site.connect()) }
    let lines =
      done.procedures.map { "dropped the procedure \($0)" } + done.migrations.map { "migrated down: \($0)" }
    let problems =
      done.denied.isEmpty
      ? []
      : [
        "not known whether the procedures \(done.denied.joined(separator: ", ")) are left behind: this account may not"
          + " drop procedures; run `expireimage migrate down` again as an account that may alter routines in VCL's database"
      ]
    return (lines.isEmpty ? ["nothing to do: nothing of this program is in the database"] : lines, problems)
  }

  private func takeDown(_ connection: Connection) throws -> Schema.Removal {
    var fence: Fence?
    do {
      return try Schema.migrateDown(connection) {
        // A run that is at work must not lose its tables; the lease goes with them.
        fence = try Lease.take(connection, by: ProcessIdentity.own, isDead: ProcessIdentity.isDead)
      }
    } catch {
      // What is still there can be worked with.
      if let fence { try? Lease.release(connection, fence) }
      throw error
    }
  }

  /// - Returns: one line for each migration.
  package func status() throws -> [String] {
    let connection = try site.connect()
    let states = try Schema.states(connection)
    let known = Schema.migrations.map { migration in
      let state = states.first { $0.version == migration.version }
      return "\(migration.name)  \(state.map { $0.isComplete ? "complete" : "interrupted" } ?? "missing")"
    }
    let newest = Schema.migrations.last?.version ?? 0
    let procedures = try FrontendProcedures.states(connection).map { "procedure \($0.name)  \($0.words)" }
    return known + procedures
      + states.filter { $0.version > newest }.map { "version \($0.version)  of a newer program" }
  }

  /// - Throws: when the database is not as the migrations left it.
  package func check() throws -> [String] {
    try Schema.checkReady(try site.connect())
    return ["the schema is complete"]
  }
}
