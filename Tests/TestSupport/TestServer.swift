import Campus
import Foundation
import MariaDB

/// The one MariaDB server of a test process: started when first asked for, stopped when the process ends.
package enum TestServer {
  package static let shared: PrivateServer = {
    do {
      let server = try PrivateServer()
      atexit { TestServer.shared.stop() }
      return server
    } catch { fatalError("no MariaDB server to test with: \(error)") }
  }()
}
