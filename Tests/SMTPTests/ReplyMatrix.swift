import Mail
import SMTP
import TestSupport
import Testing

/// Where in a conversation the server says something odd.
enum Place: String, CaseIterable, Sendable {
  case banner, hello, startTLS, plain, login, mail
  /// RCPT of the first or the second of two recipients, of one that is the only one, and of a blind one.
  case first, second, only, blind
  case data, message, quit
  /// QUIT after the only recipient was refused.
  case leaving

  var step: Server.Step {
    switch self {
    case .banner: .banner
    case .hello: .hello
    case .startTLS: .startTLS
    case .plain, .login: .authentication
    case .mail: .mail
    case .first, .only: .recipientNamed("anna@example.edu")
    case .second: .recipientNamed("bert@example.edu")
    case .blind: .recipientNamed("copies@example.edu")
    case .data: .data
    case .message: .message
    case .quit, .leaving: .quit
    }
  }

  /// A reply that lets the conversation go on: its code and its text.
  var good: (code: Int, text: String) {
    switch self {
    case .banner, .startTLS: (220, "ready")
    case .hello: (250, "SIZE")
    case .plain: (235, "2.7.0 welcome")
    case .login: (334, "UGFzc3dvcmQ6")
    case .data: (354, "go on")
    case .quit, .leaving: (221, "2.0.0 bye")
    case .mail, .first, .second, .only, .blind, .message: (250, "2.0.0 fine")
    }
  }

  /// What the server says for good: what the place needs to be reached.
  var script: [Server.Step: [Server.Action]] {
    switch self {
    case .startTLS: [.hello: [.reply("250-x\r\n250 STARTTLS")], .startTLS: [.reply("220 ready")]]
    case .plain:
      [
        .hello: [.reply("250-x\r\n250 AUTH PLAIN")],
        .authentication: [.reply("334 "), .reply("235 2.7.0 welcome")],
      ]
    case .login:
      [
        .hello: [.reply("250-x\r\n250 AUTH LOGIN")],
        .authentication: [
          .reply("334 VXNlcm5hbWU6"), .reply("334 UGFzc3dvcmQ6"), .reply("235 2.7.0 welcome"),
        ],
      ]
    default: [:]
    }
  }

  var envelope: Envelope {
    var envelope = DeliveryTests.envelope
    if self == .first || self == .second { envelope.recipients.append(DeliveryTests.bert) }
    if self == .blind { envelope.blindRecipients = [DeliveryTests.copy] }
    return envelope
  }

  /// Which of the envelope's recipients the reply is about.
  var recipientIndex: Int? {
    switch self {
    case .first, .only: 0
    case .second: 1
    default: nil
    }
  }
}

/// What a server says instead of what it should.
enum Answer: String, CaseIterable, Sendable {
  case success2xx = "299"
  case go3xx = "399"
  case later4xx = "4xx"
  case never5xx = "5xx"
  case leaving421 = "421"
  case cut, half, silent, slow, binary, wordless, endless, many
  case code000 = "000"
  case code999 = "999"

  /// The reply in it, if it is one: code, enhanced code and text.
  var reply: (code: Int, enhancedCode: String?, text: String)? {
    switch self {
    case .success2xx: (299, "2.9.9", "299 2.9.9 odd")
    case .go3xx: (399, nil, "399 3.9.9 odd")
    case .later4xx: (452, "4.3.1", "452 4.3.1 later")
    case .never5xx: (554, "5.7.1", "554 5.7.1 never")
    case .leaving421: (421, "4.3.2", "421 4.3.2 leaving")
    case .code999: (999, nil, "999 9.9.9 odd")
    case .cut, .half, .silent, .slow, .binary, .wordless, .endless, .many, .code000: nil
    }
  }

  func action(at place: Place) -> Server.Action {
    if let reply { return self == .leaving421 ? .replyAndDrop(reply.text) : .reply(reply.text) }
    let (code, text) = place.good
    switch self {
    case .half: return .rawAndDrop(Array("\(code) 2.0".utf8))
    case .silent: return .stall
    case .slow: return .slowReply("\(code) \(text)")
    case .binary: return .raw((0...255).flatMap { [$0, 0, 0xFF, 0x0A] })
    case .wordless: return .raw(Array("what?\r\n\r\n".utf8))
    case .endless: return .endless(Array("\(code)\(String(repeating: "x", count: 1000))".utf8))
    case .many:
      // libcurl 7.88 gives up on a reply to EHLO of some hundred lines; any other may be as long as this.
      let count = place == .hello ? 99 : 9_999
      return .reply(String(repeating: "\(code)-\(text)\r\n", count: count) + "\(code) \(text)")
    case .code000: return .reply("000 nothing")
    default: return .drop
    }
  }

  /// Whether a client finds out only by waiting.
  var takesTime: Bool {
    switch self {
    case .silent, .binary, .wordless, .endless, .code000: true
    default: false
    }
  }
}

/// One place and one answer there, and what must come of the mail.
struct Cell: Sendable, CustomTestStringConvertible {
  let place: Place
  let answer: Answer
  let status: DeliveryStatus
  /// Whether the answer itself is the reply that decided.
  let isAnswerDecisive: Bool
  let isServerUnreachable: Bool

  var testDescription: String { "\(answer.rawValue) at \(place)" }

  /// First letter: accepted, deferred, failed, unknown. `+`: by this very reply, told with its codes; else by another one,
  /// or by none. `!`: the server is unreachable.
  static let table = """
    answer   banner hello startTLS plain login mail first second only blind data message quit leaving
    299      a      a     d+!      d+!   d+!   a    a     a      a    a     d+   a+      a    f
    399      d+!    d+!   d+!      d+!   d+!   d+   a     a      d+   a     d+   u+      a    f
    4xx      d+!    d+!   d+!      d+!   d+!   d+   a     a      d+   a     d+   d+      a    f
    5xx      d+!    d+!   d+!      d+!   d+!   f+   a     a      f+   a     f+   f+      a    f
    421      d+!    d+!   d+!      d+!   d+!   d+   d+    d+     d+   d+    d+   d+      a    f
    cut      d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    half     d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    silent   d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    slow     a      a     a        a     a     a    a     a      a    a     a    a       a    f
    binary   d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    wordless d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    endless  d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    many     a      a     a        a     a     a    a     a      a    a     a    a       a    f
    000      d!     d!    d!       d!    d!    d    d     d      d    d     d    u       a    f
    999      d+!    d+!   d+!      d+!   d+!   d+   a     a      d+   a     d+   u+      a    f
    """

  static let all: [Cell] = {
    let rows = table.split(separator: "\n").map { $0.split(separator: " ") }
    return rows.dropFirst().flatMap { row in
      zip(rows[0], row).dropFirst().map { place, outcome in
        Cell(
          place: Place(rawValue: String(place))!, answer: Answer(rawValue: String(row[0]))!,
          status: DeliveryStatus.allCases.first { $0.rawValue.first == outcome.first }!,
          isAnswerDecisive: outcome.contains("+"), isServerUnreachable: outcome.contains("!"))
      }
    }
  }()
}
