import MariaDB
import Retention
import Settings
import VCLDatabase

/// A VCL site as one call of the program works with it: its settings, and its database.
package struct Site: Sendable {
  package let settings: Settings

  package init(_ settings: Settings) {
    self.settings = settings
  }

  /// A connection to the site's database, whatever state its schema is in.
  func connect() throws -> Connection {
    let database = settings.database
    var options = ConnectionOptions(
      name: database.name, user: database.user, password: database.password?.value,
      tls: database.requiresTLS ? .required(certificateAuthority: database.authorityFile) : .off)
    switch database.endpoint {
    case .socket(let path): options.socket = path
    case .network(let host, let port):
      options.host = host
      options.port = UInt16(exactly: port)
    }
    return try Connection(options)
  }

  /// A connection to a database that is VCL's and has our schema.
  func connectReady() throws -> Connection {
    let connection = try connect()
    try Schema.checkReady(connection)
    return connection
  }
}

/// What a caller may change for one call.
package struct CallOptions: Sendable {
  /// Decide for this day instead of the database server's.
  package var today: Day?
  /// Values of parameters for this call only.
  package var overrides: [PolicySet.Setting]

  package init(today: Day? = nil, overrides: [PolicySet.Setting] = []) {
    self.today = today
    self.overrides = overrides
  }
}
