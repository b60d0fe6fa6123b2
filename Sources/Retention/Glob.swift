/// A shell pattern: `*` any run of characters, `?` any one, `[a-z]` and `[!a-z]` one of a set.
///
/// Written here because this module imports nothing, so the C library's `fnmatch` is out of its reach.
package struct Glob: Sendable, Hashable {
  package let pattern: String

  /// Nil when the pattern is empty or a bracket is not closed.
  package init?(_ pattern: String) {
    guard !pattern.isEmpty else { return nil }
    var rest = Array(pattern)[...]
    while let character = rest.popFirst() {
      guard character == "[" else { continue }
      guard let (_, after) = Glob.set(rest) else { return nil }
      rest = after
    }
    self.pattern = pattern
  }

  package func matches(_ text: String) -> Bool {
    Glob.matches(Array(pattern)[...], Array(text)[...])
  }

  private static func matches(_ pattern: ArraySlice<Character>, _ text: ArraySlice<Character>) -> Bool {
    var pattern = pattern
    var text = text
    // The last star and what it has swallowed so far: on a mismatch it takes one character more.
    var star: (pattern: ArraySlice<Character>, text: ArraySlice<Character>)?
    while true {
      if pattern.first == "*" {
        pattern = pattern.dropFirst()
        star = (pattern, text)
        continue
      }
      if text.isEmpty && pattern.isEmpty { return true }
      if let character = text.first, let rest = one(pattern, character) {
        pattern = rest
        text = text.dropFirst()
        continue
      }
      guard let (afterStar, swallowed) = star, !swallowed.isEmpty else { return false }
      star = (afterStar, swallowed.dropFirst())
      pattern = afterStar
      text = swallowed.dropFirst()
    }
  }

  /// The rest of the pattern when its first element matches the character.
  private static func one(_ pattern: ArraySlice<Character>, _ character: Character) -> ArraySlice<Character>?
  {
    guard let first = pattern.first else { return nil }
    let rest = pattern.dropFirst()
    switch first {
    case "?": return rest
    case "[":
      guard let (matches, after) = set(rest), matches(character) else { return nil }
      return after
    default: return first == character ? rest : nil
    }
  }

  /// A bracket expression after its `[`: what it matches, and the pattern after its `]`.
  private static func set(
    _ pattern: ArraySlice<Character>
  ) -> (matches: (Character) -> Bool, after: ArraySlice<Character>)? {
    var rest = pattern
    let isNegated = rest.first == "!" || rest.first == "^"
    if isNegated { rest = rest.dropFirst() }
    var ranges: [ClosedRange<Character>] = []
    while let first = rest.popFirst() {
      if first == "]", !ranges.isEmpty {
        let members = ranges
        return ({ character in members.contains { $0.contains(character) } != isNegated }, rest)
      }
      if rest.first == "-", let last = rest.dropFirst().first, last != "]" {
        guard first <= last else { return nil }
        ranges.append(first...last)
        rest = rest.dropFirst(2)
      } else {
        ranges.append(first...first)
      }
    }
    return nil
  }
}
