import Mail
import Retention
import Settings
import VCLDatabase

/// The admins' summary of a run.
struct SummaryNotice {
  let composer: DigestComposer
  let templates: SummaryTemplates
  let plan: Plan
  let applied: PlanApplication.Result
  /// The mails of the run, after their delivery.
  let mails: [Outbox.Sent]
  /// Mails of earlier runs that failed since the last one.
  let failedMeanwhile: [Outbox.Sent]
  /// What is unusual in parameters and messages, one sentence each.
  let warnings: [String]

  /// How far ahead it looks.
  private static let comingDays = 7

  /// Nil when nobody is there to get it, or nobody wants it after such a run.
  func composed(_ frequency: SummaryFrequency) throws -> Outbox.Composed? {
    let summary = summary
    guard frequency == .always || frequency == .changes && !isQuiet(summary),
      !composer.addresses.admins.isEmpty
    else { return nil }
    return try Self.compose(summary, composer, templates)
  }

  static func compose(
    _ summary: AdminSummary, _ composer: DigestComposer, _ templates: SummaryTemplates
  ) throws -> Outbox.Composed {
    guard let sender = composer.addresses.sender(ownerID: nil) else { throw Letterhead.noSender }
    var summary = summary
    summary.site = composer.addresses.siteAddress(ownerID: nil) ?? ""
    summary.words = OwnerWords(
      messages: composer.messages, addresses: composer.addresses, people: composer.people
    ).summary(helpAddress: sender.description)
    let letterhead = Letterhead(sender: sender, clock: composer.clock)
    let mail = SummaryMail(summary: summary, templates: templates)
    let message = try letterhead.message(
      to: composer.addresses.admins, subject: mail.subject,
      messageID: "\(letterhead.identity(runID: composer.runID)).summary", text: mail.text, html: mail.html)
    return Outbox.Composed(
      sender: sender.description, recipients: composer.addresses.admins.map(\.description),
      blindRecipients: [], subject: mail.subject, messageID: message.messageID.description,
      message: message.rendered())
  }

  /// Whether nothing changed and nothing is wrong that was not wrong before: corrupt images stay so for years.
  private func isQuiet(_ summary: AdminSummary) -> Bool {
    applied.done.allSatisfy { $0.kind == .keep } && mails.isEmpty && summary.limit == nil
      && summary.failedMails.isEmpty && summary.skippedRows.isEmpty && summary.warnings.isEmpty
  }

  private var summary: AdminSummary {
    var summary = AdminSummary(today: plan.today, mode: plan.mode.rawValue, runID: composer.runID)
    summary.counts = counts
    summary.limit = plan.overLimit.map { AdminSummary.Limit(due: $0, allowed: plan.limit ?? 0) }
    summary.coming = coming
    let names = Dictionary(
      plan.decisions.map { ($0.revisionID, Self.name($0)) }, uniquingKeysWith: { first, _ in first })
    func troubled(_ mails: [Outbox.Sent]) -> [AdminSummary.TroubledMail] {
      mails.map { mail in
        AdminSummary.TroubledMail(
          recipients: mail.recipients,
          owner: mail.ownerID.flatMap { composer.people.owners[$0]?.account.description } ?? "",
          reply: mail.reply ?? "", revisions: mail.revisionIDs.compactMap { names[$0] })
      }
    }
    summary.failedMails = troubled(failedMeanwhile + mails.filter { $0.status == "failed" })
    summary.waitingMails = troubled(mails.filter { ["pending", "deferred", "unknown"].contains($0.status) })
    summary.skippedRows = SkippedRow.rows(applied).filter { $0.why != .changed }.compactMap { row in
      names[row.revisionID].map { AdminSummary.SkippedRow(revision: $0, why: row.why.words) }
    }
    summary.corruptImages = plan.corruptImages
    summary.warnings = warnings + undeliverable
    return summary
  }

  private var counts: AdminSummary.Counts {
    var counts = AdminSummary.Counts()
    for decision in applied.done {
      switch decision.kind {
      case .keep: break
      case .mark: counts.marked += 1
      case .redate: counts.redated += 1
      case .unmark: if decision.isRestore { counts.restored += 1 } else { counts.unmarked += 1 }
      case .flag: counts.flagged += 1
      }
    }
    counts.mailsAccepted = mails.count { $0.status == "accepted" }
    return counts
  }

  /// What will be flagged in the coming days if nothing changes; in mode notify nothing will. What is due and waits for
  /// an allowed day goes then; what stands in a mail that did not arrive is not flagged before another has.
  private var coming: [AdminSummary.ComingDay] {
    guard plan.mode == .flag else { return [] }
    let week = (plan.today + 1)...(plan.today + Self.comingDays)
    let untold = Set((failedMeanwhile + mails.filter { $0.status != "accepted" }).flatMap(\.revisionIDs))
    var days: [Day: [Decision]] = [:]
    for decision in plan.decisions where decision.kind != .flag && !untold.contains(decision.revisionID) {
      guard var day = decision.newExpireDate else { continue }
      if decision.reasons.contains(.forbiddenDay) {
        let policy = composer.policies.policy(affiliation: decision.owner?.account.affiliation)
        day = policy.allowedDays.onOrAfter(plan.today + 1)
      }
      if week.contains(day) { days[day, default: []].append(decision) }
    }
    return days.sorted { $0.key < $1.key }.map { day, decisions in
      AdminSummary.ComingDay(day: day, revisions: decisions.map(Self.name))
    }
  }

  private var undeliverable: [String] {
    let count = plan.decisions.count { $0.reasons.contains(.noRecipient) }
    guard count > 0 else { return [] }
    return [
      "\(DateWords.count(count, "revision")) \(count == 1 ? "is" : "are") due, but nobody can be told: give the owner"
        + " an address in VCL, or a management node a sysadminEmailAddress."
    ]
  }

  private static func name(_ decision: Decision) -> AdminSummary.RevisionName {
    AdminSummary.RevisionName(
      image: decision.image, revision: decision.revision, owner: decision.owner?.account.description ?? "")
  }
}
