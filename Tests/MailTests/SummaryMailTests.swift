import Mail
import Retention
import Testing

@Suite("Summaries for the admins")
struct SummaryMailTests {
  private static func mail(_ change: (inout AdminSummary) -> Void) throws -> SummaryMail {
    var summary = AdminSummary(today: Samples.today, mode: "flag", runID: 17)
    change(&summary)
    return SummaryMail(summary: summary, templates: try SummaryTemplates())
  }

  private static let mailInTrouble = AdminSummary.TroubledMail(
    recipients: ["a@example.edu"], owner: "", reply: "", revisions: [])

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout AdminSummary) -> Void

    init(_ subject: String, _ change: @escaping @Sendable (inout AdminSummary) -> Void) {
      testDescription = subject
      self.change = change
    }
  }

  @Test(
    "The subject tells what matters first",
    arguments: [
      Case("nothing to do") { _ in },
      Case("12 flagged, 3 mails failed") {
        $0.counts.flagged = 12
        $0.failedMails = Array(repeating: mailInTrouble, count: 3)
      },
      Case("LIMIT EXCEEDED, nothing flagged, 1 mail waiting") {
        $0.limit = AdminSummary.Limit(due: 300, allowed: 200)
        $0.counts.marked = 9
        $0.waitingMails = [mailInTrouble]
      },
      Case("3 marked, 1 restored") {
        $0.counts.marked = 3
        $0.counts.restored = 1
      },
      Case("STOPPED") { $0.stopReason = "The usage data is too old." },
      Case("2 warnings") {
        $0.corruptImages = [AdminSummary.CorruptImage(id: 1, name: "A", fault: "no production revision")]
        $0.warnings = ["a", "b"]
      },
      Case("1 change not made") {
        $0.skippedRows = [AdminSummary.SkippedRow(revision: SummarySamples.names(1, "A")[0], why: "locked")]
        $0.counts.unmarked = 1
      },
    ])
  func subject(_ example: Case) throws {
    let mail = try Self.mail(example.change)
    #expect(mail.subject == "VCL image expiry: \(example.testDescription)")
    #expect(mail.text.hasPrefix(example.testDescription + "\n"))
    #expect(mail.html.contains(example.testDescription))
  }

  @Test("A quiet night has no sections")
  func quiet() throws {
    let mail = try Self.mail { _ in }
    #expect(mail.text.split(separator: "\n").count == 4)
    #expect(!mail.html.contains("<h2") && !mail.html.contains("<ul"))
  }

  @Test("Both parts list the same, and every list ends after 50 with how many more there are")
  func lists() throws {
    let mail = try Self.mail { summary in
      summary = SummarySamples.everything
      summary.corruptImages = (1...51).map {
        AdminSummary.CorruptImage(id: $0, name: "Torn", fault: "no production revision")
      }
      summary.failedMails = Array(repeating: Self.mailInTrouble, count: 53)
      summary.failedMails[0].revisions = SummarySamples.names(52, "Many")
    }
    for body in [mail.text, mail.html] {
      let words = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("Bits &amp; Bytes &lt;Lab&gt;") == (body == mail.html))
      // 65 of three days, of which 3 and 47 are shown.
      #expect(words.ranges(of: "Statistik für Anfänger, revision").count == 3)
      #expect(words.ranges(of: " Bytes ").count == 47)
      #expect(words.contains("and 15 more; "))
      #expect(words.contains(": 60 revisions") && words.contains(": 2 revisions"))
      #expect(words.ranges(of: "Torn (image").count == 50)
      #expect(words.ranges(of: "Many, revision").count == 50)
      for rest in ["and 1 more", "and 2 more", "and 3 more"] { #expect(words.contains(rest)) }
      #expect(words.contains("The server said: 451 try again later"))
      #expect(words.contains("two production revisions") == false)
    }
    for line in mail.text.split(separator: "\n") { #expect(line.count <= 72) }
  }

  @Test("No value can get out of its line or into the HTML")
  func hostile() throws {
    let evil = "x\r\nBcc: eve@example.org\r\n<script>"
    let mail = try Self.mail { summary in
      summary.site = evil
      summary.warnings = [evil]
      summary.failedMails = [
        AdminSummary.TroubledMail(
          recipients: [evil], owner: evil, reply: evil,
          revisions: [AdminSummary.RevisionName(image: evil, revision: 1, owner: evil)])
      ]
      summary.words = SiteWords(subject: evil, message: evil)
    }
    #expect(mail.subject.hasPrefix("x Bcc: eve@example.org <script>: VCL image expiry: "))
    #expect(!mail.html.contains("<script>"))
    #expect(mail.text.ranges(of: "\nBcc:").count == 1, "only where the site's own words have a line of it")
  }
}
