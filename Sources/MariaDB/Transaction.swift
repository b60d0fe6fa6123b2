import Assets
import CMariaDB
import Glibc

extension Connection {
  /// Does the body in one transaction: committed when it returns, rolled back when it throws.
  ///
  /// A deadlock (1213) or a lock wait timeout (1205) rolls back and does the body again, at most `retries` times, after
  /// a short growing pause; so the body must not have other effects than those on the database. After one of the two
  /// the transaction takes no more statements, even if the body catches the error. Throws what the body throws.
  package func transaction<T>(retries: Int = deadlockRetries, _ body: () throws -> T) throws -> T {
    var attempt = 0
    while true {
      do {
        return try transactionOnce(body)
      } catch let error as MariaDBError
        where (error.kind == .deadlock || error.kind == .lockWaitTimeout) && attempt < retries
      {
        attempt += 1
        pause(beforeRetry: attempt)
      }
    }
  }

  /// Random, so that two that met do not meet again, and growing.
  func pause(beforeRetry attempt: Int) {
    usleep(UInt32.random(in: 5_000...10_000) << UInt32(min(attempt, 6)))
  }

  /// Does the body with the database as it is now: every statement sees the same state, and none can write.
  ///
  /// Throws what the body throws.
  package func snapshot<T>(_ body: () throws -> T) throws -> T {
    try checkNoTransaction()
    try executeScript(Assets.Connection.snapshot, as: "begin a snapshot")
    state.isInTransaction = true
    defer { rollback() }
    return try body()
  }

  private func transactionOnce<T>(_ body: () throws -> T) throws -> T {
    try checkNoTransaction()
    try executeScript(Assets.Connection.transaction, as: "begin a transaction")
    state.isInTransaction = true
    do {
      let result = try body()
      if let failure = state.transactionFailure { throw failure }
      try checkReady("commit")
      guard mysql_commit(handle.pointer) == 0 else {
        throw noted(MariaDBError(connection: handle.pointer, operation: "commit"))
      }
      state.isInTransaction = false
      return result
    } catch {
      rollback()
      throw error
    }
  }

  /// Starting a transaction inside another would commit that one, silently.
  private func checkNoTransaction() throws(MariaDBError) {
    try checkReady("start a transaction")
    if state.isInTransaction {
      throw MariaDBError(code: 0, message: "one is open already", operation: "start a transaction")
    }
  }

  /// Never throws: without a connection there is nothing left to undo.
  private func rollback() {
    state.transactionFailure = nil
    state.isInTransaction = false
    guard !state.isLost else { return }
    if mysql_rollback(handle.pointer) != 0 {
      _ = noted(MariaDBError(connection: handle.pointer, operation: "rollback"))
      // Whether the transaction is still open is not known.
      state.isLost = true
    }
  }
}
