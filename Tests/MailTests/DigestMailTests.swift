import Mail
import Retention
import Testing

@Suite("Digest mails")
struct DigestMailTests {
  @Test("Singular and plural are right for one revision and for two", arguments: [1, 2])
  func plurals(_ count: Int) throws {
    let digest = OwnerDigest(
      today: Samples.today, entries: (1...count).map { Samples.entry($0, "A", $0, inDays: 1, lastUse: 1) })
    let mail = try Samples.mail(digest)
    let sentence =
      count == 1 ? "This revision will be deleted on its date" : "These 2 revisions will be deleted on"
    #expect(mail.text.contains(sentence))
    #expect(mail.html.contains(sentence))
    #expect(
      !mail.text.contains("1 days") && !mail.text.contains("1 revisions")
        && !mail.text.contains("2 revision "))
    #expect(mail.text.contains("(tomorrow)"))
    #expect(mail.text.contains("(yesterday)"))
  }

  @Test("New revisions are said to be new: each of them, or all at once when nothing else is listed")
  func newOnes() throws {
    let both = [Samples.entry(1, "A", 1), Samples.entry(2, "B", 1, change: .reminder)]
    let some = try Samples.mail(OwnerDigest(today: Samples.today, entries: both))
    #expect(some.text.ranges(of: "[new]").count == 1)
    #expect(!some.text.contains("All of them"))
    let all = try Samples.mail(Samples.many(2))
    #expect(!all.text.contains("[new]"))
    #expect(all.html.contains("All of them are new on this list."))
  }

  @Test("The soonest date stands first, in a list and in a list of groups", arguments: [3, 30])
  func order(_ count: Int) throws {
    let digest = OwnerDigest(
      today: Samples.today,
      entries: (1...count).map { Samples.entry($0, "Image \($0 % 2)", $0, inDays: 10 + count - $0) })
    let mail = try Samples.mail(digest)
    let first = try #require(mail.text.firstRange(of: "evision \(count)\n"))
    let last = try #require(mail.text.firstRange(of: "evision 1\n"))
    #expect(first.lowerBound < last.lowerBound)
  }

  @Test("No line of the text is longer than 72 columns")
  func columns() throws {
    for digest in [Samples.one, Samples.mixed, Samples.many(40)] {
      for line in try Samples.mail(digest).text.split(separator: "\n") { #expect(line.count <= 72) }
    }
  }

  @Test("Text and HTML list the same names, dates and reasons")
  func sameContent() throws {
    let mail = try Samples.mail(Samples.mixed)
    let text = mail.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    for words in [
      "Statistik für Anfänger, revision 7", "Sunday 22 November 2026 (tomorrow)", "was 1 December 2026",
      "Why: never reserved since it was made on 4 June 2024 (900 days ago).",
      "Windows XP, revision 1 (production)",
      "The whole image Windows XP will disappear from VCL: none of its revisions is in use.",
      "Why: it was reserved again, on 20 November 2026.", "Why: it is being kept by request.",
      "Old Solaris, revision 9", "https://vcl.example.edu/", "vcl-help@example.edu", "14 days",
    ] {
      #expect(text.contains(words))
      #expect(mail.html.contains(words))
    }
  }

  @Test("The admin in the owner's stead is told whose images these are and what to do")
  func admin() throws {
    let mail = try Samples.mail(Samples.one, .admin(ownerDescription: "Bert &amp; Co\n<bert>", .noAddress))
    #expect(
      mail.subject
        == "Ubuntu 20.04 Base, revision 3 (VCL image of Bert & Co <bert>) expires on 21 December 2026")
    #expect(mail.text.contains("This notice is for Bert & Co <bert>, who"))
    #expect(mail.html.contains("<strong>Bert &amp; Co &lt;bert&gt;</strong>"))
    #expect(mail.text.contains("no usable mail address"))
    let words = mail.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("correct the owner's mail address in VCL, give the images to another owner"))
  }

  @Test(
    "Without a site or help address nothing is missing in the sentences, and no link is made of what is none")
  func sparse() throws {
    let mail = try Samples.mail(Samples.one, .owner(greetingName: ""), site: nil, help: nil)
    #expect(mail.text.hasPrefix("Hello,\n"))
    #expect(mail.text.contains("log in, choose New Reservation"))
    #expect(mail.text.contains("Ask the people who run VCL at your site."))
    #expect(!mail.html.contains("href"))
    let odd = try Samples.mail(Samples.one, site: "javascript:alert(1)")
    #expect(!odd.html.contains("href=\"javascript"))
    for text in [mail.text, mail.html, odd.text] { #expect(!text.contains(" ,") && !text.contains("  .")) }
  }

  @Test(
    "Every reason has its own place in the wording, without a full stop or a capital",
    arguments: Reason.allCases)
  func wording(_ reason: Reason) throws {
    let entry = Samples.entry(1, "A", 1, reasons: [reason])
    let mail = try Samples.mail(OwnerDigest(today: Samples.today, entries: [entry]))
    let why = mail.text.split(separator: "\n").first { $0.hasPrefix("  Why: ") }
    #expect((why == nil) == [.marked, .due, .noRecipient, .wholeImage].contains(reason))
    #expect(!mail.text.contains(".."))
    #expect(!mail.text.contains(reason.rawValue) || !reason.rawValue.contains("_"))
  }
}
