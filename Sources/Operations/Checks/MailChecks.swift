import Mail
import MariaDB
import VCLDatabase

/// Checks of the outbox, and of the site's own words.
enum MailChecks {
  static func messages(_ connection: Connection) throws -> CheckResult {
    let problems = try SiteMessages.read(connection).problems
    guard !problems.isEmpty else {
      return CheckResult(.messages, .ok, "the messages of VCL's Site Configuration page can be used")
    }
    return CheckResult(
      .messages, .warning,
      "the site's own words are not used everywhere; correct them on VCL's Site Configuration page",
      details: problems)
  }

  static func stuck(_ connection: Connection) throws -> CheckResult {
    let mails = try MailRecords.stuck(connection)
    guard !mails.isEmpty else {
      return CheckResult(.stuckMails, .ok, "no mail has failed, and none waits for more than a day")
    }
    return CheckResult(
      .stuckMails, .warning,
      "\(DateWords.count(mails.count, "mail")) waited for more than a day or failed, so that what \(mails.count == 1 ? "it lists" : "they list") is"
        + " not flagged; see `expireimage mail show N`, correct the owner's address or the mail server, then"
        + " `expireimage mail retry N`",
      details: mails.map(detail))
  }

  private static func detail(_ mail: StuckMail) -> String {
    let day = mail.queuedAt.map { "\($0.day)" } ?? "?"
    // A mail without a text has no addresses yet.
    if mail.status == "composing" {
      return
        "mail \(mail.id) of \(day) for \(mail.owner.map { "\($0)" } ?? "an owner whom VCL does not have any more"):"
        + " composing; the next run in mode notify or flag completes it"
    }
    return "mail \(mail.id) of \(day) to \(mail.addresses.joined(separator: ", ")): \(mail.status)"
      + (mail.reply.map { ", \($0)" } ?? "")
  }
}
