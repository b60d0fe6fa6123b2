import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("Statements")
struct StatementTests {
  @Test("A bulk of 5,000 rows with NULLs and mixed types arrives whole and counts what changed")
  func bulk() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute(
      "CREATE TEMPORARY TABLE t (id INT PRIMARY KEY, name VARCHAR(100) NULL, size DOUBLE)")
    let rows = (0..<5000).map { index -> [Value] in
      let name: Value = index % 3 == 0 ? .null : .text("name '\(index)' é")
      let size: Value = index % 2 == 0 ? .int(Int64(index)) : .double(0.5)
      return [Value(index), name, size]
    }
    #expect(try connection.executeBulk("INSERT INTO t VALUES (?, ?, ?)", rows: rows) == 5000)
    let read = try connection.rows("SELECT id, name, size FROM t ORDER BY id") {
      ($0.int(0), $0.optionalString(1), $0.double(2))
    }
    #expect(read.count == 5000)
    #expect(read[3] == (3, nil, 0.5))
    #expect(read[4998] == (4998, nil, 4998))
    #expect(read[4999] == (4999, "name '4999' é", 0.5))
    let updates = (0..<5000).map { index -> [Value] in [index < 2000 ? "new" : .null, Value(index)] }
    let changed = try connection.executeBulk(
      "UPDATE t SET name = ? WHERE id = ? AND id % 3 = 0", rows: updates)
    #expect(changed == 667)
    // The same text, one row at a time, after the array.
    #expect(try connection.execute("INSERT INTO t VALUES (?, ?, ?)", [9999, nil, 1]) == 1)
    #expect(try connection.executeBulk("INSERT INTO t VALUES (?, ?, ?)", rows: []) == 0)
  }

  @Test("A bulk of large texts stays below the largest packet")
  func largeBulk() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute("CREATE TEMPORARY TABLE t (body MEDIUMTEXT)")
    let text = String(repeating: "z", count: 70_000)
    let changed = try connection.executeBulk(
      "INSERT INTO t VALUES (?)", rows: Array(repeating: [.text(text)], count: 400))
    #expect(changed == 400)
    let lengths = try connection.rows("SELECT body, LENGTH(body) FROM t") {
      ($0.string(0).utf8.count, $0.int(1))
    }
    #expect(lengths.count { $0 == (70_000, 70_000) } == 400)
  }

  @Test("A bulk that fails inside a transaction leaves nothing")
  func bulkFailure() throws {
    let database = try TestDatabase(schema: .empty, exclusive: true)
    let connection = try database.connection()
    try connection.execute("CREATE TABLE t (id INT PRIMARY KEY)")
    var rows: [[Value]] = (0..<3000).map { [Value($0)] }
    rows[2500] = [0]
    let error = #expect(throws: MariaDBError.self) {
      try connection.transaction { try connection.executeBulk("INSERT INTO t VALUES (?)", rows: rows) }
    }
    #expect(error?.kind == .duplicateKey)
    #expect(try connection.first("SELECT COUNT(*) FROM t") { $0.int(0) } == 0)
  }

  @Test("100,000 rows, 300 MB in all, stream in constant memory")
  func streaming() async throws {
    let socket = TestServer.shared.socket
    // In a process of its own, because other tests of this one use memory too.
    await #expect(processExitsWith: .success) { [socket = socket as String] in
      let growth = try memoryForStreaming(socket: socket)
      #expect(growth < 10_000_000)
    }
  }

  @Test("Texts beyond the buffer are read whole, and short ones after them too")
  func growing() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let sizes = [10, 5000, 0, 70_000, 3, 200_000, 70_000, 1]
    let sql = sizes.map { "SELECT \($0), REPEAT('é', \($0)), REPEAT('b', \($0))" }.joined(
      separator: " UNION ALL ")
    let read = try connection.rows(sql) { ($0.int(0), $0.string(1), $0.string(2)) }
    for (size, row) in zip(sizes, read) {
      #expect(row == (size, String(repeating: "é", count: size), String(repeating: "b", count: size)))
    }
  }

  @Test("A statement started while rows are being read fails, and the reading goes on")
  func nested() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    var count = 0
    try connection.query("SELECT seq FROM seq_1_to_3") { _ in
      count += 1
      for attempt in [
        { _ = try connection.execute("SELECT 1") }, { try connection.executeScript("SELECT 1;") },
        { try connection.transaction {} }, { try connection.ping() },
      ] {
        let error = #expect(throws: MariaDBError.self) { try attempt() }
        #expect(error?.message.contains("still reading") == true)
      }
    }
    #expect(count == 3)
    #expect(try connection.execute("DO 1") == 0)
  }

  @Test("An error in the row closure comes out and leaves the connection usable")
  func closureError() throws {
    struct Stop: Error {}
    let connection = try TestDatabase(schema: .empty).connection()
    #expect(throws: Stop.self) {
      try connection.query("SELECT seq FROM seq_1_to_10000") { if $0.int(0) == 3 { throw Stop() } }
    }
    #expect(try connection.first("SELECT seq FROM seq_7_to_10000") { $0.int(0) } == 7)
    #expect(try connection.first("SELECT seq FROM seq_1_to_3 WHERE seq > 5") { $0.int(0) } == nil)
  }

  @Test("More statements than the cache holds, and a table that changes, work")
  func cache() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    for number in 0..<200 {
      #expect(try connection.first("SELECT \(number) + ?", [1]) { $0.int(0) } == number + 1)
    }
    let prepared = try connection.first("SHOW STATUS LIKE 'Com_stmt_close'") { $0.int(1) }
    #expect(try #require(prepared) > 100)
    try connection.execute("CREATE TEMPORARY TABLE t (a INT)")
    try connection.execute("INSERT INTO t VALUES (1)")
    #expect(try connection.rows("SELECT * FROM t") { $0.value(0) } == [1])
    try connection.execute("ALTER TABLE t MODIFY a VARCHAR(10)")
    #expect(try connection.rows("SELECT * FROM t") { $0.value(0) } == ["1"])
  }

  @Test("Affected rows are rows changed, and the last inserted id is known")
  func counts() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute("CREATE TEMPORARY TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT)")
    #expect(try connection.execute("INSERT INTO t (a) VALUES (1), (1), (2)") == 3)
    try connection.execute("INSERT INTO t (a) VALUES (?)", [3])
    #expect(connection.lastInsertID == 4)
    try connection.executeText("INSERT INTO t (a) VALUES (3)")
    #expect(connection.lastInsertID == 5)
    #expect(try connection.execute("UPDATE t SET a = 1 WHERE a <= 2") == 1)
  }

  @Test("The wrong number of parameters is an error before anything is sent")
  func parameterCount() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let error = #expect(throws: MariaDBError.self) {
      try connection.execute("-- Adds two.\nSELECT ? + ?", [1])
    }
    #expect(error?.description == "Adds two: takes 2 parameters, got 1")
    #expect(throws: MariaDBError.self) { try connection.executeBulk("SELECT ?", rows: [[1, 2]]) }
  }

  @Test("The session is strict, knows zero dates, speaks utf8mb4 and reads committed")
  func session() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let read = try connection.first("SELECT @@sql_mode, @@tx_isolation, @@character_set_client, @@autocommit")
    {
      [$0.string(0), $0.string(1), $0.string(2), $0.string(3)]
    }
    #expect(read == ["STRICT_TRANS_TABLES", "READ-COMMITTED", "utf8mb4", "1"])
    #expect(connection.threadID > 0)
    #expect(connection.serverVersion.contains("MariaDB"))
    #expect(connection.isAlive)
  }

  @Test("A procedure gives its first rows, and leaves the connection free for the next statement")
  func procedure() throws {
    let database = try TestDatabase(schema: .empty, exclusive: true)
    let connection = try database.connection()
    try connection.executeScript(
      "DELIMITER //\nCREATE PROCEDURE p(IN n INT) BEGIN SELECT n; SELECT n + 1; END//")
    for n in 1...2 {
      #expect(try connection.rows("CALL p(?)", [Value(n)]) { $0.int(0) } == [n])
      #expect(try connection.first("SELECT 7") { $0.int(0) } == 7)
    }
    try connection.execute("CALL p(1)")
    #expect(try connection.first("SELECT 7") { $0.int(0) } == 7)
  }
}

/// Memory of this process that is in use now.
private func residentBytes() -> Int {
  let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
  return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
}

/// How many bytes this process grows by while it reads 300 MB from a server.
private func memoryForStreaming(socket: String) throws -> Int {
  let connection = try Connection(ConnectionOptions(socket: socket, name: "mysql", user: "root"))
  let before = residentBytes()
  var most = 0
  var count = 0
  try connection.query("SELECT seq, REPEAT('x', 3000) FROM seq_1_to_100000") { row in
    count += 1
    if count % 1000 == 0 { most = max(most, residentBytes()) }
  }
  #expect(count == 100_000)
  return most - before
}
