import CMariaDB

/// A prepared statement of one connection.
final class Statement {
  let pointer: UnsafeMutablePointer<MYSQL_STMT>
  let sql: String
  /// When the cache last handed it out; larger is later.
  var lastUse: UInt64 = 0
  private var result: ResultBuffer?
  private var arraySize: UInt32 = 0

  /// Throws what the server says about the text: syntax errors, missing tables and columns.
  init(_ connection: UnsafeMutablePointer<MYSQL>, _ sql: String) throws(MariaDBError) {
    guard let pointer = mysql_stmt_init(connection) else {
      throw MariaDBError(connection: connection, operation: summary(ofSQL: sql))
    }
    var text = sql
    let failed = text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        mysql_stmt_prepare(pointer, $0.baseAddress, UInt($0.count)) != 0
      }
    }
    if failed {
      let error = MariaDBError(statement: pointer, operation: summary(ofSQL: sql))
      mysql_stmt_close(pointer)
      throw error
    }
    self.pointer = pointer
    self.sql = sql
  }

  deinit { mysql_stmt_close(pointer) }

  var parameterCount: Int { Int(mysql_stmt_param_count(pointer)) }
  var affectedRows: UInt64 {
    // All bits set: a statement with a result.
    let rows = mysql_stmt_affected_rows(pointer)
    return rows == UInt64.max ? 0 : rows
  }
  var lastInsertID: UInt64 { mysql_stmt_insert_id(pointer) }

  func failure() -> MariaDBError { MariaDBError(statement: pointer, operation: summary(ofSQL: sql)) }

  /// Sends one set of parameters.
  func execute(_ parameters: [Value]) throws(MariaDBError) {
    try checkCount(parameters.count)
    let buffer = ParameterBuffer(parameters)
    try execute(binds: buffer.binds, arraySize: 0)
  }

  /// Sends many sets of parameters at once.
  func execute(bulk rows: ArraySlice<[Value]>) throws(MariaDBError) {
    for row in rows { try checkCount(row.count) }
    let buffer = BulkBuffer(rows, columns: parameterCount)
    try execute(binds: buffer.binds, arraySize: UInt32(rows.count))
  }

  /// The binding must be repeated whenever the array size changes; it is repeated always.
  private func execute(binds: UnsafeMutablePointer<MYSQL_BIND>, arraySize: UInt32) throws(MariaDBError) {
    if arraySize != self.arraySize {
      guard mariadb_statement_array_size(pointer, arraySize) == 0 else { throw failure() }
      self.arraySize = arraySize
    }
    if parameterCount > 0 {
      guard mysql_stmt_bind_param(pointer, binds) == 0 else { throw failure() }
    }
    guard mysql_stmt_execute(pointer) == 0 else { throw failure() }
  }

  private func checkCount(_ count: Int) throws(MariaDBError) {
    guard count == parameterCount else {
      throw MariaDBError(
        code: 0, message: "takes \(parameterCount) parameters, got \(count)", operation: summary(ofSQL: sql))
    }
  }

  /// Hands over the rows of an executed statement one by one until there are no more or the closure returns false.
  func fetch(_ row: (borrowing Row) throws -> Bool) throws {
    let count = Int(mysql_stmt_field_count(pointer))
    guard count > 0 else { return }
    let fields = UnsafeBufferPointer(start: mariadb_stmt_fetch_fields(pointer), count: count)
    let buffer: ResultBuffer
    if let result, result.fits(fields) { buffer = result } else { buffer = ResultBuffer(fields: fields) }
    result = buffer
    buffer.misread = nil
    guard buffer.bind(to: pointer) else { throw failure() }
    while true {
      if buffer.isMoved, !buffer.bind(to: pointer) { throw failure() }
      switch mysql_stmt_fetch(pointer) {
      case 0: break
      case MYSQL_NO_DATA: return
      case MYSQL_DATA_TRUNCATED:
        guard buffer.completeTruncated(pointer) else { throw failure() }
      default: throw failure()
      }
      let goOn = try row(Row(buffer: buffer))
      if let misread = buffer.misread {
        throw MariaDBError(code: 0, message: misread, operation: summary(ofSQL: sql))
      }
      if !goOn { return }
    }
  }

  /// Reads and drops what is left of a result, so that the connection is free again.
  func finish() {
    mysql_stmt_free_result(pointer)
    // Behind the rows of a procedure comes at least its own status.
    while mysql_stmt_more_results(pointer) != 0, mysql_stmt_next_result(pointer) == 0 {
      mysql_stmt_free_result(pointer)
    }
  }
}
