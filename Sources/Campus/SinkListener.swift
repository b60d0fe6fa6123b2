import Foundation
import Synchronization

/// Takes TCP connections on loopback, each served on a thread of its own.
final class SinkListener: Sendable {
  let port: Int
  private let listener: Int32
  private let open: OpenSockets

  init(serve: @escaping @Sendable (Int32) -> Void) throws {
    let (listener, port) = try Self.listen()
    let open = OpenSockets()
    (self.listener, self.port, self.open) = (listener, port, open)
    Thread.detachNewThread {
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else {
          if errno == EINTR || errno == ECONNABORTED { continue }
          // Closed here and not in `stop`: its number might be another socket's by the time of the next `accept`.
          close(listener)
          return
        }
        guard open.add(socket) else {
          close(socket)
          continue
        }
        Thread.detachNewThread {
          serve(socket)
          open.close(socket)
        }
      }
    }
  }

  func stop() {
    // Ends `accept`, and every read.
    if open.shutDown() { shutdown(listener, Int32(SHUT_RDWR)) }
  }

  private static func listen() throws -> (socket: Int32, port: Int) {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, length) == 0 && Foundation.listen(socket, 64) == 0
          && getsockname(socket, $0, &length) == 0
      }
    }
    guard isListening else {
      let reason = errorText(errno)
      if socket >= 0 { close(socket) }
      throw MailSinkError("no port on 127.0.0.1 for the mail server: \(reason)")
    }
    return (socket, Int(UInt16(bigEndian: address.sin_port)))
  }
}

/// The connections that are open; sockets are closed under the lock, so that a number is not shut down after somebody
/// else has got it.
private final class OpenSockets: Sendable {
  private struct State {
    var sockets: Set<Int32> = []
    var isStopped = false
  }

  private let state = Mutex(State())

  /// False after `shutDown`.
  func add(_ socket: Int32) -> Bool {
    state.withLock { state in
      if !state.isStopped { state.sockets.insert(socket) }
      return !state.isStopped
    }
  }

  func close(_ socket: Int32) {
    state.withLock { state in
      state.sockets.remove(socket)
      Foundation.close(socket)
    }
  }

  /// False when that was done before.
  func shutDown() -> Bool {
    state.withLock { state in
      guard !state.isStopped else { return false }
      state.isStopped = true
      for socket in state.sockets { shutdown(socket, Int32(SHUT_RDWR)) }
      return true
    }
  }
}
