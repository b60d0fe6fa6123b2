/// How the values of parameters are written.
enum ParameterText {
  /// Decimal digits only: no sign, no fraction.
  static func integer(_ text: String, _ range: ClosedRange<Int>) -> Int? {
    let digits = text.trimmedSpaces
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let value = Int(digits), range.contains(value)
    else { return nil }
    return value
  }

  static func boolean(_ text: String) -> Bool? {
    switch text.trimmedSpaces.lowercased() {
    case "yes": true
    case "no": false
    default: nil
    }
  }

  /// Items separated by commas; nil when one of them is no value. An empty text is an empty list.
  static func list<Item>(_ text: String, _ item: (String) -> Item?) -> [Item]? {
    guard !text.trimmedSpaces.isEmpty else { return [] }
    var items: [Item] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = item(part.trimmedSpaces) else { return nil }
      items.append(value)
    }
    return items
  }

  static func weekdays(_ text: String) -> Set<Weekday>? {
    if text.trimmedSpaces.lowercased() == "all" { return Set(Weekday.allCases) }
    guard let days = list(text, { Weekday(rawValue: $0.lowercased()) }), !days.isEmpty else { return nil }
    return Set(days)
  }

  static func blackout(_ text: String) -> [ClosedRange<Day>]? {
    if text.trimmedSpaces.lowercased() == "none" { return [] }
    guard !text.trimmedSpaces.isEmpty else { return nil }
    return list(text) { item in
      if let day = Day(item) { return day...day }
      guard let dots = item.firstRange(of: ".."), let first = Day(item[..<dots.lowerBound]),
        let last = Day(item[dots.upperBound...]), first <= last
      else { return nil }
      return first...last
    }
  }
}

extension String {
  /// Where a shorter text first occurs in this one.
  fileprivate func firstRange(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      start = index(after: start)
    }
    return nil
  }
}
