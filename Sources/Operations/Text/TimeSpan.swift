/// A length of time in whole seconds, as people write and read it.
package struct TimeSpan: Sendable, Hashable, CustomStringConvertible {
  package let seconds: Int64

  package init(seconds: Int64) { self.seconds = seconds }

  /// The longest that a root may be given: a hundred years.
  static let longest = TimeSpan(seconds: 36_500 * 86_400)

  private static let units: [(letter: Character, seconds: Int64)] = [
    ("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]

  /// Reads `30d`, `12h`, `90m`, `2w` or a number of seconds.
  ///
  /// - Returns: nil for anything else, and for more than fits.
  package init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = text.dropFirst(digits.count)
    guard let number = Int64(digits), unit.count <= 1,
      let factor = unit.first.map({ letter in Self.units.first { $0.letter == letter }?.seconds }) ?? 1
    else { return nil }
    let (seconds, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    self.seconds = seconds
  }

  /// In the largest unit that it is a whole number of, but weeks: `30d`.
  package var description: String {
    guard seconds > 0,
      let unit = Self.units.dropFirst().first(where: { seconds % $0.seconds == 0 })
    else { return "\(seconds)s" }
    return "\(seconds / unit.seconds)\(unit.letter)"
  }
}
