import Assets
import Campus
import Foundation
import MariaDB

/// A small site whose revisions many clients reserve at the same time.
struct ReservationSite {
  let server: PrivateServer
  private let images: [ExpiringImage]
  private static let database = "vcl"

  /// An image with an old revision that nobody needs, and a production one.
  struct ExpiringImage {
    let id: Int
    let old: Int
    let production: Int
  }

  /// What a server does that nobody has told otherwise: a commit returns when it is on the disk.
  private static let durable = [
    "--innodb-flush-log-at-trx-commit=1", "--innodb-flush-method=O_DIRECT", "--innodb-doublewrite=1",
    "--innodb-buffer-pool-size=128M", "--innodb-log-file-size=96M",
  ]

  /// - Parameters:
  ///   - arguments: options of the server.
  ///   - isDurable: whether its data lies on the disk, and its commits wait for that.
  init(arguments: [String], isDurable: Bool) throws {
    server = try PrivateServer(
      memory: !isDurable, arguments: (isDurable ? Self.durable : []) + arguments + ["--max-connections=200"])
    let bare = try Connection(server.options())
    try bare.executeScript(Assets.Benchmark.createDatabase)
    let connection = try Connection(server.options(database: Self.database))
    try connection.execute(Assets.Benchmark.keysOff)
    try connection.executeScript(Assets.Vcl.vclSchema)
    let campus = try CampusBuilder(connection).loadBaseRows()
    images = try ["Popular", "Cluster A", "Cluster B", "Quiet"].map { name in
      let image = try campus.image(name)
      return ExpiringImage(
        id: image, old: try campus.revision(of: image, 1),
        production: try campus.revision(of: image, 2, production: true))
    }
    setenv("EXPIREIMAGE_DATABASE_SOCKET", server.socket, 1)
    setenv("EXPIREIMAGE_DATABASE_NAME", Self.database, 1)
    setenv("EXPIREIMAGE_DATABASE_USER", "root", 1)
  }

  /// All clients make so many reservations each, while a run changes the same revisions.
  ///
  /// - Parameter runPause: milliseconds that the run waits after each change; nil: no run.
  func round(
    clients: Int, reservations: Int, _ behaviour: ReservationClient.Behaviour, withTriggers: Bool,
    runPause: Int?
  ) throws -> ReservationRound {
    _ = try Measured([Measured.program, "migrate", "up"] + (withTriggers ? [] : ["--no-triggers"])).once()
    let ledger = ReservationLedger()
    let connection = try connect()
    try connection.execute(Assets.Benchmark.deleteSemaphores)
    let ready = try (1...clients).map { number in
      try ReservationClient(
        try connect(), images.map(\.old), ledger, behaviour, seed: UInt64(number))
    }
    let churn = try runPause.map { pause in
      try ExpiryChurn(try connect(), images, ledger, expectsClearing: withTriggers, pauseMilliseconds: pause)
    }
    let group = DispatchGroup()
    let working = DispatchGroup()
    let begin = ContinuousClock.now
    for client in ready {
      working.enter()
      Thread.detachNewThread {
        client.reserve(reservations)
        working.leave()
      }
    }
    if let churn {
      group.enter()
      Thread.detachNewThread {
        churn.work(until: { working.wait(timeout: .now()) == .success })
        group.leave()
      }
    }
    working.wait()
    let wall = begin.duration(to: .now).milliseconds
    group.wait()
    var round = ledger.round
    round.wallMilliseconds = wall
    return round
  }

  private func connect() throws -> Connection { try Connection(server.options(database: Self.database)) }
}
