/// What a result is read on: a terminal with so many columns, or a file that takes lines of any length.
package struct Screen: Sendable, Equatable {
  /// Columns of a line; `nil` for as many as a line needs.
  package let width: Int?
  /// Whether it shows colors.
  package let isColored: Bool

  package init(width: Int?, isColored: Bool) {
    self.width = width
    self.isColored = isColored
  }

  /// A file or a pipe: nothing is broken into lines, and nothing has a color.
  package static let file = Screen(width: nil, isColored: false)

  /// The same screen with some columns taken off at the left.
  func indented(by columns: Int) -> Screen {
    Screen(width: width.map { $0 - columns }, isColored: isColored)
  }

  /// The text in a style, where the screen shows colors.
  package func styled(_ text: String, _ style: Style?) -> String {
    guard isColored, let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}

/// How a word stands out; the numbers are those of ECMA-48 (SGR).
package enum Style: Int, Sendable {
  case bold = 1
  case red = 31
  case green = 32
  case yellow = 33
}
