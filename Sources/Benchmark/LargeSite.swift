import Assets
import Campus
import Foundation
import MariaDB

/// A site of a given size on a private server: a few busy images and a long tail, years of reservations.
struct LargeSite {
  let server: PrivateServer
  private let environment: [String: String]
  private static let database = "vcl"
  private static let revisionsPerImage = 4
  /// Of the revisions that are not in production.
  let imageNames: [String]

  init(revisions: Int, reservations: Int) throws {
    // The server's own defaults would read a gigabyte of logs through a cache of 32 MiB.
    server = try PrivateServer(arguments: ["--innodb-buffer-pool-size=2G", "--innodb-log-file-size=256M"])
    let bare = try Connection(server.options())
    try bare.executeScript(Assets.Benchmark.createDatabase)
    let connection = try Connection(server.options(database: Self.database))
    try connection.execute(Assets.Benchmark.keysOff)
    try connection.executeScript(Assets.Vcl.vclSchema)
    let campus = try CampusBuilder(connection).loadBaseRows()
    environment = [
      "EXPIREIMAGE_DATABASE_SOCKET": server.socket, "EXPIREIMAGE_DATABASE_NAME": Self.database,
      "EXPIREIMAGE_DATABASE_USER": "root",
    ]
    for (key, value) in environment { setenv(key, value, 1) }
    imageNames = (0..<revisions).filter { !Self.isProduction($0) }.map(Self.imageName)
    try Self.load(connection, campus, revisions: revisions, reservations: reservations)
    _ = try Measured([Measured.program, "migrate", "up"]).once()
  }

  /// The command that is measured.
  var plan: [String] { [Measured.program, "plan", "--format", "json"] }

  /// What it is measured against.
  var singleStatement: [String] {
    [
      "mariadb", "--no-defaults", "--socket=\(server.socket)", "--user=root", "-BN", Self.database, "-e",
      Assets.Benchmark.lastUse,
    ]
  }

  /// One run in mode report, which remembers what it has read.
  func storeUsage() throws {
    _ = try Measured([Measured.program, "run", "--set", "expireimage_mode=report"]).once()
  }

  private static func isProduction(_ revision: Int) -> Bool {
    revision % revisionsPerImage == revisionsPerImage - 1
  }

  private static func imageName(_ revision: Int) -> String {
    "image\(revision / revisionsPerImage)-v\(revision % revisionsPerImage)"
  }

  private static func load(
    _ connection: Connection, _ campus: CampusBuilder, revisions: Int, reservations: Int
  ) throws {
    var random = SplitMix64(seed: 7)
    let perImage = revisionsPerImage
    let images = (revisions + perImage - 1) / perImage
    let owners = try (0..<100).map { try campus.user("owner\($0)") }
    let firstRevision = 1000
    let imageIDs = try connection.transaction {
      try (0..<images).map { try campus.image("Image \($0)", owner: owners[$0 % owners.count]) }
    }
    let now = Int(Date().timeIntervalSince1970)
    func time(_ seconds: Int) -> Value { .text(CampusTime(seconds: seconds).description) }
    try connection.executeBulk(
      Assets.Benchmark.insertRevision,
      rows: (0..<revisions).map { revision in
        [
          Value(firstRevision + revision), Value(imageIDs[revision / perImage]), Value(revision % perImage),
          Value(owners[revision % owners.count]), time(now - 86_400 * 1500), Value(isProduction(revision)),
          .text(imageName(revision)),
        ]
      })

    let endings = [
      "released", "timeout", "released", "EOR", "released", "deleted", "released", "none", "released",
      "noack",
    ]
    let piece = 20_000
    for start in stride(from: 0, to: reservations, by: piece) {
      var logs: [[Value]] = []
      var sublogs: [[Value]] = []
      var changes: [[Value]] = []
      for id in (start + 1)...min(start + piece, reservations) {
        // Squared, so that most reservations are of a few revisions.
        let share = Double(random.next() % 1_000_000) / 1_000_000
        let revision = min(revisions - 1, Int(share * share * Double(revisions)))
        let begin = now - 86_400 * 1400 + id * (86_400 * 1400 / reservations)
        let end = time(begin + 7200)
        let ending = endings[Int(random.next() % UInt64(endings.count))]
        let image = Value(imageIDs[revision / perImage])
        logs.append([
          Value(id), Value(owners[Int(random.next() % 100)]), time(begin), end, end, .text(ending), image,
        ])
        sublogs.append([Value(id), Value(id), image, Value(firstRevision + revision)])
        if id.isMultiple(of: 3) { changes.append([Value(id), time(begin + 60)]) }
      }
      try connection.transaction {
        try connection.executeBulk(Assets.Benchmark.insertLog, rows: logs)
        try connection.executeBulk(Assets.Benchmark.insertSublog, rows: sublogs)
        try connection.executeBulk(Assets.Benchmark.insertChangelog, rows: changes)
      }
    }
  }
}
