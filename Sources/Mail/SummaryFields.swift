import Retention

/// What the templates of the summary show, filled for one run, and the names by which they know it.
struct SummaryFields: Sendable {
  let summary: AdminSummary
  let headline: String
  let words: [WordsParagraph]
  let coming: [SummaryDay]
  let comingRest: Int
  let failedMails: [SummaryMailItem]
  let waitingMails: [SummaryMailItem]
  let skipped: [SummaryLine]
  let corrupt: [SummaryLine]
  let warnings: [SummaryLine]

  /// A list is cut behind so many, as this is a summary.
  static let longestList = 50

  init(_ summary: AdminSummary, headline: String) {
    self.summary = summary
    self.headline = headline
    words = WordsParagraph.of(summary.words)
    var room = Self.longestList
    coming = summary.coming.filter { !$0.revisions.isEmpty }.map { day in
      let shown = day.revisions.prefix(room)
      room -= shown.count
      return SummaryDay(
        date: DateWords.long(day.day), distance: DateWords.distance(to: day.day, from: summary.today),
        count: DateWords.count(day.revisions.count, "revision"),
        revisions: shown.map { SummaryLine(line: Self.words(for: $0)) })
    }
    comingRest = max(0, summary.coming.reduce(0) { $0 + $1.revisions.count } - Self.longestList)
    failedMails = Self.cut(summary.failedMails.map(SummaryMailItem.init)) { SummaryMailItem(rest: $0) }
    waitingMails = Self.cut(summary.waitingMails.map(SummaryMailItem.init)) { SummaryMailItem(rest: $0) }
    skipped = Self.lines(
      summary.skippedRows.map { "\(Self.words(for: $0.revision)): \(PlainLine.of($0.why))" })
    corrupt = Self.lines(
      summary.corruptImages.map { "\(ImageName.of($0.name)) (image \($0.id)): \(PlainLine.of($0.fault))" })
    warnings = Self.lines(summary.warnings.map { PlainLine.of($0) })
  }

  /// `Ubuntu 20.04 Base, revision 3, of ada@EE`.
  static func words(for name: AdminSummary.RevisionName) -> String {
    let owner = StoredText.line(name.owner)
    return "\(ImageName.of(name.image)), revision \(name.revision), "
      + (owner.isEmpty ? "without an owner" : "of \(owner)")
  }

  static func lines(_ lines: [String]) -> [SummaryLine] {
    cut(lines.map { SummaryLine(line: $0) }) { SummaryLine(line: "and \($0) more") }
  }

  private static func cut<Element>(_ list: [Element], _ rest: (Int) -> Element) -> [Element] {
    guard list.count > longestList else { return list }
    return list.prefix(longestList) + [rest(list.count - longestList)]
  }
}

/// One line of a list.
struct SummaryLine: Sendable {
  let line: String

  static let fields = TemplateFields<SummaryLine>([.text("line", "The line.") { $0.line }])
}

/// A day on which something will be flagged.
struct SummaryDay: Sendable {
  let date: String
  let distance: String
  let count: String
  let revisions: [SummaryLine]

  static let fields = TemplateFields<SummaryDay>([
    .text("date", "The day, such as `Monday 21 December 2026`.") { $0.date },
    .text("distance", "How far off it is, such as `in 3 days`.") { $0.distance },
    .text("count", "How many revisions, such as `3 revisions`.") { $0.count },
    .list("revisions", of: SummaryLine.fields, "Image, revision and owner; 50 in all days together.") {
      $0.revisions
    },
  ])
}

/// A mail that failed or waits.
struct SummaryMailItem: Sendable {
  let recipients: String
  let owner: String
  let reply: String
  let revisions: [SummaryLine]

  init(_ mail: AdminSummary.TroubledMail) {
    recipients = PlainLine.of(mail.recipients.joined(separator: ", "))
    owner = StoredText.line(mail.owner)
    reply = PlainLine.of(mail.reply)
    revisions = SummaryFields.lines(
      mail.revisions.map { "\(ImageName.of($0.image)), revision \($0.revision)" })
  }

  /// Stands for so many that are not shown.
  init(rest: Int) {
    recipients = "and \(rest) more"
    owner = ""
    reply = ""
    revisions = []
  }

  static let fields = TemplateFields<SummaryMailItem>([
    .text("recipients", "The addresses.") { $0.recipients },
    .text("owner", "Whose images it is about.") { $0.owner },
    .text("reply", "The mail server's last reply.") { $0.reply },
    .list("revisions", of: SummaryLine.fields, "What it lists.") { $0.revisions },
  ])
}

extension SummaryFields {
  static let fields = TemplateFields<SummaryFields>([
    .text("headline", "What matters most, in one line.") { $0.headline },
    .text("site", "The site's name.") { PlainLine.of($0.summary.site) },
    .text("today", "The day of the run, such as `Saturday 21 November 2026`.") {
      DateWords.long($0.summary.today)
    },
    .text("mode", "The mode of the run.") { $0.summary.mode },
    .text("run", "The number of the run.") { String($0.summary.runID) },
    .list("words", of: WordsParagraph.fields, "The paragraphs of the site's own words for admins.") {
      $0.words
    },
    .text("marked", "How many revisions got an expire date.") { String($0.summary.counts.marked) },
    .text("redated", "How many got another date.") { String($0.summary.counts.redated) },
    .text("unmarked", "How many no longer expire.") { String($0.summary.counts.unmarked) },
    .text("flagged", "How many were flagged as deleted.") { String($0.summary.counts.flagged) },
    .text("restored", "How many were restored.") { String($0.summary.counts.restored) },
    .text("accepted", "How many mails were accepted.") { String($0.summary.counts.mailsAccepted) },
    .text("failed", "How many failed.") { String($0.summary.failedMails.count) },
    .text("waiting", "How many wait.") { String($0.summary.waitingMails.count) },
    .text("stop_reason", "What stopped the run, a sentence; empty when it went through.") {
      PlainLine.of($0.summary.stopReason ?? "")
    },
    .flag("is_over_limit", "More was due than one run may flag.") { $0.summary.limit != nil },
    .text("limit_due", "How many were due then, such as `300 revisions`.") {
      $0.summary.limit.map { DateWords.count($0.due, "revision") } ?? ""
    },
    .text("limit_allowed", "How many one run may flag.") {
      $0.summary.limit.map { String($0.allowed) } ?? ""
    },
    .list("coming", of: SummaryDay.fields, "The days of the coming week on which something will be flagged.")
    {
      $0.coming
    },
    .text("coming_rest", "How many more there are than shown.") {
      $0.comingRest > 0 ? String($0.comingRest) : ""
    },
    .list("failed_mails", of: SummaryMailItem.fields, "Mails that failed.") { $0.failedMails },
    .list("waiting_mails", of: SummaryMailItem.fields, "Mails that wait.") { $0.waitingMails },
    .list("skipped", of: SummaryLine.fields, "Changes that were not made, and why.") { $0.skipped },
    .list("corrupt", of: SummaryLine.fields, "Images that are not as VCL makes them.") { $0.corrupt },
    .list("warnings", of: SummaryLine.fields, "Warnings.") { $0.warnings },
  ])
}
