import MariaDB
import TestSupport
import Testing

@Suite("The schema that tests and demonstration run on")
struct VCLSchemaTests {
  @Test(
    "has as many things as VCL 2.5",
    arguments: [
      ("tables", "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()", 85),
      ("columns", "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE()", 546),
      (
        "indexes",
        """
        SELECT COUNT(DISTINCT table_name, index_name) FROM information_schema.statistics
        WHERE table_schema = DATABASE()
        """, 278
      ),
      (
        "foreign keys",
        """
        SELECT COUNT(*) FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE()
        """, 147
      ),
      ("triggers", "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()", 0),
      (
        "tables that are not InnoDB with latin1",
        """
        SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()
          AND (engine <> 'InnoDB' OR table_collation <> 'latin1_swedish_ci')
        """, 0
      ),
    ])
  func counts(_ what: String, sql: String, expected: Int) throws {
    let database = try TestDatabase(schema: .vcl)
    #expect(try database.connection().first(sql) { $0.int(0) } == expected, "\(what)")
  }
}
