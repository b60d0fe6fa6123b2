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

    /// Whether the conversation goes on after a reply with this code.
    func expects(_ code: Int) -> Bool {
      switch self {
      case .startTLS: code == 220
      case .authentication: code == 235 || code == 334
      case .data: code == 354
      default: (200...299).contains(code)
      }
    }
  }

  /// What this side insists on before it speaks of a mail, and what it begins with.
  struct Demands {
    /// The connection begins with TLS.
    var implicitTLS: Bool
    var startTLS: Bool
    var authentication: Bool
  }

  private let demands: Demands
  private(set) var step = Step.banner
  /// The last reply, except those to RCPT and QUIT.
  private(set) var last: (step: Step, reply: Reply)?
  /// The replies to RCPT, in the order of the recipients; nil for one that got none that can be read.
  private(set) var recipientReplies: [Reply?] = []
  /// Whether the last command has no reply yet.
  private(set) var isReplyAwaited = true
  /// Whether MAIL was sent: from then on a refusal is about this mail.
  private(set) var hasReachedMail = false
  /// Whether the conversation was broken off because the server cannot authenticate this side.
  private(set) var lacksAuthentication = false
  /// Whether libcurl has got every byte of the mail: what is lost from then on may have arrived, with its final dot.
  var isMessageSent = false

  /// Whether anything was said for this mail yet: else `connection` is that of an earlier mail.
  private var hasBegun = false
  /// What was reached on the connection; it is kept from mail to mail.
  private var connection = (isEncrypted: false, isAuthenticated: false)
  private var offersAuthentication = false
  private var lines: [String] = []

  init(demands: Demands) { self.demands = demands }

  /// Whether this mail's connection is encrypted: `smtps`, or STARTTLS and its handshake done.
  var isEncrypted: Bool { hasBegun && connection.isEncrypted }
  /// Whether the server has taken the password on this mail's connection.
  var isAuthenticated: Bool { hasBegun && connection.isAuthenticated }
  /// The reply that stopped the conversation, because it does not go on after such a one.
  var stoppingReply: Reply? { last.flatMap { $0.step.expects($0.reply.code) ? nil : $0.reply } }

  /// Begins the next mail; a connection that is kept sends no banner and gets no EHLO again.
  func begin() {
    step = .banner
    last = nil
    recipientReplies = []
    isReplyAwaited = true
    hasReachedMail = false
    lacksAuthentication = false
    isMessageSent = false
    hasBegun = false
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
    hasBegun = true
    isReplyAwaited = true
    lines = []
    // The answer to a challenge may begin like any command.
    if step == .authentication, last?.reply.code == 334 { return }
    switch String(decoding: bytes.prefix { $0 > 0x20 }.prefix(8), as: UTF8.self) {
    case "EHLO", "HELO":
      // After STARTTLS it is said again only when the handshake is done.
      if step == .startTLS { connection.isEncrypted = true }
      step = .hello
      offersAuthentication = false
    case "STARTTLS": step = .startTLS
    case "AUTH": step = .authentication
    case "MAIL":
      step = .mail
      hasReachedMail = true
      recipientReplies = []
    case "RCPT":
      step = .recipient
      recipientReplies.append(nil)
    case "DATA": step = .data
    case "QUIT": step = .quit
    default: step = .other
    }
  }

  /// A line came from the server. Answers false when the conversation must not go on.
  func received(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let code = Self.code(bytes) else { return true }
    hasBegun = true
    let text = String(decoding: bytes.dropFirst(4).prefix { $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
    // A server may send lines without end. None is cut: a password that is cut would not be found in it.
    if lines.count < 100 { lines.append(text) }
    if step == .hello, Self.offersKnownMechanism(text) { offersAuthentication = true }
    guard bytes.count < 4 || bytes[3] != UInt8(ascii: "-") else { return true }

    let reply = Reply(code: code, text: PlainLine.of("\(code) \(lines.joined(separator: " "))"))
    lines = []
    isReplyAwaited = false
    switch step {
    case .recipient: recipientReplies[recipientReplies.count - 1] = reply
    case .quit: break
    default: last = (step, reply)
    }
    switch (step, code) {
    // Only a new connection has a banner.
    case (.banner, _): connection = (demands.implicitTLS, false)
    case (.authentication, 235): connection.isAuthenticated = true
    case (.data, 354):
      step = .message
      isReplyAwaited = true
    default: break
    }
    return mayGoOn(after: reply)
  }

  /// libcurl sends the mail without authentication when the server offers none; this side does not.
  private func mayGoOn(after reply: Reply) -> Bool {
    guard step == .hello, reply.isPositive, demands.authentication,
      connection.isEncrypted || !demands.startTLS
    else { return true }
    lacksAuthentication = !offersAuthentication
    return offersAuthentication
  }
}

extension Conversation {
  /// The code of a reply's line, which is three digits and a hyphen, a blank or nothing.
  private static func code(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 3, bytes.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    if bytes.count > 3, ![0x20, 0x2D, 0x0D, 0x0A].contains(bytes[3]) { return nil }
    let code = bytes.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    // libcurl takes 000 and 001 for no reply and goes on waiting.
    return code > 1 ? code : nil
  }

  /// Whether a line of the reply to EHLO is `AUTH` with a mechanism this client uses.
  private static func offersKnownMechanism(_ text: String) -> Bool {
    let words = text.uppercased().split(whereSeparator: { $0 == " " || $0 == "=" })
    return words.first == "AUTH" && (words.contains("PLAIN") || words.contains("LOGIN"))
  }
}
