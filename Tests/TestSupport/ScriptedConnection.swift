import Foundation

/// One connection to a scripted server.
final class ScriptedConnection {
  private let socket: Int32
  private let shared: ScriptedState
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer.
  private var start = 0
  private var isOpen = true
  private var sender = ""
  private var recipients: [String] = []

  init(socket: Int32, shared: ScriptedState) {
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
    case "RSET", "NOOP": _ = say("250 2.0.0 Ok", taking: nil)
    case "QUIT":
      take([.quit], usual: "221 2.0.0 Bye")
      isOpen = false
    default: _ = say("500 5.5.2 Command not recognised", taking: nil)
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
    switch shared.action(steps, usual: usual) {
    case .reply(let text): return say(text, taking: mail)
    case .slowReply(let text): return say(text, taking: mail, byteByByte: true)
    case .replyAndDrop(let text):
      defer { isOpen = false }
      return say(text, taking: mail)
    case .raw(let bytes): send(bytes)
    case .rawAndDrop(let bytes):
      send(bytes)
      isOpen = false
    case .endless(let bytes): while isOpen { send(bytes) }
    case .drop: isOpen = false
    case .stall:
      while fill() {}
      isOpen = false
    }
    return ""
  }

  private func say(_ text: String, taking mail: ReceivedMail?, byteByByte: Bool = false) -> String {
    // Recorded before the client can know, so that a test that got the reply finds the mail.
    if text.hasPrefix("2"), let mail { shared.state.withLock { $0.messages.append(mail) } }
    let bytes = Array((text + "\r\n").utf8)
    if byteByByte {
      for byte in bytes {
        send([byte])
        usleep(2_000)
      }
    } else {
      send(bytes)
    }
    return text
  }

  private func send(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    while isOpen, !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count > 0 { bytes = bytes.dropFirst(count) } else { isOpen = false }
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
