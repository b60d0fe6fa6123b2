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
      #expect(error?.kind == .unreachable)
      #expect(error?.code == 2026)
    }
  }

  @Test("A certificate of the given authority and for the given host is accepted, any other refused")
  func authority() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try makeCertificates(in: folder)
    let port = freePort()
    let server = try PrivateServer(arguments: [
      "--skip-networking=0", "--bind-address=127.0.0.1,127.0.0.2", "--port=\(port)",
      "--ssl-cert=\(folder)/server.pem",
      "--ssl-key=\(folder)/server.key",
    ])
    try Connection(server.options()).execute("CREATE USER IF NOT EXISTS 'secure'@'%' REQUIRE SSL")
    func connect(_ host: String, _ tls: ConnectionOptions.TLSMode) throws(MariaDBError) -> Connection {
      try Connection(ConnectionOptions(host: host, port: port, user: "secure", tls: tls))
    }

    #expect(try connect("127.0.0.1", .required(certificateAuthority: "\(folder)/ca.pem")).cipher != nil)
    let refused: [(host: String, tls: ConnectionOptions.TLSMode, code: UInt32)] = [
      ("127.0.0.1", .required(certificateAuthority: nil), 2026),
      ("127.0.0.1", .required(certificateAuthority: "\(folder)/other.pem"), 2026),
      ("127.0.0.2", .required(certificateAuthority: "\(folder)/ca.pem"), 2026),
      ("127.0.0.1", .off, 1045),
    ]
    for (host, tls, code) in refused {
      let error = #expect(throws: MariaDBError.self, "\(host) \(tls)") { try connect(host, tls) }
      #expect(error?.code == code, "\(host) \(tls) \(error?.description ?? "")")
    }
  }

  /// An authority, another one, and the first one's certificate for 127.0.0.1.
  private func makeCertificates(in folder: String) throws {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardError = FileHandle.nullDevice
    process.arguments = [
      "-ec",
      """
      openssl req -x509 \(key) -keyout ca.key -out ca.pem -subj /CN=ca
      openssl req -x509 \(key) -keyout other.key -out other.pem -subj /CN=other
      openssl req \(key) -keyout server.key -out server.csr -subj /CN=server
      echo subjectAltName=IP:127.0.0.1 > names
      openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.pem
      """,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private func freePort() -> UInt16 {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(socket, $0, size)
        _ = getsockname(socket, $0, &size)
      }
      return UInt16(bigEndian: pointer.pointee.sin_port)
    }
  }
}
