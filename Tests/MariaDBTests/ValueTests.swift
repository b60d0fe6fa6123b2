import MariaDB
import TestSupport
import Testing

@Suite("Values on their way to the server and back")
struct ValueTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let type: String
    let stored: Value
    let expected: Value

    init(_ type: String, _ stored: Value, reads expected: Value? = nil) {
      self.type = type
      self.stored = stored
      self.expected = expected ?? stored
    }

    var testDescription: String { "\(type) \(String("\(stored)".prefix(40)))" }
  }

  static let cases: [Case] = [
    Case("BIGINT", .null), Case("VARCHAR(10)", .null), Case("DATETIME", .null), Case("TEXT", .null),
    Case("BIGINT", .int(.min)), Case("BIGINT", .int(.max)), Case("BIGINT UNSIGNED", .unsigned(.max)),
    Case("BIGINT UNSIGNED", .int(5), reads: .unsigned(5)), Case("TINYINT", -128), Case("TINYINT", 127),
    Case("TINYINT UNSIGNED", 255, reads: .unsigned(255)), Case("SMALLINT", -32768),
    Case("MEDIUMINT", 8_388_607),
    Case("MEDIUMINT UNSIGNED", 16_777_215, reads: .unsigned(16_777_215)), Case("INT", -2_147_483_648),
    Case("INT UNSIGNED", 4_294_967_295, reads: .unsigned(4_294_967_295)), Case("TINYINT(1)", true),
    Case("BIT(12)", 2565),
    Case("DOUBLE", 0.1), Case("DOUBLE", .double(-1e300)), Case("FLOAT", 0.5),
    Case("DECIMAL(10,2)", 12.5, reads: "12.50"), Case("YEAR", 2026, reads: .unsigned(2026)),
    Case("VARCHAR(200)", ""), Case("VARCHAR(200)", "it's \"quoted\" \\ 100% `x`; -- no comment"),
    Case("VARCHAR(200)", "line\nline\ttab\u{0}nul"),
    Case("MEDIUMTEXT", .text(String(repeating: "y", count: 70_000))),
    Case("VARCHAR(200)", "👩‍👩‍👧 Ł ß 漢"), Case("CHAR(3)", "a"), Case("ENUM('no','yes')", "yes"),
    Case("BLOB", .bytes([0, 255, 128, 10]), reads: .text("\u{0}\u{FFFD}\u{FFFD}\n")),
    Case("VARCHAR(20)", 42, reads: "42"), Case("INT", "42", reads: 42),
    Case("DATE", "2024-02-29"), Case("DATETIME", "2026-01-31 23:59:59"), Case("DATE", "0000-00-00"),
    Case("DATETIME", "0000-00-00 00:00:00"), Case("DATE", "2020-00-00"), Case("TIME", "-12:30:05"),
    Case("TIMESTAMP", "2026-01-31 23:59:59"), Case("DATETIME", Value(DateTime(year: 1, month: 2, day: 3))),
  ]

  @Test("What is stored comes back", arguments: cases)
  func roundTrip(_ item: Case) throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute(
      "CREATE TEMPORARY TABLE t (v \(item.type) NULL DEFAULT NULL) CHARACTER SET utf8mb4")
    #expect(try connection.execute("INSERT INTO t VALUES (?)", [item.stored]) == 1)
    #expect(try connection.executeBulk("INSERT INTO t VALUES (?)", rows: [[item.stored], [nil]]) == 2)
    let read = try connection.rows("SELECT v FROM t") { $0.value(0) }
    #expect(read == [item.expected, item.expected, .null])
  }

  @Test("Bytes come back untouched")
  func bytes() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0) }
    let read = try connection.first("SELECT ?, NULL", [.bytes(bytes)]) { ($0.bytes(0), $0.bytes(1)) }
    #expect(read?.0 == bytes)
    #expect(read?.1 == nil)
  }

  struct DateCase: Sendable {
    let text: String?
    let expected: DateTime?
    let isZero: Bool
  }

  @Test(
    "NULL, zero dates and dates without a month or day are no dates, and only NULL is not a zero date",
    arguments: [
      DateCase(text: nil, expected: nil, isZero: false),
      DateCase(text: "0000-00-00 00:00:00", expected: nil, isZero: true),
      DateCase(text: "2020-00-00 00:00:00", expected: nil, isZero: true),
      DateCase(text: "2020-05-00 10:00:00", expected: nil, isZero: true),
      DateCase(
        text: "2020-05-06 07:08:09",
        expected: DateTime(year: 2020, month: 5, day: 6, hour: 7, minute: 8, second: 9),
        isZero: false),
    ])
  func dates(_ item: DateCase) throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute("CREATE TEMPORARY TABLE t (d DATETIME NULL)")
    // A real date before and after: nothing of a neighbour may show.
    for text in ["2026-01-02 03:04:05", item.text, "2026-01-02 03:04:05"] {
      try connection.execute("INSERT INTO t VALUES (?)", [Value(text)])
    }
    let read = try connection.rows("SELECT d, CAST(d AS CHAR) FROM t") {
      ($0.dateTime(0), $0.isZeroDate(0), $0.dateTime(1))
    }
    #expect(
      read.map(\.0) == [DateTime("2026-01-02 03:04:05"), item.expected, DateTime("2026-01-02 03:04:05")])
    #expect(read.map(\.1) == [false, item.isZero, false])
    #expect(read[1].2 == item.expected)
  }

  @Test("Sums, counts and expressions read as integers and doubles")
  func expressions() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let sql = "SELECT SUM(seq), COUNT(*), AVG(seq) AS mean, MAX(seq) > 2 FROM seq_1_to_4"
    let read = try connection.first(sql) { row in
      ["\(row.int(0))", "\(row.int(1))", "\(row.double(2))", "\(row.bool(3))", row.name(2)]
    }
    #expect(read == ["10", "4", "2.5", "true", "mean"])
  }

  @Test(
    "A read that the column does not allow fails with the column's name",
    arguments: ["NULL", "'twelve'", "1.5", "CAST('2020-01-01' AS DATE)", "18446744073709551615"])
  func misread(_ expression: String) throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let error = #expect(throws: MariaDBError.self) {
      try connection.rows("SELECT \(expression) AS age") { $0.int(0) }
    }
    #expect(error?.message.contains("column age") == true)
    #expect(try connection.first("SELECT 1") { $0.int(0) } == 1)
  }

  @Test("Date and time order and read as the database's")
  func dateTime() {
    #expect(DateTime("2026-01-02")! < DateTime("2026-01-02 00:00:01")!)
    #expect(DateTime("2026-01-02 03:04:05.678")?.description == "2026-01-02 03:04:05")
    #expect(DateTime("2020-00-00") == nil)
    #expect(DateTime("yesterday") == nil)
  }
}
