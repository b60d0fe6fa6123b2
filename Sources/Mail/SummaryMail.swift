import Retention

/// The mail that tells the site's admins what a run has done: its subject, its text and its HTML.
package struct SummaryMail: Sendable {
  /// One line without control characters, with what matters most first.
  package let subject: String
  /// Lines of at most 72 columns, longer only where one word is.
  package let text: String
  /// A whole document with inline styles and without images.
  package let html: String

  package init(summary: AdminSummary, templates: SummaryTemplates) {
    let headline = SummaryHeadline(summary: summary).line
    let generated = "VCL image expiry: \(headline)"
    subject = summary.words?.subject(before: generated) ?? generated
    let fields = SummaryFields.fields.object(SummaryFields(summary, headline: headline))
    text = TextWrapping.wrapped(templates.text.render(fields), columns: 72)
    html = templates.html.render(fields)
  }
}

/// What a run has done in one line, with what an admin has to act on before anything else.
///
/// Corrupt images stay so for years, so that they are no news and not in it.
struct SummaryHeadline {
  let summary: AdminSummary

  var line: String {
    let counts = summary.counts
    var parts: [String] = []
    if summary.stopReason != nil { parts.append("STOPPED") }
    if summary.limit != nil { parts.append("LIMIT EXCEEDED, nothing flagged") }
    if counts.flagged > 0 { parts.append("\(counts.flagged) flagged") }
    add("mail", "failed", summary.failedMails.count, to: &parts)
    add("change", "not made", summary.skippedRows.count, to: &parts)
    add("mail", "waiting", summary.waitingMails.count, to: &parts)
    if parts.isEmpty {
      let done = [
        (counts.marked, "marked"), (counts.redated, "redated"), (counts.unmarked, "unmarked"),
        (counts.restored, "restored"),
      ]
      parts = done.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    }
    add("warning", "", summary.warnings.count, to: &parts)
    return parts.isEmpty ? "nothing to do" : parts.joined(separator: ", ")
  }

  private func add(_ noun: String, _ state: String, _ count: Int, to parts: inout [String]) {
    guard count > 0 else { return }
    parts.append(DateWords.count(count, noun) + (state.isEmpty ? "" : " \(state)"))
  }
}
