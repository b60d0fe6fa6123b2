import Campus
import MariaDB
import TestSupport
import Testing

@Suite("The campus builder")
struct CampusBuilderTests {
  let database: TestDatabase
  let connection: Connection
  let campus: CampusBuilder

  init() throws {
    database = try TestDatabase(schema: .vcl)
    connection = try database.connection()
    campus = try CampusBuilder(connection).loadBaseRows()
  }

  func count(_ sql: String, _ parameters: [Value] = []) throws -> Int? {
    try connection.first(sql, parameters) { $0.int(0) }
  }

  @Test("gives states the ids that VCL gives them", arguments: VCLState.allCases)
  func states(_ state: VCLState) throws {
    let id = try count("SELECT id FROM state WHERE name = ?", [Value("\(state)")])
    #expect(id == state.rawValue)
  }

  @Test("knows the operating systems of the base rows by name", arguments: CampusSystem.allCases)
  func systems(_ system: CampusSystem) throws {
    #expect(try count("SELECT id FROM OS WHERE name = ?", [Value(system.name)]) == system.rawValue)
  }

  @Test("knows the accounts of the base rows by name")
  func accounts() throws {
    let names = try connection.rows("SELECT unityid FROM user WHERE affiliationid = 1 ORDER BY id") {
      $0.string(0)
    }
    #expect(names == ["admin", "vclreload", "vclsystem"])
    #expect([CampusBuilder.admin, CampusBuilder.vclreload, CampusBuilder.vclsystem] == [1, 2, 3])
  }

  @Test("loads base rows in which every foreign key finds its row")
  func baseRowsAreWhole() throws {
    let keys = try connection.rows(
      """
      SELECT table_name, column_name, referenced_table_name, referenced_column_name
      FROM information_schema.key_column_usage
      WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
      """
    ) { ($0.string(0), $0.string(1), $0.string(2), $0.string(3)) }
    #expect(keys.count == 147)
    for (table, column, other, key) in keys {
      let lost = try count(
        """
        SELECT COUNT(*) FROM `\(table)` AS child LEFT JOIN `\(other)` AS parent ON parent.`\(key)` = child.`\(column)`
        WHERE child.`\(column)` IS NOT NULL AND parent.`\(key)` IS NULL
        """)
      #expect(lost == 0, "\(table).\(column)")
    }
  }

  @Test("adds one of everything with defaults alone")
  func defaults() throws {
    let affiliation = try campus.affiliation("Engineering")
    let person = try campus.user("ada", in: affiliation)
    let image = try campus.image("Base")
    let other = try campus.image("Other")
    let revision = try campus.revision(of: image)
    let log = try campus.use(revision, from: "2025-03-01")
    try campus.change(of: log, at: "2025-03-01 10:00:00")
    try campus.reinstall(of: log, with: revision, at: "2025-03-01 11:00:00")
    try campus.cancelledUse(revision, from: "2025-09-01", to: "2038-01-01", cancelled: "2025-04-01")
    let request = try campus.request(of: revision, by: person)
    try campus.setState(request: request, .complete)
    try campus.semaphore(of: revision, expires: "2037-01-01")
    let computer = try campus.computer(with: revision, state: .inuse, next: other)
    try campus.setState(computer: computer, .available)
    let block = try campus.blockRequest(of: image, expires: "2037-01-01")
    let time = try campus.blockTime(of: block, from: "2037-01-01 09:00:00", to: "2037-01-01 12:00:00")
    try campus.blockComputer(of: time, image: image)
    try campus.serverProfile(of: image)
    try campus.vmProfile(of: image)
    try campus.oneClick(of: image)
    try campus.cluster(image, of: [other])
    try campus.managementNode("vclmgt2.example.edu")
    try campus.managementNodeAddresses(sysadmin: nil, shared: nil)
    try campus.variable("a_key", "1")
    try campus.variable("a_key", "2")
    for (table, rows) in [
      ("log", 2), ("sublog", 2), ("changelog", 3), ("request", 1), ("reservation", 1), ("semaphore", 1),
      ("computer", 2), ("blockComputers", 1), ("serverprofile", 1), ("vmprofile", 2), ("oneclick", 1),
      ("subimages", 1), ("managementnode", 2),
    ] {
      #expect(try count("SELECT COUNT(*) FROM `\(table)`") == rows, "\(table)")
    }
    #expect(
      try connection.rows("SELECT value FROM variable WHERE name = 'a_key'") { $0.string(0) } == ["2"])
  }

  @Test("writes one log row and a sublog row for each revision of a cluster")
  func clusters() throws {
    let revisions = try ["A", "B", "C"].map { try campus.revision(of: campus.image($0)) }
    let log = try campus.clusterUse(revisions, from: "2025-03-01", to: "2025-03-02")
    let logged = try connection.rows("SELECT imagerevisionid FROM sublog WHERE logid = ?", [Value(log)]) {
      $0.int(0)
    }
    #expect(logged.sorted() == revisions)
  }

  @Test("writes many uses as it writes one")
  func bulk() throws {
    let revision = try campus.revision(of: campus.image("A"))
    let one = try campus.use(revision, by: 1, from: "2025-03-01", to: "2025-03-02", ending: "timeout")
    let use = PastUse([revision], by: 1, from: "2025-03-01", to: "2025-03-02", ending: "timeout")
    let first = try campus.uses(Array(repeating: use, count: 2500))
    #expect(first == one + 1)
    let columns =
      "userid, nowfuture, start, initialend, finalend, wasavailable, ending, computerid, imageid, size"
    #expect(try count("SELECT COUNT(*) FROM log") == 2501)
    #expect(try count("SELECT COUNT(*) FROM (SELECT DISTINCT \(columns) FROM log) AS kinds") == 1)
    #expect(try count("SELECT COUNT(*) FROM log JOIN sublog ON sublog.logid = log.id") == 2501)
    #expect(
      try count(
        "SELECT COUNT(*) FROM (SELECT DISTINCT imageid, imagerevisionid, computerid FROM sublog) AS kinds")
        == 1)
  }

  @Test("makes, reinstalls and ends a person's reservation with the rows that VCL leaves")
  func reservation() throws {
    let image = try campus.image("A")
    let (first, second) = (
      try campus.revision(of: image, 1), try campus.revision(of: image, 2, production: true)
    )
    let reservation = try campus.reserve(
      [first], by: 1, from: "2026-03-01 10:00:00", to: "2026-03-01 12:00:00", at: "2026-03-01 10:00:00")
    #expect(
      try count(
        """
        SELECT COUNT(*) FROM log JOIN request ON request.logid = log.id AND log.requestid = request.id
          JOIN sublog ON sublog.logid = log.id
          JOIN reservation ON reservation.requestid = request.id
            AND reservation.imagerevisionid = sublog.imagerevisionid
          JOIN changelog ON changelog.logid = log.id
        WHERE log.id = ? AND sublog.imagerevisionid = ?
        """, [Value(reservation.log), Value(first)]) == 1)
    #expect(try count("SELECT COUNT(*) FROM semaphore") == 0)

    try campus.reinstall(reservation, with: second, at: "2026-03-01 10:30:00")
    #expect(try count("SELECT imagerevisionid FROM reservation") == second)
    #expect(
      try count(
        "SELECT COUNT(*) FROM changelog WHERE other = ?", [.text("event:reinstall|revisionid:\(second)")])
        == 1)

    try campus.finish(reservation, at: "2026-03-01 11:00:00")
    #expect(try count("SELECT COUNT(*) FROM reservation") == 0)
    #expect(try count("SELECT COUNT(*) FROM request") == 0)
    let end = try connection.first("SELECT finalend, ending FROM log") { "\($0.string(0)) \($0.string(1))" }
    #expect(end == "2026-03-01 11:00:00 released")
  }

  @Test("sets an expire date once the column exists, and says so before")
  func expireDate() throws {
    let exclusive = try TestDatabase(schema: .vcl, exclusive: true)
    let connection = try exclusive.connection()
    let campus = try CampusBuilder(connection).loadBaseRows()
    let revision = try campus.revision(of: campus.image("A"))
    #expect(throws: MariaDBError.self) { try campus.setExpireDate(revision, "2026-01-01") }
    try connection.execute("ALTER TABLE imagerevision ADD COLUMN expiredate DATE NULL DEFAULT NULL")
    try campus.setExpireDate(revision, "2026-01-01")
    let read = {
      try connection.first("SELECT expiredate FROM imagerevision WHERE id = ?", [Value(revision)]) {
        $0.optionalString(0)
      } ?? nil
    }
    #expect(try read() == "2026-01-01")
    try campus.setExpireDate(revision, nil)
    #expect(try read() == nil)
  }

  @Test("names the revision that does not exist")
  func unknownRevision() throws {
    #expect { try campus.use(77, from: "2025-03-01") } throws: { "\($0)".contains("77") }
  }
}
