import Assets
import Glibc
import MariaDB
import Retention

/// The schema of this program in a VCL database: what is there, and how it comes and goes.
package enum Schema {
  /// What was taken out of a database.
  package struct Removal: Sendable {
    /// The names of the migrations that were taken back.
    package let migrations: [String]
    /// The names of the procedures that were dropped.
    package let procedures: [String]
    /// The names of the procedures that the account may not drop, whether or not they are there.
    package let denied: [String]
  }

  /// What a database has seen of one migration.
  package struct State: Sendable, Equatable {
    package let version: Int
    package let isComplete: Bool
  }

  /// What the database has seen; empty where nothing was ever migrated.
  package static func states(_ connection: Connection) throws -> [State] {
    guard try connection.first(Assets.Queries.migrationTable, [], { _ in true }) != nil else { return [] }
    return try connection.rows(Assets.Queries.migrations) {
      State(version: $0.int(0), isComplete: $0.bool(1))
    }
  }

  /// - Throws: ``SchemaError`` unless the database is VCL's and all migrations are complete.
  package static func checkReady(_ connection: Connection) throws {
    let present = try columns(connection)
    try checkVCL(connection, present, withColumns: true)
    let states = try states(connection)
    try checkKnown(states)
    if states.isEmpty { throw SchemaError.notMigrated }
    for migration in migrations {
      guard let state = states.first(where: { $0.version == migration.version }) else {
        throw SchemaError.outdated(migration.name)
      }
      guard state.isComplete else { throw SchemaError.interrupted(migration.name) }
    }
    let problems = try problems(connection, present, of: migrations)
    if let first = problems.first { throw SchemaError.damaged(first) }
  }

  /// Brings the schema up to date; does nothing where it is.
  ///
  /// - Parameters:
  ///   - parameters: called when VCL's table of parameters is to get ours.
  ///   - alone: calls what it is given while no run can be at work, where runs are possible; throws while one is.
  /// - Returns: the names of the migrations that were run.
  package static func migrateUp(
    _ connection: Connection, parameters: @escaping () throws -> Void,
    alone: (() throws -> Void) throws -> Void
  ) throws -> [String] {
    let present = try columns(connection)
    try checkVCL(connection, present, withColumns: true)
    let states = try states(connection)
    try checkKnown(states)
    try checkForeignColumn(connection, isOurs: !states.isEmpty)
    let begun = migrations.filter { migration in states.contains { $0.version == migration.version } }
    let isDamaged = try !begun.isEmpty && !problems(connection, present, of: begun).isEmpty
    let missing = migrations.filter { migration in
      isDamaged || states.first { $0.version == migration.version }?.isComplete != true
    }
    guard !missing.isEmpty else { return [] }
    func migrate() throws {
      try connection.execute(Assets.Queries.shortLockWait)
      try connection.execute(Assets.Queries.createMigrationTable)
      for migration in missing {
        try connection.execute(
          Assets.Queries.beginMigration, [Value(migration.version), Value(migration.name)])
        try withLockRetries { try connection.executeScript(migration.up) }
        if isDamaged { try restoreColumns(connection, of: migration) }
        if migration.version == migrations.first?.version { try parameters() }
        try connection.execute(Assets.Queries.completeMigration, [Value(migration.version)])
      }
    }
    // A run of an older program must not lose a column that it reads.
    if try hasLease(connection) { try alone(migrate) } else { try migrate() }
    return missing.map(\.name)
  }

  /// Takes everything of this program out of the database.
  ///
  /// - Parameter stopRuns: called before the first change where runs are possible; throws while one is at work.
  package static func migrateDown(_ connection: Connection, stopRuns: () throws -> Void) throws -> Removal {
    // Also out of a VCL that this version does not know.
    try checkVCL(connection, columns(connection), withColumns: false)
    let states = try states(connection)
    try checkKnown(states)
    if try hasLease(connection) { try stopRuns() }
    let present = migrations.filter { migration in states.contains { $0.version == migration.version } }
    try connection.execute(Assets.Queries.shortLockWait)
    // First, so that none reads a table that is gone.
    _ = try Triggers.drop(connection)
    let procedures = try (FrontendProcedures.all + Triggers.procedures).map { procedure in
      (name: procedure.name, removal: try procedure.drop(connection))
    }
    for migration in present.reversed() {
      try connection.execute(
        Assets.Queries.beginMigration, [Value(migration.version), Value(migration.name)])
      try withLockRetries { try connection.executeScript(migration.down) }
      try connection.execute(Assets.Queries.removeMigration, [Value(migration.version)])
    }
    try connection.execute(Assets.Queries.dropMigrationTable)
    return Removal(
      migrations: present.reversed().map(\.name),
      procedures: procedures.filter { $0.removal == .dropped }.map(\.name),
      denied: procedures.filter { $0.removal == .denied }.map(\.name))
  }

  /// Whether there is a lease that a run could hold.
  private static func hasLease(_ connection: Connection) throws -> Bool {
    do {
      return try connection.first(Assets.Queries.lease, [], { _ in true }) ?? false
    } catch let error as MariaDBError where error.kind == .missingTable || error.kind == .missingColumn {
      return false
    }
  }

  /// What is not as these migrations left it, one sentence each.
  private static func problems(
    _ connection: Connection, _ present: Columns, of migrations: [Migration]
  ) throws -> [String] {
    var problems: [String] = []
    switch present["imagerevision"]?["expiredate"] {
    case "date": break
    case nil: problems.append("the column imagerevision.expiredate is missing")
    case .some(let type): problems.append("the column imagerevision.expiredate is \(type), not date null")
    }
    for column in migrations.flatMap(\.columns) where present[column.table]?[column.name] == nil {
      let problem =
        present[column.table] == nil
        ? "the table \(column.table) is missing" : "the column \(column.table).\(column.name) is missing"
      if problems.last != problem { problems.append(problem) }
    }
    guard problems.isEmpty else { return problems }
    return try connection.rows(Assets.Queries.missingParts) { "\($0.string(0)) is missing" }
  }

  /// Adds the columns of a migration that tables of ours have lost; what was in them is gone.
  private static func restoreColumns(_ connection: Connection, of migration: Migration) throws {
    let present = try columns(connection)
    for column in migration.columns where present[column.table]?[column.name] == nil {
      try withLockRetries {
        try connection.executeScript(
          Assets.Queries.restoreColumn.replacing("{table}", with: column.table)
            .replacing("{definition}", with: column.definition))
      }
    }
  }

  /// The types of a database's columns, by the names of their tables and their own.
  private typealias Columns = [String: [String: String]]

  private static func columns(_ connection: Connection) throws -> Columns {
    var columns: Columns = [:]
    try connection.query(Assets.Queries.requiredColumns) { row in
      columns[row.string(0), default: [:]][row.string(1)] = row.string(2).lowercased()
    }
    return columns
  }

  /// Whether VCL's tables are there, and what this program reads of them.
  private static func checkVCL(_ connection: Connection, _ present: Columns, withColumns: Bool) throws {
    let read = try connection.rows(Assets.Queries.vclColumns) { (table: $0.string(0), column: $0.string(1)) }
    if let missing = read.first(where: { present[$0.table] == nil }) {
      throw SchemaError.notVCL(missing.table)
    }
    guard withColumns, let missing = read.first(where: { present[$0.table]?[$0.column] == nil }) else {
      return
    }
    throw SchemaError.unknownVCL("\(missing.table).\(missing.column)")
  }

  private static func checkKnown(_ states: [State]) throws {
    let known = migrations.last?.version ?? 0
    if let newer = states.first(where: { $0.version > known }) {
      throw SchemaError.unknownVersion(newer.version, known: known)
    }
  }

  /// A column of that name that is not ours must not be taken over, and not be dropped later.
  private static func checkForeignColumn(_ connection: Connection, isOurs: Bool) throws {
    guard !isOurs, let type = try columns(connection)["imagerevision"]?["expiredate"], type != "date" else {
      return
    }
    throw SchemaError.foreignColumn(type)
  }

  /// A schema change waits only seconds for VCL's statements and is then tried again.
  static func withLockRetries(_ body: () throws -> Void) throws {
    var attempts = 10
    while true {
      do {
        return try body()
      } catch let error as MariaDBError where error.kind == .lockWaitTimeout && attempts > 1 {
        attempts -= 1
        // VCL's statements queue behind a waiting schema change: they must get their turn.
        sleep(2)
      }
    }
  }
}

/// Why a database cannot be worked with.
package enum SchemaError: Error, Equatable, CustomStringConvertible {
  case notVCL(String)
  /// A column that VCL's versions known to this program have.
  case unknownVCL(String)
  /// A table that not every VCL has, and that the account may not know of.
  case hiddenTable(String)
  case notMigrated
  case outdated(String)
  case interrupted(String)
  case damaged(String)
  case unknownVersion(Int, known: Int)
  case foreignColumn(String)
  /// Why the server does not let triggers be made.
  case triggersForbidden(String)

  package var description: String {
    switch self {
    case .notVCL(let table):
      "the database has no table \(table), so it is not a VCL database, or the account may not see it; check"
        + " database.name, and the rights with `expireimage check`"
    case .unknownVCL(let column):
      "VCL's column \(column) is missing; this version does not know that VCL, so that nothing was done; use a version"
        + " that does, or, if the account may not see it, grant the rights that `expireimage check` names"
    case .hiddenTable(let table):
      "the account may not know whether VCL has the table \(table), whose images must stay; as a database administrator"
        + " run `mariadb vcl < sql/grants.sql`"
    case .notMigrated:
      "the VCL database is not prepared for this program; run `expireimage migrate up`"
    case .outdated(let name):
      "the VCL database lacks the migration \(name); run `expireimage migrate up`"
    case .interrupted(let name):
      "the migration \(name) was interrupted; run `expireimage migrate up` again, it completes the rest"
    case .damaged(let problem):
      "\(problem); run `expireimage migrate up`, it restores what is missing"
    case .unknownVersion(let version, let known):
      "the database has schema version \(version), this program knows \(known); use the newer program"
    case .foreignColumn(let type):
      "imagerevision.expiredate exists already and is \(type), not date null; it is not ours, so nothing was changed"
    case .triggersForbidden(let lack):
      "the triggers cannot be made, all else is migrated: \(lack); give it that, or run"
        + " `expireimage migrate up --no-triggers`, with which the nightly run clears the dates of reserved revisions"
    }
  }
}
