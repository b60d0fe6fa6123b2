import Foundation
import Synchronization

/// A mail that a scripted server took.
package struct ReceivedMail: Sendable, Equatable {
  /// The address between the angle brackets of MAIL FROM.
  package var from: String
  /// The addresses of the RCPT commands that were answered with 2xx.
  package var recipients: [String]
  /// The mail between DATA and the final dot, doubled dots made single, line ends as sent.
  package var data: [UInt8]
}

/// A mail server on loopback that answers as a test tells it to, on a port of its own, each connection on its own
/// thread, until the object is released.
///
/// It takes bytes as they are: `log` holds what clients sent, and nothing is normalised.
package final class ScriptedSMTPServer: Sendable {
  /// A point of the conversation at which the server speaks.
  package enum Step: Sendable, Hashable {
    case banner
    case hello
    case startTLS
    /// AUTH, and every answer to a challenge.
    case authentication
    case mail
    /// RCPT for any recipient.
    case recipient
    /// RCPT for this address; goes before `recipient`.
    case recipientNamed(String)
    case data
    /// After the final dot.
    case message
    case quit
  }

  /// What the server does at a step.
  package enum Action: Sendable, Hashable {
    /// Sends this text and a CRLF.
    case reply(String)
    /// Sends this text as it is: no line end, or several, or nonsense.
    case raw(String)
    /// Closes the connection without a word.
    case drop
    /// Sends this text and a CRLF and closes the connection.
    case replyAndDrop(String)
    /// Says nothing more until the client leaves.
    case stall
  }

  /// The TCP port on 127.0.0.1.
  package let port: Int
  private let listener: Int32
  private let shared: Shared

  /// Starts the server. At the n-th time a step comes up, on whatever connection, its n-th action is
  /// taken, and from then on its last one; a step without actions gets the reply of an obliging server.
  package init(replies: [Step: [Action]] = [:]) {
    (listener, port) = Self.listen()
    shared = Shared(script: replies)
    let (listener, shared) = (listener, shared)
    Thread.detachNewThread {
      while true {
        let socket = accept(listener, nil, nil)
        guard socket >= 0 else {
          // Closed here and not in `deinit`: its number might be another server's by the time of the next `accept`.
          close(listener)
          return
        }
        shared.opened(socket)
        Thread.detachNewThread { ScriptedConnection(socket: socket, shared: shared).run() }
      }
    }
  }

  deinit {
    // Ends `accept`, and every connection that stalls.
    shutdown(listener, Int32(SHUT_RDWR))
    shared.closeAll()
  }

  /// The mails that were taken, in the order of their final dots.
  package var messages: [ReceivedMail] { shared.state.withLock { $0.messages } }
  /// Every byte that clients sent, connection after connection as it came.
  package var log: [UInt8] { shared.state.withLock { $0.log } }
  /// The lines of `log` outside of mails: the commands.
  package var commands: [String] { shared.state.withLock { $0.commands } }
  /// How many connections were opened so far.
  package var connectionCount: Int { shared.state.withLock { $0.connectionCount } }
  /// `smtp://127.0.0.1:port`.
  package var url: String { "smtp://127.0.0.1:\(port)" }

  private static func listen() -> (socket: Int32, port: Int) {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
    precondition(isListening, "No port on loopback: \(String(cString: strerror(errno)))")
    return (socket, Int(UInt16(bigEndian: address.sin_port)))
  }
}

/// What the connections of one scripted server share.
private final class Shared: Sendable {
  struct State {
    var script: [ScriptedSMTPServer.Step: [ScriptedSMTPServer.Action]]
    var messages: [ReceivedMail] = []
    var log: [UInt8] = []
    var commands: [String] = []
    var connectionCount = 0
    var sockets: Set<Int32> = []
  }

  let state: Mutex<State>

  init(script: [ScriptedSMTPServer.Step: [ScriptedSMTPServer.Action]]) {
    state = Mutex(State(script: script))
  }

  func opened(_ socket: Int32) {
    state.withLock {
      $0.connectionCount += 1
      $0.sockets.insert(socket)
    }
  }

  /// Closes a socket under the lock, so that its number is not shut down after somebody else has got it.
  func closed(_ socket: Int32) {
    state.withLock {
      $0.sockets.remove(socket)
      close(socket)
    }
  }

  func closeAll() {
    state.withLock { for socket in $0.sockets { shutdown(socket, Int32(SHUT_RDWR)) } }
  }

  /// The action for a step, the first of those names that the script has.
  func action(_ steps: [ScriptedSMTPServer.Step], usual: String) -> ScriptedSMTPServer.Action {
    state.withLock { state in
      for step in steps {
        guard let actions = state.script[step], let first = actions.first else { continue }
        if actions.count > 1 { state.script[step]!.removeFirst() }
        return first
      }
      return .reply(usual)
    }
  }
}

/// One connection to a scripted server.
private final class ScriptedConnection {
  private let socket: Int32
  private let shared: Shared
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer.
  private var start = 0
  private var isOpen = true
  private var sender = ""
  private var recipients: [String] = []

  init(socket: Int32, shared: Shared) {
    self.socket = socket
    self.shared = shared
  }

  func run() {
    defer { shared.closed(socket) }
    take([.banner], usual: "220 scripted.example.edu ESMTP")
    while isOpen, let line = nextLine() {
      shared.state.withLock { $0.commands.append(line) }
      obey(line)
    }
  }

  private func obey(_ line: String) {
    switch line.prefix(while: { $0 != " " }).uppercased() {
    case "EHLO", "HELO":
      take([.hello], usual: "250-scripted.example.edu\r\n250-SIZE 52428800\r\n250 8BITMIME")
    case "STARTTLS": take([.startTLS], usual: "454 4.7.0 TLS not available")
    case "AUTH": authenticate(line)
    case "MAIL":
      sender = address(in: line)
      recipients = []
      take([.mail], usual: "250 2.1.0 Ok")
    case "RCPT":
      let recipient = address(in: line)
      let code = take([.recipientNamed(recipient), .recipient], usual: "250 2.1.5 Ok")
      if code.hasPrefix("2") { recipients.append(recipient) }
    case "DATA":
      let reply = take([.data], usual: "354 End data with <CR><LF>.<CR><LF>")
      if isOpen, reply.hasPrefix("354") { receiveMessage() }
    case "RSET", "NOOP": send("250 2.0.0 Ok\r\n")
    case "QUIT":
      take([.quit], usual: "221 2.0.0 Bye")
      isOpen = false
    default: send("500 5.5.2 Command not recognised\r\n")
    }
  }

  private func authenticate(_ line: String) {
    var reply = take([.authentication], usual: "235 2.7.0 Authentication successful")
    while isOpen, reply.hasPrefix("334"), let answer = nextLine() {
      shared.state.withLock { $0.commands.append(answer) }
      reply = take([.authentication], usual: "235 2.7.0 Authentication successful")
    }
  }

  private func receiveMessage() {
    var data: [UInt8] = []
    while let line = nextRawLine() {
      if line == Array(".\r\n".utf8) {
        let mail = ReceivedMail(from: sender, recipients: recipients, data: data)
        take([.message], usual: "250 2.0.0 Ok: queued", takingIfPositive: mail)
        return
      }
      data += line.first == UInt8(ascii: ".") ? line.dropFirst() : line[...]
    }
  }

  private func address(in line: String) -> String {
    guard let open = line.firstIndex(of: "<"), let close = line.lastIndex(of: ">"), open < close else {
      return ""
    }
    return String(line[line.index(after: open)..<close])
  }

  /// Does what the script says and answers with what was sent.
  @discardableResult
  private func take(
    _ steps: [ScriptedSMTPServer.Step], usual: String, takingIfPositive mail: ReceivedMail? = nil
  ) -> String {
    let action = shared.action(steps, usual: usual)
    switch action {
    case .reply(let text), .replyAndDrop(let text):
      // Recorded before the client can know, so that a test that got the reply finds the mail.
      if text.hasPrefix("2"), let mail { shared.state.withLock { $0.messages.append(mail) } }
      send(text + "\r\n")
      if case .replyAndDrop = action { isOpen = false }
      return text
    case .raw(let text):
      send(text)
      return text
    case .drop:
      isOpen = false
      return ""
    case .stall:
      while fill() {}
      isOpen = false
      return ""
    }
  }

  private func send(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else {
        isOpen = false
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  private func nextLine() -> String? {
    nextRawLine().map { String(decoding: $0.prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self) }
  }

  /// The next line with its line end; nil when the client has left.
  private func nextRawLine() -> [UInt8]? {
    while true {
      if let end = buffer[start...].firstIndex(of: 0x0A) {
        defer { start = end + 1 }
        return Array(buffer[start...end])
      }
      buffer.removeFirst(start)
      start = 0
      guard fill() else { return nil }
    }
  }

  private func fill() -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    buffer += chunk[..<count]
    shared.state.withLock { $0.log += chunk[..<count] }
    return true
  }
}
