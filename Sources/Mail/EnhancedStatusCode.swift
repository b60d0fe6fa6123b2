/// An enhanced mail system status code: class, subject and detail, such as `5.1.1` for an unknown mailbox (RFC 3463).
package struct EnhancedStatusCode: Sendable, Hashable {
  /// 2 for success, 4 for a failure that may pass, 5 for one that will not.
  package let statusClass: Int
  /// What it is about, 0 to 999: 1 addresses, 2 mailboxes, 7 security and so on.
  package let subject: Int
  /// What exactly, within the subject, 0 to 999.
  package let detail: Int

  /// The code, or nil when the text is anything else or more.
  package init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Self.number($0) }
    guard parts.count == 3, numbers.count == 3, [2, 4, 5].contains(numbers[0]) else { return nil }
    (statusClass, subject, detail) = (numbers[0], numbers[1], numbers[2])
  }

  /// The code that begins the text of a reply, as RFC 2034 section 4 places it, or nil when there is none.
  ///
  /// - Parameters:
  ///   - text: what follows the reply's three digits.
  ///   - replyCode: those digits; the class must be the first of them.
  package init?(beginning text: some StringProtocol, replyCode: Int) {
    guard let word = text.split(separator: " ", maxSplits: 1).first, let code = Self(word),
      code.statusClass == replyCode / 100
    else { return nil }
    self = code
  }

  /// One to three digits without a leading zero (RFC 3463 section 2).
  private static func number(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...3).contains(digits.count), digits.count == 1 || digits.first != UInt8(ascii: "0"),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
  }
}

extension EnhancedStatusCode: CustomStringConvertible {
  /// The code with its dots, `5.1.1`.
  package var description: String { "\(statusClass).\(subject).\(detail)" }
}
