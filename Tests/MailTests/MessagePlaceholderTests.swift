import Mail
import Testing

@Suite("Placeholders in the site's words")
struct MessagePlaceholderTests {
  @Test(
    "Known names are filled once, everything else stays",
    arguments: [
      ("Dear [user_firstname],", "Dear Anna,"), ("[user_firstname][user_firstname]", "AnnaAnna"),
      ("[image_prettyname]", "[user_firstname] [x]"), ("[unknown] [if x] []", "[unknown] [if x] []"),
      ("[User_Firstname] [ user_firstname ]", "[User_Firstname] [ user_firstname ]"),
      ("[see [user_firstname]] [", "[see Anna] ["), ("no end [user_firstname", "no end [user_firstname"),
      ("a ] b [user_firstname]", "a ] b Anna"), ("[user_lastname]!", "!"), ("", ""),
    ])
  func fill(_ text: String, _ expected: String) {
    let values = ["user_firstname": "Anna", "image_prettyname": "[user_firstname] [x]", "user_lastname": ""]
    #expect(MessagePlaceholders.fill(text, values) == expected)
  }

  @Test("Every placeholder has a meaning of its own and fills the name that VCL knows")
  func names() {
    #expect(Set(MessagePlaceholder.allCases.map(\.meaning)).count == MessagePlaceholder.allCases.count)
    for placeholder in MessagePlaceholder.allCases {
      #expect(MessagePlaceholders.fill("[\(placeholder.rawValue)]", [placeholder: "x"]) == "x")
    }
  }

  @Test("The number of a mail travels in the envelope sender and comes back from it")
  func envelope() throws {
    let base = try #require(MailAddress("VCL+notes@example.edu"))
    let address = try #require(VariableEnvelope.address(base: base, mail: 4711))
    #expect(address.description == "VCL+notes+expireimage-4711@example.edu")
    #expect(VariableEnvelope.mail(of: address.description, base: base) == 4711)
    #expect(VariableEnvelope.mail(of: " vcl+NOTES+ExpireImage-4711@EXAMPLE.edu", base: base) == 4711)
    for other in [
      "vcl+notes@example.edu", "vcl+notes+expireimage-@example.edu", "vcl+notes+expireimage-0@example.edu",
      "vcl+notes+expireimage-+1@example.edu", "vcl+notes+expireimage-1x@example.edu", "4711", "",
      "vcl+notes+expireimage-99999999999999999999@example.edu", "vcl+notes+expireimage-1@example.org",
      "x+vcl+notes+expireimage-1@example.edu",
    ] { #expect(VariableEnvelope.mail(of: other, base: base) == nil, "\(other)") }
    #expect(VariableEnvelope.address(base: base, mail: 0) == nil)
    let long = try #require(MailAddress(String(repeating: "a", count: 60) + "@example.edu"))
    #expect(VariableEnvelope.address(base: long, mail: 1) == nil)
  }
}
