import Campus
import MariaDB
import TestSupport
import Testing

@Suite("The demonstration's campus")
struct DemoCampusTests {
  static let firstNight = (year: 2026, month: 3, day: 2)

  /// One campus for all tests that only read.
  static let shared = Result {
    let database = try TestDatabase(schema: .vcl)
    try DemoCampus.create(on: database.connection(), firstNight: firstNight)
    return database
  }

  let connection: Connection

  init() throws {
    connection = try Self.shared.get().connection()
  }

  func count(_ sql: String, _ parameters: [Value] = []) throws -> Int {
    try connection.first(sql, parameters) { $0.int(0) } ?? -1
  }

  @Test("has the size it promises")
  func size() throws {
    #expect((55...90).contains(try count("SELECT COUNT(*) FROM image")))
    #expect((270...400).contains(try count("SELECT COUNT(*) FROM imagerevision")))
    #expect((17_000...26_000).contains(try count("SELECT COUNT(*) FROM log")))
    #expect((38...50).contains(try count("SELECT COUNT(*) FROM user")))
    #expect((5...8).contains(try count("SELECT COUNT(*) FROM affiliation")))
  }

  @Test("ends the day before its first night, but for what is reserved or running")
  func ends() throws {
    #expect(try count("SELECT COUNT(*) FROM log WHERE start >= '2026-03-02' AND ending <> 'deleted'") == 0)
    #expect(try count("SELECT COUNT(*) FROM log WHERE finalend >= '2026-03-02' AND ending <> 'deleted'") == 0)
    #expect(try count("SELECT COUNT(*) FROM log WHERE start >= '2026-02-28' AND start < '2026-03-02'") > 0)
    #expect(try count("SELECT COUNT(*) FROM changelog WHERE timestamp >= '2026-03-02'") == 0)
    #expect(try count("SELECT COUNT(*) FROM imagerevision WHERE datecreated >= '2026-03-02'") == 0)
  }

  @Test("has every foreign key in order, although the base rows were loaded without checks")
  func isWhole() throws {
    #expect(
      try count(
        """
        SELECT COUNT(*) FROM sublog LEFT JOIN imagerevision ON imagerevision.id = sublog.imagerevisionid
        WHERE imagerevision.imageid IS NULL OR imagerevision.imageid <> sublog.imageid
        """) == 0)
    #expect(try count("SELECT @@foreign_key_checks") == 1)
  }

  @Test("reserves no revision before it was captured, nor after it was deleted")
  func order() throws {
    #expect(
      try count(
        """
        SELECT COUNT(*) FROM sublog JOIN log ON log.id = sublog.logid
          JOIN imagerevision ON imagerevision.id = sublog.imagerevisionid
        WHERE log.start < imagerevision.datecreated OR log.start > imagerevision.datedeleted
        """) == 0)
  }

  @Test("numbers its reservations in order of time")
  func logGrows() throws {
    #expect(
      try count(
        """
        SELECT COUNT(*) FROM log AS earlier JOIN log AS later ON later.id = earlier.id + 1
        WHERE later.start < earlier.start AND earlier.ending <> 'deleted'
        """) == 0)
  }

  @Test("is the same whenever it is made, and moves with its first night")
  func isDeterministic() throws {
    let tables = try connection.rows(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1"
    ) { $0.string(0) }
    func checksums(_ connection: Connection) throws -> [String] {
      try connection.rows("CHECKSUM TABLE \(tables.map { "`\($0)`" }.joined(separator: ","))") { row in
        "\(row.string(0).split(separator: ".").last ?? "") \(row.optionalInt(1) ?? -1)"
      }
    }
    let again = try TestDatabase(schema: .vcl)
    let second = try again.connection()
    try DemoCampus.create(on: second, firstNight: Self.firstNight)
    #expect(try checksums(connection) == checksums(second))

    let moved = try TestDatabase(schema: .vcl)
    try DemoCampus.create(on: moved.connection(), firstNight: (2027, 1, 1))
    #expect(try checksums(moved.connection()) != checksums(second))
  }

  @Test("has a few hot images and a long tail")
  func tail() throws {
    let uses = try connection.rows(
      """
      SELECT COUNT(*) FROM log JOIN user ON user.id = log.userid
      WHERE user.unityid <> 'vclmonitor' GROUP BY log.imageid ORDER BY 1 DESC
      """
    ) { $0.int(0) }
    let all = uses.reduce(0, +)
    #expect(uses.prefix(3).reduce(0, +) * 100 > all * 40)
    #expect(uses.filter { $0 < 100 }.count > 30)
  }

  @Test("keeps names as VCL stores them: accents in latin1, markup as entities")
  func names() throws {
    #expect(
      try count("SELECT COUNT(*) FROM user WHERE lastname = 'Lefèvre' AND HEX(lastname) LIKE '%E8%'") == 1)
    #expect(try count("SELECT COUNT(*) FROM user WHERE firstname LIKE '%&quot;%'") == 1)
    #expect(try count("SELECT COUNT(*) FROM image WHERE prettyname LIKE '%&amp;%'") > 0)
    #expect(try count("SELECT COUNT(*) FROM user WHERE lastname LIKE '%\\'%'") > 0)
    #expect(try count("SELECT COUNT(*) FROM image WHERE CHAR_LENGTH(prettyname) = 80") == 1)
  }

  @Test("lets a person reserve a revision and end the reservation")
  func reserve() throws {
    let database = try TestDatabase(schema: .vcl)
    let connection = try database.connection()
    let campus = try DemoCampus.create(on: connection, firstNight: Self.firstNight)
    let reservations = { try connection.first("SELECT COUNT(*) FROM reservation") { $0.int(0) } ?? -1 }
    let time = campus.firstNight.later(days: 5, hours: 14)
    let before = try reservations()
    let reservation = try campus.reserve(revision: campus.rescuedRevision, user: "jtlee", at: time)
    #expect(try reservations() == before + 1)
    try campus.finishReservation(reservation, at: time.later(hours: 1))
    #expect(try reservations() == before)
    #expect(throws: CampusError.self) {
      try campus.reserve(revision: campus.rescuedRevision, user: "nobody", at: time)
    }
  }
}
