import Mail
import Testing

@Suite("Wrapping of the text part")
struct TextWrappingTests {
  @Test(
    "Lines break at blanks, keep their indentation, and empty lines become one",
    arguments: [
      ("", ""), ("\n\n", ""), ("a", "a\n"), ("a\n", "a\n"), ("\n\na\n\n\n\nb \n\n", "a\n\nb\n"),
      ("one two three", "one two\nthree\n"), ("  one two three", "  one two\n  three\n"),
      ("- one two three", "- one two\n  three\n"), ("a_very_long_word b", "a_very_long_word\nb\n"),
      ("a a_very_long_word", "a\na_very_long_word\n"), ("éééé éééé é", "éééé éééé\né\n"),
      ("a\r\nb", "a\n\nb\n"),
      ("1234 67890", "1234 67890\n"), ("1234 678901", "1234\n678901\n"),
    ])
  func wrapping(_ text: String, _ expected: String) {
    #expect(TextWrapping.wrapped(text, columns: 10) == expected)
  }
}
