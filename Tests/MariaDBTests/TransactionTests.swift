import Foundation
import MariaDB
import Synchronization
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
  private let database: TestDatabase
  private let connection: Connection

  init() throws {
    database = try TestDatabase(schema: .empty, exclusive: true)
    connection = try database.connection()
    try connection.executeScript(
      "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB;\nINSERT INTO t VALUES (1, 0), (2, 0);"
    )
  }

  private func numbers(_ connection: Connection) throws -> [Int] {
    try connection.rows("SELECT n FROM t ORDER BY id") { $0.int(0) }
  }

  @Test("Two that deadlock both succeed, because the one undone is done again")
  func deadlock() throws {
    let attempts = Atomic(0)
    let bothHold = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    let failures = Mutex<[String]>([])
    let database = database
    DispatchQueue.concurrentPerform(iterations: 2) { mine in
      do {
        let connection = try database.connection()
        var isFirst = true
        try connection.transaction {
          attempts.add(1, ordering: .relaxed)
          try connection.execute("UPDATE t SET n = n + 1 WHERE id = ?", [Value(mine + 1)])
          if isFirst {
            isFirst = false
            bothHold[1 - mine].signal()
            _ = bothHold[mine].wait(timeout: .now() + 10)
          }
          try connection.execute("UPDATE t SET n = n + 10 WHERE id = ?", [Value(2 - mine)])
        }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(attempts.load(ordering: .relaxed) >= 3)
    #expect(try numbers(connection) == [11, 11])
  }

  @Test("A lock that is not given up is tried again as often as asked, then reported")
  func lockWait() throws {
    let other = try database.connection()
    try other.execute("SET SESSION innodb_lock_wait_timeout = 0")
    var attempts = 0
    try connection.transaction {
      try connection.execute("UPDATE t SET n = 1 WHERE id = 1")
      let error = #expect(throws: MariaDBError.self) {
        try other.transaction(retries: 2) {
          attempts += 1
          try other.execute("UPDATE t SET n = 2 WHERE id = 2")
          try other.execute("UPDATE t SET n = 2 WHERE id = 1")
        }
      }
      #expect(error?.kind == .lockWaitTimeout)
    }
    #expect(attempts == 3)
    #expect(try numbers(other) == [1, 0])
  }

  @Test(
    "A statement by itself that is undone by a deadlock is done again, but for one sent as text, which fails",
    arguments: [false, true])
  func deadlockOfOneStatement(asText: Bool) throws {
    try connection.executeScript("INSERT INTO t SELECT seq, 0 FROM seq_3_to_200;")
    let holdsSecond = DispatchSemaphore(value: 0)
    let failures = Mutex<[String]>([])
    let database = database
    DispatchQueue.concurrentPerform(iterations: 2) { mine in
      do {
        let connection = try database.connection()
        if mine == 0 {
          _ = holdsSecond.wait(timeout: .now() + 10)
          // Takes the first row, and waits for the second.
          let statement = "UPDATE t SET n = n + 1 WHERE id <= 2 ORDER BY id"
          if asText {
            let error = #expect(throws: MariaDBError.self) { try connection.executeText(statement) }
            #expect(error?.kind == .deadlock)
          } else {
            #expect(try connection.execute(statement) == 2)
          }
          return
        }
        let watcher = try database.connection()
        try connection.transaction(retries: 0) {
          // The server undoes the one of the two that has changed less.
          try connection.execute("UPDATE t SET n = 1 WHERE id >= 3")
          try connection.execute("UPDATE t SET n = n + 10 WHERE id = 2")
          holdsSecond.signal()
          let waiting =
            "SELECT 1 FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT' AND trx_query LIKE ?"
          let deadline = ContinuousClock.now + .seconds(10)
          while try watcher.first(waiting, ["UPDATE t SET n = n + 1 WHERE id <= 2%"], { _ in true }) == nil,
            .now < deadline
          {
            usleep(20_000)
          }
          try connection.execute("UPDATE t SET n = n + 10 WHERE id = 1")
        }
      } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try numbers(connection).prefix(2) == (asText ? [10, 10] : [11, 11]))
  }

  @Test("A transaction whose body hides a lock wait timeout is not committed")
  func hiddenFailure() throws {
    let other = try database.connection()
    try other.execute("SET SESSION innodb_lock_wait_timeout = 0")
    try connection.transaction {
      try connection.execute("UPDATE t SET n = 1 WHERE id = 1")
      #expect(throws: MariaDBError.self) {
        try other.transaction(retries: 0) {
          _ = try? other.execute("UPDATE t SET n = 2 WHERE id = 1")
          _ = try? other.execute("UPDATE t SET n = 2 WHERE id = 2")
        }
      }
    }
    #expect(try numbers(other) == [1, 0])
    #expect(try other.transaction { try other.execute("UPDATE t SET n = 3 WHERE id = 2") } == 1)
  }

  @Test("An error in the body undoes everything and comes out")
  func rollback() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("UPDATE t SET n = 5")
        throw Stop()
      }
    }
    #expect(try numbers(connection) == [0, 0])
    try connection.execute("UPDATE t SET n = 6 WHERE id = 1")
    #expect(try numbers(database.connection()) == [6, 0])
  }

  @Test("A transaction inside another is refused and spoils the outer one only if its error is let out")
  func nested() throws {
    try connection.transaction {
      try connection.execute("UPDATE t SET n = 7 WHERE id = 1")
      #expect(throws: MariaDBError.self) { try connection.transaction {} }
      #expect(throws: MariaDBError.self) { try connection.snapshot {} }
      #expect(try numbers(database.connection()) == [0, 0])
    }
    #expect(try numbers(database.connection()) == [7, 0])
  }

  @Test("A snapshot sees one state, writes nothing, and ends")
  func snapshot() throws {
    let other = try database.connection()
    try connection.snapshot {
      try other.execute("UPDATE t SET n = 8")
      #expect(try numbers(connection) == [0, 0])
      #expect(throws: MariaDBError.self) { try connection.execute("UPDATE t SET n = 9") }
    }
    #expect(try numbers(connection) == [8, 8])
    #expect(try connection.execute("UPDATE t SET n = 9") == 2)
    // The next transaction reads what others commit again.
    try connection.transaction {
      #expect(try numbers(connection) == [9, 9])
      try other.execute("UPDATE t SET n = 10")
      #expect(try numbers(connection) == [10, 10])
    }
  }
}
