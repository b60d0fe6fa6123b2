import Mail

/// What was said over a connection while one mail was handed over.
///
/// libcurl tells it every command it sends and every line it receives. It must be followed command by command:
/// libcurl's own response code is stale after a drop (the 250 of the command before), is the last of several
/// recipients' codes, and is 221 once libcurl has said QUIT after a refusal.
final class Conversation {
  /// The command whose reply is awaited, or came last.
  enum Step: Equatable {
    case banner, hello, startTLS, authentication, mail, recipient, data, message, quit, other
  }

  /// What this side insists on before it speaks of a mail.
  struct Demands {
    var startTLS: Bool
    var authentication: Bool
  }

  private let demands: Demands
  private(set) var step = Step.banner
  /// The last reply, except those to RCPT and QUIT.
  private(set) var last: (step: Step, reply: Reply)?
  /// The replies to RCPT, in the order of the recipients.
  private(set) var recipientReplies: [Reply] = []
  /// Whether the last command has no reply yet.
  private(set) var isReplyAwaited = true
  /// Whether MAIL was sent: from then on a refusal is about this mail.
  private(set) var hasReachedMail = false
  /// Whether the conversation was broken off because the server cannot authenticate this side.
  private(set) var lacksAuthentication = false
  /// Whether libcurl has got every byte of the mail: what is lost from then on may have arrived, with its final dot.
  var isMessageSent = false

  private var offersAuthentication = false
  private var hasStartedTLS = false
  private var lines: [Substring] = []

  init(demands: Demands) { self.demands = demands }

  /// Begins the next mail; a connection that is kept sends no banner and gets no EHLO again.
  func begin() {
    step = .banner
    last = nil
    recipientReplies = []
    isReplyAwaited = true
    hasReachedMail = false
    lacksAuthentication = false
    isMessageSent = false
    lines = []
  }

  /// Whether the server had left, or left with 421, before it said anything about this mail. On a connection that was
  /// kept that is its time limit or its count of mails, so that a new connection is worth one try.
  var endedBeforeThisMail: Bool {
    guard recipientReplies.isEmpty, !isMessageSent else { return false }
    return last.map { $0.step == .mail && $0.reply.code == 421 } ?? true
  }

  /// A command was sent. Nothing of it is kept but its kind: what follows AUTH is a secret.
  func sent(_ bytes: UnsafeRawBufferPointer) {
    isReplyAwaited = true
    lines = []
    // The answer to a challenge may begin like any command.
    if step == .authentication, last?.reply.code == 334 { return }
    switch String(decoding: bytes.prefix { $0 > 0x20 }.prefix(8), as: UTF8.self) {
    case "EHLO", "HELO":
      // A new connection (the kept one had been closed), or the same after STARTTLS.
      if step != .startTLS { hasStartedTLS = false }
      step = .hello
      offersAuthentication = false
    case "STARTTLS": step = .startTLS
    case "AUTH": step = .authentication
    case "MAIL":
      step = .mail
      hasReachedMail = true
      recipientReplies = []
    case "RCPT": step = .recipient
    case "DATA": step = .data
    case "QUIT": step = .quit
    default: step = .other
    }
  }

  /// A line came from the server. Answers false when the conversation must not go on.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let code = Self.code(bytes) else { return true }
    let text = String(decoding: bytes.dropFirst(4).prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    // A server may send lines without end.
    if lines.count < 100 { lines.append(text.prefix(1000)) }
    if step == .hello, Self.offersKnownMechanism(text) { offersAuthentication = true }
    guard bytes.count < 4 || bytes[3] != UInt8(ascii: "-") else { return true }

    let reply = Reply(code: code, text: PlainLine.of("\(code) \(lines.joined(separator: " "))"))
    lines = []
    isReplyAwaited = false
    switch step {
    case .recipient: recipientReplies.append(reply)
    case .quit: break
    default: last = (step, reply)
    }
    if step == .startTLS, reply.isPositive { hasStartedTLS = true }
    if step == .data, code == 354 {
      step = .message
      isReplyAwaited = true
    }
    return mayGoOn(after: reply)
  }

  /// libcurl sends the mail without authentication when the server offers none; this side does not.
  private func mayGoOn(after reply: Reply) -> Bool {
    guard step == .hello, reply.isPositive, demands.authentication, hasStartedTLS || !demands.startTLS else {
      return true
    }
    lacksAuthentication = !offersAuthentication
    return offersAuthentication
  }
}

extension Conversation {
  /// The code of a reply's line, which is three digits and a hyphen, a blank or nothing.
  private static func code(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 3, bytes.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    if bytes.count > 3, ![0x20, 0x2D, 0x0D, 0x0A].contains(bytes[3]) { return nil }
    return bytes.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// Whether a line of the reply to EHLO is `AUTH` with a mechanism this client uses.
  private static func offersKnownMechanism(_ text: String) -> Bool {
    let words = text.uppercased().split(whereSeparator: { $0 == " " || $0 == "=" })
    return words.first == "AUTH" && (words.contains("PLAIN") || words.contains("LOGIN"))
  }
}
