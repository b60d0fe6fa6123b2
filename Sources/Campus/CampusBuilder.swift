import Assets
import MariaDB

/// Fills a VCL database, one thing at a time: each function adds one row with sensible defaults and returns its id.
///
/// Times are texts as the database writes them, `YYYY-MM-DD HH:MM:SS` or a plain day (midnight); VCL's zero date is
/// `CampusBuilder.zeroDate`. Defaults refer to rows of `loadBaseRows`: the person `admin`, management node 1, computer 1.
/// Every function throws the database's error when a row is refused.
package final class CampusBuilder {
  /// What VCL writes where it has no date.
  package static let zeroDate = "0000-00-00 00:00:00"
  /// `admin@Local`, a person.
  package static let admin = 1
  /// `vclreload@Local`, who loads computers and is no person.
  package static let vclreload = 2
  /// `vclsystem@Local`, no person either.
  package static let vclsystem = 3
  /// The affiliation `Local`.
  package static let local = 1
  /// The affiliation `Global`, whose addresses stand in for those that others do not have.
  package static let global = 2

  package let connection: Connection
  /// How the file names of an image's revisions begin.
  var fileNames: [Int: String] = [:]
  /// The image of each revision, as far as it was asked for.
  var images: [Int: Int] = [:]
  /// The imagemeta row of each cluster.
  var clusters: [Int: Int] = [:]
  private var counter = 0

  /// A builder on a database that has VCL's tables.
  package init(_ connection: Connection) {
    self.connection = connection
  }

  /// Loads what every VCL database holds before its first image into an empty schema; returns the builder itself.
  @discardableResult
  package func loadBaseRows() throws -> CampusBuilder {
    try connection.executeScript(Assets.Campus.baseRows)
    return self
  }

  /// Runs an INSERT and returns the id it made.
  func insert(_ sql: String, _ values: [Value]) throws -> Int {
    try connection.execute(sql, values)
    return Int(connection.lastInsertID)
  }

  /// A number that this builder has not used in a name yet.
  func nextNumber() -> Int {
    counter += 1
    return counter
  }
}

/// A row that cannot be added, in one line.
package struct CampusError: Error, CustomStringConvertible {
  package let description: String
}

// MARK: - People and settings

extension CampusBuilder {
  /// Adds an affiliation; without a site or help address VCL falls back on those of `Global`.
  @discardableResult
  package func affiliation(_ name: String, site: String? = nil, help: String? = nil) throws -> Int {
    try insert(Assets.Campus.insertAffiliation, [Value(name), Value(site), Value(help)])
  }

  /// Adds a person; without an email the address is `unityID@example.edu`.
  @discardableResult
  package func user(
    _ unityID: String, in affiliation: Int = CampusBuilder.local, first: String = "Ada",
    last: String = "Example",
    preferred: String? = nil, email: String? = nil, wantsNotices: Bool = true
  ) throws -> Int {
    try insert(
      Assets.Campus.insertUser,
      [
        Value(unityID), Value(affiliation), Value(first), Value(last), Value(preferred),
        Value(email ?? "\(unityID)@example.edu"), Value(wantsNotices ? 1 : 0),
      ])
  }

  /// Adds a management node; its addresses are where the site's admins and the archive read mail.
  @discardableResult
  package func managementNode(
    _ host: String, state: VCLState = .available, sysadmin: String? = nil, shared: String? = nil
  ) throws -> Int {
    try insert(
      Assets.Campus.insertManagementNode,
      [
        Value("10.0.0.\(nextNumber() % 250 + 2)"), Value(host), Value(state.rawValue), Value(sysadmin),
        Value(shared),
      ])
  }

  /// Gives all management nodes the same addresses, or none.
  package func managementNodeAddresses(sysadmin: String?, shared: String?) throws {
    try connection.execute(
      Assets.Campus.setManagementNodeAddresses, [Value(sysadmin), Value(shared)])
  }

  /// Sets a row of VCL's `variable` table; an affiliation's own value has the name `key|Affiliation`.
  package func variable(
    _ name: String, _ value: String, serialization: String = "none",
    at timestamp: String = CampusBuilder.zeroDate
  ) throws {
    try connection.execute(
      Assets.Campus.insertVariable, [Value(name), Value(serialization), Value(value), Value(timestamp)])
  }
}
