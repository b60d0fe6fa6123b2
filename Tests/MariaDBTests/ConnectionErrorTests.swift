import MariaDB
import TestSupport
import Testing

@Suite("What goes wrong on a connection")
struct ConnectionErrorTests {
  /// Checks one error: its kind, and a text of one line without any password.
  private func check(
    _ error: MariaDBError?, _ kind: MariaDBError.Kind, mentions text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(error?.kind == kind, "\(error?.description ?? "")", sourceLocation: sourceLocation)
    let description = error?.description ?? ""
    #expect(description.contains(text), sourceLocation: sourceLocation)
    #expect(!description.contains("hush"), sourceLocation: sourceLocation)
    #expect(!description.contains("\n"), sourceLocation: sourceLocation)
  }

  private func connectError(_ change: (inout ConnectionOptions) -> Void) throws -> MariaDBError? {
    var options = try TestDatabase(schema: .empty).options
    change(&options)
    return #expect(throws: MariaDBError.self) { try Connection(options) }
  }

  @Test("No server at the socket or port is unreachable")
  func noServer() throws {
    check(
      try connectError {
        $0.socket = "/nowhere/x.sock"
        $0.user = "vcl"
        $0.password = "hush"
      }, .unreachable, mentions: "connect to /nowhere/x.sock, database test_")
    check(
      try connectError {
        $0.socket = nil
        $0.host = "127.0.0.1"
        $0.port = 1
      }, .unreachable, mentions: "connect to 127.0.0.1:1")
  }

  @Test(
    "An error names the server, the database and the account as far as they are known",
    arguments: [
      (nil, nil, "/s"), ("vcl", nil, "/s, database vcl"), (nil, "a", "/s as a"),
      ("vcl", "a", "/s, database vcl, as a"),
    ])
  func endpoint(name: String?, user: String?, text: String) {
    #expect(ConnectionOptions(socket: "/s", name: name, user: user, password: "hush").endpoint == text)
  }

  @Test("A wrong password is access denied")
  func wrongPassword() throws {
    let database = try TestDatabase(schema: .empty)
    let root = try database.connection()
    try root.execute("CREATE USER IF NOT EXISTS 'locked'@'localhost' IDENTIFIED BY 'right'")
    var options = database.options
    options.user = "locked"
    options.password = "hush"
    let error = #expect(throws: MariaDBError.self) { try Connection(options) }
    check(error, .accessDenied, mentions: "as locked")
    // The right one gets in, but not into a database it has no right to.
    options.password = "right"
    check(#expect(throws: MariaDBError.self) { try Connection(options) }, .denied, mentions: database.name)
    options.name = nil
    let connection = try Connection(options)
    check(
      #expect(throws: MariaDBError.self) { try connection.execute("SELECT * FROM mysql.global_priv") },
      .denied,
      mentions: "SELECT * FROM mysql.global_priv")
  }

  @Test("A database that is not there is unknown")
  func unknownDatabase() throws {
    check(try connectError { $0.name = "nothing" }, .unknownDatabase, mentions: "database nothing")
  }

  struct Failure: Sendable {
    let sql: String
    let kind: MariaDBError.Kind
    let text: String
  }

  @Test(
    "A failed statement says what it was for and what is wrong",
    arguments: [
      Failure(
        sql: "-- All revisions of an image.\n-- 1: image id\nSELECT * FROM missing WHERE id = 1",
        kind: .missingTable,
        text: "All revisions of an image: Table"),
      Failure(
        sql: "SELECT nothing FROM t", kind: .missingColumn, text: "SELECT nothing FROM t: Unknown column"),
      Failure(
        sql: "INSERT INTO t\n  VALUES (1, 'a')", kind: .duplicateKey, text: "INSERT INTO t VALUES (1, 'a'):"),
      Failure(
        sql: "SELECT * FROM t WHERE name = 'Łódź'", kind: .illegalCollationMix,
        text: "Illegal mix of collations"),
      Failure(sql: "SELECT\n* FORM t\n\n", kind: .other, text: "error 1064"),
    ])
  func statements(_ failure: Failure) throws {
    let connection = try TestDatabase(schema: .empty).connection()
    try connection.execute(
      "CREATE TEMPORARY TABLE t (id INT PRIMARY KEY, name VARCHAR(9)) CHARACTER SET latin1 COLLATE latin1_swedish_ci"
    )
    try connection.execute("INSERT INTO t VALUES (1, 'x')")
    let error = #expect(throws: MariaDBError.self) { try connection.execute(failure.sql) }
    check(error, failure.kind, mentions: failure.text)
    #expect(connection.isAlive)
  }

  @Test("Bound values are not part of an error")
  func boundValues() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    let error = #expect(throws: MariaDBError.self) {
      try connection.execute("SELECT * FROM missing WHERE a = ?", ["hush"])
    }
    check(error, .missingTable, mentions: "a = ?")
  }

  @Test("A connection that the server kills is lost for good, also in the middle of a transaction")
  func killed() throws {
    let database = try TestDatabase(schema: .empty)
    let root = try database.connection()
    let connection = try database.connection()
    try connection.execute("DO ?", [1])
    let error = #expect(throws: MariaDBError.self) {
      try connection.transaction {
        try connection.execute("DO ?", [2])
        try root.execute("KILL CONNECTION \(connection.threadID)")
        try connection.execute("DO ?", [3])
      }
    }
    check(error, .connectionLost, mentions: "DO ?")
    check(
      #expect(throws: MariaDBError.self) { try connection.execute("DO ?", [4]) }, .connectionLost,
      mentions: "DO ?")
    check(
      #expect(throws: MariaDBError.self) { try connection.executeScript("DO 5;") }, .connectionLost,
      mentions: "DO 5")
    #expect(!connection.isAlive)
    #expect(root.isAlive)
  }

  @Test("A connection killed while its rows are read is lost")
  func killedWhileReading() throws {
    let database = try TestDatabase(schema: .empty)
    let root = try database.connection()
    let connection = try database.connection()
    let error = #expect(throws: MariaDBError.self) {
      try connection.query("SELECT seq, REPEAT('x', 1000) FROM seq_1_to_1000000") {
        if $0.int(0) == 1 { try root.execute("KILL CONNECTION \(connection.threadID)") }
      }
    }
    check(error, .connectionLost, mentions: "SELECT seq")
    #expect(!connection.isAlive)
  }

  @Test("An error in the middle of the rows comes out and leaves the connection usable")
  func failureWhileReading() throws {
    let connection = try TestDatabase(schema: .empty).connection()
    var rows = 0
    let error = #expect(throws: MariaDBError.self) {
      try connection.query(
        "SELECT seq, (SELECT s.seq FROM seq_1_to_2 s WHERE o.seq = 70000 OR s.seq = 1) FROM seq_1_to_100000 o"
      ) { _ in rows += 1 }
    }
    check(error, .other, mentions: "error 1242")
    #expect(rows > 1000)
    #expect(try connection.first("SELECT 5") { $0.int(0) } == 5)
  }

  @Test("An answer that takes longer than the limit loses the connection")
  func readTimeout() throws {
    var options = try TestDatabase(schema: .empty).options
    options.readTimeoutSeconds = 1
    let connection = try Connection(options)
    let error = #expect(throws: MariaDBError.self) { try connection.execute("DO SLEEP(3)") }
    check(error, .connectionLost, mentions: "DO SLEEP(3)")
  }
}
