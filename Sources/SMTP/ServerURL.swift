/// A mail server's URL, cut down to what an SMTP client needs: scheme, host and port.
struct ServerURL: CustomStringConvertible {
  let isImplicitTLS: Bool
  /// A name, an IPv4 address, or an IPv6 address in brackets.
  let host: String
  let port: Int

  var description: String { "\(isImplicitTLS ? "smtps" : "smtp")://\(host):\(port)" }

  /// Takes `smtp://host`, `smtp://host:port` and the same with `smtps`; the port is 25, or 465 for `smtps`.
  init(_ text: String) throws(SMTPConfigurationError) {
    func refused(_ what: String) -> SMTPConfigurationError {
      // The URL itself is not repeated: somebody may have put a password into it.
      SMTPConfigurationError(
        description: "smtp.url \(what): use smtp://host:25 or smtps://host:465.")
    }
    let implicit: Bool
    var rest: Substring
    if text.hasPrefix("smtps://") {
      (implicit, rest) = (true, text.dropFirst(8))
    } else if text.hasPrefix("smtp://") {
      (implicit, rest) = (false, text.dropFirst(7))
    } else {
      throw refused("does not begin with smtp:// or smtps://")
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    if rest.contains("@") { throw refused("holds a user (smtp.user and smtp.password are for that)") }

    var port = implicit ? 465 : 25
    // An IPv6 address holds colons itself, within its brackets.
    let afterHost = rest.lastIndex(of: "]").map(rest.index(after:)) ?? rest.startIndex
    if let colon = rest[afterHost...].firstIndex(of: ":") {
      let digits = rest[rest.index(after: colon)...]
      guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = Int(digits), (1...65_535).contains(number)
      else { throw refused("has a port that is no number from 1 to 65535") }
      port = number
      rest = rest[..<colon]
    }
    guard Self.isHostName(rest) || Self.isBracketedAddress(rest) else { throw refused("names no valid host") }
    self.isImplicitTLS = implicit
    self.host = rest.lowercased()
    self.port = port
  }

  /// Whether nothing sent to this host leaves the machine.
  var isLoopback: Bool {
    if host == "localhost" || host == "[::1]" { return true }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
  }

  /// Letters, digits, hyphens and single dots.
  static func isHostName(_ text: some StringProtocol) -> Bool {
    text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.first != "-" && label.last != "-"
        && label.utf8.allSatisfy {
          switch $0 {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }

  private static func isBracketedAddress(_ text: Substring) -> Bool {
    text.hasPrefix("[") && text.hasSuffix("]") && text.count > 2
      && text.dropFirst().dropLast().utf8.allSatisfy { "0123456789abcdefABCDEF:.".utf8.contains($0) }
  }
}
