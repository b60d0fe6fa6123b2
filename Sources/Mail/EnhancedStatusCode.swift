/// An enhanced mail system status code: class, subject and detail, such as `5.1.1` for an unknown mailbox (RFC 3463).
package struct EnhancedStatusCode: Sendable, Hashable {
  /// 2 for success, 4 for a failure that may pass, 5 for one that will not.
  package let statusClass: Int
  /// What it is about, 0 to 999: 1 addresses, 2 mailboxes, 7 security and so on.
  package let subject: Int
  /// What exactly, within the subject, 0 to 999.
  package let detail: Int

  /// The code, or nil when the text is anything else or more.
  package init?(_ text: String) { self.init(bytes: text.utf8) }

  /// The code that begins the text of a reply, as RFC 2034 section 4 places it, or nil when there is none.
  ///
  /// - Parameters:
  ///   - text: what follows the reply's three digits.
  ///   - replyCode: those digits; the class must be the first of them.
  package init?(beginning text: Substring, replyCode: Int) {
    let blank = UInt8(ascii: " ")
    self.init(bytes: text.utf8.drop { $0 == blank }.prefix { $0 != blank })
    guard statusClass == replyCode / 100 else { return nil }
  }

  /// Three numbers of one to three digits without a leading zero (RFC 3463 section 2), and dots between them.
  private init?(bytes: some Sequence<UInt8>) {
    var numbers = [0]
    var digits = 0
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "."):
        guard digits > 0, numbers.count < 3 else { return nil }
        numbers.append(0)
        digits = 0
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let number = numbers[numbers.count - 1]
        guard digits < 3, digits == 0 || number != 0 else { return nil }
        numbers[numbers.count - 1] = number * 10 + Int(byte - UInt8(ascii: "0"))
        digits += 1
      default: return nil
      }
    }
    guard numbers.count == 3, digits > 0, [2, 4, 5].contains(numbers[0]) else { return nil }
    (statusClass, subject, detail) = (numbers[0], numbers[1], numbers[2])
  }
}

extension EnhancedStatusCode: CustomStringConvertible {
  /// The code with its dots, `5.1.1`.
  package var description: String { "\(statusClass).\(subject).\(detail)" }
}
