import Foundation
import Synchronization

/// TLS in front of scripted servers, which speak in clear: one Python process with a listener for each server.
///
/// It decrypts and passes on, so a scripted server sees every command, and its script decides about STARTTLS.
package final class TLSRelay: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    /// In clear until the server has answered STARTTLS with 220.
    case startTLS = "starttls"
    /// TLS from the first byte.
    case implicit = "smtps"
  }

  /// Whose certificate the server shows.
  package enum Identity: String, Sendable, CaseIterable {
    /// Signed by `authorityFile`, for 127.0.0.1 and localhost.
    case right, wrongName, expired, otherAuthority
  }

  /// What becomes of the client's first message.
  package enum Handshake: String, Sendable, CaseIterable {
    case complete, cut, garbage, stall
  }

  package struct StartError: Error, CustomStringConvertible {
    package let description = "the TLS relay has ended: python3 with its ssl module is needed"
  }

  /// The relay of this process.
  package static var shared: TLSRelay { get throws { try result.get() } }
  private static let result = Result { try TLSRelay() }

  /// The PEM file of the authority that a client is to trust.
  package let authorityFile: String
  private let certificates: [Identity: TestAuthority.Certificate]
  /// The relay's process, and where it takes orders.
  private let relay: Mutex<(process: ChildProcess, orders: FileHandle)>

  private init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "relay-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let authority = try TestAuthority("authority", in: folder)
    let here = "IP:127.0.0.1,DNS:localhost"
    certificates = [
      .right: try authority.certificate("right", for: here),
      .wrongName: try authority.certificate("wrong", for: "IP:127.0.0.2,DNS:mail.example.edu"),
      .expired: try authority.certificate("expired", for: here, isExpired: true),
      .otherAuthority: try TestAuthority("other", in: folder).certificate("stranger", for: here),
    ]
    authorityFile = authority.file
    let pipe = "\(folder)/orders"
    mkfifo(pipe, 0o600)
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "tls_relay.py").path
    let process = try ChildProcess("python3", [script, pipe], folder: folder)
    // Opened for both directions, it does not wait for the reader.
    let orders = FileHandle(fileDescriptor: open(pipe, O_RDWR | O_CLOEXEC), closeOnDealloc: true)
    relay = Mutex((process, orders))
  }

  /// Puts TLS in front of a server.
  /// - Returns: the URL to reach it at.
  package func url(
    of server: ScriptedSMTPServer, _ mode: Mode, identity: Identity = .right,
    handshake: Handshake = .complete
  ) throws -> String {
    let certificate = certificates[identity]!
    let order = [
      String(server.port), mode.rawValue, certificate.file, certificate.keyFile, handshake.rawValue,
    ]
    let answer = try relay.withLock { relay in
      try relay.orders.write(contentsOf: Data((order.joined(separator: " ") + "\n").utf8))
      return relay.process.readLine()
    }
    guard let port = answer.flatMap({ Int($0) }) else { throw StartError() }
    return "\(mode == .implicit ? "smtps" : "smtp")://127.0.0.1:\(port)"
  }
}
