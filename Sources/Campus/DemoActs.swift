import Assets
import MariaDB

/// What people do on the demonstration's campus besides reserving.
extension DemoCampus {
  /// Makes the database `vcl` with VCL's tables and no rows on a server, and connects to it.
  package static func makeDatabase(on server: PrivateServer) throws -> Connection {
    let connection = try Connection(server.options())
    try connection.executeScript(Assets.Campus.createDatabase)
    try connection.executeScript(Assets.Vcl.vclSchema)
    // A connection of its own: the first one has its checks of foreign keys off.
    return try Connection(server.options(database: "vcl"))
  }

  /// Somebody takes back a revision's deletion by hand, as VCL's web writes it.
  package func undelete(_ revision: Int) throws {
    try builder.connection.execute(Assets.Campus.undeleteRevision, [Value(revision)])
  }

  /// What VCL has as the mail address of a person: one, several with commas, or nothing of use.
  package func email(of user: Int) throws -> String {
    try builder.connection.first(Assets.Campus.emailOfUser, [Value(user)]) { $0.string(0) } ?? ""
  }

  /// Gives a person another mail address.
  package func setEmail(of user: Int, _ email: String) throws {
    try builder.connection.execute(Assets.Campus.setEmail, [Value(email), Value(user)])
  }

  /// How large the campus is now.
  package struct Size: Sendable, Equatable {
    package let images: Int
    /// Of images that are not deleted.
    package let liveRevisions: Int
    package let owners: Int
    /// The affiliations that owners belong to, beside VCL's own.
    package let institutions: Int
    package let reservations: Int
    /// The year of the first reservation.
    package let since: Int
  }

  package func size() throws -> Size {
    let size = try builder.connection.first(Assets.Campus.campusSize) { row in
      Size(
        images: row.int(0), liveRevisions: row.int(1), owners: row.int(2), institutions: row.int(3),
        reservations: row.int(4), since: row.int(5))
    }
    guard let size else { throw CampusError(description: "the campus has no size: is its database gone?") }
    return size
  }
}
