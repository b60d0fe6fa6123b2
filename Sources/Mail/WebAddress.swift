/// Web addresses that a reader may be led to: `http` and `https` only. Anything else in a link is nothing that a mail
/// client should follow.
enum WebAddress {
  static func isOne(_ text: some StringProtocol) -> Bool {
    ["https://", "http://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
      && text.unicodeScalars.allSatisfy { $0 != " " && !PlainLine.isControl($0) }
  }

  /// The address in a word of prose, without the brackets, quotes and the punctuation around it; nil when there is none.
  static func first(in word: Substring) -> Substring? {
    guard let start = ["https://", "http://"].compactMap({ word.firstRange(of: $0)?.lowerBound }).min()
    else { return nil }
    var url = word[start...].prefix { !"<>\"".contains($0) }
    while let last = url.last, ".,;:!?)]'".contains(last) { url.removeLast() }
    return isOne(url) ? url : nil
  }
}
