import Mail
import Retention

/// Summaries as runs on a campus would have them.
enum SummarySamples {
  static let all: [(String, AdminSummary)] = [
    ("quiet", quiet), ("everything_at_once", everything), ("limit_exceeded", overLimit),
    ("stopped", stopped),
  ]

  static let stopped: AdminSummary = {
    var summary = AdminSummary(today: Samples.today, mode: "flag", runID: 20)
    summary.stopReason =
      "the newest reservation is of 2026-09-01, more than 30 days ago: the usage data is not trusted; nothing was"
      + " marked or flagged"
    return summary
  }()

  static let quiet = AdminSummary(today: Samples.today, mode: "flag", runID: 17)

  static let overLimit: AdminSummary = {
    var summary = AdminSummary(today: Samples.today, mode: "flag", runID: 18)
    summary.counts.marked = 4
    summary.limit = AdminSummary.Limit(due: 312, allowed: 200)
    return summary
  }()

  static let everything: AdminSummary = {
    var summary = AdminSummary(
      today: Samples.today, mode: "flag", runID: 19, site: "VCL at Example University")
    summary.counts.marked = 31
    summary.counts.redated = 2
    summary.counts.unmarked = 5
    summary.counts.flagged = 12
    summary.counts.restored = 1
    summary.counts.mailsAccepted = 40
    summary.coming = [
      AdminSummary.ComingDay(day: Samples.today + 1, revisions: names(3, "Statistik für Anfänger")),
      AdminSummary.ComingDay(day: Samples.today + 4, revisions: names(60, "Bits &amp; Bytes &lt;Lab&gt;")),
      AdminSummary.ComingDay(day: Samples.today + 5, revisions: names(2, "GIS")),
    ]
    summary.failedMails = [
      AdminSummary.TroubledMail(
        recipients: ["bert@example.edu", "bert@old.example.edu"], owner: "bert@EE",
        reply: "550 5.1.1 <bert@example.edu>: no such\r\nuser", revisions: names(2, "Matlab R2024b"))
    ]
    summary.waitingMails = [
      AdminSummary.TroubledMail(
        recipients: ["zoe@example.edu"], owner: "Zoë O&#039;Brien", reply: "451 try again later",
        revisions: names(1, "GIS")),
      AdminSummary.TroubledMail(recipients: ["x@example.edu"], owner: "", reply: "", revisions: []),
    ]
    summary.skippedRows = [
      AdminSummary.SkippedRow(
        revision: AdminSummary.RevisionName(image: "Old Solaris", revision: 9, owner: ""),
        why: "locked by VCL")
    ]
    summary.corruptImages = [
      AdminSummary.CorruptImage(id: 71, name: "Torn &lt;b&gt;", fault: "two production revisions"),
      AdminSummary.CorruptImage(id: 72, name: "", fault: "no production revision"),
    ]
    summary.warnings = ["expireimage_notice_days: the step of 40 days is above the grace of 30."]
    summary.words = SiteWords(
      subject: "[VCL ops]", message: "Dear all,\n\nthe rota is at https://wiki.example.edu/vcl?a=1&b=2.")
    return summary
  }()

  static func names(_ count: Int, _ image: String) -> [AdminSummary.RevisionName] {
    (1...count).map { AdminSummary.RevisionName(image: image, revision: $0, owner: "anna@EE") }
  }
}
