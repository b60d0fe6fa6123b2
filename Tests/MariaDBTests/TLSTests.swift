import Campus
import Foundation
import MariaDB
import TestSupport
import Testing

@Suite("Encryption")
struct TLSTests {
  @Test("A server without encryption is refused where encryption is required")
  func required() throws {
    var options = try TestDatabase(schema: .empty).options
    for authority in [nil, "/etc/ssl/certs/ca-certificates.crt", "/nowhere/ca.pem"] {
      options.tls = .required(certificateAuthority: authority)
      let error = #expect(throws: MariaDBError.self) { try Connection(options) }
      #expect(error?.kind == .unencrypted)
      #expect(error?.code == 2026)
    }
  }

  @Test("A certificate of the given authority and for the given host is accepted, any other refused")
  func authority() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let authority = try TestAuthority("ca", in: folder)
    let other = try TestAuthority("other", in: folder)
    let certificate = try authority.certificate("server", for: "IP:127.0.0.1")
    let port = LoopbackPort.free()
    let server = try PrivateServer(arguments: [
      "--skip-networking=0", "--bind-address=127.0.0.1,127.0.0.2", "--port=\(port)",
      "--ssl-cert=\(certificate.file)", "--ssl-key=\(certificate.keyFile)",
    ])
    try Connection(server.options()).execute("CREATE USER IF NOT EXISTS 'secure'@'%' REQUIRE SSL")
    func connect(_ host: String, _ tls: ConnectionOptions.TLSMode) throws(MariaDBError) -> Connection {
      try Connection(ConnectionOptions(host: host, port: UInt16(port), user: "secure", tls: tls))
    }

    #expect(try connect("127.0.0.1", .required(certificateAuthority: authority.file)).cipher != nil)
    let refused: [(host: String, tls: ConnectionOptions.TLSMode, code: UInt32)] = [
      ("127.0.0.1", .required(certificateAuthority: nil), 2026),
      ("127.0.0.1", .required(certificateAuthority: other.file), 2026),
      ("127.0.0.2", .required(certificateAuthority: authority.file), 2026),
      ("127.0.0.1", .off, 1045),
    ]
    for (host, tls, code) in refused {
      let error = #expect(throws: MariaDBError.self, "\(host) \(tls)") { try connect(host, tls) }
      #expect(error?.code == code, "\(host) \(tls) \(error?.description ?? "")")
    }
  }
}
