/// HTML entities in names that VCL's web escaped when they were typed in.
package enum HTMLEntities {
  /// The text with `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and numeric entities decoded, once.
  ///
  /// VCL escapes exactly once, so `&amp;lt;` was typed as `&lt;` and must come out so. What is no entity, or
  /// would decode to a control character, stays as it is.
  package static func decodedOnce(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = Substring(text)
    while let ampersand = rest.unicodeScalars.firstIndex(of: "&") {
      result += rest[..<ampersand]
      rest = rest[ampersand...]
      // The longest entity taken is `&#x10FFFF;`; leading zeros may make it a little longer.
      let window = rest.unicodeScalars.prefix(14)
      if let end = window.firstIndex(of: ";"),
        let scalar = scalar(named: String(window[window.index(after: ampersand)..<end]))
      {
        result.unicodeScalars.append(scalar)
        rest = rest[rest.unicodeScalars.index(after: end)...]
      } else {
        result += "&"
        rest = rest[rest.unicodeScalars.index(after: ampersand)...]
      }
    }
    return result + rest
  }

  private static func scalar(named name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default: break
    }
    guard name.hasPrefix("#") else { return nil }
    let digits = name.dropFirst()
    let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
    let number = isHexadecimal ? digits.dropFirst() : digits
    // `UInt32(_:radix:)` takes a sign, an entity does not.
    guard number.first != "+", let value = UInt32(number, radix: isHexadecimal ? 16 : 10),
      let scalar = Unicode.Scalar(value), !PlainLine.isControl(scalar)
    else { return nil }
    return scalar
  }
}
