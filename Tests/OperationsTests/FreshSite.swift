import Campus
import MariaDB
import Settings
import TestSupport

@testable import Operations

/// A VCL database that has never seen this program, in a state that a test may spoil.
final class FreshSite {
  let database: TestDatabase
  let connection: Connection
  let site: Site
  var migrate: MigrateOperation { MigrateOperation(site) }

  init() throws {
    database = try TestDatabase(schema: .vcl, exclusive: true)
    connection = try database.connection()
    let campus = try CampusBuilder(connection).loadBaseRows()
    let image = try campus.image("Statistics")
    try campus.use(try campus.revision(of: image, production: true), from: "2026-02-27 09:00:00")
    site = Site(
      try Settings.load(
        configFile: nil,
        environment: [
          "EXPIREIMAGE_DATABASE_SOCKET": TestServer.shared.socket, "EXPIREIMAGE_DATABASE_USER": "root",
          "EXPIREIMAGE_DATABASE_NAME": database.name,
        ], usualFiles: .none))
  }

  func rows(_ sql: String, _ parameters: [Value] = []) throws -> [String] {
    try connection.rows(sql, parameters) { row in
      (0..<row.columnCount).map { row.optionalString($0) ?? "-" }.joined(separator: " ")
    }
  }

  /// Every table, column, index, foreign key and trigger, and the sum of every table's rows.
  func dump() throws -> [String] {
    let columns = try rows(
      """
      SELECT table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra,
        collation_name
      FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2
      """)
    let indexes = try rows(
      """
      SELECT table_name, index_name, seq_in_index, column_name, non_unique
      FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1, 2, 3
      """)
    let keys = try rows(
      """
      SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints
      WHERE table_schema = DATABASE() ORDER BY 1, 2
      """)
    let triggers = try rows(
      "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1")
    let routines = try rows(
      "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() ORDER BY 1")
    let tables = try rows(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1")
    let sums = try rows("CHECKSUM TABLE " + tables.map { "`\($0)`" }.joined(separator: ", "))
    return columns + indexes + keys + triggers + routines + tables + sums
  }

  func columns() throws -> [String] {
    try rows(
      """
      SELECT table_name, column_name, column_type, is_nullable
      FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2
      """)
  }

  /// The exit status and the line of what fails.
  func failure<T>(_ body: () throws -> T) -> Failure? {
    do {
      _ = try body()
      return nil
    } catch { return Failure(error) }
  }
}
