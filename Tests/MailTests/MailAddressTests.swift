import Mail
import Testing

@Suite("Mail addresses")
struct MailAddressTests {
  @Test(
    "A bare address with a dot in its domain is usable",
    arguments: [
      "anna@example.edu", "a.b+c@sub.example.edu", "o'brien@example.edu", "x_y-z=1@a-b.example.org", "a@b.co",
      "\(String(repeating: "x", count: 64))@example.edu", "1@2.example", "anna@xn--mnchen-3ya.example",
    ])
  func usable(_ text: String) {
    #expect(MailAddress(text)?.description == text)
  }

  @Test(
    "Anything else is not",
    arguments: [
      "", "@", "anna", "anna@", "@example.edu", "root@localhost", "root@localhost.localdomain", "a@b",
      "anna@example.edu\r\nRCPT TO:<eve@example.org>", "anna@example.edu\n", "anna\r@example.edu",
      "<anna@example.edu>", "anna@example.edu> NOTIFY=NEVER", "Anna <anna@example.edu>",
      "anna smith@example.edu",
      "\"anna\"@example.edu", "anna@exam ple.edu", "anna@@example.edu", "an@na@example.edu",
      ".anna@example.edu",
      "anna.@example.edu", "an..na@example.edu", "anna@.example.edu", "anna@example..edu",
      "anna@example.edu.",
      "anna@-example.edu", "anna@example-.edu", "anna@example.123", "anna@[127.0.0.1]", "ännä@example.edu",
      "anna@exämple.edu", "anna@example.edu\0", "anna@example.edu,bert@example.edu", "anna(x)@example.edu",
      "anna@\(String(repeating: "x", count: 64)).edu", "\(String(repeating: "x", count: 65))@example.edu",
      "a@" + String(repeating: "abcdefghi.", count: 26) + "edu", "anna@example.edu\u{2028}",
      "anna\t@example.edu",
    ])
  func unusable(_ text: String) {
    #expect(MailAddress(text) == nil)
  }

  @Test("Domains are compared without case, local parts with it")
  func comparison() {
    #expect(MailAddress("anna@Example.EDU") == MailAddress("anna@example.edu"))
    #expect(MailAddress("Anna@example.edu") != MailAddress("anna@example.edu"))
  }

  @Test("A field of several addresses gives each usable one once, and what is none apart")
  func list() {
    let list = MailAddress.list(
      from: " anna@example.edu,bert@example.edu ; anna@EXAMPLE.edu,, root@localhost,\tx\ny@example.edu ")
    #expect(list.usable.map(\.description) == ["anna@example.edu", "bert@example.edu"])
    #expect(list.unusable == ["root@localhost", "x y@example.edu"])
    #expect(MailAddress.list(from: "").usable.isEmpty)
    #expect(MailAddress.list(from: " , ;").unusable.isEmpty)
  }
}
