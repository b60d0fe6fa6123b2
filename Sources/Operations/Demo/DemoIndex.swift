import Campus
import Foundation
import Mail

/// The page on which the demonstration's mails are read, and beside each mail its HTML part as a page of its own.
struct DemoIndex {
  let nights: [DemoNight]

  /// - Throws: ``Failure`` for a file that cannot be written or a mail that cannot be read.
  func write(to folder: DemoFolder) throws {
    let entries = try nights.filter {
      !$0.received.isEmpty || !$0.summaries.isEmpty || !$0.acts.isEmpty || !$0.answers.isEmpty
    }.map { night in
      MailIndexPage.Night(
        number: night.number, date: DateWords.long(night.day), mode: night.report.mode.rawValue,
        counts: counts(night), acts: night.acts, answers: night.answers,
        mails: try night.received.map { try entry($0, folder) },
        summaries: try night.summaries.map { try entry($0, folder) },
        refused: night.refused.map {
          "To \($0.recipients.joined(separator: ", ")): \($0.subject). The server said: \($0.reply ?? "nothing")"
        })
    }
    let page = try MailIndexPage(nights: entries).html
    try save(page, folder.index)
  }

  private func counts(_ night: DemoNight) -> String {
    night.counts.filter { $0.count > 0 }.map { "\($0.count) \($0.word)" }.joined(separator: ", ")
  }

  private func entry(_ mail: SunkMail, _ folder: DemoFolder) throws -> MailIndexPage.Mail {
    let message = try DemoMessage(mail.data, file: mail.file)
    let page = mail.file.replacingOccurrences(of: ".eml", with: ".html")
    try save(message.html, "\(folder.mails)/\(page)")
    let blind = mail.recipients.filter { !message.to.contains($0) }
    return MailIndexPage.Mail(
      subject: message.subject, sender: mail.sender, to: message.to, blind: blind.joined(separator: ", "),
      date: message.date, isRefused: blind.count == mail.recipients.count, source: "mails/\(mail.file)",
      page: "mails/\(page)", text: message.text)
  }

  private func save(_ text: String, _ path: String) throws {
    do {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
    } catch {
      throw Failure("cannot write \(path): \(error.localizedDescription)", .failed)
    }
  }
}
