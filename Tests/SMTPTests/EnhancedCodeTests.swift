import Mail
import Testing

@Suite("Enhanced status codes")
struct EnhancedCodeTests {
  @Test(
    "A reply's code is told from its text, and must fit the reply",
    arguments: [
      (550, "5.1.1 no such user", "5.1.1"), (250, "2.0.0", "2.0.0"), (421, "4.3.2 leaving", "4.3.2"),
      (554, " 5.7.999 no", "5.7.999"), (550, "5.100.0 x", "5.100.0"),
      (550, "4.1.1 another class", nil), (354, "3.0.0 no class", nil), (250, "", nil), (550, "no code", nil),
      (550, "5.1 x", nil), (550, "5.1.1.1 x", nil), (550, "5.1.1000 x", nil), (550, "5.01.1 x", nil),
      (550, "5..1 x", nil), (550, "5.1.1: x", nil), (550, "#5.1.1 x", nil), (550, "5.-1.1 x", nil),
      (550, "5.1.x x", nil), (550, "x 5.1.1", nil), (550, "５.1.1 x", nil), (5, "5.1.1 x", nil),
    ])
  func replies(_ replyCode: Int, _ text: String, _ expected: String?) {
    #expect(EnhancedStatusCode(beginning: text[...], replyCode: replyCode)?.description == expected)
  }

  @Test("Class, subject and detail are numbers")
  func parts() throws {
    let code = try #require(EnhancedStatusCode("4.2.21"))
    #expect((code.statusClass, code.subject, code.detail) == (4, 2, 21))
    #expect(EnhancedStatusCode("4.2.21 ") == nil)
  }
}
