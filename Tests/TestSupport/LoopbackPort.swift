import Foundation

/// TCP ports on 127.0.0.1.
package enum LoopbackPort {
  /// A socket that listens on a free port.
  static func listen() -> (socket: Int32, port: Int) {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var address = sockaddr_in()
    let isListening = withAddress(&address, port: 0) {
      bind(socket, $0, length) == 0 && Foundation.listen(socket, 64) == 0
        && getsockname(socket, $0, &length) == 0
    }
    precondition(isListening, "No port on loopback: \(String(cString: strerror(errno)))")
    return (socket, Int(UInt16(bigEndian: address.sin_port)))
  }

  /// A port that nobody listens on at the moment, for a program that wants to be told one.
  package static func free() -> Int {
    let (socket, port) = listen()
    close(socket)
    return port
  }

  /// Whether somebody listens on a port.
  static func answers(_ port: Int) -> Bool {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    return withAddress(&address, port: UInt16(port)) {
      connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
  }

  private static func withAddress(
    _ address: inout sockaddr_in, port: UInt16, _ body: (UnsafeMutablePointer<sockaddr>) -> Bool
  ) -> Bool {
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = port.bigEndian
    return withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
  }
}
