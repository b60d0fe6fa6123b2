/// A site's own words for a mail, as its admins wrote them, with their placeholders filled in.
package struct SiteWords: Sendable, Equatable {
  /// Stands before the subject that the program makes; may be empty.
  package var subject: String
  /// Plain text with empty lines between paragraphs, in place of the mail's introduction; empty: the standard one.
  package var message: String

  package init(subject: String, message: String) {
    self.subject = subject
    self.message = message
  }
}

extension SiteWords {
  private static let longestSubject = 60

  /// A subject behind the site's own.
  func subject(before generated: String) -> String {
    // The count and the date behind it must be seen.
    let line = PlainLine.of(subject)
    let own = line.count > Self.longestSubject ? line.prefix(Self.longestSubject - 1) + "…" : line
    return own.isEmpty ? generated : "\(own): \(generated)"
  }

  /// The message's paragraphs, each with its lines.
  var paragraphs: [[Line]] {
    message.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(PlainLine.of)
      .split(whereSeparator: \.isEmpty)
      .map { lines in lines.enumerated().map { Line($1, isContinued: $0 > 0) } }
  }

  /// One line of a paragraph, cut into links and what stands between them.
  struct Line: Equatable, Sendable {
    /// Whether it follows another line of its paragraph.
    let isContinued: Bool
    let pieces: [Piece]
  }

  struct Piece: Equatable, Sendable {
    var text: String
    var isLink: Bool
  }
}

extension SiteWords.Line {
  fileprivate init(_ line: String, isContinued: Bool) {
    self.isContinued = isContinued
    var pieces: [SiteWords.Piece] = []
    func append(_ text: some StringProtocol, isLink: Bool) {
      guard !text.isEmpty else { return }
      if !isLink, let last = pieces.indices.last, !pieces[last].isLink {
        pieces[last].text += text
      } else {
        pieces.append(SiteWords.Piece(text: String(text), isLink: isLink))
      }
    }
    for (index, word) in line.split(separator: " ").enumerated() {
      if index > 0 { append(" ", isLink: false) }
      let url = WebAddress.first(in: word) ?? word[..<word.startIndex]
      append(word[..<url.startIndex], isLink: false)
      append(url, isLink: true)
      append(word[url.endIndex...], isLink: false)
    }
    self.pieces = pieces
  }
}
