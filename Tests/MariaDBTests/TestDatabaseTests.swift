import MariaDB
import TestSupport
import Testing

@Suite("A database of a test's own")
struct TestDatabaseTests {
  @Test("It has VCL's 85 tables, empty and counting from 1, also when used again")
  func reuse() throws {
    for _ in 0..<3 {
      let database = try TestDatabase()
      let connection = try database.connection()
      let sql = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?"
      #expect(try connection.first(sql, [.text(database.name)]) { $0.int(0) } == 85)
      #expect(try connection.first("SELECT COUNT(*) FROM state") { $0.int(0) } == 0)
      try connection.execute("INSERT INTO state (name) VALUES ('tested')")
      #expect(connection.lastInsertID == 1)
    }
  }

  @Test("One whose tables a test has changed is not used again")
  func altered() throws {
    var database: TestDatabase? = try TestDatabase(schema: .empty)
    let name = try #require(database?.name)
    try database?.connection().execute("CREATE TABLE t (a INT)")
    database = nil
    let connection = try Connection(TestServer.shared.options())
    let found = try connection.rows("SHOW DATABASES LIKE '\(name)'") { $0.string(0) }
    #expect(found == [])
  }
}
