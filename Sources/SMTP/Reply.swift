import Mail

/// One complete reply of the server, its lines joined.
struct Reply: Equatable {
  let code: Int
  /// The reply as one line, the code in front: `550 5.1.1 no such user`.
  let text: String

  var isPositive: Bool { (200...299).contains(code) }
  var isTransient: Bool { (400...499).contains(code) }
  var isPermanent: Bool { (500...599).contains(code) }

  /// The enhanced code after the basic one (RFC 2034).
  var enhancedCode: String? {
    EnhancedStatusCode(beginning: text.dropFirst(3), replyCode: code)?.description
  }

  /// The longest reply that an outcome holds.
  static let limit = 500

  /// Text of a server as one line: control characters become blanks, and what exceeds the limit is cut.
  static func line(_ text: String, limit: Int) -> String { cut(PlainLine.of(text), limit: limit) }

  static func cut(_ line: String, limit: Int) -> String {
    line.utf8.count <= limit || line.count <= limit ? line : line.prefix(limit - 1) + "…"
  }
}
