import Mail
import Retention
import Testing

@Suite("A site's own words")
struct SiteWordsTests {
  private static func mail(
    _ words: SiteWords, _ recipient: DigestMail.Recipient = .owner(greetingName: "Anna")
  ) throws -> DigestMail {
    var context = Samples.context(recipient)
    context.words = words
    return try Samples.mail(Samples.one, context)
  }

  @Test("They take the place of the introduction, with their paragraphs and lines, and links in the HTML")
  func message() throws {
    let mail = try Self.mail(Samples.words)
    #expect(
      mail.text.hasPrefix(
        """
        Hello Anna,

        Dear owner,
        please look at the list below.

        Our rules <& reasons>: see (https://vcl.example.edu/rules?a=1&b=2).
        Your VCL team

        EXPIRING

        """))
    let url = "https://vcl.example.edu/rules?a=1&amp;b=2"
    #expect(mail.html.contains("<p>Dear owner,<br>please look at the list below.</p>\n"))
    #expect(
      mail.html.contains(
        "<p>Our rules &lt;&amp; reasons&gt;: see (<a href=\"\(url)\">\(url)</a>).<br>Your VCL team</p>\n"))
    #expect(!mail.text.contains("automatic note") && !mail.html.contains("automatic note"))
  }

  @Test(
    "Their subject stands before the count and the date, which are always there",
    arguments: [
      ("Image clean-up", "Image clean-up: Ubuntu"), ("", "Ubuntu"), (" \r\n ", "Ubuntu"),
      ("x\r\nBcc: eve@example.org", "x Bcc: eve@example.org: Ubuntu"),
    ])
  func subject(_ words: String, _ start: String) throws {
    #expect(
      try Self.mail(SiteWords(subject: words, message: "")).subject
        == start + " 20.04 Base, revision 3 expires on 21 December 2026")
  }

  @Test("An empty message leaves the standard introduction", arguments: ["", "\r\n \n"])
  func empty(_ message: String) throws {
    #expect(try Self.mail(SiteWords(subject: "", message: message)).text.contains("automatic note"))
  }

  @Test(
    "Admins in an owner's stead get the standard words",
    arguments: [DigestMail.Stead.noOwner, .noAddress, .refused])
  func admins(_ stead: DigestMail.Stead) throws {
    let mail = try Self.mail(Samples.words, .admin(ownerDescription: "bert@EE", stead))
    #expect(!mail.subject.contains("clean-up") && !mail.text.contains("Dear owner"))
    #expect(!mail.html.contains("Dear owner"))
  }

  @Test(
    "Only web addresses become links, without the punctuation around them",
    arguments: [
      ("see https://a.example/b.", "see <a href=\"https://a.example/b\">https://a.example/b</a>."),
      ("<http://a.example>", "&lt;<a href=\"http://a.example\">http://a.example</a>&gt;"),
      ("http:// javascript:alert(1) ftp://a.example", "http:// javascript:alert(1) ftp://a.example"),
      (
        "\"https://a.example/\" onclick=x",
        "&quot;<a href=\"https://a.example/\">https://a.example/</a>&quot; onclick=x"
      ),
      ("a@b.example {{greeting}}", "a@b.example {{greeting}}"),
    ])
  func links(_ words: String, _ html: String) throws {
    #expect(try Self.mail(SiteWords(subject: "", message: words)).html.contains("<p>\(html)</p>\n"))
  }
}
