import Campus
import MariaDB
import TestSupport

/// A migrated VCL database on a cluster of three nodes, a mail server, and the built program that works with both.
final class GaleraSite: MigratedSite {
  let cluster: GaleraCluster
  let mailServer = ScriptedSMTPServer()
  /// To the node that the test looks through.
  private(set) var connection: Connection
  private(set) var campus: CampusBuilder
  private var node: Int

  /// - Parameter node: the one that the test looks through; calls of the program go to it, too, unless they say another.
  init(lookingThrough node: Int) throws {
    cluster = try GaleraCluster()
    self.node = node
    connection = try cluster.connection(node)
    campus = CampusBuilder(connection)
    let up = try call(["migrate", "up"])
    guard up.status == 0 else { throw JSON.Mismatch("migrate up: \(up.errors)") }
    try history()
  }

  /// Looks through another node, or through the same one by a new connection.
  func look(through node: Int) throws {
    self.node = node
    connection = try cluster.connection(node)
  }

  var environment: [String: String] { environment(node) }

  func environment(_ node: Int) -> [String: String] {
    [
      "EXPIREIMAGE_DATABASE_SOCKET": cluster.socket(node),
      "EXPIREIMAGE_DATABASE_NAME": GaleraCluster.database,
      "EXPIREIMAGE_DATABASE_USER": "root", "EXPIREIMAGE_SMTP_URL": mailServer.url,
      "EXPIREIMAGE_MAIL_SUMMARY": "never",
    ]
  }

  /// A night of many owners does not run into the limits.
  static let unlimited = ["expireimage_max_flag_percent=none"]

  /// Starts a run in mode `notify` through a node, which rests after each owner.
  func begin(_ node: Int, pauseMilliseconds: Int) throws -> RunningCommand {
    try RunningCommand(
      CommandSite.runArguments(
        mode: "notify", set: Self.unlimited + ["expireimage_pause_ms=\(pauseMilliseconds)"]),
      environment(node).merging(CommandSite.simulation) { $1 })
  }

  /// Four images of as many owners, each with a revision to be marked.
  func fourOwners() throws -> [CommandSite.Pair] {
    try (1...4).map { try forgotten("Image \($0)", owner: campus.user("owner\($0)")) }
  }

  /// Whom the mails to owners went to, sorted; an address twice where two were sent.
  var toldOwners: [String] {
    mailServer.messages.flatMap(\.recipients).filter { $0.hasPrefix("owner") }.sorted()
  }

  static let fourAddresses = (1...4).map { "owner\($0)@example.edu" }
}
