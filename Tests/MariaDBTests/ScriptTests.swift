import MariaDB
import TestSupport
import Testing

@Suite("Scripts")
struct ScriptTests {
  @Test(
    "Statements end with a semicolon at the end of a line; comments, blank lines and a last one without are fine"
  )
  func script() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.executeScript(
      """
      -- A header; with a semicolon;

      CREATE TEMPORARY TABLE t (a VARCHAR(20)); \n
      INSERT INTO t
        VALUES ('x; y'),
          -- not the end;
          ('z');
      SELECT * FROM t;
      INSERT INTO t VALUES ('last')
      -- the end;
      """)
    #expect(try connection.rows("SELECT a FROM t") { $0.string(0) } == ["x; y", "z", "last"])
  }

  @Test("A trigger with statements of its own is one statement between delimiters")
  func delimiter() throws {
    let database = try TestDatabase(schema: .empty, exclusive: true)
    let connection = try database.connection()
    try connection.executeScript(
      """
      CREATE TABLE t (a INT);
      DELIMITER //
      CREATE TRIGGER twice BEFORE INSERT ON t FOR EACH ROW
      BEGIN
        SET NEW.a = NEW.a * 2;
        SET NEW.a = NEW.a + 1;
      END//
      DELIMITER ;
      INSERT INTO t VALUES (5);
      """)
    #expect(try connection.first("SELECT a FROM t") { $0.int(0) } == 11)
  }

  @Test(
    "An error names the line and the first line of the statement; the ones before are done, those after are not"
  )
  func failure() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let error = #expect(throws: MariaDBError.self) {
      try connection.executeScript(
        "-- Header.\nCREATE TEMPORARY TABLE t (a INT);\n\n-- Next.\nINSERT INTO u\n  VALUES (1);\nINSERT INTO t VALUES (1);"
      )
    }
    #expect(error?.kind == .missingTable)
    #expect(error?.description.hasPrefix("line 5, INSERT INTO u: Table") == true)
    #expect(try connection.first("SELECT COUNT(*) FROM t") { $0.int(0) } == 0)
  }

  @Test("Nothing but comments is nothing", arguments: ["", "\n\n", "-- Only this.\n"])
  func empty(_ script: String) throws {
    try TestDatabase(schema: .empty).connection().executeScript(script)
  }
}
