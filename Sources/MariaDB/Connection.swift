import Assets
import CMariaDB

/// A session on a MariaDB server; one thread at a time, closed when the last reference goes.
///
/// Text is utf8mb4, tables are strict (STRICT_TRANS_TABLES without NO_ZERO_DATE, so VCL's zero dates stay legal),
/// isolation is READ COMMITTED, every statement commits by itself outside `transaction`. It never reconnects: locks
/// and transactions are gone with a connection, so going on would be wrong. Counts of affected rows are rows changed,
/// not rows found.
package final class Connection {
  /// Prepared statements kept by their text.
  static let cachedStatements = 64
  /// Array bindings go in pieces within these bounds; a packet above the server's max_allowed_packet would end the
  /// connection.
  static let bulkRows = 1000
  static let bulkBytes = 512 * 1024

  /// How often what met a deadlock is done again.
  package static let deadlockRetries = 5

  package let options: ConnectionOptions
  let handle: ConnectionHandle
  var state = State()
  private var statements: [String: Statement] = [:]
  private var uses: UInt64 = 0

  /// What a connection is in the middle of.
  struct State {
    /// The rows of a statement are being read; nothing else can be sent.
    var isReading = false
    var isInTransaction = false
    /// The deadlock or lock wait timeout after which the open transaction can only be rolled back.
    var transactionFailure: MariaDBError?
    var isLost = false
  }

  /// The AUTO_INCREMENT value that the last insert made; 0 if the last statement made none.
  package private(set) var lastInsertID: UInt64 = 0

  /// Connects and sets the session up. Throws kinds unreachable, withoutQuorum, accessDenied, unknownDatabase, denied.
  package init(_ options: ConnectionOptions) throws(MariaDBError) {
    self.options = options
    handle = ConnectionHandle()
    try handle.connect(options)
    try executeScript(Assets.Connection.session, as: "set up the session")
  }

  deinit { statements.removeAll() }

  /// The server's id of this connection, as KILL and the process list have it.
  package var threadID: UInt64 { UInt64(mysql_thread_id(handle.pointer)) }

  /// "10.11.19-MariaDB-0+deb12u1".
  package var serverVersion: String { String(cString: mysql_get_server_info(handle.pointer)) }

  /// The TLS cipher in use; nil on an unencrypted connection.
  package var cipher: String? { mysql_get_ssl_cipher(handle.pointer).map { String(cString: $0) } }

  /// Asks the server for a sign of life. Throws connectionLost.
  package func ping() throws(MariaDBError) {
    try checkReady("ping")
    guard mysql_ping(handle.pointer) == 0 else {
      throw noted(MariaDBError(connection: handle.pointer, operation: "ping"))
    }
  }

  /// Whether the server answers.
  package var isAlive: Bool {
    do throws(MariaDBError) {
      try ping()
      return true
    } catch {
      return false
    }
  }

  /// Executes one statement and returns the number of rows it changed; rows of a result are dropped.
  ///
  /// Outside of a transaction it is executed again after a deadlock, as `transaction` does with its body.
  @discardableResult
  package func execute(_ sql: String, _ parameters: [Value] = []) throws(MariaDBError) -> UInt64 {
    let statement = try runAgain(sql) { (statement) throws(MariaDBError) in try statement.execute(parameters)
    }
    defer { statement.finish() }
    lastInsertID = statement.lastInsertID
    return statement.affectedRows
  }

  /// Executes one statement once, as text: neither prepared nor, after a deadlock, executed again, as a program does that
  /// is not this one.
  package func executeText(_ sql: String) throws(MariaDBError) {
    try send(sql, as: summary(ofSQL: sql))
    lastInsertID = mysql_insert_id(handle.pointer)
  }

  /// Executes one statement for many rows of parameters and returns the number of rows it changed in all.
  ///
  /// The rows go in pieces of at most 1,000; each piece is done whole or not at all. Inside a transaction the whole
  /// call is, because the error ends the transaction.
  @discardableResult
  package func executeBulk(_ sql: String, rows: [[Value]]) throws(MariaDBError) -> UInt64 {
    var changed: UInt64 = 0
    var start = 0
    while start < rows.count {
      let piece = rows[start..<endOfPiece(rows, from: start)]
      let statement = try runAgain(sql) { (statement) throws(MariaDBError) in
        try statement.execute(bulk: piece)
      }
      changed += statement.affectedRows
      lastInsertID = statement.lastInsertID
      statement.finish()
      start = piece.endIndex
    }
    return changed
  }

  /// Executes one statement and hands each row over as it arrives, in constant memory.
  ///
  /// Until it returns, the connection is busy: another statement started inside the closure fails. Throws what the
  /// closure throws.
  package func query(
    _ sql: String, _ parameters: [Value] = [], row: (borrowing Row) throws -> Void
  ) throws {
    try read(sql, parameters) { current in
      try row(current)
      return true
    }
  }

  /// All rows of a result, each made a value.
  package func rows<T>(
    _ sql: String, _ parameters: [Value] = [], _ map: (borrowing Row) throws -> T
  ) throws -> [T] {
    var result: [T] = []
    try read(sql, parameters) { row in
      result.append(try map(row))
      return true
    }
    return result
  }

  /// The first row of a result made a value; nil if there is none.
  package func first<T>(
    _ sql: String, _ parameters: [Value] = [], _ map: (borrowing Row) throws -> T
  ) throws -> T? {
    var result: T?
    try read(sql, parameters) { row in
      result = try map(row)
      return false
    }
    return result
  }

  private func read(
    _ sql: String, _ parameters: [Value], _ row: (borrowing Row) throws -> Bool
  ) throws {
    let statement = try run(sql) { (statement) throws(MariaDBError) in try statement.execute(parameters) }
    state.isReading = true
    defer {
      statement.finish()
      state.isReading = false
    }
    do {
      try statement.fetch(row)
    } catch let error as MariaDBError {
      throw noted(error)
    }
  }

  /// Prepares the statement or takes it from the cache, and executes it.
  private func run(
    _ sql: String, _ execute: (Statement) throws(MariaDBError) -> Void
  ) throws(MariaDBError) -> Statement {
    try checkReady(summary(ofSQL: sql))
    do throws(MariaDBError) {
      let statement = try prepared(sql)
      try execute(statement)
      return statement
    } catch {
      // The statement does not exist on the server any more, or its columns are others now.
      if [1243, 1615, 2057].contains(error.code) { statements[sql] = nil }
      throw noted(error)
    }
  }

  /// As `run`; again while the statement meets deadlocks and is a transaction by itself, so that nothing of it was done.
  private func runAgain(
    _ sql: String, _ execute: (Statement) throws(MariaDBError) -> Void
  ) throws(MariaDBError) -> Statement {
    var attempt = 0
    while true {
      do throws(MariaDBError) {
        return try run(sql, execute)
      } catch {
        guard error.kind == .deadlock, !state.isInTransaction, attempt < Self.deadlockRetries else {
          throw error
        }
        attempt += 1
        pause(beforeRetry: attempt)
      }
    }
  }

  private func prepared(_ sql: String) throws(MariaDBError) -> Statement {
    uses += 1
    if let statement = statements[sql] {
      statement.lastUse = uses
      return statement
    }
    if statements.count >= Self.cachedStatements,
      let oldest = statements.min(by: { $0.value.lastUse < $1.value.lastUse })
    {
      statements[oldest.key] = nil
    }
    let statement = try Statement(handle.pointer, sql)
    statement.lastUse = uses
    statements[sql] = statement
    return statement
  }

  private func endOfPiece(_ rows: [[Value]], from start: Int) -> Int {
    var end = start
    var bytes = 0
    while end < rows.count, end - start < Self.bulkRows {
      bytes += rows[end].reduce(0) { $0 + 9 + $1.byteCount }
      if bytes > Self.bulkBytes, end > start { break }
      end += 1
    }
    return end
  }

  /// Throws when nothing can be sent now.
  func checkReady(_ operation: @autoclosure () -> String) throws(MariaDBError) {
    if state.isLost {
      throw MariaDBError(code: 2006, message: "the connection was lost before", operation: operation())
    }
    if state.isReading {
      throw MariaDBError(
        code: 2014,
        message: "the connection is still reading the rows of another statement; use a second connection",
        operation: operation())
    }
    if let failure = state.transactionFailure { throw failure }
  }

  /// Takes note of errors after which the connection or its transaction is over, and returns the error; one that the
  /// server is to blame for names it.
  func noted(_ error: MariaDBError) -> MariaDBError {
    switch error.kind {
    case .connectionLost:
      state.isLost = true
      statements.removeAll()
      return error.named(at: options.endpoint)
    case .withoutQuorum:
      return error.named(at: options.endpoint)
    case .deadlock, .lockWaitTimeout:
      if state.isInTransaction { state.transactionFailure = error }
    default: break
    }
    return error
  }
}
