import Mail
import Testing

@Suite("Encodings")
struct EncodingTests {
  @Test(
    "HTML entities are decoded once",
    arguments: [
      ("Bits &amp; Bytes", "Bits & Bytes"), ("&amp;lt;b&amp;gt;", "&lt;b&gt;"), ("&lt;b&gt;", "<b>"),
      ("&quot;x&quot; &#039;y&#39; &apos;", "\"x\" 'y' '"), ("&#233;&#xE9;&#XE9;", "ééé"), ("&#x1F600;", "😀"),
      ("a & b", "a & b"), ("&nosuch;", "&nosuch;"), ("&#10;&#0;&#xD800;", "&#10;&#0;&#xD800;"), ("&", "&"),
      ("&amp", "&amp"), ("&;&#;&#x;", "&;&#;&#x;"), ("&#+65;", "&#+65;"), ("&&amp;", "&&"), ("", ""),
      ("&#99999999999999999999;", "&#99999999999999999999;"), ("e\u{301}&amp;\u{301}", "e\u{301}&\u{301}"),
    ])
  func entities(_ stored: String, _ expected: String) {
    #expect(HTMLEntities.decodedOnce(stored) == expected)
  }

  @Test(
    "Quoted-printable keeps lines short and their beginnings and ends safe",
    arguments: [
      ("plain", "plain"), ("a=b", "a=3Db"), ("é", "=C3=A9"), ("x \ny\t\n", "x=20\r\ny=09\r\n"), (".", "=2E"),
      ("a.b", "a.b"), ("a\n.\nb", "a\r\n=2E\r\nb"), ("From x", "=46rom x"), ("Fromage", "Fromage"),
      ("a\r\nb\rc\nd", "a\r\nb\r\nc\r\nd"), ("\0", "=00"),
      (String(repeating: "x", count: 75), String(repeating: "x", count: 75)),
      (String(repeating: "x", count: 76), String(repeating: "x", count: 75) + "=\r\nx"),
      (String(repeating: "x", count: 75) + ".", String(repeating: "x", count: 75) + "=\r\n=2E"),
      (String(repeating: "x", count: 75) + "From ", String(repeating: "x", count: 75) + "=\r\n=46rom=20"),
      (String(repeating: "x", count: 73) + "é", String(repeating: "x", count: 73) + "=\r\n=C3=A9"),
    ])
  func quotedPrintable(_ text: String, _ expected: String) {
    #expect(String(decoding: QuotedPrintable.encoded(text), as: UTF8.self) == expected)
  }

  @Test("Encoded words are at most 75 columns long and never split a scalar")
  func encodedWords() {
    let words = EncodedWord.words(String(repeating: "é😀", count: 60))
    #expect(words.count > 1)
    for word in words {
      #expect(word.utf8.count <= 75)
      #expect(word.hasPrefix("=?UTF-8?B?") && word.hasSuffix("?="))
    }
  }

  @Test(
    "A header's value cannot leave its header, and its lines are folded",
    arguments: [
      ("plain words", "Subject: plain words\r\n"),
      ("x\r\nBcc: eve@example.org", "Subject: x Bcc: eve@example.org\r\n"),
      ("x\rBcc:\ny\0z\u{85}a\u{2028}b", "Subject: x Bcc: y z a b\r\n"), ("", "Subject:\r\n"),
      ("=?UTF-8?Q?faked?=", "Subject: =?UTF-8?B?PT9VVEYtOD9RP2Zha2VkPz0=?=\r\n"),
      ("é", "Subject: =?UTF-8?B?w6k=?=\r\n"),
      (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen",
        "Subject: one two three four five six seven eight nine ten eleven twelve\r\n thirteen fourteen\r\n"
      ),
    ])
  func header(_ value: String, _ expected: String) {
    #expect(Header(name: "Subject", text: value).rendered() == expected)
  }

  @Test(
    "A name to show is written plain, quoted or encoded",
    arguments: [
      ("VCL Support", "From: VCL Support <a@example.edu>\r\n"), ("", "From: a@example.edu\r\n"),
      ("Smith, J.", "From: \"Smith, J.\" <a@example.edu>\r\n"),
      ("a \"b\" \\c", "From: \"a \\\"b\\\" \\\\c\" <a@example.edu>\r\n"),
      ("x\r\nBcc: e@example.org", "From: \"x Bcc: e@example.org\" <a@example.edu>\r\n"),
      ("Zoë", "From: =?UTF-8?B?Wm/Dqw==?= <a@example.edu>\r\n"),
    ])
  func mailbox(_ name: String, _ expected: String) throws {
    let address = try #require(MailAddress("a@example.edu"))
    #expect(
      Header(name: "From", mailboxes: [Mailbox(address, displayName: name)]).rendered() == expected)
  }

  @Test(
    "Only plain identities are taken",
    arguments: [
      ("a.1@vcl.example.edu", "<a.1@vcl.example.edu>"), ("<a@b>", "<a@b>"), ("a", nil), ("a@b@c", nil),
      ("a@b\r\nX: y", nil), ("a b@c", nil), ("<a@b", nil), ("", nil), ("a@", nil), ("é@b", nil),
    ])
  func messageID(_ text: String, _ expected: String?) {
    #expect(MessageID(text)?.description == expected)
  }
}
