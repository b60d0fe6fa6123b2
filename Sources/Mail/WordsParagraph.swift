/// A paragraph of a site's own words, as templates show it.
struct WordsParagraph: Sendable {
  let lines: [SiteWords.Line]

  /// Empty when the site has none.
  static func of(_ words: SiteWords?) -> [WordsParagraph] {
    (words?.paragraphs ?? []).map { WordsParagraph(lines: $0) }
  }

  static let fields = TemplateFields<WordsParagraph>([
    .list("lines", of: lineFields, "The lines of the paragraph.") { $0.lines }
  ])

  private static let lineFields = TemplateFields<SiteWords.Line>([
    .flag("is_continued", "It follows another line of the paragraph.") { $0.isContinued },
    .list("pieces", of: pieceFields, "Its links, and what stands between them.") { $0.pieces },
  ])

  private static let pieceFields = TemplateFields<SiteWords.Piece>([
    .text("text", "The words, or the web address.") { $0.text },
    .flag("is_link", "It is a web address.") { $0.isLink },
  ])
}
