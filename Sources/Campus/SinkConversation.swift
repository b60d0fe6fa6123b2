import Foundation

/// One SMTP conversation with a sink, from the greeting to the end of the connection.
final class SinkConversation {
  private let socket: Int32
  private let store: MailStore
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer.
  private var start = 0
  private var isOpen = true
  /// The address of MAIL, empty for `<>`; nil before it.
  private var sender: String?
  private var recipients: [String] = []

  private static let lineFeed = UInt8(ascii: "\n")
  private static let dot = UInt8(ascii: ".")
  /// A mail, or a line of one, that is longer than this ends the conversation.
  private static let mostBytes = 50 * 1024 * 1024

  private let replyDelayMilliseconds: Int

  init(socket: Int32, store: MailStore, replyDelayMilliseconds: Int) {
    self.socket = socket
    self.store = store
    self.replyDelayMilliseconds = replyDelayMilliseconds
  }

  func run() {
    reply("220 sink.expireimage.invalid ESMTP; mail ends here, in files")
    while isOpen, let line = nextLine() { obey(text(line)) }
  }

  private func obey(_ line: String) {
    switch line.prefix(while: { $0 != " " && $0 != ":" }).uppercased() {
    case "EHLO":
      reset()
      reply("250-sink.expireimage.invalid\r\n250-SIZE \(Self.mostBytes)\r\n250 8BITMIME")
    case "HELO":
      reset()
      reply("250 sink.expireimage.invalid")
    case "MAIL":
      reset()
      sender = address(in: line)
      reply(sender == nil ? "501 5.5.4 MAIL FROM:<address>" : "250 2.1.0 Sender ok")
    case "RCPT": addRecipient(line)
    case "DATA":
      guard sender != nil, !recipients.isEmpty else { return reply("503 5.5.1 No recipient") }
      reply("354 End with a dot on a line of its own")
      receive()
    case "RSET":
      reset()
      reply("250 2.0.0 Ok")
    case "NOOP": reply("250 2.0.0 Ok")
    case "VRFY": reply("252 2.1.5 Send and see")
    case "QUIT":
      reply("221 2.0.0 Bye")
      isOpen = false
    default: reply("500 5.5.2 Command not known")
    }
  }

  private func reset() {
    sender = nil
    recipients = []
  }

  private func addRecipient(_ line: String) {
    guard sender != nil else { return reply("503 5.5.1 MAIL first") }
    guard let address = address(in: line), !address.isEmpty else {
      return reply("501 5.5.4 RCPT TO:<address>")
    }
    guard !store.refuses(address) else {
      return reply("550 5.1.1 <\(address)>: no mailbox here by that name")
    }
    recipients.append(address)
    reply("250 2.1.5 Recipient ok")
  }

  private func receive() {
    var data: [UInt8] = []
    while let line = nextLine() {
      if line.elementsEqual(".\r\n".utf8) {
        let isTaken = store.take(sender: sender ?? "", recipients: recipients, data: data)
        reset()
        return reply(isTaken ? "250 2.0.0 Ok: in a file" : "452 4.3.1 The mail's file cannot be written")
      }
      // RFC 5321 section 4.5.2: a dot that begins a line was doubled by the sender.
      data += line.first == Self.dot ? line.dropFirst() : line
      guard data.count <= Self.mostBytes else {
        isOpen = false
        return reply("552 5.3.4 Too long")
      }
    }
  }

  /// What stands between the angle brackets; nil without them.
  private func address(in line: String) -> String? {
    guard let open = line.firstIndex(of: "<"), let close = line[open...].firstIndex(of: ">") else {
      return nil
    }
    return String(line[line.index(after: open)..<close])
  }

  private func text(_ line: ArraySlice<UInt8>) -> String {
    String(decoding: line.prefix { $0 != 0x0D && $0 != Self.lineFeed }, as: UTF8.self)
  }

  private func reply(_ text: String) {
    if replyDelayMilliseconds > 0 { usleep(UInt32(replyDelayMilliseconds) * 1000) }
    var bytes = Array("\(text)\r\n".utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else {
        isOpen = false
        return
      }
      bytes = bytes.dropFirst(count)
    }
  }

  /// The next line with its line end, as it came; nil when the client has left.
  private func nextLine() -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: Self.lineFeed) {
        defer { start = end + 1 }
        return buffer[start...end]
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      guard searched <= Self.mostBytes, fill() else { return nil }
    }
  }

  private func fill() -> Bool {
    let count = withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { chunk in
      let count = recv(socket, chunk.baseAddress, chunk.count, 0)
      if count > 0 { buffer += chunk[..<count] }
      return count
    }
    return count > 0
  }
}
